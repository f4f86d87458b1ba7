// The tabs of the queries, and the Run button, the editors and the response of the open one.
import { HeaderEditor, QueryEditor, VariableEditor, useEditorContext, useResponseEditor } from "@graphiql/react";
import { useRef, useState } from "react";
import { EditBar } from "./edit-bar.jsx";
import { useResponseInView } from "./outcome.js";
import { Problems } from "./problems.jsx";
import { QueryTabs, tabId } from "./query-tabs.jsx";
import { RunBar } from "./run-bar.jsx";
import { Splitter } from "./splitter.jsx";

export function Queries() {
  const panel = useRef(null);
  const { activeTabIndex } = useEditorContext({ nonNull: true });
  return (
    <main className="console-queries">
      <QueryTabs />
      <div role="tabpanel" id="console-query" aria-labelledby={tabId(activeTabIndex)} className="console-query">
        <RunBar />
        <div className="console-panes" ref={panel}>
          <Editors />
          <Splitter of={panel} name="query" label="Width of the query" controls="query" initial={50} />
          <Response />
        </div>
      </div>
    </main>
  );
}

function Editors() {
  const { initialVariables, initialHeaders } = useEditorContext({ nonNull: true });
  return (
    <section id="query" className="console-editors" aria-label="Query">
      <h2 className="console-unseen">Query</h2>
      <div className="console-editor graphiql-query-editor" data-label="Query">
        <QueryEditor />
      </div>
      <EditBar />
      <Problems />
      <MoreEditor title="Variables" Editor={VariableEditor} isOpenAtFirst={Boolean(initialVariables)} />
      <MoreEditor title="Headers" Editor={HeaderEditor} isOpenAtFirst={Boolean(initialHeaders)} />
    </section>
  );
}

function MoreEditor({ title, Editor, isOpenAtFirst }) {
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const id = `editor-${title.toLowerCase()}`;
  return (
    <>
      <h2 className="console-more">
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {title}
        </button>
      </h2>
      <div id={id} className="console-editor" data-label={title} hidden={!isOpen}>
        <Editor isHidden={!isOpen} />
      </div>
    </>
  );
}

// Replaces GraphiQL's own element, with which a screen reader would read out every response in full.
function Response() {
  const section = useRef(null);
  const editor = useResponseEditor({});
  useResponseInView(section);
  return (
    <section id="response" className="console-response" aria-label="Response" ref={section}>
      <h2 className="console-unseen">Response</h2>
      <div className="console-editor" data-label="Response">
        <div className="result-window" ref={editor} />
      </div>
    </section>
  );
}
