// Runs an example in the console and opens every pane. No request may leave the gateway's origin.
import { openConsole, openPage } from "./browser.mjs";

export async function checkConsole(browser, base, problems) {
  const page = await openPage(browser, base, problems, { width: 1440, height: 900 });
  const opened = await openConsole(page, base, process.env.EXAMPLE ?? "dashboard-sources");
  if (!opened.headers()["content-security-policy"]) problems.push("the page has no content security policy");
  await page.locator("#pane a").first().waitFor();
  await page.getByRole("button", { name: /^run/i }).click();
  await page.locator(".result-window .CodeMirror-code").filter({ hasText: '"data"' }).waitFor();
  await visitPanes(page);
  await page.context().close();
  return "an example runs, every pane opens";
}

// Opens every pane, because each could load something that the content security policy refuses.
async function visitPanes(page) {
  await page.getByRole("button", { name: "Documentation" }).click();
  await page.locator(".graphiql-doc-explorer").getByText("Root Types").waitFor();
  await page.getByRole("button", { name: "Query builder" }).click();
  await page.locator(".graphiql-explorer-root").getByText("serviceStatistics").waitFor();
  await page.getByRole("button", { name: "History" }).click();
  await page.locator(".graphiql-history-item").first().waitFor();
  for (const dialog of ["Keyboard", "Settings"]) {
    await page.getByRole("button", { name: dialog }).click();
    await page.getByRole("dialog", { name: dialog }).waitFor();
    await page.keyboard.press("Escape");
  }
}
