import { expect, test } from "vitest";
import { demoPlant } from "../../../simulators/plant/index.ts";
import { accessTo } from "../../../simulators/wire/index.ts";
import type { Table } from "../../../simulators/wire/registers.ts";
import { liveRegisters } from "../../../simulators/wire/registers.ts";
import { demoDevices } from "../demo-site.ts";

const devices = demoDevices().filter(({ model }) => model.protocol === "modbus");
const words = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => from + i);

test("registers answer where each word is a point's, or lies in a gap that the profile's read plans bridge", () => {
  const plant = accessTo(demoPlant(1));
  let refused = 0;
  let bridged = 0;
  for (const { id, model } of devices) {
    const live = liveRegisters(id, model, plant);
    const held = new Map<Table, Set<number>>();
    for (const { at } of model.points) {
      if (at.protocol !== "modbus" || at.model !== null) continue;
      const table = held.get(at.table) ?? new Set();
      for (const word of words(at.addr, at.count)) table.add(word);
      held.set(at.table, table);
    }
    for (const [table, own] of held) {
      const all = [...own].toSorted((a, b) => a - b);
      const isInGap = (word: number): boolean => {
        const [last, next] = [all.findLast((one) => one < word), all.find((one) => one > word)];
        return last !== undefined && next !== undefined && next - last - 1 <= model.link.maxGap;
      };
      for (const addr of all.flatMap((word) => words(Math.max(0, word - 2), 5)))
        for (const count of [1, 3, 8]) {
          const asked = words(addr, count);
          const isAnswered = asked.every((word) => own.has(word) || isInGap(word));
          expect(live.answer(table, addr, count) !== null, `${id} ${table} ${addr}+${count}`).toBe(isAnswered);
          refused += isAnswered ? 0 : 1;
          bridged += isAnswered && !asked.every((word) => own.has(word)) ? 1 : 0;
        }
    }
  }
  expect([refused > 100, bridged > 100]).toEqual([true, true]);
});
