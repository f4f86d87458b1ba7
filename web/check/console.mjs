// Opens the console of a running gateway in Chromium and runs an example, as a reader would:
//   node check/console.mjs http://127.0.0.1:8080 console.png
// Fails on a request to another origin, a console error, or anything the content security policy refused.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [base = "http://127.0.0.1:8080", screenshot = "console.png"] = process.argv.slice(2);
const origin = new URL(base).origin;
const example = process.env.EXAMPLE ?? "dashboard-sources";

const profile = mkdtempSync(join(tmpdir(), "console-check-"));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  viewport: { width: 1440, height: 900 },
  colorScheme: process.env.COLOUR_SCHEME ?? "light",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

const problems = [];
try {
  const page = await browser.newPage();
  await watch(page);
  await run(page);
  await page.screenshot({ path: screenshot });
  await visitPanes(page);
} catch (error) {
  problems.push(String(error));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}

problems.forEach((problem) => console.error(problem));
console.log(problems.length > 0 ? "failed" : `passed: ${screenshot}`);
process.exitCode = problems.length > 0 ? 1 : 0;

async function watch(page) {
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin || url.protocol === "data:" || url.protocol === "blob:") return route.continue();
    problems.push(`request to another origin: ${url}`);
    return route.abort();
  });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script error: ${error}`));
  await page.exposeFunction("refused", (what) => problems.push(`refused by the policy: ${what}`));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", (event) =>
      window.refused(`${event.effectiveDirective} ${event.blockedURI}`),
    ),
  );
}

async function run(page) {
  const opened = await page.goto(`${base}/graphql#example=${example}`, { waitUntil: "load" });
  if (!opened.headers()["content-security-policy"]) problems.push("the page has no content security policy");
  await page.locator(".graphiql-query-editor .CodeMirror-line").first().waitFor();
  await page.locator(".console-examples a").first().waitFor();
  await page.locator(".graphiql-query-editor .CodeMirror-code").filter({ hasText: "query" }).waitFor();
  await page.getByRole("button", { name: /execute query/i }).click();
  await page.locator(".result-window .CodeMirror-code").filter({ hasText: '"data"' }).waitFor();
}

// Every pane that draws something could ask for something the policy refuses.
async function visitPanes(page) {
  await page.getByRole("button", { name: /show documentation explorer/i }).click();
  await page.locator(".graphiql-doc-explorer").getByText("Root Types").waitFor();
  await page.getByRole("button", { name: /show graphiql explorer/i }).click();
  await page.locator(".graphiql-explorer-root, .docExplorerWrap").first().waitFor();
  await page.getByRole("button", { name: /show history/i }).click();
  await page.locator(".graphiql-history-item").first().waitFor();
  await page.getByRole("button", { name: /open settings/i }).click();
  await page.getByRole("dialog").waitFor();
}
