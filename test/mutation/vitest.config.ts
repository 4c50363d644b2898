import { defineConfig } from "vitest/config";

/** The tests of the core alone. Those of law 1 mutate the source themselves, by its text, and would find another one. */
export default defineConfig({
  test: {
    include: ["test/core/**/*.test.ts"],
    exclude: ["test/core/law-1.test.ts"],
    setupFiles: ["test/setup/seed.ts"],
    pool: "threads",
    testTimeout: 60_000,
  },
});
