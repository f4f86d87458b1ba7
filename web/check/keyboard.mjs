// Uses both pages with the keyboard alone. Tab must reach every control once and then leave the page, the focus must
// always be visible, and a query must be written, built and run without a mouse.
import { openConsole, openPage } from "./browser.mjs";

export async function checkKeyboard(browser, base, problems) {
  let stops = 0;
  for (const width of [320, 1280]) {
    const page = await openPage(browser, base, problems, { width });
    const expect = (holds, what) => holds || problems.push(`${width} px: ${what}`);
    await page.goto(`${base}/`, { waitUntil: "load" });
    stops += await walkThrough(page, "front page", expect);
    await openConsole(page, base, "dashboard-sources");
    stops += await walkThrough(page, "console", expect);
    stops += await panesInReach(page, expect);
    await documentationKeepsFocus(page, expect);
    await editorLetsGo(page, expect);
    await runByKeyboard(page, base, expect);
    await tabsAndDialogs(page, expect);
    await buildByKeyboard(page, base, expect);
    await page.context().close();
  }
  await divideByKeyboard(browser, base, problems);
  return `${stops} stops of the Tab key`;
}

// Presses Tab from the top of the page until the focus leaves the page or returns to the first stop.
async function walkThrough(page, where, expect) {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const seen = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(focused);
    // In a headless browser, the first stop may directly follow the last.
    if (!stop || stop.id === seen[0]) break;
    if (seen.includes(stop.id)) {
      expect(false, `${where}: Tab comes back to ${stop.name} before the end of the page`);
      break;
    }
    seen.push(stop.id);
    for (const fault of stop.faults) expect(false, `${where}: ${stop.name}: ${fault}`);
  }
  const missed = await page.evaluate(unreached);
  expect(missed.length === 0, `${where}: Tab does not reach ${missed.join(", ")}`);
  return seen.length;
}

// Runs in the page. Returns the focused element, and what is wrong with how the focus is shown.
function focused() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  window.reached ??= [];
  if (!window.reached.includes(element)) window.reached.push(element);
  const name = `${element.tagName.toLowerCase()} "${(element.ariaLabel ?? element.textContent).trim().slice(0, 40)}"`;
  const editor = element.closest(".console-editor");
  const shown = editor ?? element.closest(".graphiql-doc-explorer-search-input") ?? element;
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(shown, editor ? "::after" : null);
  const faults = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push("the focus is not shown");
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  if (!top || !(shown.contains(top) || top.contains(shown))) faults.push("something else covers it");
  return { id: window.reached.indexOf(element), name, faults };
}

// Runs in the page. Returns the controls that Tab did not reach. Other keys reach those with a negative tab index.
function unreached() {
  const controls = "a[href], button, input, select, summary, [tabindex], [contenteditable=true]";
  return [...document.querySelectorAll(controls)]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility() && !window.reached.includes(element))
    .map((element) => `${element.tagName.toLowerCase()} "${(element.ariaLabel ?? element.textContent).slice(0, 40)}"`);
}

async function panesInReach(page, expect) {
  let stops = 0;
  for (const pane of ["Example queries", "Documentation", "Query builder", "History"]) {
    const button = page.getByRole("button", { name: pane, exact: true });
    await button.focus();
    if ((await button.getAttribute("aria-expanded")) === "false") await page.keyboard.press("Enter");
    await page.locator("#pane h2, #pane [role=heading]").first().waitFor();
    stops += await walkThrough(page, pane, expect);
    await button.focus();
    await page.keyboard.press("Enter");
    expect((await page.locator("#pane").count()) === 0, `${pane}: Enter does not close the pane`);
  }
  return stops;
}

// A link in the documentation is removed when it is followed. The focus must stay in the pane.
async function documentationKeepsFocus(page, expect) {
  const button = page.getByRole("button", { name: "Documentation", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Query", exact: true }).first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#pane").getByRole("heading", { name: "Query", exact: true }).waitFor();
  const kept = await page.evaluate(() => document.activeElement.getAttribute("role"));
  expect(kept === "heading", "a link in the documentation loses the focus");
  await button.focus();
  await page.keyboard.press("Enter");
}

async function editorLetsGo(page, expect) {
  const query = page.getByRole("textbox", { name: "Query" });
  await query.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+]");
  expect(await begins(page, "  query"), "Ctrl-] does not indent");
  await page.keyboard.press("Control+[");
  expect(await begins(page, "query"), "Ctrl-[ does not outdent");
  await page.keyboard.type("# s");
  await page.keyboard.press("Control+Space");
  await page.keyboard.press("Tab");
  const left = await page.evaluate(() => document.activeElement.textContent);
  expect(left === "Format", `Tab goes from the editor to "${left}"`);
  expect((await page.locator(".CodeMirror-hints").count()) === 0, "suggestions stay when the editor is left");
  expect(await begins(page, "# squery"), "Tab is written into the editor");
  await page.keyboard.press("Shift+Tab");
  expect(await query.evaluate((element) => element === document.activeElement), "Shift-Tab does not return");
}

