import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModbusBlock, PointModel } from "../../src/profiles/index.ts";
import { modbusReadPlan, snmpReadPlan } from "../../src/profiles/index.ts";
import { linkRules, modbusPoint } from "./fixtures.ts";

const none = new Map<number, number>();
const plan = (points: readonly PointModel[], bases = none): readonly ModbusBlock[] =>
  modbusReadPlan(points, linkRules, bases);
const spans = (blocks: readonly ModbusBlock[]): unknown => blocks.map(({ table, addr, count }) => [table, addr, count]);

describe("a Modbus read plan", () => {
  it("asks for nothing where there is nothing to ask", () => expect(plan([])).toEqual([]));

  it("merges neighbours and bridges small gaps only", () => {
    const points = [20, 10, 13, 11].map((addr) => modbusPoint({ addr }));
    expect(spans(plan(points))).toEqual([
      ["holding", 10, 4],
      ["holding", 20, 1],
    ]);
  });

  it("bridges a gap of exactly what is allowed, and not of one more", () => {
    expect(plan([modbusPoint({ addr: 0 }), modbusPoint({ addr: 3 })])).toHaveLength(1);
    expect(plan([modbusPoint({ addr: 0 }), modbusPoint({ addr: 4 })])).toHaveLength(2);
  });

  it("never asks for more words than the device answers, nor through the middle of a value", () => {
    const points = Array.from({ length: 9 }, (_, i) => modbusPoint({ addr: 1 + 2 * i, count: 2, type: "f32" }));
    expect(spans(plan(points))).toEqual([
      ["holding", 1, 10],
      ["holding", 11, 8],
    ]);
  });

  it("keeps tables apart", () => {
    const points = [modbusPoint({ table: "input" }), modbusPoint({ table: "coil", type: "bit" }), modbusPoint({})];
    expect(spans(plan(points))).toEqual([
      ["coil", 10, 1],
      ["holding", 10, 1],
      ["input", 10, 1],
    ]);
  });

  it("asks once for words that two points share", () => {
    const points = [modbusPoint({ type: "bits", mask: 1 }), modbusPoint({ type: "bits", mask: 2 })];
    const [block] = plan(points);
    expect(block).toMatchObject({ addr: 10, count: 1 });
    expect(block?.points).toHaveLength(2);
  });

  it("reads scale factors too, and counts SunSpec addresses from where the model stands", () => {
    const points = [modbusPoint({ addr: 4, model: 803, scaleAt: 23 }), modbusPoint({ addr: 11, model: 802 })];
    const blocks = plan(points, new Map([[803, 40_100]]));
    expect(spans(blocks)).toEqual([
      ["holding", 40_104, 1],
      ["holding", 40_123, 1],
    ]);
    expect(blocks.map((block) => block.points.length)).toEqual([1, 0]);
  });

  it("covers every point once, whole, within its limits, whatever the addresses", () => {
    const point = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(1, 2, 4))
      .map(([addr, count]) => modbusPoint({ addr, count }));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const blocks = plan(points);
        expect(blocks.flatMap((block) => block.points)).toHaveLength(points.length);
        for (const block of blocks) {
          expect(block.count).toBeLessThanOrEqual(linkRules.maxWords);
          for (const { at } of block.points) {
            if (at.protocol !== "modbus") continue;
            expect(at.addr).toBeGreaterThanOrEqual(block.addr);
            expect(at.addr + at.count).toBeLessThanOrEqual(block.addr + block.count);
          }
        }
      }),
      { seed: 1 },
    );
  });
});

describe("an SNMP read plan", () => {
  const points = ["1.1", "1.2", "1.3", "1.4"].map((oid) =>
    Object.assign(modbusPoint({}), { at: { protocol: "snmp", oid, type: "integer" } as const }),
  );

  it("fills GETs up to what the agent bears, each point behind its object", () => {
    const batches = snmpReadPlan(points, linkRules);
    expect(batches.map(({ oids }) => oids)).toEqual([["1.1", "1.2", "1.3"], ["1.4"]]);
    for (const { oids, points: asked } of batches)
      expect(asked.map(({ at }) => at.protocol === "snmp" && at.oid)).toEqual(oids);
  });

  it("asks for nothing where there is nothing to ask", () => expect(snmpReadPlan([], linkRules)).toEqual([]));
});
