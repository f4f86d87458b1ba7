// The dialogs for keys and settings. The browser's dialog element keeps the focus inside and returns it when closed.
import { useEditorContext, useSchemaStore, useStorage, useTheme } from "@graphiql/react";
import { useEffect, useId, useRef, useState } from "react";

const KEYS = [
  ["Tab, Shift-Tab", "leave an editor for the next or the previous control"],
  ["Ctrl-], Ctrl-[", "indent or outdent the line, or the selected lines"],
  ["Ctrl-Enter", "run the query"],
  ["Ctrl-Space", "suggest what can stand here; Enter accepts, Escape closes"],
  ["Ctrl-Shift-P", "format the query, the variables and the headers"],
  ["Ctrl-Shift-M", "merge fragments into the query"],
  ["Ctrl-Shift-C", "copy the query"],
  ["Ctrl-F", "search in the editor"],
  ["Ctrl-/", "turn lines into comments and back"],
  ["Left, Right", "on a tab: the next query; on a divider: its width"],
  ["Delete", "on a tab: close the query"],
  ["Up, Down, Space", "in the query builder: go to a field, choose it"],
];

export function Keyboard({ isOpen, onClose }) {
  return (
    <Dialog title="Keyboard" isOpen={isOpen} onClose={onClose}>
      <table>
        <thead>
          <tr>
            <th scope="col">Keys</th>
            <th scope="col">What they do</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map(([keys, what]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>On a Mac, Cmd stands in for Ctrl to run, search and comment.</p>
    </Dialog>
  );
}

export function Settings({ isOpen, onClose }) {
  // Called here and not in `ColourScheme`, so that the scheme applies before the dialog is first opened.
  const { theme, setTheme } = useTheme();
  return (
    <Dialog title="Settings" isOpen={isOpen} onClose={onClose}>
      <ColourScheme theme={theme} setTheme={setTheme} />
      <Schema />
      <KeptHeaders />
      <KeptData />
    </Dialog>
  );
}

function Dialog({ title, isOpen, onClose, children }) {
  const dialog = useRef(null);
  const heading = useId();
  useEffect(() => {
    if (isOpen) dialog.current.showModal();
    else dialog.current.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="console-dialog" aria-labelledby={heading} onClose={onClose}>
      {isOpen && (
        <>
          <div className="console-dialog-title">
            <h2 id={heading}>{title}</h2>
            <button type="button" onClick={onClose}>
              Close
            </button>
          </div>
          {children}
        </>
      )}
    </dialog>
  );
}

function ColourScheme({ theme, setTheme }) {
  const schemes = [
    [null, "As the system has it"],
    ["light", "Light"],
    ["dark", "Dark"],
  ];
  return (
    <fieldset>
      <legend>Colours</legend>
      {schemes.map(([scheme, name]) => (
        <label key={name}>
          <input type="radio" name="scheme" checked={theme === scheme} onChange={() => setTheme(scheme)} /> {name}
        </label>
      ))}
    </fieldset>
  );
}

function Schema() {
  const { introspect, isFetching } = useSchemaStore();
  return (
    <fieldset>
      <legend>Schema</legend>
      <button type="button" onClick={introspect}>
        Read the schema again
      </button>
      <p role="status">{isFetching ? "Reading…" : ""}</p>
    </fieldset>
  );
}

function KeptHeaders() {
  const { shouldPersistHeaders, setShouldPersistHeaders } = useEditorContext({ nonNull: true });
  return (
    <fieldset>
      <legend>Headers</legend>
      <label>
        <input
          type="checkbox"
          checked={shouldPersistHeaders}
          onChange={(event) => setShouldPersistHeaders(event.target.checked)}
        />{" "}
        Keep headers in this browser, with any secrets in them
      </label>
    </fieldset>
  );
}

function KeptData() {
  const storage = useStorage();
  const [said, setSaid] = useState("");
  const clear = () => {
    storage.clear();
    setSaid("Deleted. Reload the page to start afresh.");
  };
  return (
    <fieldset>
      <legend>Kept queries</legend>
      <button type="button" onClick={clear}>
        Delete the queries and history kept in this browser
      </button>
      <p role="status">{said}</p>
    </fieldset>
  );
}
