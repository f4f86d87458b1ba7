// Renders a React component that uses Relay, compiled as by a bundler, and presses its button.

import { readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import babel from "@babel/core";

const PATIENCE_MS = 10_000;
const BUTTON = "More";

/** Returns the lines of text that the component shows after its button was pressed `presses` times. */
export async function render(file, presses, here) {
  const compiled = await compile(file, here);
  const load = createRequire(compiled);
  const { default: App } = load(compiled);
  const shown = load("react-test-renderer").create(load("react").createElement(App));
  const text = () => lines(shown.toJSON()).filter((line) => line !== BUTTON);
  await until(() => lines(shown.toJSON()).includes(BUTTON));
  for (let press = 0; press < presses; press += 1) {
    const before = text().length;
    await until(() => !shown.root.findByType("button").props.disabled);
    shown.root.findByType("button").props.onClick();
    await until(() => text().length > before);
  }
  const found = text().join("\n");
  shown.unmount();
  return found;
}

/** Compiles the component, and the files that Relay's compiler generated for it, for Node. */
async function compile(file, here) {
  const require = createRequire(join(here, "package.json"));
  const toRequire = require.resolve("@babel/plugin-transform-modules-commonjs");
  const react = [require.resolve("@babel/preset-react"), { runtime: "automatic" }];
  const folder = join(dirname(file), "__generated__");
  for (const name of await readdir(folder)) await transform(join(folder, name), join(folder, name), [], [toRequire]);
  const compiled = join(dirname(file), `${basename(file, ".jsx")}.compiled.cjs`);
  await transform(file, compiled, [react], [require.resolve("babel-plugin-relay"), toRequire]);
  return compiled;
}

async function transform(from, to, presets, plugins) {
  const source = await readFile(from, "utf8");
  const options = { filename: from, cwd: dirname(from), babelrc: false, configFile: false, presets, plugins };
  await writeFile(to, (await babel.transformAsync(source, options)).code);
}

async function until(holds) {
  const end = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error("the component does not show what it has to");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Returns the text of each element that contains text. */
function lines(element) {
  if (Array.isArray(element)) return element.flatMap(lines);
  if (typeof element === "string") return [element];
  const children = element?.children ?? [];
  const isText = children.every((child) => typeof child === "string");
  return isText && children.length > 0 ? [children.join("")] : children.flatMap(lines);
}
