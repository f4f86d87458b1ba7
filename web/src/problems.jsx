// Lists the problems of the query while it is typed. In the editor they are only wavy lines and tooltips for the mouse.
import { useEditorContext } from "@graphiql/react";
import { useEffect, useState } from "react";

const SHOWN = 5;

export function Problems() {
  const { queryEditor } = useEditorContext({ nonNull: true });
  const problems = useProblems(queryEditor);
  const go = ({ from }) => {
    queryEditor.setCursor(from);
    queryEditor.focus();
  };
  if (problems.length === 0) return null;
  return (
    <div className="console-problems">
      <h2>{problems.length === 1 ? "1 problem" : `${problems.length} problems`}</h2>
      <ul>
        {problems.slice(0, SHOWN).map((problem, index) => (
          <li key={index}>
            <button type="button" onClick={() => go(problem)}>
              Line {problem.from.line + 1}: {problem.message}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useProblems(editor) {
  const [problems, setProblems] = useState([]);
  useEffect(() => {
    const lint = editor?.state.lint;
    if (!lint) return undefined;
    lint.options.onUpdateLinting = (found) => setProblems(found);
    return () => {
      lint.options.onUpdateLinting = null;
    };
  }, [editor]);
  return problems;
}
