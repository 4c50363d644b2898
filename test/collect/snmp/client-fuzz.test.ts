import { expect, test } from "vitest";
import { snmpCommunityCases, snmpUserCases } from "../../../bench/fuzz-snmp.ts";

const cases = 15_000;
const seed = Number(process.env["HAECHI_SEED"] ?? 20221015);

test.each([
  ["version 1 and 2c", snmpCommunityCases],
  ["version 3", snmpUserCases],
] as const)("no damaged answer of %s passes for a good one, and none does harm", async (_, run) => {
  expect(await run(cases, seed)).toMatchObject({ count: cases, goodFromBad: 0, badFromGood: 0 });
});
