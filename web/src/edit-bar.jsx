// The bar below the query editor: buttons that act on the query, and the keys to leave the editor.
import { useCopyQuery, useMergeQuery, usePrettifyEditors } from "@graphiql/react";
import { tellOutcome } from "./outcome.js";

export function EditBar() {
  const format = usePrettifyEditors();
  const merge = useMergeQuery();
  const copy = useCopyQuery({ onCopyQuery: () => tellOutcome({ message: "The query is copied" }) });
  return (
    <div className="console-edit-bar">
      <button type="button" onClick={format} aria-keyshortcuts="Control+Shift+P">
        Format
      </button>
      <button type="button" onClick={merge} aria-keyshortcuts="Control+Shift+M">
        Merge fragments
      </button>
      <button type="button" onClick={copy} aria-keyshortcuts="Control+Shift+C">
        Copy
      </button>
      <p id="editor-help">
        <kbd>Tab</kbd> leaves the editor; <kbd>Ctrl-]</kbd> indents, <kbd>Ctrl-[</kbd> outdents
      </p>
    </div>
  );
}
