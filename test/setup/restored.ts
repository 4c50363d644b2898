import { afterAll, vi } from "vitest";

// Test files share a process: what one has put in the place of the environment, of functions or of the clock goes with it.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.useRealTimers();
});
