// Tests a snippet according to its task. Returns the reason if the snippet was skipped, and throws if it does not do
// what the page says.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { compareTexts, compareValues } from "./compare.mjs";
import { checkPowerQuery } from "./power_query.mjs";
import { render } from "./relay.mjs";

const PATIENCE_MS = 60_000;
/** Programs that snippets run and that may not be installed. */
const PROGRAMS = ["curl", "npx", "ogrinfo", "oruk-gateway"];
const execute = promisify(execFile);

const TASKS = {
  run,
  file: save,
  renders: compareRendering,
  query: ask,
  packages: checkPinned,
  "power query": checkParsed,
  "not run": ({ subject }) => subject,
};

export async function perform(snippet, workshop) {
  const task = TASKS[snippet.task];
  if (!task) throw new Error(`${snippet.task} is no task`);
  return task(snippet, workshop);
}

async function save({ text, subject }, { work }) {
  const path = join(work, subject);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function run(snippet, workshop) {
  const [file, route] = snippet.subject.split(" if ");
  if (route && !(await hasRoute(route, workshop))) return `the gateway has no ${route}`;
  await save({ ...snippet, subject: file }, workshop);
  const { missing, program, leading } = await runner(file, snippet.text, workshop);
  if (missing) return missing;
  const { stdout } = await printed(program, [...leading, file], workshop);
  if (snippet.expected) compare(snippet.expected, stdout);
}

/** Returns the program that runs a file, or the reason it cannot run as `missing`. */
async function runner(file, text, { python, env }) {
  const kind = extname(file);
  if (kind === ".py") return python.missing ? python : { program: python.program, leading: [] };
  if (kind === ".mjs") return { program: process.execPath, leading: [] };
  const needed = text.match(/^[\w-]+/gm).find((word) => PROGRAMS.includes(word));
  if (needed && !(await isInstalled(needed, env))) return { missing: `${needed} is not installed` };
  return { program: "bash", leading: ["-euo", "pipefail"] };
}

async function checkParsed({ text, subject }, workshop) {
  const [, route] = subject.split("if ");
  if (route && !(await hasRoute(route, workshop))) return `the gateway has no ${route}`;
  return checkPowerQuery(text, workshop.gateway);
}

async function hasRoute(route, { gateway }) {
  return (await fetch(gateway + route)).status !== 404;
}

async function isInstalled(program, env) {
  return execute("which", [program], { env }).then(() => true, () => false);
}

async function printed(program, args, { work, env }) {
  try {
    return await execute(program, args, { cwd: work, env, timeout: PATIENCE_MS, maxBuffer: 16 << 20 });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout ?? ""}`, { cause: error });
  }
}

function compare({ language, text }, stdout) {
  if (language === "json") compareValues(JSON.parse(text), JSON.parse(stdout));
  else compareTexts(text, stdout);
}

async function ask({ text, subject, expected }, { gateway }) {
  const answer = await fetch(`${gateway}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: text, variables: subject ? JSON.parse(subject) : undefined }),
  });
  compareValues(JSON.parse(expected.text), await answer.json());
}

async function compareRendering({ subject, text }, { work, here }) {
  const [file, presses] = subject.split(", pressing More ");
  compareTexts(text, await render(join(work, file), Number(presses), here));
}

/** Fails unless the version of each package is pinned in package.json or requirements.txt. */
async function checkPinned({ text }, { here }) {
  const { devDependencies } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
  const requirements = (await readFile(join(here, "requirements.txt"), "utf8")).split("\n");
  const words = text.split(/\s+/).filter((word) => word && !["npm", "pip", "install", "--save-dev"].includes(word));
  const isPinned = (name) =>
    name in devDependencies || requirements.some((line) => line.startsWith(`${name.replaceAll('"', "")}==`));
  const unknown = words.filter((name) => !isPinned(name));
  if (unknown.length > 0) throw new Error(`no version is pinned for ${unknown.join(", ")}`);
}