// Returns whether the query begins with a text. Waits, because the editor draws a moment after the key. Wrapped lines
// are drawn with no-break spaces.
function begins(page, text) {
  const drawn = (expected) => {
    const line = document.querySelector("#query .CodeMirror-code .CodeMirror-line");
    return line.textContent.replaceAll("\u00a0", " ").startsWith(expected);
  };
  return page.waitForFunction(drawn, text, { timeout: 3000 }).then(
    () => true,
    () => false,
  );
}

async function runByKeyboard(page, base, expect) {
  await openConsole(page, base, "dashboard-totals");
  const answered = page.locator(".console-status").filter({ hasText: /Answered in \d+ ms$/ });
  await page.getByRole("textbox", { name: "Query" }).focus();
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift+Tab");
  for (let press = 0; press < 3; press += 1) {
    if (await page.evaluate(() => document.activeElement.textContent.startsWith("Run"))) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await answered.waitFor();
  const run = await page.evaluate(() => document.activeElement.textContent);
  expect(run.startsWith("Run"), `the focus goes from Run to "${run}"`);
  await openConsole(page, base, "app-suits-an-age");
  await page.getByRole("textbox", { name: "Query" }).focus();
  await page.keyboard.press("Control+Enter");
  await answered.waitFor();
}

async function tabsAndDialogs(page, expect) {
  const current = page.locator("[role=tab][aria-selected=true]");
  const count = await page.getByRole("tab").count();
  const first = await current.innerText();
  await current.focus();
  await page.keyboard.press("ArrowLeft");
  await current.filter({ hasNotText: first }).waitFor();
  await page.keyboard.press("Delete");
  await page.waitForFunction((least) => document.querySelectorAll("[role=tab]").length === least, count - 1);
  const button = page.getByRole("button", { name: "Keyboard", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  // If the dialog scrolls, which depends on the fonts, it is a stop of its own. After the last stop the focus is in the
  // browser's own controls, and nothing in the page has it.
  const focus = () =>
    page.getByRole("dialog").evaluate((dialog) => {
      if (dialog.contains(document.activeElement)) return "dialog";
      return document.activeElement === document.body ? "browser" : "page";
    });
  expect((await focus()) === "dialog", "the focus is outside the dialog that was opened");
  for (const key of ["Shift+Tab", "Tab"]) {
    const stops = [];
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press(key);
      stops.push(await focus());
    }
    expect(!stops.includes("page"), `${key} leaves the open dialog for the page`);
    expect(stops.includes("dialog"), `${key} does not return to the open dialog`);
  }
  await page.keyboard.press("Escape");
  expect(await button.evaluate((element) => element === document.activeElement), "closing the dialog loses the focus");
}

async function buildByKeyboard(page, base, expect) {
  await openConsole(page, base, "nhs-changes");
  const button = page.getByRole("button", { name: "Query builder", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  const field = page.getByRole("checkbox", { name: "meta", exact: true });
  await page.getByRole("checkbox", { name: "changes", exact: true }).focus();
  for (let press = 0; press < 200; press += 1) {
    if (await field.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Space");
  await page.locator("#pane [role=checkbox][aria-checked=true]").filter({ hasText: /^meta$/ }).waitFor();
  await page.locator(".graphiql-query-editor .CodeMirror-code").filter({ hasText: "meta" }).waitFor();
  const kept = await page.evaluate(() => document.activeElement.textContent);
  expect(kept === "meta", `choosing a field moves the focus to "${kept}"`);
}

async function divideByKeyboard(browser, base, problems) {
  const page = await openPage(browser, base, problems);
  await openConsole(page, base, "dashboard-sources");
  const divider = page.getByRole("separator", { name: "Width of the query" });
  const width = () => page.locator("#query").evaluate((element) => element.clientWidth);
  const before = await width();
  await divider.focus();
  await page.keyboard.press("ArrowRight");
  if ((await width()) <= before) problems.push("the right arrow key does not widen the query");
  await divider.click();
  if ((await divider.getAttribute("aria-valuenow")) === "55") problems.push("a click on the divider does nothing");
  await page.context().close();
}
