import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { detectorKinds, speaksOfInstrument } from "../../../src/core/detect/index.ts";
import type { DetectorKind } from "../../../src/core/detect/kind.ts";
import { hours, minutes, ms, seconds } from "../../../src/core/time.ts";

// What a site file may say of each kind of detector, what it need not say, and what it is told when that is wrong.

type Named = keyof typeof detectorKinds;
type Settings = Readonly<Record<string, unknown>>;
type Form = Omit<DetectorKind<Settings>, "settings"> & { readonly settings: z.ZodType<Settings> };

const formOf = (kind: Named): Form => detectorKinds[kind] as unknown as Form;
const read = (kind: Named, given: Settings): Settings => formOf(kind).settings.parse(given);

/** What is wrong with it, and where: by its form, or else by what does not hold between its settings. */
function problems(kind: Named, given: Settings): readonly string[] {
  const { settings, wrong } = formOf(kind);
  const { success, data, error } = settings.safeParse(given);
  if (!success) return error.issues.map(({ path }) => path.join("."));
  const found = wrong?.(data) ?? null;
  return found === null ? [] : [`${found.path.join(".")}: ${found.message}`];
}

const inputs = (kind: Named, given: Settings): readonly string[] =>
  formOf(kind).inputs!(read(kind, given)).map(
    ({ path, point, is }) => `${path.join(".")}: ${point} is ${typeof is === "string" ? is : is.join(" or ")}`,
  );

const points = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `d/p${i}`);
const conditions = (count: number): readonly Settings[] => points(count).map((point) => ({ point, above: 1 }));
const lit = { point: "d/lit", above: 1 };
const mode = { point: "ups/ups.mode", at: ["battery", "off"] };

const least: Readonly<Record<Named, Settings>> = {
  flatline: { window: "1h" },
  deviation: { from: points(2), above: 5 },
  lostWith: { neighbours: points(1), anomalies: [lit] },
  baseline: { deviations: 6, atLeast: 1, over: "2h", warmUp: "1h" },
  forecast: { above: 35, within: "10min", window: "2min" },
  change: { by: 5, within: "15min" },
  mismatch: { above: 20, follows: [lit], within: "30s" },
  coolingLoss: { limit: 35, restore: "5min" },
  heatBalance: { supply: "l/in", return: "l/out", loads: points(1), least: 20 },
  runtime: {
    below: "5min",
    onBattery: mode,
    chemistry: "lithium",
    rated: { lasts: "10min", load: 100 },
    charge: "b/c",
  },
  overload: { tolerates: { upTo: [{ load: 125, for: "10min" }] } },
  generatorStart: { lost: { below: 5 }, carries: lit },
  runback: { after: { rises: true }, machines: [lit] },
  runaway: { level: "warning", offGas: [lit], smoke: [lit] },
  leadAcidRunaway: { jar: "b/jar", ambient: "b/air", voltage: "b/volts" },
};
const kinds = Object.keys(least) as Named[];

const usual: Readonly<Record<Named, Settings>> = {
  flatline: { window: hours(1), band: 0 },
  deviation: { from: points(2), above: 5, deadband: 0 },
  lostWith: { neighbours: points(1), anomalies: [lit], within: minutes(1) },
  baseline: { side: "either", deviations: 6, atLeast: 1, deadband: 0, over: hours(2), warmUp: hours(1) },
  forecast: { above: 35, within: minutes(10), window: minutes(2), confidence: 95, resolution: 0 },
  change: { side: "either", by: 5, within: minutes(15), deadband: 0 },
  mismatch: { above: 20, follows: [lit], otherwise: [], within: seconds(30) },
  coolingLoss: { limit: 35, restore: minutes(5), rise: 5 },
  heatBalance: { supply: "l/in", return: "l/out", loads: points(1), carries: 0.5, least: 20, over: minutes(3) },
  runtime: {
    below: minutes(5),
    onBattery: mode,
    chemistry: "lithium",
    rated: { lasts: minutes(10), load: 100 },
    charge: "b/c",
    onMains: false,
  },
  overload: { tolerates: { upTo: [{ load: 125, for: minutes(10) }] }, left: 0.2, before: seconds(8) },
  generatorStart: { lost: { below: 5 }, carries: lit, failed: [], within: seconds(10) },
  runback: { after: { rises: true }, machines: [lit], within: seconds(60), toldWithin: seconds(90) },
  runaway: { level: "warning", offGas: [lit], smoke: [lit] },
  leadAcidRunaway: { jar: "b/jar", ambient: "b/air", voltage: "b/volts", times: 2.5, warmerBy: 10 },
};

