import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";
import { describe, expect, test } from "vitest";

// The rules of the house, held by a test so that no reviewer has to.

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each folder may import. The longest prefix names a file's folder. "npm" is any package; "node" the platform. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "src/core": ["src/core", "npm:zod"],
  "src/profiles": [
    "src/core",
    "src/profiles",
    "npm:zod",
    "npm:yaml",
    "node:crypto",
    "node:fs",
    "node:path",
    "node:url",
  ],
  "src/site": ["src/core", "src/profiles", "src/site", "npm:zod", "npm:yaml", "node:fs", "node:path"],
  "src/collect": ["src/core", "src/profiles", "src/collect", "npm", "node"],
  "src/gate": ["src/core", "src/profiles", "src/gate", "npm", "node"],
  "src/store": ["src/core", "src/store", "npm", "node"],
  "src/cluster": ["src/core", "src/cluster", "npm", "node"],
  "src/notify": ["src/core", "src/notify", "npm", "node"],
  "src/serve": ["src/core", "src/serve", "npm", "node"],
  "src/wall": ["src/wall", "src/serve/api.ts", "npm", "node"],
  "src/cli": ["src", "simulators", "npm", "node"],
  src: ["src", "simulators", "npm", "node"],
  simulators: ["src/core", "src/profiles", "src/site", "simulators", "npm", "node"],
  dashboards: ["src/core", "src/profiles", "src/site", "dashboards", "npm", "node"],
  test: ["src", "simulators", "dashboards", "bench", "test", "npm", "node"],
  bench: ["src", "simulators", "bench", "test", "npm", "node"],
};

const functionLinesMax = 70;
const functionLinesMedian = 10;
const fileLinesMax = 400;
const fileLinesP90 = 250;
const parametersMax = 4;
/** What would let time, chance or the world into the core and the plant's physics. */
const impure =
  /\b(Date\.now|new Date|Math\.random|setTimeout|setInterval|setImmediate|process\.|console\.|await|async|performance\.|fetch\()/;
const pureFolders = ["src/core/", "simulators/plant/"];
/** Where the same numbers must come out whatever version of Node computes them. */
const exactFolders = [...pureFolders, "src/profiles/", "simulators/wire/"];
/** Names that say nothing of what is inside. */
const refusedName =
  /(^|\/)(lib|utils?|helpers?|common|misc|types|constants|managers?|services?|base|engine|driver|handler|executor|connector)(\/|\.tsx?$)/;
const refusedNameAllowed = new Set([
  // Services in the sense of the product: what runs in the racks and is moved, and the servers that tests start.
  "simulators/plant/rooms/services.ts",
  "simulators/wire/services.ts",
  "src/site/services.ts",
  "test/setup/services.ts",
]);

interface Source {
  readonly path: string;
  readonly text: string;
  readonly ast: Node;
}
type Node = { type: string; start: number; end: number } & Record<string, unknown>;

const sources: readonly Source[] = ["src", "simulators", "dashboards", "test", "bench"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name));
      const text = readFileSync(join(root, path), "utf8");
      const ast = parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" }) as unknown as Node;
      return { path, text, ast };
    }),
);
const product = sources.filter(({ path }) => !/^(test|bench)\//.test(path));

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (typeof value !== "object" || value === null || !("type" in value)) return;
  const node = value as Node;
  yield node;
  for (const child of Object.values(node)) if (typeof child === "object") yield* nodesOf(child);
}

const importNodes = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
]);

/** The targets of every import, type-only and dynamic ones included: a path in the repository, "npm:name" or "node:name". */
function importsOf({ path, ast }: Source): readonly string[] {
  const found: string[] = [];
  for (const node of nodesOf(ast)) {
    if (!importNodes.has(node.type) && node.type !== "TSImportType") continue;
    const source = (node["source"] ?? node["argument"]) as { value?: unknown } | null | undefined;
    if (typeof source?.value === "string") found.push(targetOf(path, source.value));
  }
  return found;
}

function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier));
  return specifier.startsWith("node:") ? specifier : `npm:${specifier}`;
}

const folderOf = (path: string): string =>
  Object.keys(mayImport)
    .filter((folder) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0] ?? "";

const allows = (allowed: string, target: string): boolean =>
  target === allowed || target.startsWith(`${allowed}/`) || target.startsWith(`${allowed}:`);

const lineCount = (text: string): number => text.split("\n").length - 1;
const functionTypes = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

function functionsOf(source: Source): readonly { line: number; lines: number; parameters: number }[] {
  const found: { line: number; lines: number; parameters: number }[] = [];
  for (const node of nodesOf(source.ast)) {
    if (!functionTypes.has(node.type)) continue;
    const lines = source.text.slice(node.start, node.end).split("\n").length;
    const params = node["params"] as readonly unknown[] | { items?: readonly unknown[] };
    const parameters = Array.isArray(params) ? params.length : ((params as { items?: unknown[] }).items?.length ?? 0);
    found.push({ line: source.text.slice(0, node.start).split("\n").length, lines, parameters });
  }
  return found;
}

