// Runs every snippet of docs/clients.md as printed, with only the gateway's address replaced, and compares the output.
//
//   node run.mjs http://127.0.0.1:8080 ../../target/debug/oruk-gateway
//
// `npm ci` must have run here. Each snippet that cannot run on this machine is skipped, and reported on a line that
// begins with SKIPPED. See page.mjs for the comments that mark the snippets of the page.

import { mkdtemp, mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPossibleTypes } from "./schema_lists.mjs";
import { readSnippets } from "./page.mjs";
import { pythonEnvironment } from "./python.mjs";
import { perform } from "./snippets.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const PRINTED_ADDRESS = "http://127.0.0.1:8080";

const [gateway = PRINTED_ADDRESS, program] = process.argv.slice(2);
const work = await mkdtemp(join(tmpdir(), "clients-"));
let passed = 0;
let failed = 0;
let skipped = 0;
try {
  await main();
} finally {
  await rm(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
// Relay keeps a timer for cached queries, which would keep the process running for five minutes.
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function main() {
  const page = join(here, "..", "..", "docs", "clients.md");
  const snippets = await readSnippets(page);
  await prepare();
  const python = await pythonEnvironment(here);
  const path = `${join(work, "bin")}:${process.env.PATH}`;
  const workshop = { work, gateway, here, python, env: { ...process.env, PATH: path } };
  for (const snippet of snippets) {
    const text = snippet.text.replaceAll(PRINTED_ADDRESS, gateway);
    await attempt(named(snippet), () => perform({ ...snippet, text }, workshop));
  }
  await attempt("lists of types are those of the schema", () => checkPossibleTypes(gateway, snippets));
}

function named({ line, task, subject, text }) {
  const [first] = text.split(/[({\n]/);
  return `line ${line}: ${task === "query" ? first.trim() : `${task} ${subject}`.trim()}`;
}

/** Prepares the work folder, so that it has the packages and the gateway's program as an installed project has. */
async function prepare() {
  await symlink(join(here, "node_modules"), join(work, "node_modules"));
  await mkdir(join(work, "src"));
  await writeFile(join(work, "package.json"), '{ "private": true }\n');
  await mkdir(join(work, "bin"));
  if (program) await symlink(await realpath(program), join(work, "bin", "oruk-gateway"));
}

/** Runs one check and counts its result. A check that was skipped returns the reason. */
async function attempt(name, check) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)}s`;
  try {
    const reason = await check();
    if (reason) {
      skipped += 1;
      console.log(`SKIPPED ${name}: ${reason}`);
    } else {
      passed += 1;
      console.log(`ok ${name} (${seconds()})`);
    }
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}\n${error.message.replace(/^/gm, "    ")}`);
  }
}
