import { describe, expect, test } from "vitest";
import type { Flood } from "../../../src/core/alarm/flood.ts";
import { annunciate, annunciated, floodDue, moveFlood, noFlood } from "../../../src/core/alarm/flood.ts";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import { instant } from "../../../src/core/time.ts";
import { alarm, bench, site, t0 } from "../fixture.ts";

const at = (seconds: number) => instant(t0 + seconds * 1000);

function raised(count: number, everyS: number): Flood {
  const flood = noFlood();
  for (let i = 0; i < count; i += 1) annunciate(flood, at(i * everyS));
  return flood;
}

describe("the rate of alarms", () => {
  test("is how many were put before people in the last ten minutes", () => {
    const flood = raised(20, 60);
    expect(annunciated(flood, at(19 * 60))).toBe(11);
    expect(annunciated(flood, at(19 * 60 + 400))).toBe(4);
    expect(annunciated(flood, at(3600))).toBe(0);
  });

  test("takes no more memory for a hundred thousand alarms than for a few", () => {
    const flood = raised(100_000, 0.1);
    expect(flood.slots.length).toBeLessThanOrEqual(62);
    expect(annunciated(flood, at(10_000))).toBeGreaterThanOrEqual(6000);
  });

  test("keeps nothing where nothing was told, and forgets what has left the window", () => {
    expect(noFlood()).toEqual({ slots: [], since: null, due: null });
    const flood = raised(1, 0);
    annunciate(flood, at(610));
    expect(flood.slots).toEqual([{ from: at(610), count: 1 }]);
  });

  test.each([
    [9.999, 0],
    [10, 1],
  ])("counts what is told %d s apart in slots of ten seconds: %i is left when the first leaves", (everyS, left) => {
    expect(annunciated(raised(2, everyS), at(609.999))).toBe(2);
    expect(annunciated(raised(2, everyS), at(610))).toBe(left);
  });

  test("goes on with five, and is looked at whenever alarms leave it", () => {
    const flood = raised(6, 0);
    for (let i = 0; i < 5; i += 1) annunciate(flood, at(20));
    expect(floodDue(flood, at(20))).toBeNull();
    expect(moveFlood(flood, at(20))).toBe("began");
    expect(floodDue(flood, at(609.999))).toBe(at(610));
    expect(moveFlood(flood, at(610))).toBeNull();
    expect(floodDue(flood, at(610))).toBe(at(630));
    expect(floodDue(flood, at(630))).toBeNull();
    expect(moveFlood(flood, at(630))).toBe("ended");
  });

  test("is a flood above ten, and no longer below five", () => {
    const flood = raised(10, 1);
    expect(moveFlood(flood, at(10))).toBeNull();
    annunciate(flood, at(300));
    expect(moveFlood(flood, at(300))).toBe("began");
    expect(moveFlood(flood, at(301))).toBeNull();
    for (let i = 0; i < 3; i += 1) annunciate(flood, at(400 + 20 * i));
    expect(annunciated(flood, at(700))).toBe(4);
    expect(moveFlood(flood, at(600))).toBeNull();
    expect(moveFlood(flood, at(700))).toBe("ended");
    expect(floodDue(flood, at(700))).toBeNull();
  });
});

describe("a plant in a flood", () => {
  const many = Array.from({ length: 12 }, (_, i) => `p${i}`);
  const model = site({ alarms: many.map((name) => alarm(`alarm-${name}`, { on: [name] })) });
  const all = (value: number) => Object.fromEntries(many.map((name) => [name, value]));
  const told = (b: ReturnType<typeof bench>, until: number) =>
    b
      .wait(until)
      .flatMap(({ notices }) => notices)
      .map(({ at: when, about, event, text }) => `${(when - t0) / 1000} ${about} ${event}: ${text}`);

  test("tells when it begins, and by itself when it ends, though nothing arrives", () => {
    const b = bench(model);
    b.read(0, all(5));
    const { notices } = b.read(1000, all(20));
    expect(notices).toMatchObject([
      { about: "flood", id: "test", event: "began", text: "12 alarms in the last ten minutes" },
    ]);
    expect(told(b, 3_600_000)).toEqual(["611 flood ended: 0 alarms in the last ten minutes"]);
  });

  test("counts what is put before people, and not what is shelved", () => {
    const b = bench(model);
    b.read(0, all(5));
    for (const name of many.slice(0, 2))
      b.ask(500, `alarm-${name}`, { kind: "shelve", by: "o", why: "w", until: instant(t0 + 3_000_000) });
    expect(b.read(1000, all(20)).notices).toEqual([]);
    expect(annunciated(b.plant.flood, b.plant.now)).toBe(10);
  });

  test("counts what comes back from a shelf and still stands: people have it before them again", () => {
    const b = bench(model);
    b.read(0, all(5));
    b.read(1000, { p0: 20 });
    b.ask(2000, "alarm-p0", { kind: "shelve", by: "o", why: "w", until: instant(t0 + 3000) });
    expect(annunciated(b.plant.flood, b.plant.now)).toBe(1);
    b.scan(3000);
    expect(annunciated(b.plant.flood, b.plant.now)).toBe(2);
  });

  test("stands on the agenda once while it goes on, and no more when it is over", () => {
    const b = bench(model);
    const looks = () => b.plant.agenda.entries().filter(({ entry }) => entry.kind === "flood").length;
    b.read(0, all(5));
    for (let at = 1000; at < 20_000; at += 1000) b.read(at, all(20));
    expect(looks()).toBe(1);
    b.wait(3_600_000);
    expect(b.plant.flood).toMatchObject({ since: null, due: null });
    expect(looks()).toBe(0);
  });

  test("goes on over a restart, and ends when it would have", () => {
    const b = bench(model);
    b.read(0, all(5));
    b.read(1000, all(20));
    const again = bench(model, restore(model, JSON.parse(JSON.stringify(checkpoint(b.plant)))));
    expect(again.plant.flood).toEqual(b.plant.flood);
    expect(told(again, 3_600_000)).toEqual(told(b, 3_600_000));
  });
});
