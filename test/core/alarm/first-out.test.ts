import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import { instant } from "../../../src/core/time.ts";
import { alarm, bench, site, t0 } from "../fixture.ts";

const model = site({
  alarms: [
    alarm("smoke", { on: ["a"], space: "room" }),
    alarm("fire", { on: ["b"], space: "room", latch: true }),
    alarm("heat", { on: ["c"], space: "room", suppressedBy: ["fire"] }),
    alarm("pump", { on: ["d"], space: "room", group: "water" }),
    alarm("nowhere", { on: ["e"] }),
    alarm("damp", { on: ["f"], space: "hall", suppressedBy: ["nowhere"] }),
  ],
});

const calm = { a: 5, b: 5, c: 5, d: 5, e: 5, f: 5 };
const seen = (b: ReturnType<typeof bench>, name: string, at: number) =>
  b.ask(at, name, { kind: "acknowledge", by: "operator", why: "seen" });

function rig() {
  const b = bench(model);
  b.read(0, calm);
  return b;
}

const firstOuts = ({ plant }: ReturnType<typeof bench>) =>
  [...plant.firstOuts].map(([group, { alarm: first, at }]) => `${group}: ${first} at ${at - t0}`);

describe("of the alarms of one group, the first", () => {
  test("is kept with its time, whatever comes after it", () => {
    const b = rig();
    b.read(1000, { a: 20 });
    b.read(2000, { b: 20, d: 20, e: 20 });
    expect(firstOuts(b)).toEqual(["room: smoke at 1000", "water: pump at 2000"]);
  });

  test("is of those that the site puts together, and an alarm of no space and no group is nobody's", () => {
    expect([...rig().plant.index.groups]).toEqual([
      ["room", [0, 1, 2]],
      ["water", [3]],
      ["hall", [5]],
    ]);
  });

  test("is kept when it has cleared itself, until all of the group is normal, acknowledged and reset", () => {
    const b = rig();
    b.read(1000, { a: 20 });
    b.read(2000, { b: 20 });
    b.read(3000, { a: 5 });
    seen(b, "smoke", 3500);
    expect(b.status("smoke")).toBe("normal");
    expect(firstOuts(b)).toEqual(["room: smoke at 1000"]);
    b.read(4000, { b: 5 });
    seen(b, "fire", 4500);
    expect(firstOuts(b)).toEqual(["room: smoke at 1000"]);
    b.ask(5000, "fire", { kind: "reset", by: "operator", why: "room inspected" });
    expect(firstOuts(b)).toEqual([]);
    b.read(6000, { b: 20 });
    expect(firstOuts(b)).toEqual(["room: fire at 6000"]);
  });

  test("is one that was put before people: what is shelved or suppressed is not", () => {
    const b = rig();
    b.ask(500, "smoke", { kind: "shelve", by: "operator", why: "work", until: instant(t0 + 60_000) });
    b.read(1000, { a: 20 });
    expect(firstOuts(b)).toEqual([]);
    b.read(2000, { b: 20, c: 20 });
    expect(firstOuts(b)).toEqual(["room: fire at 2000"]);
  });

  test("is given up also where the last of the group goes back to normal while it is suppressed", () => {
    const b = rig();
    b.read(1000, { c: 20 });
    seen(b, "heat", 1500);
    b.read(2000, { b: 20 });
    seen(b, "fire", 2500);
    expect(firstOuts(b)).toEqual(["room: heat at 1000"]);
    b.read(3000, { c: 5 });
    b.read(4000, { b: 5 });
    b.ask(5000, "fire", { kind: "reset", by: "operator", why: "room inspected" });
    expect(firstOuts(b)).toEqual([]);
  });

  test("is given up when the last of the group goes back to normal while nobody is shown it", () => {
    const b = rig();
    b.read(1000, { f: 20 });
    seen(b, "damp", 1500);
    b.read(2000, { e: 20 });
    expect(firstOuts(b)).toEqual(["hall: damp at 1000"]);
    b.read(3000, { f: 5 });
    expect(b.status("damp")).toBe("suppressedByDesign");
    expect(firstOuts(b)).toEqual([]);
  });

  test("outlasts a restart, as far as the site still has it", () => {
    const b = rig();
    b.read(1000, { a: 20, d: 20 });
    const saved = checkpoint(b.plant);
    expect(firstOuts(bench(model, restore(model, JSON.parse(JSON.stringify(saved)))))).toEqual(firstOuts(b));
    const without = { ...model, alarms: model.alarms.filter(({ id }) => id !== "smoke") };
    expect(firstOuts(bench(without, restore(without, saved)))).toEqual(["water: pump at 1000"]);
    const apart = {
      ...model,
      alarms: model.alarms.map((one) => (one.id === "pump" ? alarm("pump", { on: ["d"] }) : one)),
    };
    expect(firstOuts(bench(apart, restore(apart, saved)))).toEqual(["room: smoke at 1000"]);
    const fewer = { ...model, alarms: model.alarms.filter(({ id }) => id !== "pump") };
    expect(firstOuts(bench(fewer, restore(fewer, saved)))).toEqual(["room: smoke at 1000"]);
  });
});
