import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with one plain line that a script can read: how many tests passed and how many failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const passed = states.filter((state) => state === "passed").length;
    // A file that does not load has no tests; it has failed all the same.
    const unloaded = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    const failed = states.filter((state) => state === "failed").length + unloaded;
    // After the other reporters have had their say. A build that fails has no files at all: only the exit tells.
    process.once("exit", (code) => {
      const counted = failed === 0 && code !== 0 ? 1 : failed;
      process.stdout.write(`${passed} passed, ${counted} failed\n`);
    });
  }
}
