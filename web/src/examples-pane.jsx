// The pane that lists the example queries by kind of user, and the opening of one in a tab.
import { useEditorContext, usePluginStore } from "@graphiql/react";
import { useEffect } from "react";
import { flushSync } from "react-dom";
import { examples, linkedExample } from "./examples.js";
import { PHONE } from "./phone.js";

export const EXAMPLES = { title: "Example queries", icon: ExamplesIcon, content: ExamplesPane };

// Opens the example whenever the address comes to name one.
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
                  {/* The hash opens it; a second click does not change the hash, so it opens by itself. */}
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

// Goes to the tab that holds the example, or opens one; what the reader has typed elsewhere is left alone.
function useOpenInTab() {
  const { tabs, changeTab, addTab, queryEditor, variableEditor } = useEditorContext({ nonNull: true });
  const { setVisiblePlugin } = usePluginStore();
  return ({ query }) => {
    // On a phone, the pane stands between the reader and the example, and an editor calls up the screen's keyboard.
    if (PHONE.matches) setVisiblePlugin(null);
    (PHONE.matches ? document.querySelector(".console-run") : queryEditor)?.focus();
    const opened = tabs.findIndex((tab) => tab.query === query);
    if (opened >= 0) return changeTab(opened);
    // The editors must show the new tab before they are filled, or the old one would be overwritten.
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
