import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { loadLibrary } from "../../../src/profiles/index.ts";
import { loadSite } from "../../../src/site/index.ts";
import { run } from "./run.ts";

const rowsPerFeed = 480;
const moduleCount = 8;

/**
 * A site of two lines, three generators on a bus, sixteen UPS in two parallel systems, 960 rows with a PDU each, and
 * 2,000 racks.
 */
function siteText(): string {
  const devices: Record<string, unknown> = {};
  const power: Record<string, unknown> = {
    "line-1": { kind: "utility", ratedKw: 9000 },
    "line-2": { kind: "utility", ratedKw: 9000 },
    ...Object.fromEntries([1, 2, 3].map((n) => [`gen-${n}`, { kind: "generator", ratedKw: 6000 }])),
    "gen-bus": { kind: "pdu", from: ["gen-1", "gen-2", "gen-3"], ratedKw: 18_000 },
  };
  for (const feed of ["a", "b"]) {
    power[`ats-${feed}`] = { kind: "ats", from: [feed === "a" ? "line-1" : "line-2", "gen-bus"], ratedKw: 9000 };
    const modules = Array.from({ length: moduleCount }, (_, n) => `ups-${feed}${n}`);
    modules.forEach((id, n) => {
      devices[id] = snmp("ups/eaton-xups", feed, 600 + n);
      devices[`bat-${feed}${n}`] = { ...snmp("battery/ietf-battery-mib", feed, 700 + n) };
      power[id] = { kind: "ups", from: [`ats-${feed}`], ratedKw: 1200, device: id };
    });
    power[`out-${feed}`] = { kind: "pdu", from: modules, ratedKw: 9600 };
    for (let row = 0; row < rowsPerFeed; row++) {
      devices[`pdu-${feed}${row}`] = snmp("pdu/eaton-epdu", feed, row);
      power[`row-${feed}${row}`] = { kind: "pdu", from: [`out-${feed}`], ratedKw: 44, device: `pdu-${feed}${row}` };
    }
  }
  const loads = Object.fromEntries(
    Array.from({ length: 2000 }, (_, n) => {
      const row = n % rowsPerFeed;
      return [
        `r${n}`,
        { space: "hall", ratedKw: 5, importance: "normal", feeds: [{ node: `row-a${row}` }, { node: `row-b${row}` }] },
      ];
    }),
  );
  const spaces = { hall: { kind: "hall", name: { en: "Hall" } } };
  return JSON.stringify({
    version: 1,
    site: { id: "large", name: { en: "Large" }, timezone: "UTC" },
    profileAlarms: "none",
    spaces,
    devices,
    power,
    loads,
  });
}

const snmp = (profile: string, feed: string, n: number): object => ({
  profile,
  space: "hall",
  snmp: { host: `10.${feed === "a" ? 1 : 2}.${n >> 8}.${n & 255}`, version: "2c", community: "public" },
});

test("a site of a thousand devices and two thousand racks lives through the loss of a line, a generator and a UPS", () => {
  const folder = mkdtempSync(join(tmpdir(), "large-site-"));
  const file = join(folder, "site.yaml");
  const text = siteText();
  writeFileSync(file, text);
  const loaded = loadSite(file, loadLibrary());
  rmSync(folder, { recursive: true });
  expect("site" in loaded ? [] : loaded).toEqual([]);
  const plant = demoPlant(2, text);
  expect(plant.layout.devices.length).toBeGreaterThan(980);
  expect(plant.racks).toHaveLength(2000);
  apply(plant, { generator: "refuse-start", set: "gen-2" });
  apply(plant, { utility: "fail", line: "line-1" });
  apply(plant, { ups: "ups-b3", off: true });
  run(plant, 45);
  expect(plant.racks.filter(({ drops }) => drops > 0)).toEqual([]);
  const [first, second, third] = plant.generators;
  expect(second!.kw).toBe(0);
  expect(first!.kw).toBeGreaterThan(1000);
  expect(first!.kw).toBeCloseTo(third!.kw, 6);
  expect(measure(plant)("ups-a0", "input.feed")).toBe(4);
  expect(measure(plant)("ups-b0", "output.power")! / measure(plant)("ups-a0", "output.power")!).toBeCloseTo(8 / 7, 3);
}, 240_000);
