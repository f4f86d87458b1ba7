// Makes the query builder usable with keyboards and screen readers. Its fields and arguments are plain elements that
// take clicks. Here they become checkboxes that share one Tab stop, and the arrow keys go from one to the next.

const ITEMS = 'span[style*="cursor: pointer"]';

// The time that the builder may take to redraw after a choice, in milliseconds.
const REDRAWN_WITHIN = 1000;

const reached = { root: null, index: 0, chosenAt: -Infinity };

// Must be called each time the builder has been redrawn.
export function mendBuilder(root) {
  if (reached.root !== root) adopt(root);
  const items = itemsOf(root);
  for (const item of items) describe(item, root);
  for (const field of root.querySelectorAll("[data-arg-name] input, [data-arg-name] select")) {
    field.setAttribute("aria-label", field.closest("[data-arg-name]").dataset.argName);
  }
  for (const operation of root.querySelectorAll("[id][tabindex='0']")) {
    operation.tabIndex = -1;
    operation.setAttribute("role", "group");
    operation.setAttribute("aria-label", operation.querySelector("input")?.value || "Operation");
  }
  stopAt(items);
}

function adopt(root) {
  Object.assign(reached, { root, index: 0 });
  root.addEventListener("keydown", walk);
  root.addEventListener("focusin", ({ target }) => {
    const index = itemsOf(root).indexOf(target);
    if (index < 0) return;
    reached.index = index;
    stopAt(itemsOf(root));
  });
}

function itemsOf(root) {
  return [...root.querySelectorAll(ITEMS)];
}

function describe(item, root) {
  const mark = item.querySelector("svg");
  const isOpen = Boolean(mark?.style.transform);
  const isTicked = Boolean(mark?.querySelector("circle ~ path"));
  item.setAttribute("role", "checkbox");
  item.setAttribute("aria-checked", String(isOpen || isTicked));
  item.setAttribute("aria-description", ownersOf(item, root).join(", "));
}

// Returns the names of the fields and arguments around an item, outermost first. Screen readers read them out in place
// of the indentation.
function ownersOf(item, root) {
  const owners = new Set();
  for (let part = item.parentElement; part && part !== root; part = part.parentElement) {
    const owner = part.querySelector(`:scope > ${ITEMS}, :scope > .graphiql-explorer-node > ${ITEMS}`);
    if (owner && owner !== item) owners.add(owner);
  }
  return [...owners].reverse().map((owner) => owner.textContent.replace(/:.*/, ""));
}

// Makes the current item the Tab stop. A choice redraws its line and so loses the focus, which is set again. The items
// before it keep their places.
function stopAt(items) {
  const at = items[Math.min(reached.index, items.length - 1)];
  for (const item of items) item.tabIndex = item === at ? 0 : -1;
  const isRedrawn = performance.now() - reached.chosenAt < REDRAWN_WITHIN;
  if (isRedrawn && document.activeElement === document.body) at?.focus();
}

function walk(event) {
  const items = itemsOf(reached.root);
  const index = items.indexOf(event.target);
  if (index < 0) return;
  const steps = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 };
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    reached.chosenAt = performance.now();
    event.target.click();
  } else if (event.key in steps) {
    event.preventDefault();
    items[Math.max(0, Math.min(items.length - 1, steps[event.key]))].focus();
  }
}
