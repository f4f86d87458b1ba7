// Adds roles, names and headings that the markup of GraphiQL's documentation, query builder and suggestions lacks.
import { mendBuilder } from "./builder-keys.js";

const MISSING = [
  [".graphiql-doc-explorer-title", { role: "heading", "aria-level": "2" }],
  [".graphiql-doc-explorer-section-title", { role: "heading", "aria-level": "3" }],
  [".graphiql-doc-explorer-search input", { "aria-label": "Search the documentation", placeholder: "Search" }],
  [".graphiql-operation-title-bar input", { "aria-label": "Name of the operation", autocomplete: "off" }],
  [".graphiql-explorer-actions select", { "aria-label": "Kind of operation to add" }],
  [".graphiql-explorer-actions button", { "aria-label": "Add an operation" }],
  // Drawings beside text that says the same.
  [".console-pane svg", { "aria-hidden": "true" }],
  [".CodeMirror-dialog input", { "aria-label": "Search the editor" }],
  // The list scrolls, so it must be focusable. Tab closes it before it gets the focus.
  [".CodeMirror-hints", { "aria-label": "Suggestions", tabindex: "0" }],
  [".CodeMirror-hint-information", { role: "presentation" }],
];

const page = document.getElementById("console");

new MutationObserver(mend).observe(page, { childList: true, subtree: true });

// CodeMirror adds the notes that open under the mouse to the end of the body, outside every landmark, and only the
// mouse closes them. Here they are moved into `main`, and Escape closes them.
const NOTES = ".CodeMirror-info, .CodeMirror-lint-tooltip";

new MutationObserver(() => {
  for (const note of document.querySelectorAll(`body > :is(${NOTES})`)) page.querySelector("main")?.append(note);
}).observe(document.body, { childList: true });

addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll(NOTES).forEach((note) => note.remove());
});

function mend() {
  for (const [selector, attributes] of MISSING) {
    for (const element of page.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) setOnce(element, name, value);
    }
  }
  keepPlaceInDocumentation();
  const builder = page.querySelector(".graphiql-explorer-root");
  if (builder) mendBuilder(builder);
}

let documented = "";

// Following a link removes it together with its page. The focus moves to the title of the next page.
function keepPlaceInDocumentation() {
  const title = page.querySelector(".graphiql-doc-explorer-title");
  const isNew = title && documented !== "" && title.textContent !== documented;
  documented = title?.textContent ?? "";
  if (!isNew || document.activeElement !== document.body) return;
  title.tabIndex = -1;
  title.focus();
}

function setOnce(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
