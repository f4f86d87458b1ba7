// Opens the browser and the pages for the checks, and reports the problems that no page may have.
import { chromium } from "playwright-core";

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
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
}

// Opens a page with a profile of its own. Requests to another origin, errors of the console or a script, and violations
// of the content security policy are problems.
export async function openPage(browser, base, problems, { width = 1280, height = 800, scheme = "light", script } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await watch(page, new URL(base).origin, problems);
  return page;
}

// Opens the console with an example, and waits until its editors are drawn.
export async function openConsole(page, base, example) {
  const opened = await page.goto(`${base}/graphql#example=${example}`, { waitUntil: "load" });
  await page.locator(".graphiql-query-editor .CodeMirror-code").filter({ hasText: "query" }).waitFor();
  await page.locator(".result-window .CodeMirror-code").waitFor({ state: "attached" });
  return opened;
}

async function watch(page, origin, problems) {
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin || url.protocol === "data:" || url.protocol === "blob:") return route.continue();
    problems.push(`request to another origin: ${url}`);
    return route.abort();
  });
  page.on("console", (message) => {
    // The browser also logs an error for each query that the gateway refuses. Some checks cause that on purpose.
    if (message.type() !== "error" || message.text().includes("status of 400")) return;
    problems.push(`console error: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script error: ${error}`));
  await page.exposeFunction("refused", (what) => problems.push(`refused by the policy: ${what}`));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", (event) =>
      window.refused(`${event.effectiveDirective} ${event.blockedURI}`),
    ),
  );
}
