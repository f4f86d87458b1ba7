// The page: a header with a button for each pane, the open pane, and the queries beside it.
import { useEditorContext, usePluginStore } from "@graphiql/react";
import { useRef, useState } from "react";
import { Keyboard, Settings } from "./dialogs.jsx";
import { useLinkedExamples } from "./examples-pane.jsx";
import { Queries } from "./queries.jsx";
import { Splitter } from "./splitter.jsx";

// The path at which the gateway is served. The script's address is `<path>/assets/console.js`.
const HOME = new URL("../", document.currentScript.src).pathname;

export function Interface() {
  useLinkedExamples();
  const body = useRef(null);
  const { plugins, visiblePlugin } = usePluginStore();
  // If drawn before the plugins are known, the open pane would have no content.
  if (plugins.length === 0) return null;
  return (
    <div className="graphiql-container console">
      <SkipLink />
      <Header />
      <div className="console-body" ref={body}>
        {visiblePlugin && <Pane plugin={visiblePlugin} of={body} />}
        <Queries />
      </div>
    </div>
  );
}

function SkipLink() {
  const { queryEditor } = useEditorContext({ nonNull: true });
  const skip = (event) => {
    event.preventDefault();
    queryEditor?.focus();
  };
  return (
    <a className="console-skip" href="#query" onClick={skip}>
      Skip to the query
    </a>
  );
}

function Header() {
  const [dialog, setDialog] = useState(null);
  const close = () => setDialog(null);
  return (
    <header className="console-header">
      <h1>
        <a href={HOME}>oruk-gateway</a> <span>console</span>
      </h1>
      <PaneButtons />
      <div className="console-tools">
        <button type="button" onClick={() => setDialog("keyboard")}>
          Keyboard
        </button>
        <button type="button" onClick={() => setDialog("settings")}>
          Settings
        </button>
      </div>
      <Keyboard isOpen={dialog === "keyboard"} onClose={close} />
      <Settings isOpen={dialog === "settings"} onClose={close} />
    </header>
  );
}

function PaneButtons() {
  const { plugins, visiblePlugin, setVisiblePlugin } = usePluginStore();
  return (
    <nav aria-label="Panes">
      <ul>
        {plugins.map((plugin) => {
          const isOpen = plugin === visiblePlugin;
          return (
            <li key={plugin.title}>
              <button
                type="button"
                aria-expanded={isOpen}
                aria-controls={isOpen ? "pane" : undefined}
                onClick={() => setVisiblePlugin(isOpen ? null : plugin)}
              >
                {plugin.title}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Pane({ plugin: { title, content: Content }, of }) {
  return (
    <aside id="pane" className="console-pane" aria-label={title}>
      <div>
        <Content />
      </div>
      <Splitter of={of} name="pane" label="Width of the pane" controls="pane" initial={28} />
    </aside>
  );
}
