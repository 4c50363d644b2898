import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { PointModel } from "../../src/profiles/index.ts";
import { bindDevice, decodeSnmp, loadLibrary } from "../../src/profiles/index.ts";

// Walks of real devices are not part of the project; where they lie beside it, the profiles are held to them.
const folder = fileURLToPath(new URL("../../../shared/recordings/snmp/", import.meta.url));
const present = existsSync(folder);
if (!present) console.log("test/devices/recordings: no recordings beside the repository, nothing compared");

interface Expected {
  readonly oid: string;
  readonly unit: string;
  readonly value: number;
}

/** From the recordings' units to ours. */
const factors: Readonly<Record<string, number>> = { "min s": 60, "W kW": 0.001, "l/m l/s": 1 / 60 };

/** Agents that do not do as the MIB says, and expectations that do not. */
const oddities: ReadonlySet<string> = new Set([
  "cxc_ups input.voltage[1]", // counts tenths of volts
  "huaweiups_ups2000 input.frequency[1]", // expected five hertz of a European mains
  "huaweiups_ups2000 output.frequency",
  "dantherm-os zone.temperature", // expected the outdoor temperature, an object further on
  // Expected tenths of volts and watts of an agent that counts whole ones, as the standard does.
  ...[1, 2, 3].flatMap((phase) => [`sinetica input.voltage[${phase}]`, `sinetica output.voltage[${phase}]`]),
  "sinetica output.power[1]",
]);

const names = present ? readdirSync(folder).filter((name) => name.endsWith(".snmprec")) : [];
const points = [...loadLibrary().profiles.values()]
  .map((profile) => bindDevice(profile))
  .flatMap(({ points: bound }) => bound.filter(({ at }) => at.protocol === "snmp"));

/** What an agent answered: type and value by object. */
function answersIn(name: string): ReadonlyMap<string, { type: number; value: number | Buffer }> {
  const lines = readFileSync(folder + name, "latin1").split("\n");
  return new Map(
    lines.map((line) => {
      const [oid = "", type = "", ...value] = line.split("|");
      const text = value.join("|");
      return [
        oid,
        { type: Number.parseInt(type, 10), value: type === "4" ? Buffer.from(text, "latin1") : Number(text) },
      ];
    }),
  );
}

const expectedIn = (name: string): readonly Expected[] =>
  JSON.parse(readFileSync(folder + name.replace(".snmprec", ".expected.json"), "utf8")) as Expected[];

/** Every point of every profile that a recording has an expectation of. */
function compared(name: string): readonly { point: PointModel; expected: Expected; label: string }[] {
  const byOid = new Map(expectedIn(name).map((expected) => [expected.oid, expected]));
  return points.flatMap((point) => {
    const expected = point.at.protocol === "snmp" ? byOid.get(point.at.oid) : undefined;
    const label = `${name.replace(".snmprec", "")} ${point.name}`;
    return expected && !oddities.has(label) ? [{ point, expected, label }] : [];
  });
}

describe.runIf(present)("recordings of real devices", () => {
  it("mean by our profiles what they are known to mean", () => {
    let count = 0;
    for (const name of names) {
      const answers = answersIn(name);
      for (const { point, expected, label } of compared(name)) {
        if (point.at.protocol !== "snmp") continue;
        const sample = decodeSnmp(point, answers.get(point.at.oid));
        count += 1;
        if ("fault" in sample) {
          // What only counts as a number elsewhere is a sentinel here: all ones.
          expect([label, sample.fault, Math.log2(expected.value + 1) % 8]).toEqual([label, "sensorFailure", 0]);
          continue;
        }
        if (point.map) continue;
        const value = expected.value * (factors[`${expected.unit} ${point.unit}`] ?? 1);
        expect([label, sample.value]).toEqual([label, expect.closeTo(value, 4)]);
      }
    }
    expect(count).toBeGreaterThan(300);
  });
});
