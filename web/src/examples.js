// The example queries, bundled from `../examples/*.graphql`. The gateway's front page shows the same files.

const files = import.meta.glob("../examples/*.graphql", { query: "?raw", import: "default", eager: true });

// Each example has a `name` (the file's stem), `title`, `audience` and `query` (without the header lines).
export const examples = Object.entries(files).map(([path, text]) => read(path, text));

// Returns the example that the address names by `#example=<file-stem>`, if any.
export function linkedExample() {
  const name = new URLSearchParams(location.hash.slice(1)).get("example");
  return examples.find((example) => example.name === name);
}

function read(path, text) {
  const header = Object.fromEntries(
    [...text.matchAll(/^# (title|for): (.+)$/gm)].map(([, key, value]) => [key, value.trim()]),
  );
  return {
    name: path.split("/").pop().replace(/\.graphql$/, ""),
    title: header.title,
    audience: header.for,
    query: text.replace(/^# (title|for): .+\n/gm, "").trimStart(),
  };
}
