// Compares the output that the page shows with the actual output. `"…"` in JSON stands for any value but null.

import { inspect } from "node:util";

const ANYTHING = "…";

export function compareTexts(expected, actual) {
  if (expected.trim() === actual.trim()) return;
  throw new Error(`the page says:\n${expected.trim()}\nthis came:\n${actual.trim()}`);
}

export function compareValues(expected, actual) {
  const different = difference(expected, actual, "");
  if (different) throw new Error(`${different}\nthis came:\n${JSON.stringify(actual, null, 2)}`);
}

function difference(expected, actual, path) {
  if (expected === ANYTHING) return actual === null || actual === undefined ? `${path} is ${actual}` : null;
  const isObject = (value) => value !== null && typeof value === "object";
  if (!isObject(expected) || !isObject(actual)) {
    return Object.is(expected, actual) ? null : `${path} is ${inspect(actual)}, not ${inspect(expected)}`;
  }
  const names = Object.keys(expected);
  if (names.join() !== Object.keys(actual).join()) return `${path} has ${Object.keys(actual)}, not ${names}`;
  for (const name of names) {
    const found = difference(expected[name], actual[name], `${path}.${name}`);
    if (found) return found;
  }
  return null;
}
