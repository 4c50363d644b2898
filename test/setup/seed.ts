import { configureGlobal } from "fast-check";

// Properties are tried with the same cases each time, so that a failure is of the change and not of the day. Another
// number explores further: HAECHI_SEED=7 npm test. HAECHI_RUNS says how many cases, in place of a hundred.
configureGlobal({
  seed: Number(process.env["HAECHI_SEED"] ?? 20221015),
  ...(process.env["HAECHI_RUNS"] === undefined ? {} : { numRuns: Number(process.env["HAECHI_RUNS"]) }),
});
