import { afterEach, describe, expect, test } from "vitest";
import { makeCollector } from "../../src/collect/index.ts";
import type { IdentityRules, PointModel } from "../../src/profiles/model.ts";
import { clockAt, device, modbusPoint, modbusServer, of, snmpPoint, take } from "./fixture.ts";
import { agentThat, answer, OID } from "./snmp/fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const known = (identify: IdentityRules["identify"]): IdentityRules => ({ id: "ups/meant", identify });

/** The first readings of a point of a device that its profile is known by something. */
async function readingsOf(port: number, point: PointModel, identity: IdentityRules, count = 2) {
  const link = device("ups-a", port, [point]);
  const made = makeCollector({ ...link, model: { ...link.model, identity } }, clockAt(), { random: () => 0 });
  const readings = await take(
    (stop, sink) => made.collect(stop, sink),
    (got) => of(got, `ups-a/${point.name}`).length >= count,
  );
  return of(readings, `ups-a/${point.name}`);
}

describe("a device that is connected", () => {
  test("is read where a register says that it is the one that is meant, and not where another is in its place", async () => {
    const server = await modbusServer({ getHoldingRegister: (addr: number) => (addr === 9 ? 4711 : 230) });
    closers.push(() => server.close());
    const point = modbusPoint("input.voltage[1]", 1);
    const is = (equals: number) => known({ modbus: { table: "holding", addr: 9, equals } });
    expect(await readingsOf(server.port, point, is(4711))).toMatchObject([{ value: 230 }, { value: 230 }]);
    for (const reading of await readingsOf(server.port, point, is(4712)))
      expect(reading).toMatchObject({ quality: "bad", reason: "wrongDevice" });
  });

  test("is asked again each time that its line is opened, so that an exchanged one is found out", async () => {
    let model = 4711;
    const server = await modbusServer({ getHoldingRegister: (addr: number) => (addr === 9 ? model : 230) });
    closers.push(() => server.close());
    const point = modbusPoint("input.voltage[1]", 1);
    const rule = known({ modbus: { table: "holding", addr: 9, equals: 4711 } });
    const link = device("ups-a", server.port, [point]);
    const made = makeCollector({ ...link, model: { ...link.model, identity: rule } }, clockAt(), { random: () => 0 });
    let restarted = false;
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => {
        const ours = of(got, "ups-a/input.voltage[1]");
        if (!restarted && ours.some(({ quality }) => quality === "good")) {
          restarted = true;
          model = 1;
          void server.close();
          closers.push(() => undefined);
        }
        return ours.some(({ quality }) => quality === "bad");
      },
    );
    expect(of(readings, "ups-a/input.voltage[1]")[0]).toMatchObject({ value: 230 });
  });

  test("is taken for what it is said to be where nothing stands in the place to look", async () => {
    const agent = await agentThat((request) => answer(request, request.oids.includes(`${OID}.0`) ? [5] : []));
    closers.push(() => agent.close());
    const rule = known({ snmp: [{ oid: "1.3.6.1.2.1.1.2.0", prefix: "1.3.6.1.4.1.318" }] });
    expect(await readingsOf(agent.port, snmpPoint("battery.charge", `${OID}.0`), rule)).toMatchObject([
      { value: 5 },
      { value: 5 },
    ]);
  });
});