/** Powers of two are exact everywhere. */
function isInexactPower(node: Node): boolean {
  const callee = node["callee"] as { object?: { name?: string }; property?: { name?: string } } | undefined;
  if (node.type === "CallExpression") return callee?.object?.name === "Math" && callee.property?.name === "pow";
  const isPower = node["operator"] === "**" || node["operator"] === "**=";
  return isPower && (node["left"] as { value?: unknown }).value !== 2;
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? 0;

describe("the house", () => {
  test("is not empty: these rules look at real files", () => {
    expect(product.length).toBeGreaterThan(20);
    expect(product.flatMap(importsOf).length).toBeGreaterThan(product.length);
    expect(product.flatMap(functionsOf).length).toBeGreaterThan(100);
  });

  test.each(sources.map((source) => [source.path, source] as const))(
    "%s imports only what its folder may",
    (_, source) => {
      const allowed = mayImport[folderOf(source.path)];
      expect(allowed, "stands in a folder that has rules").toBeDefined();
      const refused = importsOf(source).filter((target) => !allowed?.some((a) => allows(a, target)));
      expect(refused).toEqual([]);
    },
  );

  test("no import goes in a circle, type-only ones included", () => {
    const graph = new Map(sources.map((source) => [source.path, importsOf(source)]));
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      expect(trail, [...trail, path].join(" → ")).not.toContain(path);
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
  });

  test("no file has a name that says nothing", () => {
    const vague = sources.map(({ path }) => path).filter((path) => refusedName.test(path));
    expect(vague.filter((path) => !refusedNameAllowed.has(path))).toEqual([]);
  });

  test("the core and the physics read no clock, await nothing and touch nothing", () => {
    const pure = sources.filter(({ path }) => pureFolders.some((folder) => path.startsWith(folder)));
    expect(pure.length).toBeGreaterThan(15);
    expect(pure.filter(({ text }) => impure.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test("no number of the core, the profiles or the physics is a power, whose last digit depends on the version of V8", () => {
    const exact = sources.filter(({ path }) => exactFolders.some((folder) => path.startsWith(folder)));
    expect(exact.flatMap(({ path, ast }) => [...nodesOf(ast)].filter(isInexactPower).map(() => path))).toEqual([]);
    const one = (text: string): boolean => [...nodesOf(parseAst(text))].some(isInexactPower);
    expect(["x ** 1.05", "10 ** n", "x **= 2", "Math.pow(x, y)", "2 ** n"].map(one)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test("only the gate holds code that writes to devices", () => {
    const writes =
      /\.(writeCoils?|writeRegisters?|writeFC(?:5|6|15|16))\(|session\.set\(|\/eviction|\/switchover|"FAILOVER"|ResetType|opcodes\.update/;
    const others = product.filter(({ path }) => path.startsWith("src/") && !path.startsWith("src/gate/"));
    expect(others.filter(({ text }) => writes.test(withoutComments(text))).map(({ path }) => path)).toEqual([]);
  });

  test("no unfinished work is marked in the code", () => {
    const marks = new RegExp(["TO" + "DO", "FIX" + "ME", "XX" + "X"].map((mark) => `\\b${mark}\\b`).join("|"));
    expect(sources.filter(({ text }) => marks.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("no catch block is empty", () => {
    const empty = sources.filter(({ ast }) =>
      [...nodesOf(ast)].some(
        (node) => node.type === "CatchClause" && ((node["body"] as Node)["body"] as unknown[]).length === 0,
      ),
    );
    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  test("files and functions keep their sizes", () => {
    const files = product.map(({ path, text }) => ({ path, lines: lineCount(text) }));
    expect(files.filter(({ lines }) => lines > fileLinesMax)).toEqual([]);
    expect(
      percentile(
        files.map(({ lines }) => lines),
        0.9,
      ),
    ).toBeLessThanOrEqual(fileLinesP90);
    const functions = product.flatMap((source) => functionsOf(source).map((f) => ({ path: source.path, ...f })));
    expect(functions.filter(({ lines }) => lines > functionLinesMax)).toEqual([]);
    expect(functions.filter(({ parameters }) => parameters > parametersMax)).toEqual([]);
    expect(
      percentile(
        functions.map(({ lines }) => lines),
        0.5,
      ),
    ).toBeLessThanOrEqual(functionLinesMedian);
  });

  test("folders of src are the path of a reading and its sides, and nothing else", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const expected = [
      "cli",
      "cluster",
      "collect",
      "core",
      "drill",
      "gate",
      "hindcast",
      "notify",
      "profiles",
      "record",
      "rules",
      "self",
      "serve",
      "simulation",
      "site",
      "store",
      "wall",
    ];
    expect(folders.map((entry) => basename(entry.name)).sort()).toEqual(expected);
  });
});
