// The pane that lists the example queries by kind of user, and opens them in tabs.
import { useEditorContext, usePluginStore } from "@graphiql/react";
import { useEffect } from "react";
import { flushSync } from "react-dom";
import { examples, linkedExample } from "./examples.js";
import { PHONE } from "./phone.js";

export const EXAMPLES = { title: "Example queries", icon: ExamplesIcon, content: ExamplesPane };

// Opens an example whenever the hash of the address changes to name it.
export function useLinkedExamples() {
  const open = useOpenInTab();
  useEffect(() => {
    const follow = () => {
      const linked = linkedExample();
      if (linked) open(linked);
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [open]);
}

function ExamplesPane() {
  const open = useOpenInTab();
  const audiences = [...new Set(examples.map((example) => example.audience))];
  return (
    <div className="console-list">
      <h2>Example queries</h2>
      {audiences.map((audience) => (
        <div key={audience}>
          <h3>{audience}</h3>
          <ul>
            {examples
              .filter((example) => example.audience === audience)
              .map((example) => (
                <li key={example.name}>
                  {/* The change of the hash opens the example. If the hash is the same already, the click does. */}
                  <a
                    className="console-list-item"
                    href={`#example=${example.name}`}
                    onClick={() => linkedExample() === example && open(example)}
                  >
                    {example.title}
                  </a>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

// Returns a function that opens an example in its tab, or in a new one. Other tabs keep what the reader typed.
function useOpenInTab() {
  const { tabs, changeTab, addTab, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const { setVisiblePlugin } = usePluginStore();
  return ({ query }) => {
    // On a phone, the pane would cover the example, and focus in an editor would open the on-screen keyboard.
    if (PHONE.matches) setVisiblePlugin(null);
    (PHONE.matches ? document.querySelector(".console-run") : queryEditor)?.focus();
    const opened = tabs.findIndex((tab) => tab.query === query);
    if (opened >= 0) return changeTab(opened);
    // The editors must show the new tab before they are filled. Otherwise the old tab would be overwritten.
    flushSync(addTab);
    variableEditor?.setValue("");
    queryEditor?.setValue(query);
  };
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M5 2.75h10a1.25 1.25 0 0 1 1.25 1.25v12A1.25 1.25 0 0 1 15 17.25H5A1.25 1.25 0 0 1 3.75 16V4A1.25 1.25 0 0 1 5 2.75Z" />
      <path d="M7 6.5h6M7 10h6M7 13.5h3.5" />
    </svg>
  );
}
