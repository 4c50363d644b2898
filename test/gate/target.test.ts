import { describe, expect, it } from "vitest";
import { type TargetKindName, targetKind, targetKinds } from "../../src/core/target.ts";
import { declarations, makeActuators } from "../../src/gate/index.ts";
import { movedBy } from "../../src/gate/target.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { FakeDevice } from "./fixture.ts";

describe("a service that a target moves", () => {
  const target = new FakeDevice({ "cluster.leader": 0 });
  // Of three sites the second has no state: nothing leads there.
  const service = movedBy(target, "cluster.leader", { states: [1, null, 0] });
  const order = (value: number) => ({ ...anOrder(value), point: "service.site" });

  it("is where the target's state says, and goes where an order says", async () => {
    expect(await service.read("service.site", stop)).toBe(2);
    expect(await service.write(order(0), stop)).toEqual({ result: "accepted" });
    expect(target.orders).toEqual([{ ...order(0), point: "cluster.leader", value: 1 }]);
    expect(await service.read("service.site", stop)).toBe(0);
  });

  it("is nowhere where the target is, or is in a state that means no site", async () => {
    target.values.set("cluster.leader", null);
    expect(await service.read("service.site", stop)).toBeNull();
    target.values.set("cluster.leader", 7);
    expect(await service.read("service.site", stop)).toBeNull();
    expect(await service.read("cluster.leader", stop)).toBeNull();
  });

  it("does not go to a site that has no state, or by another point", async () => {
    const before = target.orders.length;
    expect(await service.write(order(1), stop)).toMatchObject({ result: "refused" });
    expect(await service.write(order(9), stop)).toMatchObject({ result: "refused" });
    expect(await service.write({ ...order(0), point: "cluster.leader" }, stop)).toMatchObject({ result: "refused" });
    expect(target.orders).toHaveLength(before);
  });
});

describe("every kind of target", () => {
  it("says of itself what it writes, what twice comes to, how long it may take and how it is confirmed", () => {
    expect(Object.keys(declarations)).toEqual(["modbus", "snmp", "webhook", ...Object.keys(targetKinds)]);
    for (const { writes, twice, confirmed, timeoutMs } of Object.values(declarations)) {
      for (const text of [writes, twice, confirmed]) expect(text.length).toBeGreaterThan(10);
      if (typeof timeoutMs === "number") expect(timeoutMs).toBeLessThanOrEqual(30_000);
    }
  });

  it("has an actuator, which the services that it moves share", () => {
    const at = { id: "vms", kind: "exec", point: "program.state", states: ["here", "there"] } as const;
    const link = { ...at, settings: { run: {}, show: ["/bin/false"], timeoutMs: 1000 } };
    const moved = { id: "login", by: "vms", sites: ["seoul", "busan"], states: [0, 1] };
    expect([...makeActuators([], [moved], [link]).keys()]).toEqual(["login", "vms"]);
    expect([...makeActuators([], [moved], []).keys()]).toEqual([]);
    for (const name of Object.keys(targetKinds) as TargetKindName[])
      expect(targetKind(name).point).toMatch(/^\w+\.\w+$/);
  });
});
