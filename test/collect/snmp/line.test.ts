import { afterEach, describe, expect, test } from "vitest";
import type { Line } from "../../../src/collect/line.ts";
import { POLLS_UNTIL_ASKED_AGAIN } from "../../../src/collect/refusals.ts";
import { snmpOpener } from "../../../src/collect/snmp/line.ts";
import type { DeviceLink, SnmpAccess } from "../../../src/profiles/link.ts";
import type { PointModel, Sample } from "../../../src/profiles/model.ts";
import { device, running, snmpPoint } from "../fixture.ts";
import { agentThat, answer, type Get, OID, realAgent, USER } from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const alone = async (): Promise<void> => {};
const points = [1, 2, 3, 4, 5, 6].map((n) => snmpPoint(`p${n}`, `${OID}.${n}`));
const valueOf = (oid: string): number => Number(oid.split(".").at(-1)) * 10;
const values = (get: Get): Buffer => answer(get, get.oids.map(valueOf));

const outcomes = (samples: readonly Sample[]): Record<string, number | string> =>
  Object.fromEntries(samples.map((sample) => [sample.point.name, "fault" in sample ? sample.fault : sample.value]));

const all = { p1: 10, p2: 20, p3: 30, p4: 40, p5: 50, p6: 60 };

function linkTo(port: number, over = {}, access: SnmpAccess = { version: "2c" }): DeviceLink {
  const link = device("ups", port, points, over);
  return { ...link, address: { ...link.address, snmp: access } };
}

async function open(link: DeviceLink): Promise<Line> {
  const line = await snmpOpener(link)(running());
  closers.push(() => line.close());
  return line;
}

async function agent(respond: (get: Get, number: number) => Buffer | null) {
  const made = await agentThat(respond);
  closers.push(() => made.close());
  return made;
}

