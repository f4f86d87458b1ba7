// Checks a query in Power Query M as far as possible without Excel: parses it with Microsoft's parser, sends the
// requests that it would send, and looks for the columns that it expands in the responses.

import * as PQP from "@microsoft/powerquery-parser";

export async function checkPowerQuery(text, gateway) {
  const literals = await stringLiterals(text);
  const query = literals.find((literal) => literal.includes("query Page"));
  if (!query) return checkFile(literals, gateway);
  const { pages, rows } = await readAll(query, gateway);
  if (pages < 2 || rows.length === 0) throw new Error(`${rows.length} services on ${pages} pages: nothing is paged`);
  for (const [, column, names] of text.matchAll(/ExpandRecordColumn\(\w+, "(\w+)", \{([^}]*)\}/g)) {
    for (const name of names.match(/\w+/g)) {
      if (!rows.some((row) => row[column] && name in row[column])) throw new Error(`no ${column} has a ${name}`);
    }
  }
  for (const [, column] of text.matchAll(/\{"(\w+)", type/g)) {
    if (!rows.some((row) => row[column] && !Number.isNaN(Date.parse(row[column])))) throw new Error(`${column} is no time`);
  }
}

/** Fails unless one of the texts in a query is the path of a CSV export of the gateway. */
async function checkFile(literals, gateway) {
  const address = literals.find((literal) => literal.startsWith("export/"));
  const response = await fetch(`${gateway}/${address}`);
  const type = response.headers.get("content-type");
  if (!response.ok || !type.startsWith("text/csv")) throw new Error(`${address}: ${response.status}, ${type}`);
}

/** Returns the text literals of a query, found by Microsoft's parser. */
async function stringLiterals(text) {
  const task = await PQP.TaskUtils.tryLexParse(PQP.DefaultSettings, text);
  if (!PQP.TaskUtils.isParseStageOk(task)) throw task.error;
  const nodes = [...task.nodeIdMapCollection.astNodeById.values()];
  const texts = nodes.filter((node) => node.literalKind === PQP.Language.Ast.LiteralKind.Text);
  return texts.map(({ literal }) => literal.slice(1, -1).replaceAll('""', '"'));
}

/** Reads page after page, as the query's `Ask` and `Pages` do. */
async function readAll(query, gateway) {
  const rows = [];
  let pages = 0;
  let after = null;
  do {
    const response = await fetch(`${gateway}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables: { after } }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors[0].message);
    pages += 1;
    rows.push(...data.services.nodes);
    after = data.services.pageInfo.hasNextPage ? data.services.pageInfo.endCursor : null;
  } while (after);
  return { pages, rows };
}
