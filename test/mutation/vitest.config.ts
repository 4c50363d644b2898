import { defineConfig } from "vitest/config";

/**
 * The tests that one file of the core is asked by. Those of law 1 mutate the source themselves, by its text, and would
 * find another one; those that live days with a plant are too slow to be asked thousands of times.
 */
export default defineConfig({
  test: {
    include: (process.env["HAECHI_MUTATION_TESTS"] ?? "test/core/**/*.test.ts").split(","),
    exclude: ["test/core/law-1.test.ts", "test/core/detect/{normal-life,quiet-days,battery-alarms}.test.ts"],
    setupFiles: ["test/setup/seed.ts"],
    pool: "threads",
    testTimeout: 60_000,
  },
});
