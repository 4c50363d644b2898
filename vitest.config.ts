import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/setup/longest-first.ts";

/** Real servers and protocols take their time on two busy cores; nothing in the suite waits this long when all is well. */
const testTimeout = 30_000;
const hookTimeout = 60_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    exclude: ["**/node_modules/**", "dist/**"],
    globalSetup: ["test/setup/global.ts"],
    setupFiles: ["test/setup/seed.ts", "test/setup/restored.ts"],
    reporters: ["default", "./test/setup/closing-line.ts"],
    pool: "forks",
    // Files share what they import, which halves what the suite costs: a file leaves its process as it found it.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Much of the suite waits for real time to pass: a third keeps two cores busy.
    maxWorkers: 3,
    testTimeout,
    hookTimeout,
  },
});