describe("an SNMP line", () => {
  test("packs as many objects into a GET as the device takes", async () => {
    const { port, seen } = await agent(values);
    const poll = await (await open(linkTo(port, { oids: 4 }))).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual(all);
    expect(seen.map(({ oids }) => oids.length)).toEqual([4, 2]);
    expect(poll).toMatchObject({ heard: true, fault: null });
    expect(poll.rawOf(points[2]!)).toBe(30);
  });

  test("asks for half as much when an answer would be too big, and remembers it over a reconnect", async () => {
    const { port, seen } = await agent((get) => (get.oids.length > 3 ? answer(get, [], { status: 1 }) : values(get)));
    const opener = snmpOpener(linkTo(port));
    for (const requests of [
      [6, 3, 3],
      [3, 3],
    ]) {
      seen.length = 0;
      const line = await opener(running());
      expect(outcomes((await line.poll(points, alone)).samples)).toEqual(all);
      expect(seen.map(({ oids }) => oids.length)).toEqual(requests);
      line.close();
    }
  });

  test("gives up an object that is too big by itself", async () => {
    const { port } = await agent((get) => answer(get, [], { status: 1 }));
    const poll = await (await open(linkTo(port))).poll(points.slice(0, 2), alone);
    expect(outcomes(poll.samples)).toEqual({ p1: "deviceFailure", p2: "deviceFailure" });
  });

  test("sets an object aside that a v1 agent does not have, and asks for it again after a while", async () => {
    const { port, seen } = await agent((get) => {
      const at = get.oids.indexOf(`${OID}.3`);
      return at < 0 ? values(get) : answer(get, [], { status: 2, index: at + 1 });
    });
    const line = await open(linkTo(port, {}, { version: "1" }));
    const expected = { ...all, p3: "notFitted" };
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(expected);
    expect(seen.map(({ oids }) => oids.length)).toEqual([6, 5]);
    for (let poll = 1; poll < POLLS_UNTIL_ASKED_AGAIN; poll++) {
      expect(outcomes((await line.poll(points, alone)).samples)).toEqual(expected);
    }
    seen.length = 0;
    await line.poll(points, alone);
    expect(seen.map(({ oids }) => oids.length)).toEqual([6, 5]);
  });

  test("finds the object that spoils an answer when the agent does not say which it is", async () => {
    const { port } = await agent((get) =>
      get.oids.includes(`${OID}.5`) ? answer(get, [], { status: 2, index: 0 }) : values(get),
    );
    const poll = await (await open(linkTo(port, {}, { version: "1" }))).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ ...all, p5: "notFitted" });
  });

  test.each([
    [5, "deviceFailure"],
    [6, "configuration"],
    [16, "configuration"],
  ])("takes error status %i for %s of one object", async (status, fault) => {
    const { port } = await agent((get) => {
      const at = get.oids.indexOf(`${OID}.1`);
      return at < 0 ? values(get) : answer(get, [], { status, index: at + 1 });
    });
    const poll = await (await open(linkTo(port))).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ ...all, p1: fault });
  });

  test("keeps what was read before the agent fell silent, and leaves the rest open", async () => {
    const { port } = await agent((get, number) => (number === 1 ? values(get) : null));
    const line = await open(linkTo(port, { oids: 3 }));
    const poll = await line.poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ p1: 10, p2: 20, p3: 30 });
    expect(poll).toMatchObject({ heard: true, fault: { kind: "silent" } });
    expect(line.usable).toBe(true);
  });

  test("asks last for what an agent answers by silence, so that it costs the others nothing", async () => {
    const { port } = await agent((get) => (get.oids.includes(`${OID}.1`) ? null : values(get)));
    const line = await open(linkTo(port, { oids: 2 }));
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({});
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({ p3: 30, p4: 40, p5: 50, p6: 60 });
  });

  test("learns that an agent is silent to long questions, and keeps to short ones over a reconnect", async () => {
    const { port, seen } = await agent((get) => (get.oids.length > 3 ? null : values(get)));
    const opener = snmpOpener(linkTo(port, { timeout: 150 }));
    let line = await opener(running());
    closers.push(() => line.close());
    await expect
      .poll(async () => outcomes((await line.poll(points, alone)).samples), { interval: 1, timeout: 10_000 })
      .toEqual(all);
    expect(line.learned!()).toEqual(["it is asked for at most 3 objects at once: it is silent to 6"]);
    line.close();
    line = await opener(running());
    seen.length = 0;
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(all);
    expect(seen.map(({ oids }) => oids.length)).toEqual([3, 3]);
  });

  test("finds the one object that an agent answers by silence, and reads all the others", async () => {
    const { port } = await agent((get) => (get.oids.includes(`${OID}.1`) ? null : values(get)));
    const line = await open(linkTo(port, { timeout: 150 }));
    await expect
      .poll(async () => outcomes((await line.poll(points, alone)).samples), { interval: 1, timeout: 10_000 })
      .toEqual({ ...all, p1: "noCommunication" });
    expect(line.learned!()).toEqual(["it is silent to p1"]);
  });

  test("does not learn from an agent that is away for a while", async () => {
    let away = false;
    const { port, seen } = await agent((get) => (away ? null : values(get)));
    const line = await open(linkTo(port, { timeout: 150 }));
    await line.poll(points, alone);
    away = true;
    for (let polls = 0; polls < 5; polls += 1) {
      expect(await line.poll(points, alone)).toMatchObject({ heard: false, fault: { kind: "silent" } });
    }
    away = false;
    seen.length = 0;
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(all);
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(all);
    expect(seen.map(({ oids }) => oids.length)).toEqual([1, 6, 6]);
    expect(line.learned!()).toEqual([]);
  });

  test("says what the agent has refused by name, and how many rows it gives at once", async () => {
    const { port } = await agent((get) => {
      const at = get.oids.indexOf(`${OID}.3`);
      return at < 0 ? values(get) : answer(get, [], { status: 2, index: at + 1 });
    });
    const line = await open(linkTo(port, {}, { version: "1" }));
    await line.poll(points, alone);
    expect(line.learned!()).toEqual(["it refuses p3"]);
  });

  test("reads floats and doubles that are wrapped in an opaque, and counters of 64 bits", async () => {
    const opaque = Buffer.from("44079f780441bb3333", "hex");
    const counter = Buffer.from("4606010000000000", "hex");
    const { port } = await agent((get) => answer(get, [], { elements: [opaque, counter] }));
    const line = await open(linkTo(port));
    const poll = await line.poll(points.slice(0, 2), alone);
    expect(outcomes(poll.samples)).toEqual({ p1: expect.closeTo(23.4, 5) as number, p2: 2 ** 40 });
    expect(poll.rawOf(points[0]!)).toBeCloseTo(23.4, 5);
    expect(poll.rawOf(points[1]!)).toBe(2 ** 40);
  });

  test("reads a real agent, and takes what that does not have for not fitted", async () => {
    const real = await realAgent();
    closers.push(() => real.close());
    const have: PointModel = snmpPoint("battery.charge", `${OID}.0`);
    const lack: PointModel = snmpPoint("battery.voltage", `${OID}.7.0`);
    const line = await open(linkTo(real.port, { timeout: 2000 }, { version: "3", user: USER }));
    const poll = await line.poll([have, lack], alone);
    expect(outcomes(poll.samples)).toEqual({ "battery.charge": 42, "battery.voltage": "notFitted" });
  });
});
