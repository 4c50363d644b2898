import { describe, expect, test } from "vitest";
import { apply, type Plant } from "../../../../simulators/plant/index.ts";
import { upsLossKw } from "../../../../simulators/plant/power/ups.ts";
import { storedKj } from "../../../../simulators/plant/rooms/thermal.ts";
import { plantOf, plantWith, run, secondsUntil, siteWith } from "../run.ts";

/** The demo's halls with racks of another rating, all of it drawn, and a power chain to match. */
function dense(rackKw: number): Plant {
  const { plant } = plantOf(
    siteWith([], (text) =>
      text.replace(/ratedKw: 5$/gm, `ratedKw: ${rackKw}`).replace(/ratedKw: (44|80|400|250)\b/g, "ratedKw: 2000"),
    ),
  );
  for (const { id } of plant.racks) apply(plant, { load: id, kw: rackKw });
  run(plant, 1800);
  return plant;
}

/** Seconds from the loss of hall 1's cooling to inlet air of so many degrees. */
function secondsTo(plant: Plant, limitC: number): number {
  const hall = plant.rooms.find(({ id }) => id === "hall-1")!;
  apply(plant, { cooling: "crac-1", fail: true });
  for (let second = 1; second < 7200; second++) {
    run(plant, 1);
    if (hall.airC >= limitC) return second;
  }
  return Number.POSITIVE_INFINITY;
}

describe("cooling that is lost", () => {
  // Opengate 2007: 3 min 09 s at 5 kW a rack; a tenth either way.
  test("takes racks of 5 kW to where servers of the study stopped in 3 min 09 s", () => {
    const seconds = secondsTo(dense(5), 40);
    expect(seconds).toBeGreaterThan(189 * 0.9);
    expect(seconds).toBeLessThan(189 * 1.1);
  });

  test("takes racks of 10 and of 20 kW there within a minute", () => {
    const [ten, twenty] = [secondsTo(dense(10), 40), secondsTo(dense(20), 40)];
    expect(ten).toBeLessThan(60);
    expect(twenty).toBeLessThan(ten);
  });

  // Alibaba Hong Kong, 2022-12-18: 27 minutes from the first temperature alarm to the first server that stopped; half of that either way.
  test("leaves lightly loaded racks half an hour, as in Hong Kong in 2022", () => {
    const { plant } = plantWith();
    const alarmS = secondsTo(plant, 27);
    const hall = plant.racks.filter(({ room }) => plant.rooms[room]!.id === "hall-1");
    const stopS = secondsUntil(plant, () => hall.some(({ tooHot }) => tooHot), 7200);
    expect(alarmS).toBeLessThan(60);
    expect(stopS / 60).toBeGreaterThan(27 * 0.5);
    expect(stopS / 60).toBeLessThan(27 * 1.5);
  });
});

describe("heat", () => {
  test("that racks, UPS and fires make is what coolers take, rooms lose and stores hold, to a thousandth in a day", () => {
    const { plant } = plantWith({ weather: { meanC: 25, swingC: 8 } });
    const stored = () => plant.rooms.reduce((sum, room) => sum + (room.outdoor ? 0 : storedKj(room)), 0);
    const left = () => plant.rooms.reduce((sum, room) => sum + (room.outdoor ? 0 : room.lostKj), 0);
    const [storedBefore, lostBefore] = [stored(), left()];
    let [made, taken] = [0, 0];
    for (let second = 0; second < 86_400; second++) {
      if (second === 30_000) apply(plant, { cooling: "crac-1", fail: true });
      if (second === 31_000) apply(plant, { cooling: "crac-1", fail: false });
      if (second === 60_000) apply(plant, { battery: "bat-a", archetype: "vent" });
      run(plant, 1);
      for (const rack of plant.racks) made += rack.kw;
      for (const ups of plant.ups) made += upsLossKw(ups);
      for (const battery of plant.batteries) made += battery.emission.heatKw;
      for (const cooler of plant.coolers) taken += cooler.outputKw;
    }
    const balance = made - taken - (left() - lostBefore) - (stored() - storedBefore);
    expect(made).toBeGreaterThan(3e6);
    expect(Math.abs(balance) / made).toBeLessThan(0.001);
  });

  test("goes over to the room under the same ceiling, and what one gives the other gets", () => {
    const { plant } = plantWith({ battery: "bat-a", archetype: "short" });
    run(plant, 3600);
    const [one, other] = [plant.rooms[0]!, plant.rooms[1]!];
    expect(other.gainedKj).toBeGreaterThan(1000);
    expect(one.gainedKj + other.gainedKj).toBeCloseTo(0, 6);
  });
});

