// The console: GraphiQL over the page's own address, with the example queries at hand.
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN, HistoryContextProvider } from "@graphiql/plugin-history";
import { GraphiQLProvider, usePluginStore } from "@graphiql/react";
import { GraphiQL, GraphiQLInterface } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./console.css";
import { examples, linkedExample } from "./examples.js";
import { EXAMPLES, useLinkedExamples } from "./examples-pane.jsx";
import { fetcher } from "./fetcher.js";

// GraphiQL compares plugins by identity: made once, or every render would reopen the first pane.
const PLUGINS = [EXAMPLES, DOC_EXPLORER_PLUGIN, explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

const PANE_KEY = "oruk-gateway:pane";

// GraphiQL's own providers, spelled out so that the interface can wait for the pane it is to open with.
function Console({ opening, pane }) {
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      visiblePlugin={pane}
      onTogglePluginVisibility={rememberPane}
      defaultQuery=""
      {...opening}
    >
      <HistoryContextProvider>
        <DocExplorerContextProvider>
          <Interface />
        </DocExplorerContextProvider>
      </HistoryContextProvider>
    </GraphiQLProvider>
  );
}

function Interface() {
  useLinkedExamples();
  const { plugins } = usePluginStore();
  // Drawn before the plugins are known, the interface hides the pane and never shows it again by itself.
  if (plugins.length === 0) return null;
  return (
    <GraphiQLInterface showPersistHeadersSettings>
      <GraphiQL.Logo>
        <a className="console-home" href="/">
          oruk-gateway
        </a>
      </GraphiQL.Logo>
    </GraphiQLInterface>
  );
}

// What to open with: the linked example; else what was open last time; else the first example.
function firstQuery() {
  const linked = linkedExample();
  return linked ? { query: linked.query, variables: "" } : { defaultTabs: [{ query: examples[0].query }] };
}

// The title of the pane left open last time, empty if it was closed; at first the examples, where there is room.
function firstPane() {
  const roomy = matchMedia("(min-width: 60rem)").matches;
  return localStorage.getItem(PANE_KEY) ?? (roomy ? EXAMPLES.title : "");
}

function rememberPane(plugin) {
  localStorage.setItem(PANE_KEY, plugin?.title ?? "");
}

// Read once: afterwards GraphiQL keeps what is open, and a change here would be taken for a command.
const opening = firstQuery();
const pane = firstPane();
createRoot(document.getElementById("console")).render(<Console opening={opening} pane={pane} />);
