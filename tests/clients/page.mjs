// Reads the snippets of a page: its fenced blocks. The comment above each block says how to test it:
//
//   <!-- run: FILE -->             saved as FILE and run; its extension is .sh, .mjs or .py
//   <!-- run: FILE if ROUTE -->    as above, but only if the gateway has the route
//   <!-- prints -->                the output of the snippet above
//   <!-- file: FILE -->            saved as FILE for the snippets that follow
//   <!-- renders: FILE, pressing More N -->
//                                  the text that the React component saved as FILE shows after N presses of the button
//   <!-- query -->                 sent to the gateway; the block after it must be its answer
//   <!-- query: VARIABLES -->      as above, with variables
//   <!-- answer -->                the answer, in JSON, to the query above
//   <!-- packages -->              commands that install packages; these must be pinned here
//   <!-- power query -->           a query in Power Query M; also as `power query: if ROUTE`
//   <!-- not run: REASON -->       skipped
//
// A block without a comment is an error, so that no block stays untested by mistake.

import { readFile } from "node:fs/promises";

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const REMARK = /\n<!-- (.*) -->\n$/;

export async function readSnippets(path) {
  const page = await readFile(path, "utf8");
  const blocks = [...page.matchAll(FENCE)].map((match) => block(page, match));
  return blocks.flatMap((current, index) => {
    if (current.task === "prints" || current.task === "answer") return [];
    const next = blocks[index + 1];
    const isFollowed = next?.task === "prints" || next?.task === "answer";
    if (current.task === "query" && !isFollowed) throw new Error(`line ${current.line}: a query without its answer`);
    return [{ ...current, expected: isFollowed ? next : null }];
  });
}

function block(page, { index, 1: language, 2: text }) {
  const line = page.slice(0, index).split("\n").length;
  const remark = page.slice(0, index).match(REMARK)?.[1];
  if (!remark) throw new Error(`line ${line}: a block that does not say what it is`);
  const [task, ...subject] = remark.split(": ");
  return { line, language, text, task, subject: subject.join(": ") };
}
