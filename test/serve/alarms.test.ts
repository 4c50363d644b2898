import { describe, expect, test } from "vitest";
import { instant, minutes, ms } from "../../src/core/time.ts";
import { alarmView, notable, standing } from "../../src/serve/alarms.ts";
import type { Bench } from "../core/fixture.ts";
import { above, alarm, bench, point, site, t0 } from "../core/fixture.ts";

const said = { by: "Kim", why: "work" } as const;
const until = instant(t0 + minutes(30));

const voted = (): Bench =>
  bench(
    site({
      alarms: [
        alarm("fire", {
          need: 2,
          channels: ["a", "b", "c", "d"].map((name) => ({
            point: point(name),
            detect: above(10),
            unless: { point: point(`${name}.off`), above: 0 },
          })),
          ifBad: "exclude",
          degradeTo: 1,
          safety: true,
          flap: { count: 2, within: ms(60_000), hold: ms(60_000) },
        }),
        alarm("hot", { on: ["x"] }),
      ],
    }),
  );

describe("an alarm's view", () => {
  test("tells its vote as it stands: what is bad, bypassed and isolated, and what it amounts to", () => {
    const b = voted();
    b.read(0, { a: 5, b: 5, c: 5, d: 5 });
    expect(alarmView(b.plant, "fire")?.vote).toEqual({ need: 2, of: 4, bad: 0, bypassed: 0, isolated: 0, as: "2oo4" });
    b.read(1, { a: "sensorFailure", "b.off": 1 });
    for (const by of ["Kim", "Lee"]) b.ask(2, "fire", { kind: "bypass", channel: point("c"), by, why: "work", until });
    expect(alarmView(b.plant, "fire")?.vote).toEqual({ need: 2, of: 4, bad: 1, bypassed: 1, isolated: 1, as: "1oo1" });
    expect(standing(b.plant).counts).toMatchObject({ degraded: 1, bypassed: 1 });
    b.read(3, { d: "sensorFailure" });
    expect(alarmView(b.plant, "fire")).toMatchObject({ blind: true, vote: { bad: 2, as: null } });
  });

  test("tells who asked for what, until when, and what waits for a second person", () => {
    const b = voted();
    b.read(0, { a: 11, b: 11, c: 5, d: 5 });
    b.ask(1, "fire", { kind: "acknowledge", ...said });
    b.ask(2, "fire", { kind: "shelve", until, ...said });
    expect(alarmView(b.plant, "fire")).toMatchObject({
      safety: true,
      shelved: null,
      asking: { kind: "shelve", by: "Kim", why: "work", until: t0 + 2 + 60_000 },
      said: { acknowledge: { by: "Kim", why: "work", at: t0 + 1 } },
    });
    b.ask(3, "fire", { kind: "shelve", until, by: "Lee", why: "work" });
    expect(alarmView(b.plant, "fire")).toMatchObject({
      status: "shelved",
      shelved: { by: "Kim and Lee", why: "work", until },
      asking: null,
    });
  });

  test("tells that it flaps", () => {
    const b = voted();
    for (const [at, a] of [11, 5, 11].entries()) b.read(at, { a, b: 11, c: 5, d: 5 });
    expect(alarmView(b.plant, "fire")?.flapping).toBe(true);
  });

  test("is none of an alarm that is not there", () => {
    expect(alarmView(voted().plant, "elsewhere")).toBeNull();
  });
});

test("of all alarms those are told of that are withheld, degraded or asked about, though none of them stands", () => {
  const b = voted();
  b.read(0, { a: 5, b: 5, c: 5, d: 5, x: 5 });
  const ids = (): readonly string[] => notable(b.plant).map(({ id }) => id);
  expect(ids()).toEqual([]);
  b.ask(1, "fire", { kind: "shelve", until, ...said });
  b.ask(1, "hot", { kind: "outOfService", until, permit: "W-1", ...said });
  expect(ids()).toEqual(["fire", "hot"]);
  expect(standing(b.plant).alarms).toEqual([]);
});
