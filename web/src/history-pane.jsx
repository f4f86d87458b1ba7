// The pane of queries that have been run, stored in this browser.
import { useHistory, useHistoryActions } from "@graphiql/plugin-history";
import { HistoryIcon, useEditorContext } from "@graphiql/react";

export const HISTORY = { title: "History", icon: HistoryIcon, content: HistoryPane };

function HistoryPane() {
  const runs = useHistory().toReversed();
  const { deleteFromHistory } = useHistoryActions();
  const clear = () => {
    runs.filter((run) => !run.favorite).forEach((run) => deleteFromHistory(run));
    focusTitle();
  };
  return (
    <div className="console-list">
      <h2 id="history" tabIndex={-1}>
        History
      </h2>
      {runs.length === 0 && <p>Queries that you run are listed here, and kept in this browser only.</p>}
      <ul>
        {runs.map((run, index) => (
          <Run key={index} run={run} />
        ))}
      </ul>
      {runs.length > 0 && (
        <button type="button" onClick={clear}>
          Delete all that are not kept
        </button>
      )}
    </div>
  );
}

function Run({ run }) {
  const { toggleFavorite, deleteFromHistory } = useHistoryActions();
  const open = useRunAgain();
  const remove = () => {
    deleteFromHistory(run);
    focusTitle();
  };
  const name = run.label || run.operationName || firstLine(run.query);
  return (
    <li className="graphiql-history-item">
      <button type="button" className="console-list-item" onClick={() => open(run)}>
        {name}
      </button>
      <button
        type="button"
        aria-pressed={Boolean(run.favorite)}
        aria-label={`Keep ${name}`}
        onClick={() => toggleFavorite(run)}
      >
        Keep
      </button>
      <button type="button" aria-label={`Delete ${name}`} onClick={remove}>
        Delete
      </button>
    </li>
  );
}

function useRunAgain() {
  const { queryEditor, variableEditor, headerEditor } = useEditorContext({ nonNull: true });
  return ({ query, variables, headers }) => {
    queryEditor?.setValue(query ?? "");
    variableEditor?.setValue(variables ?? "");
    headerEditor?.setValue(headers ?? "");
  };
}

// The button that was pressed is deleted with its query. Without this, the focus would move to the top of the page.
function focusTitle() {
  document.getElementById("history").focus();
}

function firstLine(query) {
  return query?.split("\n").find((line) => /^[^#]*\S/.test(line)) ?? "Empty query";
}
