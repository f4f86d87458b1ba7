// The outcome of the last run. The fetcher reports it, and the run status shows it.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { PHONE } from "./phone.js";

let outcome = null;
const listeners = new Set();

// Sets the outcome: `{ took, errors }` (milliseconds and messages), `{ message, hasFailed }`, or `null` for none.
export function tellOutcome(next) {
  outcome = next;
  listeners.forEach((listener) => listener());
}

export function useOutcome() {
  return useSyncExternalStore(subscribe, () => outcome);
}

// Scrolls to the response when it arrives on a phone, where it is below the edge of the screen.
export function useResponseInView(response) {
  const latest = useOutcome();
  const shown = useRef(latest);
  useEffect(() => {
    if (latest?.errors && latest !== shown.current && PHONE.matches) response.current?.scrollIntoView();
    shown.current = latest;
  }, [latest, response]);
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
