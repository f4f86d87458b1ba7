// Checks both pages with axe-core in all their states, in both colour schemes, at the widths of a phone, a tablet and a
// desktop. Each violation is a problem, and so is a page that is wider than its window.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { openConsole, openPage } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCHEMES = ["light", "dark"];
const WIDTHS = [320, 768, 1280];

export async function checkAccess(browser, base, problems) {
  const shots = process.env.SCREENSHOTS;
  if (shots) mkdirSync(shots, { recursive: true });
  let looks = 0;
  const goThrough = async (scheme, width) => {
    const page = await openPage(browser, base, problems, { width, scheme, script: AXE });
    const look = async (state) => {
      looks += 1;
      const place = `${state}, ${scheme}, ${width} px`;
      problems.push(...(await found(page)).map((what) => `${place}: ${what}`));
      if (shots) await page.screenshot({ path: join(shots, `${place.replaceAll(/\W+/g, "-")}.png`) });
    };
    await frontPage(page, base, look);
    problems.push(...(await page.evaluate(cutOff)).map((what) => `sources, ${scheme}, ${width} px: ${what}`));
    await consolePage(page, base, look);
    await page.context().close();
  };
  for (const width of WIDTHS) await Promise.all(SCHEMES.map((scheme) => goThrough(scheme, width)));
  return `nothing found in ${looks} states`;
}

async function found(page) {
  return page.evaluate(async (tags) => {
    const runOnly = { type: "tag", values: tags };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    const says = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary.replaceAll(/\s+/g, " ")}`),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) says.push(`the page is ${scrollWidth} px wide`);
    return says;
  }, TAGS);
}

// Runs in the page. Returns the values of sources that are not shown within the width of the window.
function cutOff() {
  const rows = [...document.querySelectorAll("tbody tr")];
  if (rows.length === 0) return ["there are no sources"];
  return rows.flatMap((row) => {
    const name = row.querySelector("th").textContent.trim();
    const shown = [...row.querySelectorAll("td")].filter((cell) => {
      const { left, right, height } = cell.getBoundingClientRect();
      return height > 0 && left >= 0 && right <= innerWidth && cell.textContent.trim() !== "";
    });
    const labels = shown.map((cell) => cell.dataset.label);
    const wanted = ["Status", "Services", "Copied", "Last assured", "Dialect"];
    return wanted.filter((label) => !labels.includes(label)).map((label) => `${name} does not show: ${label}`);
  });
}

async function frontPage(page, base, look) {
  await page.goto(`${base}/`, { waitUntil: "load" });
  await look("front page");
  await page.keyboard.press("Tab");
  await look("front page, link to skip to the sources");
}

async function consolePage(page, base, look) {
  await openConsole(page, base, "dashboard-sources");
  await look("console");
  await typing(page, look);
  await running(page, base, look);
  await panes(page, look);
  await dialogs(page, look);
}

async function typing(page, look) {
  await page.getByRole("textbox", { name: "Query" }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("{ se");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hints").waitFor();
  await look("suggestions");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+f");
  await page.locator(".CodeMirror-dialog input").waitFor();
  await look("search in the editor");
  await page.keyboard.press("Escape");
  await page.keyboard.type("mistaken }");
  await page.locator(".console-problems").waitFor();
  await look("problems in the query");
}

async function running(page, base, look) {
  const status = page.locator(".console-status");
  await page.getByRole("button", { name: /^run/i }).click();
  await status.filter({ hasText: "error" }).waitFor();
  await look("response with errors");
  for (const name of ["Variables", "Headers"]) await page.getByRole("button", { name }).click();
  await page.getByRole("textbox", { name: "Variables" }).click();
  await page.keyboard.type('{ "x');
  await look("variables and headers");
  await openConsole(page, base, "nhs-changes");
  await page.getByRole("button", { name: /^run/i }).click();
  await status.filter({ hasText: /Answered in \d+ ms$/ }).waitFor();
  await look("response, two tabs");
}

async function panes(page, look) {
  const open = (name) => page.getByRole("button", { name, exact: true }).click();
  if ((await page.locator("#pane").count()) === 0) await open("Example queries");
  await look("example queries");
  await open("Documentation");
  await page.getByText("Root Types").waitFor();
  await look("documentation");
  await page.getByRole("link", { name: "Query", exact: true }).first().click();
  await look("documentation of a type");
  await page.getByRole("combobox").fill("text");
  await page.getByRole("option").first().waitFor();
  await look("search in the documentation");
  await page.getByRole("option", { name: /text/ }).first().click();
  await look("documentation of a field");
  await open("Query builder");
  await page.getByRole("checkbox", { name: "changes" }).waitFor();
  await look("query builder");
  await open("History");
  await page.locator(".graphiql-history-item").first().waitFor();
  await look("history");
}

async function dialogs(page, look) {
  for (const name of ["Keyboard", "Settings"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog", { name }).waitFor();
    await look(`dialog ${name}`);
    await page.keyboard.press("Escape");
  }
}
