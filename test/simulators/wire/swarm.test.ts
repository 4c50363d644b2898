import { describe, expect, test } from "vitest";
import { faultOf } from "../../../simulators/wire/fault.ts";
import { faultProblem } from "../../../simulators/wire/fault-board.ts";
import { swarm } from "../../../simulators/wire/swarm.ts";
import { demoDevices } from "../demo-site.ts";

const devices = demoDevices();
const hour = 3_600_000;
const rules = { seed: 7, devices, perHour: 600, spanMs: hour };

describe("a swarm of faults", () => {
  test("follows from its seed: the same again, another from another", () => {
    expect(swarm(rules)).toEqual(swarm(rules));
    expect(swarm({ ...rules, seed: 8 })).not.toEqual(swarm(rules));
  });

  test("has as many as its rate says, in the order in which they begin, within its span", () => {
    const all = swarm(rules);
    expect(all).toHaveLength(600);
    expect(all.map(({ fromMs }) => fromMs)).toEqual(all.map(({ fromMs }) => fromMs).toSorted((a, b) => a - b));
    for (const { said, fromMs, untilMs } of all) {
      expect(untilMs! - fromMs).toBe(said.for);
      expect(untilMs).toBeLessThanOrEqual(hour);
    }
  });

  test("is of faults that each device can have, over every kind there is", () => {
    const known = new Map(devices.map((device) => [device.id, { ...device, link: device.id }]));
    const all = swarm({ ...rules, perHour: 3000 });
    expect(all.flatMap(({ said }) => faultProblem(said, known) ?? [])).toEqual([]);
    expect(new Set(all.map(({ said }) => said.fault)).size).toBe(14);
    expect(all.some(({ said }) => said.link !== undefined)).toBe(true);
    expect(new Set(all.map(({ said }) => said.on ?? said.link)).size).toBe(devices.length);
  });

  test("keeps to the kinds that are asked for, and is empty without devices", () => {
    const kinds = new Set(swarm({ ...rules, kinds: ["drop", "spike"] }).map(({ said }) => said.fault));
    expect([...kinds].toSorted()).toEqual(["drop", "spike"]);
    expect(swarm({ ...rules, devices: [] })).toEqual([]);
    const [first] = swarm(rules);
    expect(typeof faultOf(first!.said, "snmp") === "object" || typeof faultOf(first!.said, "modbus") === "object").toBe(
      true,
    );
  });
});
