import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { advance, apply, demoPlant, demoSiteFile, measure } from "../../simulators/plant/index.ts";
import { faultyDevices } from "../../simulators/scenario/fault.ts";
import { faultBoard, faultSchema } from "../../simulators/wire/index.ts";
import { instant, seconds } from "../../src/core/time.ts";
import type { Actuator } from "../../src/gate/index.ts";
import { virtualActuators } from "../../src/simulation/virtual-actuators.ts";
import { demoSite } from "../simulators/demo-site.ts";

const site = demoSite();
const stop = new AbortController().signal;
const outlet = "outlet[1].state";
const opened = { id: "c" as Parameters<Actuator["write"]>[0]["id"], point: outlet, value: 0, expires: instant(1e15) };

/** What switches outlets of the demo's plant, with a fault, in the gate's hand. */
function handOn(fault?: object) {
  const plant = demoPlant(1);
  const board = faultBoard(faultyDevices(site), { seed: 1, now: () => plant.steps * 100 });
  const relay = site.devices.find(({ model }) => model.commands.some(({ point }) => point === outlet))!;
  if (fault) expect(board.begin(faultSchema.parse({ ...fault, on: relay.id }))).toBeNull();
  const hand = virtualActuators(site, plant, (device) => board.of(device)).get(relay.id)!;
  const truth = (): number | null => {
    advance(plant, seconds(2));
    return measure(plant)(relay.id, outlet);
  };
  return { hand, truth };
}

describe("the gate's hand on a simulated device", () => {
  test("is heard and followed where nothing is wrong", async () => {
    const { hand, truth } = handOn();
    expect(await hand.read(outlet, stop)).toBe(1);
    expect(await hand.write(opened, stop)).toEqual({ result: "accepted" });
    expect(truth()).toBe(0);
    expect(await hand.read(outlet, stop)).toBe(0);
  });

  test.each(["drop", "half-frame", "wrong-id", "reset"])(
    "hears nothing through a %s, and does not know that its write was followed",
    async (fault) => {
      const { hand, truth } = handOn({ fault });
      expect(await hand.read(outlet, stop)).toBeNull();
      expect(await hand.write(opened, stop)).toMatchObject({ result: "unsure" });
      expect(truth()).toBe(0);
    },
  );

  test("sees a contact that stands still on the display of a device that is frozen", async () => {
    const { hand, truth } = handOn({ fault: "frozen" });
    expect(await hand.read(outlet, stop)).toBe(1);
    expect(await hand.write(opened, stop)).toEqual({ result: "accepted" });
    expect(truth()).toBe(0);
    expect(await hand.read(outlet, stop)).toBe(1);
  });

  test("is refused by a device that refuses, and nothing happens", async () => {
    const { hand, truth } = handOn({ fault: "error", by: "genErr" });
    expect(await hand.read(outlet, stop)).toBeNull();
    expect(await hand.write(opened, stop)).toMatchObject({ result: "refused" });
    expect(truth()).toBe(1);
  });
});

describe("the gate's hand on a simulated target", () => {
  const target = { id: "orders", point: "cluster.leader" } as (typeof site.targets)[number];
  const text = readFileSync(demoSiteFile(), "utf8").replace(
    "alarms:\n",
    'targets:\n  orders: { patroni: { members: { pg-1: "http://a", pg-2: "http://b" } } }\nalarms:\n',
  );
  const order = { ...opened, point: "cluster.leader", value: 1 };

  function handOnTarget(is: "sound" | "stuck" | "refusing" | "mute") {
    const plant = demoPlant(1, text);
    apply(plant, { target: "orders", is });
    return { plant, hand: virtualActuators({ ...site, targets: [target] }, plant).get("orders")! };
  }

  test("is followed in the target's own time, and sees no other point of it", async () => {
    const { plant, hand } = handOnTarget("sound");
    expect(await hand.read("cluster.leader", stop)).toBe(0);
    expect(await hand.write(order, stop)).toEqual({ result: "accepted" });
    expect(await hand.read("cluster.leader", stop)).toBe(0);
    for (let s = 0; s < 20; s++) advance(plant, seconds(1));
    expect(await hand.read("cluster.leader", stop)).toBe(1);
    expect(await hand.read("cluster.other", stop)).toBeNull();
  });

  test.each([
    ["stuck", "accepted", 0],
    ["refusing", "refused", 0],
    ["mute", "again", null],
  ] as const)("on one that is %s is %s", async (is, result, shown) => {
    const { plant, hand } = handOnTarget(is);
    expect(await hand.write(order, stop)).toMatchObject({ result });
    for (let s = 0; s < 60; s++) advance(plant, seconds(1));
    expect(await hand.read("cluster.leader", stop)).toBe(shown);
  });
});
