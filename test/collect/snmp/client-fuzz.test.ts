import { expect, test } from "vitest";
import { fuzzSnmp } from "../../../bench/fuzz-snmp.ts";

const cases = 30_000;
const seed = Number(process.env["HAECHI_SEED"] ?? 20221015);

test("no damaged answer of an SNMP agent passes for a good one, and none does harm", async () => {
  expect(await fuzzSnmp(cases, seed)).toEqual({ snmp_cases: cases, snmp_good_from_bad: 0 });
});
