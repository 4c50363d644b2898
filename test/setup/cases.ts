/**
 * The part of its cases that a test which goes through many seeds is tried with: all of them, or as many in a hundred as
 * HAECHI_RUNS says where thousands of mutants ask.
 */
export const part = Math.min(1, Number(process.env["HAECHI_RUNS"] ?? 100) / 100);