describe("a hall without cooling", () => {
  test("climbs by 1 to 2 °C a minute at about 30 kW", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    expect(shows("pdu-a1", "power.active")! + shows("pdu-b1", "power.active")!).toBeCloseTo(30, -1);
    run(plant, 60);
    const start = shows("crac-1", "temperature.inlet") ?? 0;
    run(plant, 300);
    const slope = ((shows("crac-1", "temperature.inlet") ?? 0) - start) / 5;
    expect(slope).toBeGreaterThan(1);
    expect(slope).toBeLessThan(2);
  });

  test("climbs fastest at first", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    const inlet = () => shows("crac-1", "temperature.inlet") ?? 0;
    const climbIn = (forS: number): number => {
      const before = inlet();
      run(plant, forS);
      return inlet() - before;
    };
    expect(climbIn(60)).toBeGreaterThan(climbIn(60));
  });

  test("leaves the other hall cool, and its servers save themselves at 45 °C", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    const stopS = secondsUntil(plant, () => plant.racks.some(({ tooHot }) => tooHot), 3600);
    expect(stopS).toBeGreaterThan(10 * 60);
    expect(shows("crac-1", "temperature.inlet")).toBeCloseTo(45, 0);
    expect(shows("crac-2", "temperature.inlet")).toBeLessThan(24);
    run(plant, 600);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(46);
  });

  test("is cool again after its cooler has been mended", () => {
    const { plant, shows } = plantWith({ cooling: "crac-1", fail: true });
    run(plant, 300);
    expect(shows("crac-1", "cooling.output")).toBe(0);
    apply(plant, { cooling: "crac-1", fail: false });
    run(plant, 30);
    expect(shows("crac-1", "cooling.mode")).toBe(1);
    run(plant, 1800);
    expect(shows("crac-1", "cooling.mode")).toBe(3);
    expect(shows("crac-1", "temperature.inlet")).toBeLessThan(24);
  });
});

describe("smoke", () => {
  test("raises the levels in their order, and clears when its source has ended", () => {
    const { plant, shows } = plantWith({ smoke: { room: "hall-2", rate: 0.1 } });
    const levels: (number | null)[] = [];
    for (let i = 0; i < 900; i++) {
      run(plant, 1);
      const level = shows("asd-hall-2", "smoke.level");
      if (levels.at(-1) !== level) levels.push(level);
    }
    expect(levels).toEqual([0, 1, 2, 3]);
    expect(shows("asd-hall-1", "smoke.level")).toBe(0);
    apply(plant, { smoke: { room: "hall-2", rate: 0 } });
    run(plant, 2 * 3600);
    expect(shows("asd-hall-2", "smoke.level")).toBe(0);
  });

  test("goes through a shared ceiling into the next room, later", () => {
    const { plant, shows } = plantWith({ smoke: { room: "battery-room", rate: 3 } });
    const hereS = secondsUntil(plant, () => shows("asd-battery", "smoke.level") === 3, 600);
    const nextS = secondsUntil(plant, () => (shows("asd-ups", "smoke.level") ?? 0) >= 2, 1800);
    expect(hereS).toBeLessThan(120);
    expect(nextS).toBeGreaterThan(60);
    expect(nextS).toBeLessThan(1200);
    expect(shows("asd-hall-1", "smoke.level")).toBe(0);
  });

  test("alone does not release the gas: two kinds of detector must agree", () => {
    const { plant, shows } = plantWith({ smoke: { room: "battery-room", rate: 10 } });
    run(plant, 300);
    expect(shows("asd-battery", "smoke.level")).toBe(4);
    expect(shows("io-battery", "suppression.released")).toBe(0);
  });
});
