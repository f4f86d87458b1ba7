// Reads the snippets of a page: its fenced blocks, each with the comment above it that says what it is.
//
//   <!-- run: FILE -->             saved as FILE, then run by its ending: .sh, .mjs, .py
//   <!-- run: FILE if ROUTE -->    the same, if the gateway has the route
//   <!-- prints -->                what the snippet above it prints
//   <!-- file: FILE -->            saved as FILE for the snippets that follow
//   <!-- renders: FILE, … -->      what the React component saved as FILE shows
//   <!-- query -->                 sent to the gateway; the block after it, in JSON, is its answer
//   <!-- query: VARIABLES -->      the same, with variables
//   <!-- packages -->              commands that install packages; these must be pinned here
//   <!-- power query -->           a query in Power Query M; likewise `if ROUTE`
//   <!-- not run: REASON -->       anything else
//
// A block without such a comment is an error, so that none is forgotten.

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
