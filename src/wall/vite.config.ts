import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path("."),
  // Relative, so that the wall also works behind a proxy that serves it under a path.
  base: "./",
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false })],
  // Nothing is inlined: the page's content security policy allows no inline script or style.
  build: {
    outDir: path("../../dist/wall"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2023",
  },
});
