// Builds `dist/`, which is committed and embedded in the gateway: fixed names, one script, no chunks,
// nothing fetched from anywhere but `/assets/`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const source = (name) => readFileSync(new URL(`./src/${name}`, import.meta.url), "utf8");
const fingerprint = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

// What the parts do that the console must not, each with its place in their code. One that is gone stops the build.
const CHANGES = [
  // Each value field of the query builder takes the focus when drawn, unless a text area has it. The console's
  // editors are no text areas, so the cursor would leave them in the middle of a word.
  ["/graphiql-explorer/dist/Explorer.js", "!(activeElement instanceof HTMLTextAreaElement)", "false"],
  // While results are listed, the search would take the rest of the page away from screen readers and keyboards.
  [
    "/plugin-doc-explorer/dist/components/search.js",
    "jsxs(ComboboxOptions, {",
    "jsxs(ComboboxOptions, { modal: false,",
  ],
];

const changedParts = {
  name: "changed-parts",
  enforce: "pre",
  transform(code, id) {
    for (const [file, from, to] of CHANGES.filter(([file]) => id.endsWith(file))) {
      if (!code.includes(from)) this.error(`${file} no longer contains: ${from}`);
      code = code.replaceAll(from, to);
    }
    return code;
  },
};

// Two thirds of GraphiQL's stylesheet are web fonts; the console uses the reader's own.
const withoutWebFonts = {
  name: "without-web-fonts",
  enforce: "pre",
  transform(code, id) {
    if (id.endsWith("/@graphiql/react/dist/style.css")) return code.replace(/@font-face\s*\{[^}]*\}/g, "");
  },
};

// The names are fixed and the caching far-future, so the shell asks for each build by its fingerprint.
const shell = {
  name: "shell",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      const html = source("console.html").replace(/\/assets\/([\w.-]+)/g, (address, name) => {
        const built = bundle[name];
        return `${address}?v=${fingerprint(built.code ?? built.source)}`;
      });
      this.emitFile({ type: "asset", fileName: "console.html", source: html });
      this.emitFile({ type: "asset", fileName: "page.css", source: source("page.css") });
    },
  },
};

export default defineConfig({
  base: "/assets/",
  publicDir: false,
  // graphql asks at run time; told here, its checks for developers of graphql itself are left out.
  define: { "globalThis.process": "true" },
  plugins: [changedParts, withoutWebFonts, shell],
  build: {
    outDir: "dist",
    cssCodeSplit: false,
    chunkSizeWarningLimit: 2000,
    license: { fileName: "THIRD-PARTY.txt" },
    modulePreload: false,
    rolldownOptions: {
      checks: { emptyImportMeta: false, moduleLevelDirective: false },
      input: "src/console.jsx",
      output: {
        format: "iife",
        codeSplitting: false,
        entryFileNames: "console.js",
        assetFileNames: "console[extname]",
      },
    },
  },
});
