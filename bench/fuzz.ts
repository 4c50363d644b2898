/**
 * Codecs against a million replies and more that were damaged on their way. No reply may be taken for
 * anything but what it truly says, none may crash a codec, and memory may not grow with their number.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { modbusLineCases, modbusTcpCases } from "./fuzz-modbus.ts";
import { snmpCommunityCases, snmpUserCases } from "./fuzz-snmp.ts";
import type { Fuzzed } from "./fuzzed.ts";

/** A codec's name, and how so many replies, made from a seed, are tried on it. A codec is added by one line. */
const codecs: Readonly<Record<string, (cases: number, seed: number) => Promise<Fuzzed>>> = {
  modbus_tcp: modbusTcpCases,
  modbus_rtu: modbusLineCases,
  snmp_community: snmpCommunityCases,
  snmp_user: snmpUserCases,
};

const casesEach = 1_000_000;
const seed = 20_260_101;
/** What a codec may keep after its cases: compiled code and the like, and not a byte a case. */
const keptMbMost = 16;

/** What came of the cases: of all codecs of a protocol together, and of each. Rejects where one keeps memory. */
export async function figures(): Promise<Record<string, number>> {
  const each: Record<string, number> = {};
  const sums: Record<string, number> = {};
  for (const [name, cases] of Object.entries(codecs)) {
    const protocol = name.slice(0, name.indexOf("_"));
    for (const [figure, value] of Object.entries(await tried(name, cases))) {
      each[`${name}_${figure}`] = value;
      if (["cases", "good_from_bad", "bad_from_good"].includes(figure))
        sums[`${protocol}_${figure}`] = (sums[`${protocol}_${figure}`] ?? 0) + value;
    }
  }
  return { ...sums, ...each };
}

async function tried(name: string, cases: (count: number, seed: number) => Promise<Fuzzed>) {
  // What compiling the codec leaves behind is there before it is measured.
  await cases(casesEach / 100, seed + 1);
  const before = usedMb();
  const { count, goodFromBad, badFromGood, answers, seconds } = await cases(casesEach, seed);
  const kept = Math.max(0, usedMb() - before);
  if (kept > keptMbMost) throw new Error(`${name} keeps ${Math.round(kept)} MB after ${count} cases`);
  return {
    cases: count,
    good_from_bad: goodFromBad,
    bad_from_good: badFromGood,
    answers,
    cases_per_s: count / seconds,
    kept_mb: kept,
  };
}

/** The heap when all that can go has gone. */
function usedMb(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
