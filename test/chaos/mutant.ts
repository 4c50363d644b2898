import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformWithOxc } from "vite";
import { assert } from "../../src/core/assert.ts";
import type { Edit } from "./planted.ts";

/** The repository: compiled code lies deeper in it than its sources. */
const root = ["../../", "../../../"]
  .map((up) => fileURLToPath(new URL(up, import.meta.url)))
  .find((folder) => existsSync(join(folder, "package.json")))!;

/** Compiled once, by path: many copies differ from each other in one file. */
const compiled = new Map<string, Promise<string>>();

/** A copy of a source file with edits made, and all that it imports beside it, loaded; `dispose` deletes the copy. */
export interface Copy<Module> {
  readonly module: Module;
  readonly dispose: () => void;
}

/** Loads a copy of a source file's whole program. Throws where an edit's text does not stand in its file exactly once. */
export async function copyOf<Module>(entry: string, edits: readonly Edit[]): Promise<Copy<Module>> {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  // Inside of the repository, so that packages are found from there.
  const home = mkdtempSync(join(cache, "haechi-copy-"));
  const dispose = (): void => rmSync(home, { recursive: true, force: true });
  try {
    await write(home, entry, edits);
    const module = (await import(pathToFileURL(join(home, compiledName(entry))).href)) as Module;
    return { module, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

const compiledName = (path: string): string => path.replace(/\.ts$/, ".mjs");

async function write(home: string, entry: string, edits: readonly Edit[]): Promise<void> {
  const waiting = [entry];
  const done = new Set(waiting);
  for (const { file } of edits) assert(existsSync(join(root, file)), `${file} is a source file`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const code = await codeOf(
      path,
      edits.filter(({ file }) => file === path),
    );
    const target = join(home, compiledName(path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
    for (const [, name] of code.matchAll(/from\s*"(\.[^"]+)\.mjs"/g)) {
      const next = normalize(join(dirname(path), `${name}.ts`));
      if (!done.has(next)) waiting.push(next);
      done.add(next);
    }
  }
  for (const { file } of edits) assert(done.has(file), `${file} is part of ${entry}`);
}

function codeOf(path: string, edits: readonly Edit[]): Promise<string> {
  let text = readFileSync(join(root, path), "utf8");
  if (edits.length === 0) {
    const known = compiled.get(path) ?? compile(path, text);
    compiled.set(path, known);
    return known;
  }
  for (const { from, to } of edits) {
    assert(text.split(from).length === 2, `"${from}" stands once in ${path}`);
    text = text.replace(from, () => to);
  }
  return compile(path, text);
}

/** JavaScript whose imports name the files as they are written beside it. */
async function compile(path: string, text: string): Promise<string> {
  const { code } = await transformWithOxc(text, join(root, path), { sourcemap: false });
  return code.replaceAll(/(from\s*")(\.[^"]+)\.ts"/g, '$1$2.mjs"');
}