describe.each(kinds)("the form of %s", (kind) => {
  test("is filled with what is usual where a site says no more", () => {
    expect(problems(kind, least[kind])).toEqual([]);
    expect(read(kind, least[kind])).toEqual(usual[kind]);
  });

  test("knows no other word, and needs those that it knows", () => {
    expect(problems(kind, { ...least[kind], worth: 1 })).toEqual([""]);
    for (const key of Object.keys(least[kind])) {
      const { [key]: _, ...rest } = least[kind];
      expect(problems(kind, rest), key).not.toEqual([]);
    }
  });

  test("knows what the judged point has to be", () => {
    const { own } = formOf(kind);
    expect(typeof own === "function" ? own(read(kind, least[kind])) : own).toBe(kind === "lostWith" ? "any" : "number");
  });
});

test("only a point that stands still speaks of its instrument and not of the plant", () => {
  expect(kinds.filter((kind) => formOf(kind).isOfInstrument)).toEqual(["flatline"]);
  expect(speaksOfInstrument({ kind: "flatline", window: ms(1), band: 0 })).toBe(true);
});

test.each<[Named, Settings, string]>([
  ["flatline", {}, "needs window or polls, one of the two: how long a standstill is too long"],
  ["flatline", { window: "1h", polls: 9 }, "needs window or polls, one of the two: how long a standstill is too long"],
  ["deviation", { from: points(2) }, "needs above, below or both: how far from its peers is too far"],
  [
    "forecast",
    { ...least.forecast, below: 5 },
    "needs above or below, one of the two: the limit to which the time is told",
  ],
  ["mismatch", { ...least.mismatch, below: 5 }, "needs at, above or below, one of the three: when the point commands"],
  ["mismatch", { above: 20, within: "30s" }, "needs follows, otherwise or both: what is to be seen of it"],
  [
    "runaway",
    { level: "warning", smoke: [lit] },
    "one sign alone is no runaway: needs two of heat, cells, offGas and smoke",
  ],
  ["overload", {}, "needs tolerates: which load is borne for how long; the device's profile does not say"],
  ["runtime", { ...least.runtime, charge: undefined }, "needs charge: how full the battery is"],
  [
    "runtime",
    { ...least.runtime, charge: undefined, chemistry: "lead" },
    "needs charge or voltage: how full the battery is",
  ],
])("%s with %o is told as a whole: %s", (kind, given, message) => {
  expect(problems(kind, given)).toEqual([`: ${message}`]);
});

test.each<[Named, Settings, string]>([
  ["change", { ...least.change, deadband: 5 }, "deadband: must be less than 5, or it never clears"],
  [
    "baseline",
    { ...least.baseline, warmUp: "3h" },
    "warmUp: must not be longer than over, or it forgets what it learns",
  ],
  ["baseline", { ...least.baseline, deadband: 1 }, "deadband: must be less than atLeast (1)"],
  [
    "runtime",
    { ...least.runtime, voltage: { point: "b/v", empty: 2 } },
    "voltage: the voltage of a lithium battery says little until it is empty: give charge",
  ],
  [
    "runaway",
    { level: "warning", offGas: [lit, { point: "room/hydrogen.level", above: 1 }], smoke: [lit] },
    "offGas.1.point: hydrogen comes with a lithium runaway and not before it: name a sensor of electrolyte vapour",
  ],
  [
    "runaway",
    { level: "warning", offGas: [lit], smoke: [{ point: "room/hydrogen.level", above: 1 }] },
    "smoke.0.point: hydrogen comes with a lithium runaway and not before it: name a sensor of electrolyte vapour",
  ],
])("%s with %o is told where it is wrong: %s", (kind, given, problem) => {
  expect(problems(kind, given)).toEqual([problem]);
});

