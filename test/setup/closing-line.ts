import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Ends a run with one plain line that a script can read: how many tests passed and how many failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const passed = states.filter((state) => state === "passed").length;
    // A file that does not load has no tests, and a build that fails has no files: both have failed all the same.
    const unloaded = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    const failed = states.filter((state) => state === "failed").length + unloaded + errors.length;
    // After the other reporters have had their say.
    process.once("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
