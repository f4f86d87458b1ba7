// Checks the pages of a running gateway in Chromium. Runs all checks, or those that are named:
//   node check/pages.mjs http://127.0.0.1:8080 [console] [access] [keyboard]
// SCREENSHOTS=<folder> saves a screenshot of each state that `access` checks.
import { checkAccess } from "./access.mjs";
import { openBrowser } from "./browser.mjs";
import { checkConsole } from "./console.mjs";
import { checkKeyboard } from "./keyboard.mjs";

const CHECKS = { console: checkConsole, access: checkAccess, keyboard: checkKeyboard };

// How many problems to print: one wrong colour is found in many places.
const SHOWN = 40;

const [base = "http://127.0.0.1:8080", ...named] = process.argv.slice(2);
const unknown = named.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  throw new Error(`no such check: ${unknown.join(", ")}; there are ${Object.keys(CHECKS).join(", ")}`);
}

const browser = await openBrowser();
let failed = 0;
try {
  for (const name of named.length > 0 ? named : Object.keys(CHECKS)) failed += await run(name);
} finally {
  await browser.close();
}
process.exitCode = failed > 0 ? 1 : 0;

async function run(name) {
  const began = performance.now();
  const problems = [];
  let checked = "";
  try {
    checked = await CHECKS[name](browser, base.replace(/\/$/, ""), problems);
  } catch (error) {
    problems.push(String(error));
  }
  problems.slice(0, SHOWN).forEach((problem) => console.error(`${name}: ${problem}`));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: ${problems.length > 0 ? `${problems.length} problems` : `passed: ${checked}`} (${seconds} s)`);
  return problems.length;
}
