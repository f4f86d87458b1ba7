// The Run button, and the outcome of the last run. On a phone the bar stays at the top while the rest scrolls.
import { useEditorContext, useExecutionContext } from "@graphiql/react";
import { useEffect } from "react";
import { tellOutcome, useOutcome } from "./outcome.js";

export function RunBar() {
  const { run } = useExecutionContext({ nonNull: true });
  return (
    <div className="console-run-bar">
      <button type="button" className="console-run" onClick={run} aria-keyshortcuts="Control+Enter">
        Run <kbd aria-hidden="true">Ctrl-Enter</kbd>
      </button>
      <Operations />
      <RunStatus />
    </div>
  );
}

// Selects the operation to run, if the document has more than one with a name.
function Operations() {
  const { queryEditor, setOperationName } = useEditorContext({ nonNull: true });
  const names = (queryEditor?.operations ?? []).map((operation) => operation.name?.value).filter(Boolean);
  if (names.length < 2) return null;
  return (
    <label>
      Operation{" "}
      <select value={queryEditor.operationName ?? ""} onChange={(event) => setOperationName(event.target.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

// Shows the outcome. Screen readers read it out, because they do not read out the response.
function RunStatus() {
  const { isFetching } = useExecutionContext({ nonNull: true });
  const outcome = useOutcome();
  useUnsentRuns();
  const hasFailed = !isFetching && Boolean(outcome?.hasFailed || outcome?.errors?.length);
  return (
    <p className="console-status" role="status" data-failed={hasFailed}>
      {isFetching ? "Running…" : inWords(outcome)}
    </p>
  );
}

// If the variables or headers are invalid, GraphiQL sends nothing and writes the error in place of the response. This
// reports that error as the outcome.
function useUnsentRuns() {
  const { responseEditor, activeTabIndex } = useEditorContext({ nonNull: true });
  useEffect(() => {
    const read = () => {
      const text = responseEditor.getLine(0);
      if (text && !text.startsWith("{")) tellOutcome({ message: text, hasFailed: true });
    };
    responseEditor?.on("change", read);
    return () => responseEditor?.off("change", read);
  }, [responseEditor]);
  // Each tab shows its own response.
  useEffect(() => tellOutcome(null), [activeTabIndex]);
}

function inWords(outcome) {
  if (!outcome) return "";
  if (outcome.message) return outcome.message;
  const answered = `Answered in ${Math.round(outcome.took)} ms`;
  const [first, ...more] = outcome.errors;
  if (!first) return answered;
  const count = more.length === 0 ? "an error" : `${more.length + 1} errors`;
  return `${answered} with ${count}: ${first}`;
}
