// The console: GraphiQL's editors for the page's own address, in an accessible page.
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

// GraphiQL compares plugins by identity. A new object for each render would reopen the first pane each time.
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

// Returns what to open: the linked example, else the tabs from last time, else the first example.
function firstQuery() {
  const linked = linkedExample();
  return linked ? { query: linked.query, variables: "" } : { defaultTabs: [{ query: examples[0].query }] };
}

// Returns the title of the pane that was open last time, or an empty string if it was closed. On the first visit, this
// is the examples pane if there is room for it.
function firstPane() {
  const roomy = matchMedia("(min-width: 60rem)").matches;
  return localStorage.getItem(PANE_KEY) ?? (roomy ? EXAMPLES.title : "");
}

function rememberPane(plugin) {
  localStorage.setItem(PANE_KEY, plugin?.title ?? "");
}

// Read once. Afterwards GraphiQL stores what is open, and a changed property would make it open something else.
const opening = firstQuery();
const pane = firstPane();
createRoot(document.getElementById("console")).render(<Console opening={opening} pane={pane} />);
