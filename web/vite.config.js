// Builds `dist/`, which is committed and embedded in the gateway: fixed names, one script, no chunks,
// nothing fetched from anywhere but `/assets/`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const source = (name) => readFileSync(new URL(`./src/${name}`, import.meta.url), "utf8");
const fingerprint = (content) => createHash("sha256").update(content).digest("hex").slice(0, 12);

// Two thirds of GraphiQL's stylesheet are web fonts; the console uses the reader's own.
const withoutWebFonts = {
  name: "without-web-fonts",
  enforce: "pre",
  transform(code, id) {
    if (id.endsWith("/graphiql/dist/style.css")) return code.replace(/@font-face\s*\{[^}]*\}/g, "");
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
  plugins: [withoutWebFonts, shell],
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
