// Runs the GraphQL-over-HTTP audits against an address, and fails unless every audit passes.
//   npm ci && node audit.mjs http://127.0.0.1:8080/graphql
import { serverAudits } from "graphql-http";

const EXPECTED = 61;

const [url] = process.argv.slice(2);
if (!url) {
  console.error("usage: node audit.mjs URL");
  process.exit(2);
}

const results = await Promise.all(serverAudits({ url }).map(({ fn }) => fn()));
const failed = results.filter(({ status }) => status !== "ok");
for (const { id, name, status, reason, response } of failed) {
  console.error(`${status}  ${id}  ${name}\n        ${reason} (status ${response?.status})`);
}
console.log(`${results.length - failed.length} of ${results.length} audits ok`);
if (results.length !== EXPECTED) console.error(`expected ${EXPECTED} audits`);
process.exitCode = failed.length === 0 && results.length === EXPECTED ? 0 : 1;