test.each<[Named, Settings, string]>([
  ["flatline", { polls: 2 }, "polls"],
  ["flatline", { polls: 100_001 }, "polls"],
  ["flatline", { window: "1h", band: -1 }, "band"],
  ["flatline", { window: "1h", rests: [] }, "rests"],
  ["flatline", { window: "1h", rests: Array(9).fill(0) }, "rests"],
  ["flatline", { window: "1h", peers: [] }, "peers"],
  ["flatline", { window: "1h", peers: points(17) }, "peers"],
  ["flatline", { window: "1h", learned: false }, "learned"],
  ["flatline", { window: "25h" }, "window"],
  ["deviation", { from: points(1), above: 5 }, "from"],
  ["deviation", { from: points(65), above: 5 }, "from"],
  ["deviation", { from: points(2), above: 0 }, "above"],
  ["deviation", { from: points(2), above: 5, deadband: -1 }, "deadband"],
  ["lostWith", { ...least.lostWith, neighbours: [] }, "neighbours"],
  ["lostWith", { ...least.lostWith, neighbours: points(33) }, "neighbours"],
  ["lostWith", { ...least.lostWith, anomalies: [] }, "anomalies"],
  ["lostWith", { ...least.lostWith, anomalies: conditions(33) }, "anomalies"],
  ["baseline", { ...least.baseline, side: "rising" }, "side"],
  ["baseline", { ...least.baseline, deadband: -1 }, "deadband"],
  ["baseline", { ...least.baseline, over: "2161h" }, "over"],
  ["baseline", { ...least.baseline, over: "2000h", warmUp: "169h" }, "warmUp"],
  ["forecast", { ...least.forecast, confidence: 85 }, "confidence"],
  ["forecast", { ...least.forecast, resolution: -1 }, "resolution"],
  ["forecast", { ...least.forecast, within: "25h" }, "within"],
  ["forecast", { ...least.forecast, window: "25h" }, "window"],
  ["change", { ...least.change, side: "above" }, "side"],
  ["change", { ...least.change, within: "25h" }, "within"],
  ["change", { ...least.change, deadband: -1 }, "deadband"],
  ["mismatch", { at: [], follows: [lit], within: "30s" }, "at"],
  ["mismatch", { at: [""], follows: [lit], within: "30s" }, "at.0"],
  ["mismatch", { ...least.mismatch, follows: [] }, "follows"],
  ["mismatch", { ...least.mismatch, follows: conditions(17) }, "follows"],
  ["mismatch", { ...least.mismatch, otherwise: [] }, "otherwise"],
  ["mismatch", { ...least.mismatch, otherwise: conditions(17) }, "otherwise"],
  ["mismatch", { ...least.mismatch, within: "25h" }, "within"],
  ["coolingLoss", { ...least.coolingLoss, rise: 0 }, "rise"],
  ["heatBalance", { ...least.heatBalance, loads: [] }, "loads"],
  ["heatBalance", { ...least.heatBalance, loads: points(33) }, "loads"],
  ["heatBalance", { ...least.heatBalance, carries: 1.1 }, "carries"],
  ["heatBalance", { ...least.heatBalance, over: "0s" }, "over"],
  ["runtime", { ...least.runtime, health: 9 }, "health"],
  ["runtime", { ...least.runtime, health: 101 }, "health"],
  ["overload", { ...least.overload, left: -0.1 }, "left"],
  ["overload", { ...least.overload, left: 0.91 }, "left"],
  ["generatorStart", { ...least.generatorStart, failed: conditions(17) }, "failed"],
  ["runback", { ...least.runback, machines: [] }, "machines"],
  ["runback", { ...least.runback, machines: conditions(65) }, "machines"],
  ["runback", { ...least.runback, after: { rises: false } }, "after"],
  ["runaway", { ...least.runaway, level: "high" }, "level"],
  ["runaway", { ...least.runaway, offGas: [] }, "offGas"],
  ["runaway", { ...least.runaway, offGas: conditions(33) }, "offGas"],
  ["runaway", { ...least.runaway, smoke: [] }, "smoke"],
  ["runaway", { ...least.runaway, smoke: conditions(33) }, "smoke"],
  ["runaway", { ...least.runaway, neighbours: [] }, "neighbours"],
  ["runaway", { ...least.runaway, neighbours: points(33) }, "neighbours"],
  ["runaway", { ...least.runaway, heat: { than: [] } }, "heat.than"],
  ["runaway", { ...least.runaway, heat: { than: points(65) } }, "heat.than"],
  ["leadAcidRunaway", { ...least.leadAcidRunaway, times: 1.4 }, "times"],
  ["leadAcidRunaway", { ...least.leadAcidRunaway, times: 10.1 }, "times"],
])("%s is refused in what does not fit its form (%#)", (kind, given, path) => {
  expect(problems(kind, given)).toEqual([path]);
});

