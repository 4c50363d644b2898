/**
 * How Stryker runs the core's tests. Thousands of mutants ask the same few files, and Vitest takes one to two seconds to
 * begin anew each time; here those files are bundled once, loaded afresh for every mutant within one process, and left at
 * the first test that fails. They see what Vitest gives them: `describe`, `test`, `each` and Vitest's own `expect`. A test
 * that asks for more time than others lives hours with a plant, and is not asked: it would take minutes a mutant.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import type {
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from "@stryker-mutator/api/test-runner";
import { DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { build } from "vite";
import { expect } from "vitest";

type Body = () => unknown;

interface Test {
  readonly id: string;
  readonly body: Body;
}

/** What the instrumented source reads and writes, under a name that is Stryker's. */
interface Instruments {
  activeMutant?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: NonNullable<Extract<DryRunResult, { status: DryRunStatus.Complete }>["mutantCoverage"]> | undefined;
}

const instruments: Instruments = {};
Object.assign(globalThis, { __stryker__: instruments });

/** The test files of `HAECHI_MUTATION_TESTS`, in that order, as one script. */
async function bundle(root: string): Promise<Script> {
  const files = ["test/setup/seed.ts", ...(process.env["HAECHI_MUTATION_TESTS"] ?? "").split(",")];
  const entry = files.map((file) => `import ${JSON.stringify(join(root, file))};`).join("\n");
  const built = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "tests",
        resolveId: (id) => (id === "entry" ? "\0entry" : undefined),
        load: (id) => (id === "\0entry" ? { code: entry, moduleSideEffects: true } : undefined),
        // Tests that read files find them by their own place, which a bundle does not have.
        transform: (code, id) => code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(id).href)),
      },
    ],
    build: {
      ssr: true,
      write: false,
      minify: false,
      rolldownOptions: { input: "entry", output: { format: "cjs", codeSplitting: false } },
    },
  });
  if (!("output" in built)) throw new Error("the tests were not bundled");
  return new Script(`(function (require, exports) {${built.output[0].code}\n})`, { filename: "tests.cjs" });
}

/** Loads the bundle, and with it the source as it is for the mutant that is active, and gives its tests. */
function load(script: Script, outer: NodeJS.Require): readonly Test[] {
  const tests: Test[] = [];
  const names: string[] = [];
  const named = (name: unknown, body: Body): void => {
    names.push(String(name));
    body();
    names.pop();
  };
  const test = (name: unknown, body: Body, timeoutMs?: number): void => {
    if (timeoutMs !== undefined) return;
    // Two rows of a table may bear one name.
    tests.push({ id: `${tests.length} ${[...names, String(name)].join(" ")}`, body });
  };
  const given = { describe: withEach(named), test: withEach(test), it: withEach(test), expect };
  const inner = (name: string): unknown => (name === "vitest" ? given : outer(name));
  script.runInThisContext()(inner, {});
  return tests;
}

type Make = (name: unknown, body: Body, timeoutMs?: number) => void;

const withEach = (make: Make) =>
  Object.assign(((name, body, timeoutMs) => make(name, body, timeoutMs)) satisfies Make, {
    each:
      (rows: readonly unknown[]) =>
      (name: unknown, body: (...row: readonly unknown[]) => unknown, timeoutMs?: number): void => {
        for (const row of rows) make(name, () => body(...(Array.isArray(row) ? row : [row])), timeoutMs);
      },
  });

/** What a test says when it fails. */
async function failureOf({ body }: Test): Promise<string | undefined> {
  try {
    await body();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class BundleRunner implements TestRunner {
  #script: Script | undefined;
  /** How long each test took of itself, to ask the quick ones first. */
  readonly #spentMs = new Map<string, number>();
  readonly #require = createRequire(join(process.cwd(), "package.json"));

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    this.#script = await bundle(process.cwd());
  }

  async dryRun(): Promise<DryRunResult> {
    instruments.mutantCoverage = { static: {}, perTest: {} };
    const tests: TestResult[] = [];
    for (const test of load(this.#script!, this.#require)) {
      const begun = performance.now();
      const failureMessage = await failureOf(test);
      const result = { id: test.id, name: test.id, timeSpentMs: performance.now() - begun };
      this.#spentMs.set(test.id, result.timeSpentMs);
      tests.push(
        failureMessage === undefined
          ? { ...result, status: TestStatus.Success }
          : { ...result, status: TestStatus.Failed, failureMessage },
      );
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: instruments.mutantCoverage };
  }

  #quickFirst(tests: readonly Test[]): readonly Test[] {
    const spentMs = ({ id }: Test): number => this.#spentMs.get(id) ?? 0;
    return tests.toSorted((a, b) => spentMs(a) - spentMs(b));
  }

  /** The mutant is there from the load on, and every test is asked: one may have worked out what another one looks at. */
  async mutantRun({ activeMutant, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(instruments, { hitCount: 0, hitLimit });
    instruments.activeMutant = activeMutant.id;
    const isEndless = (): boolean => hitLimit !== undefined && instruments.hitCount! > hitLimit;
    let ran = 0;
    try {
      for (const test of this.#quickFirst(load(this.#script!, this.#require))) {
        const failureMessage = await failureOf(test);
        if (isEndless()) return { status: MutantRunStatus.Timeout };
        ran += 1;
        if (failureMessage !== undefined)
          return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage, nrOfTests: ran };
      }
      return { status: MutantRunStatus.Survived, nrOfTests: ran };
    } catch (error) {
      // The source did not even load: every test would have failed.
      return { status: MutantRunStatus.Killed, killedBy: ["load"], failureMessage: String(error), nrOfTests: ran };
    } finally {
      instruments.activeMutant = undefined;
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "bundle", BundleRunner)];
