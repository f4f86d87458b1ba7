// The console: GraphiQL over the page's own address, with the example queries at hand.
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./console.css";
import { examples, linkedExample } from "./examples.js";
import { EXAMPLES, useLinkedExamples } from "./examples-pane.jsx";
import { fetcher } from "./fetcher.js";

// GraphiQL compares plugins by identity: made once, or every render would reopen the first pane.
const PLUGINS = [EXAMPLES, explorerPlugin({ showAttribution: false })];

createRoot(document.getElementById("console")).render(<Console />);

function Console() {
  return (
    <GraphiQL fetcher={fetcher} plugins={PLUGINS} visiblePlugin={EXAMPLES} defaultQuery="" {...opening()}>
      <GraphiQL.Logo>
        <Home />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

// What to open with: the linked example; else what was open last time; else the first example.
function opening() {
  const linked = linkedExample();
  return linked ? { query: linked.query, variables: "" } : { defaultTabs: [{ query: examples[0].query }] };
}

// Lives inside GraphiQL's providers for as long as the page does, so it is also where links are followed.
function Home() {
  useLinkedExamples();
  return (
    <a className="console-home" href="/">
      oruk-gateway
    </a>
  );
}