test.each<[Named, Settings]>([
  ["flatline", { polls: 3, band: 1, rests: Array(8).fill(0), learned: true, peers: points(16) }],
  ["flatline", { polls: 100_000 }],
  ["deviation", { from: points(64), above: 5, below: 2 }],
  ["deviation", { from: points(2), below: 2 }],
  ["lostWith", { neighbours: points(32), anomalies: conditions(32) }],
  ["baseline", { side: "above", deviations: 6, atLeast: 1, deadband: 0.5, over: "90d", warmUp: "7d" }],
  ["baseline", { side: "below", deviations: 6, atLeast: 1, over: "1h", warmUp: "1h" }],
  ["baseline", { side: "either", deviations: 6, atLeast: 1, over: "1h", warmUp: "1h" }],
  ["forecast", { below: 5, within: "24h", window: "24h", confidence: 99, resolution: 0.1 }],
  ["change", { side: "rising", by: 5, within: "24h", deadband: 1 }],
  ["change", { side: "either", by: 5, within: "24h" }],
  ["change", { side: "falling", by: 5, within: "24h", deadband: 1 }],
  ["mismatch", { at: ["on"], otherwise: conditions(16), within: "24h" }],
  ["mismatch", { below: 2, follows: conditions(16), within: "24h" }],
  ["heatBalance", { ...least.heatBalance, loads: points(32), carries: 1, over: "1s" }],
  ["runtime", { ...least.runtime, health: 100, onMains: true }],
  ["runtime", { ...least.runtime, chemistry: "lead", charge: undefined, voltage: { point: "b/v", empty: 2 } }],
  ["overload", { ...least.overload, left: 0.9, ambient: "d/air" }],
  ["generatorStart", { ...least.generatorStart, failed: conditions(16) }],
  ["runback", { after: { at: ["lost"] }, machines: conditions(64) }],
  ["runaway", { level: "critical", offGas: conditions(32), smoke: conditions(32), neighbours: points(32) }],
  ["runaway", { level: "charge-stop", heat: { than: points(64) }, smoke: [lit] }],
  ["runaway", { level: "warning", offGas: [lit], smoke: [{ point: "hydrogen-store/smoke.level", above: 1 }] }],
  ["leadAcidRunaway", { ...least.leadAcidRunaway, times: 1.5 }],
])("%s may be as full as its form allows (%#)", (kind, given) => {
  expect(problems(kind, given)).toEqual([]);
});

