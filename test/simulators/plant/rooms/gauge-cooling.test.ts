import { expect, test } from "vitest";
import { gaugesOf } from "../../../../simulators/plant/gauge.ts";
import { apply, type Plant } from "../../../../simulators/plant/index.ts";
import { quantityOf } from "../../../../src/core/quantity.ts";
import { plantOf, run, siteWith } from "../run.ts";

const site = () =>
  plantOf(
    siteWith([
      "chiller-1: chiller/rittal-pcoweb in switch-room",
      "cdu-1: cdu/ocp-orv3-rpu in hall-1",
      "lcp-1: cooling/rittal-lcp in hall-2",
      "rope: leak/rle-seahawk-10k in ups-room",
    ]),
  );

/** Every gauge of these devices that shows what its quantity cannot be. */
function wrong(plant: Plant, devices: readonly string[]): readonly string[] {
  return devices.flatMap((device) =>
    Object.entries(gaugesOf(plant).get(device)!).flatMap(([point, gauge]) => {
      const quantity = quantityOf(point.replace("[n]", "[1]"));
      const shown = gauge();
      const good = quantity && shown !== null && shown >= quantity.range[0] && shown <= quantity.range[1];
      return good ? [] : `${device}/${point} = ${shown}`;
    }),
  );
}

test("every point of coolers, chillers, liquid units and leak panels is one that its quantity allows, well or ill", () => {
  const { plant } = site();
  const devices = ["chiller-1", "cdu-1", "lcp-1", "crac-1", "rope", "asd-hall-1", "asd-battery"];
  run(plant, 600);
  expect(wrong(plant, devices)).toEqual([]);
  for (const cooling of ["crac-1", "cdu-1"]) apply(plant, { cooling, fail: true });
  apply(plant, { chiller: "chiller-1", does: "trip", manual: true });
  apply(plant, { leak: "ups-room", on: true });
  apply(plant, { smoke: { room: "hall-1", rate: 20 } });
  run(plant, 3600);
  expect(wrong(plant, devices)).toEqual([]);
});

test("a point with an instance shows what its unit has one of, and a stranger shows nothing", () => {
  const { plant, shows } = site();
  run(plant, 600);
  expect(shows("lcp-1", "supply[3].temperature")).toBe(plant.coolers.find(({ id }) => id === "lcp-1")!.supplyC);
  expect(shows("lcp-1", "rectifier[3].temperature")).toBeNull();
});

test("a unit that freezes holds its numbered points too, and a numbered point can be laid over", () => {
  const { plant, shows } = site();
  apply(plant, { freeze: "lcp-1", on: true });
  const held = shows("lcp-1", "return[2].temperature");
  apply(plant, { cooling: "lcp-1", fail: true });
  run(plant, 300);
  expect(shows("lcp-1", "return[2].temperature")).toBe(held);
  apply(plant, { reading: "lcp-1/return[1].temperature", shows: 99 });
  expect([shows("lcp-1", "return[1].temperature"), shows("lcp-1", "return[2].temperature")]).toEqual([99, held]);
});

test("what a chiller, its water and its coolers say of their heat is one and the same", () => {
  const { plant, shows } = site();
  run(plant, 3600);
  const kjKgK = 4.19;
  const water = shows("lcp-1", "water[1].flow")! * kjKgK;
  const taken =
    water * (shows("lcp-1", "water.outlet[1].temperature")! - shows("lcp-1", "water.inlet[1].temperature")!);
  expect(taken).toBeCloseTo(shows("lcp-1", "cooling.output")!, 6);
  const carried =
    shows("chiller-1", "coolant.flow")! *
    kjKgK *
    (shows("chiller-1", "coolant.temperature.return")! - shows("chiller-1", "coolant.temperature.supply")!);
  expect(carried / shows("chiller-1", "cooling.output")!).toBeCloseTo(1, 1);
});
