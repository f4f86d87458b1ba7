// The console: GraphiQL's editors over the page's own address, in a page that everybody can use.
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from "@graphiql/plugin-doc-explorer";
import { HistoryContextProvider } from "@graphiql/plugin-history";
import { GraphiQLProvider } from "@graphiql/react";
import { createRoot } from "react-dom/client";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./colours.css";
import "./editors.css";
import "./console.css";
import "./editor-keys.js";
import "./mended-markup.js";
import { BUILDER } from "./builder-pane.jsx";
import { examples, linkedExample } from "./examples.js";
import { EXAMPLES } from "./examples-pane.jsx";
import { fetcher } from "./fetcher.js";
import { HISTORY } from "./history-pane.jsx";
import { Interface } from "./interface.jsx";

// GraphiQL compares plugins by identity: made once, or every render would reopen the first pane.
const DOCUMENTATION = { ...DOC_EXPLORER_PLUGIN, title: "Documentation" };
const PLUGINS = [EXAMPLES, DOCUMENTATION, BUILDER, HISTORY];

const PANE_KEY = "oruk-gateway:pane";

function Console({ opening, pane }) {
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOCUMENTATION}
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