test.each<[Named, Settings, readonly string[]]>([
  ["flatline", { window: "1h", peers: ["d/a"] }, ["peers.0: d/a is number"]],
  ["flatline", least.flatline, []],
  ["deviation", least.deviation, ["from.0: d/p0 is number", "from.1: d/p1 is number"]],
  [
    "lostWith",
    { neighbours: ["d/a"], anomalies: [mode] },
    ["neighbours.0: d/a is any", "anomalies.0.point: ups/ups.mode is battery or off"],
  ],
  [
    "mismatch",
    { above: 1, follows: [mode], otherwise: [lit], within: "30s" },
    ["follows.0.point: ups/ups.mode is battery or off", "otherwise.0.point: d/lit is number"],
  ],
  ["heatBalance", least.heatBalance, ["supply: l/in is number", "return: l/out is number", "loads.0: d/p0 is number"]],
  [
    "runtime",
    { ...least.runtime, temperature: "b/t", health: "b/h", told: "u/told" },
    [
      "onBattery.point: ups/ups.mode is battery or off",
      "charge: b/c is number",
      "temperature: b/t is number",
      "health: b/h is number",
      "told: u/told is number",
    ],
  ],
  [
    "runtime",
    { ...least.runtime, chemistry: "lead", charge: undefined, voltage: { point: "b/v", empty: 2 }, health: 80 },
    ["onBattery.point: ups/ups.mode is battery or off", "voltage.point: b/v is number"],
  ],
  ["overload", least.overload, []],
  ["overload", { ...least.overload, ambient: "d/air" }, ["ambient: d/air is number"]],
  [
    "generatorStart",
    { ...least.generatorStart, failed: [mode] },
    ["carries.point: d/lit is number", "failed.0.point: ups/ups.mode is battery or off"],
  ],
  [
    "runback",
    { ...least.runback, machines: [lit, mode] },
    ["machines.0.point: d/lit is number", "machines.1.point: ups/ups.mode is battery or off"],
  ],
  [
    "runaway",
    {
      level: "warning",
      heat: { than: ["r/mean"] },
      cells: { lowest: "r/low", than: "r/high" },
      offGas: [lit],
      smoke: [mode],
      neighbours: ["r/other"],
    },
    [
      "heat.than.0: r/mean is number",
      "cells.lowest: r/low is number",
      "cells.than: r/high is number",
      "offGas.0.point: d/lit is number",
      "smoke.0.point: ups/ups.mode is battery or off",
      "neighbours.0: r/other is any",
    ],
  ],
  [
    "runaway",
    { level: "warning", heat: { than: ["r/mean"] }, smoke: [lit] },
    ["heat.than.0: r/mean is number", "smoke.0.point: d/lit is number"],
  ],
  ["runaway", least.runaway, ["offGas.0.point: d/lit is number", "smoke.0.point: d/lit is number"]],
  ["generatorStart", least.generatorStart, ["carries.point: d/lit is number"]],
  [
    "leadAcidRunaway",
    least.leadAcidRunaway,
    ["jar: b/jar is number", "ambient: b/air is number", "voltage: b/volts is number"],
  ],
])("%s looks at the points that it names (%#)", (kind, given, looked) => {
  expect(inputs(kind, given)).toEqual(looked);
});

test.each<[Named, Settings | null]>([
  ["flatline", { path: ["window"], lasts: hours(1) }],
  ["baseline", { path: ["warmUp"], lasts: hours(1), readings: 16 }],
  ["forecast", { path: ["window"], lasts: minutes(2), readings: 6 }],
  ["change", { path: ["within"], lasts: minutes(15) }],
  ["coolingLoss", { path: [], lasts: seconds(30) }],
  ["runaway", { path: ["level"], lasts: seconds(30) }],
])("%s must see several readings within a stretch: %o", (kind, stretch) => {
  expect(formOf(kind).window!(read(kind, least[kind]))).toEqual(stretch);
});

test("water that comes round at once is refused in words", () => {
  const { error } = detectorKinds.heatBalance.settings.safeParse({ ...least.heatBalance, over: "0s" });
  expect(error!.issues.map(({ message }) => message)).toEqual(["must be more than 0"]);
});

test("a standstill that is counted in readings needs no stretch", () => {
  expect(detectorKinds.flatline.window!({ polls: 9, band: 0 })).toBeNull();
});

test("the curve of a device's profile is taken where the site file has none", () => {
  const [ours, theirs] = [{ continuous: 105 }, { continuous: 110 }];
  const spec = detectorKinds.overload.settings.parse({});
  expect(detectorKinds.overload.usual!(spec, { overload: theirs })).toEqual({ ...spec, tolerates: theirs });
  expect(detectorKinds.overload.usual!({ ...spec, tolerates: ours }, { overload: theirs })).toEqual({
    ...spec,
    tolerates: ours,
  });
  expect(detectorKinds.overload.usual!(spec, {})).toEqual(spec);
});
