import { describe, expect, test } from "vitest";
import { apply } from "../../../../simulators/plant/index.ts";
import {
  curveFor,
  makeBreakers,
  runBreaker,
  tripCurves,
  tripS,
  warmingOf,
} from "../../../../simulators/plant/power/breaker.ts";
import { run, secondsUntil } from "../run.ts";
import { drawAbout, node, plantOf } from "../site.ts";

const [miniature, moulded, air] = tripCurves;

/** Seconds after which a breaker of so many kW trips from cold in steps of a tenth of a second. */
function steppedS(ratedKw: number, ratio: number, withinS: number): number {
  const all = makeBreakers([ratedKw]);
  warmingOf(all, 0.1);
  for (let i = 1; i <= withinS * 10; i++) if (runBreaker(all, 0, ratedKw * ratio, 0)) return i / 10;
  return Number.POSITIVE_INFINITY;
}

describe("a miniature breaker of type C (IEC 60898-1)", () => {
  test("bears 1.13 times its current for ever and 1.45 times for less than an hour", () => {
    expect(tripS(miniature, 1.13)).toBe(Number.POSITIVE_INFINITY);
    expect(tripS(miniature, 1.45)).toBeLessThan(3600);
    expect(tripS(miniature, 1.45)).toBeGreaterThan(60);
  });

  test("bears 2.55 times for more than a second and less than a minute", () => {
    expect(tripS(miniature, 2.55)).toBeGreaterThan(1);
    expect(tripS(miniature, 2.55)).toBeLessThan(60);
  });

  test("bears 5 times for longer than a tenth of a second, and 10 times not at all", () => {
    expect(tripS(miniature, 5)).toBeGreaterThan(0.1);
    expect(tripS(miniature, 10)).toBe(0);
  });
});

describe("a larger breaker (IEC 60947-2)", () => {
  test.each([moulded, air])("bears 1.05 times its current for ever and 1.30 times for less than two hours", (curve) => {
    expect(tripS(curve, 1.05)).toBe(Number.POSITIVE_INFINITY);
    expect(tripS(curve, 1.3)).toBeLessThan(7200);
    expect(tripS(curve, 1.3)).toBeGreaterThan(120);
  });

  test("is chosen by its rated current", () => {
    expect([44, 80, 200, 400, 1000].map(curveFor)).toEqual([0, 0, 1, 1, 2]);
  });
});

test.each([1.3, 1.6, 2.55, 4])("in steps, a breaker at %s times its current trips when its curve says", (ratio) => {
  const expectedS = tripS(miniature, ratio);
  expect(Math.abs(steppedS(40, ratio, 4000) - expectedS)).toBeLessThanOrEqual(0.1);
});

const board = {
  grid: { kind: "utility", ratedKw: 2000 },
  main: { kind: "pdu", from: ["grid"], ratedKw: 500 },
  sub: { kind: "pdu", from: ["main"], ratedKw: 40 },
  other: { kind: "pdu", from: ["main"], ratedKw: 40 },
} as const;

describe("a board that carries too much", () => {
  test("opens in its time, alone, and darkens what hangs on it until it is reset", () => {
    const plant = plantOf(board, { r1: { ratedKw: 100, on: ["sub"] }, r2: { ratedKw: 10, on: ["other"] } });
    // The plant settles for two minutes first, at three quarters of what its loads are rated for.
    const [heavy, light] = plant.racks;
    Object.assign(heavy!, { meanKw: 60, ratedKw: 60 });
    plant.grid.breakers.heat.fill(0);
    apply(plant, { breaker: "sub", does: "reset" });
    const afterS = secondsUntil(plant, () => node(plant, "sub").tripped, 600);
    expect(Math.abs(afterS / tripS(miniature, 1.5) - 1)).toBeLessThan(0.1);
    run(plant, 600);
    expect([heavy!.live, light!.live, node(plant, "main").tripped]).toEqual([false, true, false]);
    Object.assign(heavy!, { meanKw: 20, ratedKw: 20 });
    apply(plant, { breaker: "sub", does: "close" });
    run(plant, 5);
    expect(heavy!.live).toBe(false);
    apply(plant, { breaker: "sub", does: "reset" });
    run(plant, 5);
    expect(heavy!.live).toBe(true);
  });
});

describe("a short circuit", () => {
  test("is cleared by the nearest breaker, and its neighbours do not see it", () => {
    const plant = plantOf(board, { r1: { ratedKw: 10, on: ["sub"] }, r2: { ratedKw: 10, on: ["other"] } });
    apply(plant, { breaker: "sub", does: "short" });
    run(plant, 1);
    expect(["sub", "main", "grid", "other"].map((id) => node(plant, id).tripped)).toEqual([true, false, false, false]);
    expect(plant.racks.map(({ live }) => live)).toEqual([false, true]);
    apply(plant, { breaker: "sub", does: "reset" });
    run(plant, 1);
    expect(node(plant, "sub").tripped).toBe(true);
    apply(plant, { breaker: "sub", does: "mend" });
    apply(plant, { breaker: "sub", does: "reset" });
    run(plant, 3);
    expect(plant.racks.every(({ live }) => live)).toBe(true);
  });

  test("takes the breaker above with it where that is hardly larger", () => {
    const close = { ...board, main: { ...board.main, ratedKw: 60 } };
    const plant = plantOf(close, { r1: { ratedKw: 10, on: ["sub"] } });
    apply(plant, { breaker: "sub", does: "short" });
    run(plant, 1);
    expect([node(plant, "sub").tripped, node(plant, "main").tripped]).toEqual([true, true]);
  });

  test("behind a UPS on its string is no more than the inverter gives, which stops after a second", () => {
    const plant = plantOf(
      {
        grid: { kind: "utility", ratedKw: 500 },
        ups: { kind: "ups", from: ["grid"], ratedKw: 80, battery: "bat" },
        row: { kind: "pdu", from: ["ups"], ratedKw: 44 },
      },
      { r1: { ratedKw: 10, on: ["row"] } },
      { bat: "battery/sunspec-802-803" },
    );
    apply(plant, { utility: "fail" });
    run(plant, 3);
    apply(plant, { breaker: "row", does: "short" });
    const stopS = secondsUntil(plant, () => plant.ups[0]!.mode === "off", 10);
    expect(stopS).toBeGreaterThanOrEqual(0.9);
    expect(stopS).toBeLessThanOrEqual(1.3);
    expect(node(plant, "row").tripped).toBe(false);
  });
});

test("power that comes back to a full row at once rushes in without opening its breaker, and opens one that is overbooked", () => {
  const row = (ratedKw: number): boolean => {
    const plant = plantOf(
      { ...board, sub: { ...board.sub, ratedKw } },
      Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`r${i}`, { ratedKw: 5, on: ["sub"] }])),
    );
    drawAbout(plant, 5);
    plant.racks.forEach((rack) => Object.assign(rack, { meanKw: 1 }));
    apply(plant, { breaker: "sub", does: "open" });
    run(plant, 5);
    apply(plant, { breaker: "sub", does: "close" });
    run(plant, 5);
    return node(plant, "sub").tripped;
  };
  expect(row(44)).toBe(false);
  expect(row(16)).toBe(true);
});
