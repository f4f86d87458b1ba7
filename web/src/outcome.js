// How the last run ended: the fetcher tells it, the run status shows it.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { PHONE } from "./phone.js";

let outcome = null;
const listeners = new Set();

// Either `{ took, errors }`, milliseconds and messages, or `{ message, hasFailed }`.
export function tellOutcome(next) {
  outcome = next;
  listeners.forEach((listener) => listener());
}

export function useOutcome() {
  return useSyncExternalStore(subscribe, () => outcome);
}

// Where the panes are stacked, the response is below the screen's edge: shows it once it has come.
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
