import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priorities } from "../../src/core/alarm/definition.ts";
import type {
  BindOptions,
  ModelBases,
  PointModel,
  Profile,
  Protocol,
  Registers,
  Sample,
} from "../../src/profiles/index.ts";
import {
  bindAlarms,
  bindDevice,
  decodeModbus,
  decodeSnmp,
  encodeModbus,
  encodeSnmp,
  formatProblem,
  layOutSunSpec,
  loadLibrary,
  missingPoints,
  modbusReadPlan,
  registerImage,
  snmpReadPlan,
} from "../../src/profiles/index.ts";

const { profiles, problems } = loadLibrary();
const all = [...profiles.values()];

const protocolsOf = (profile: Profile): readonly Protocol[] =>
  (["modbus", "snmp"] as const).filter((protocol) => Object.values(profile.points).some((point) => point[protocol]));

/** A row of every table that is walked, as a site says that it is fitted: without one there is nothing to be tried. */
function aRowOfEach({ points }: Profile): NonNullable<BindOptions["fitted"]> {
  const runs = Object.values(points).flatMap(({ repeat }) => Object.entries(repeat ?? {}));
  const counted = new Set(runs.flatMap(([letter, run]) => ("from" in run ? [letter] : [])));
  return Object.fromEntries(runs.flatMap(([letter]) => (counted.has(letter) ? [] : [[letter, [1]]])));
}

const bound = (profile: Profile, protocol: Protocol) => bindDevice(profile, { protocol, fitted: aRowOfEach(profile) });

const models = all.flatMap((profile) =>
  protocolsOf(profile).map((protocol) => ({ id: profile.id, profile, model: bound(profile, protocol) })),
);

/** A device that says a value of a point, and what is read back from it; with the step by which it can say it. */
function throughWire(
  points: readonly PointModel[],
  point: PointModel,
  value: number,
): { sample: Sample; step: number } {
  if (point.at.protocol === "snmp") {
    return { sample: decodeSnmp(point, encodeSnmp(point, value)), step: Math.abs(point.scale) };
  }
  const registers = registerImage();
  const bases = layOutSunSpec(points, registers);
  encodeModbus(point, value, registers, bases);
  return { sample: decodeModbus(point, registers, bases), step: stepOf(point, registers, bases, value) };
}

function stepOf(point: PointModel, registers: Registers, bases: ModelBases, value: number): number {
  if (point.at.protocol !== "modbus") return Math.abs(point.scale);
  if (point.at.type === "f32") return Math.abs(value) * 2 ** -22 + 2 ** -148;
  if (point.at.scaleAt === null) return Math.abs(point.scale);
  const word = registers.get("holding", (bases.get(point.at.model ?? 0) ?? 0) + point.at.scaleAt) ?? 0;
  return Math.abs(point.scale) * 10 ** (word > 0x7fff ? word - 0x10000 : word);
}

const saysNothing = (point: PointModel, value: number, step: number): boolean =>
  point.invalid.some((raw) => Math.abs(raw * step * Math.sign(point.scale) + point.offset - value) <= step);

describe("the library of devices", () => {
  it("is sound", () => expect(problems.map(formatProblem)).toEqual([]));

  it("names no address of a fire device that could be written to", () => {
    for (const { model } of models.filter(({ model: { class: kind } }) => kind === "fire"))
      expect(model.commands).toEqual([]);
  });
});

describe.each(all.map((profile) => [profile.id, profile] as const))("%s", (_, profile) => {
  it("offers what its class demands", () => expect(missingPoints(profile)).toEqual([]));

  it("reads what guards safety at least every second", () => {
    expect(profile.scan.safety).toBeLessThanOrEqual(1000);
    expect(profile.scan.fast).toBeLessThanOrEqual(2000);
    for (const [name, { scan }] of Object.entries(profile.points)) {
      const guards = /^(battery|cell|module|string|smoke)[.[]|^ups\.mode$|^contact\[/.test(name);
      const powersEngine = name === "engine.battery_voltage";
      if (guards && !powersEngine) expect([name, scan]).toEqual([name, "safety"]);
    }
  });

  it("gives every alarm a cause, a consequence and a response that an operator can act on", () => {
    for (const alarm of profile.alarms) {
      expect(priorities).toContain(alarm.priority);
      expect(Object.keys(alarm.title)).toEqual(["en", "ko"]);
      for (const sentence of [alarm.cause, alarm.consequence, alarm.response])
        expect(sentence).toMatch(/^[A-Z].{15,}\.$/);
    }
  });

  it("gives every alarm a point on the device", () => {
    for (const protocol of protocolsOf(profile)) {
      const model = bound(profile, protocol);
      const alarms = bindAlarms(profile, model);
      expect(alarms.length).toBeGreaterThanOrEqual(profile.alarms.length);
      for (const { point } of alarms) expect(model.points.map(({ name }) => name)).toContain(point);
    }
  });
});

describe.each(models)("$id over $model.protocol", ({ model }) => {
  it("has no two points of one name", () =>
    expect(new Set(model.points.map(({ name }) => name)).size).toBe(model.points.length));

  it("has for every command one that undoes it, on the same point", () => {
    for (const command of model.commands) {
      const inverse = model.commands.find(({ name }) => name === command.inverse);
      expect(inverse).toMatchObject({ point: command.point });
      expect(inverse?.value).not.toBe(command.value);
      expect(model.points.some(({ name }) => name === command.point)).toBe(true);
    }
  });

  it("is read whole, within what it bears", () => {
    const bases = layOutSunSpec(model.protocol === "modbus" ? model.points : [], registerImage());
    const blocks = modbusReadPlan(model.points, model.link, bases);
    const batches = snmpReadPlan(model.points, model.link);
    for (const { count } of blocks) expect(count).toBeLessThanOrEqual(model.link.maxWords);
    for (const { oids } of batches) expect(oids.length).toBeLessThanOrEqual(model.link.oids);
    const asked = [...blocks, ...batches].flatMap(({ points }) => points);
    expect(asked).toHaveLength(model.points.length);
  });

  it("says every state so that it reads back", () => {
    for (const point of model.points.filter(({ map }) => map)) {
      for (const value of new Set(point.map?.values()))
        expect([point.name, throughWire(model.points, point, value).sample]).toEqual([point.name, { point, value }]);
    }
  });

  it("says every number in its range so that it reads back within half a step", () => {
    for (const point of model.points.filter(({ map }) => !map)) {
      const [min, max] = point.range;
      fc.assert(
        fc.property(fc.double({ min, max, noNaN: true }), (value) => {
          const { sample, step } = throughWire(model.points, point, value);
          if ("fault" in sample) {
            expect([point.name, saysNothing(point, value, step)]).toEqual([point.name, true]);
            return;
          }
          const error = Math.abs(sample.value - value);
          expect([point.name, value, error]).toSatisfy(() => error <= step * 0.5001 + Math.abs(value) * 1e-12);
        }),
        { numRuns: 25, seed: 1 },
      );
    }
  });

  it("says that it has no reading by a value that is none", () => {
    for (const point of model.points.filter(({ invalid }) => invalid.length > 0)) {
      for (const raw of point.invalid) {
        const { at } = point;
        if (at.protocol === "snmp")
          expect(decodeSnmp(point, { type: 2, value: raw })).toEqual({ point, fault: "sensorFailure" });
        else expect(Number.isInteger(raw)).toBe(true);
      }
    }
  });
});
