// The pane that builds a query by choosing fields and arguments.
import { explorerPlugin } from "@graphiql/plugin-explorer";

const { content: Builder, icon } = explorerPlugin({ showAttribution: false });

export const BUILDER = { title: "Query builder", icon, content: BuilderPane };

function BuilderPane() {
  return (
    <div className="console-builder">
      <h2>Query builder</h2>
      <p>
        <kbd>Up</kbd> and <kbd>Down</kbd> go from field to field, <kbd>Space</kbd> chooses.
      </p>
      <Builder />
    </div>
  );
}
