import { afterEach, describe, expect, test } from "vitest";
import { serveAlone } from "../../simulators/device/served.ts";
import { makeCollector, readOnce } from "../../src/collect/index.ts";
import { noWait } from "../../src/collect/line.ts";
import { modbusOpener } from "../../src/collect/modbus/line.ts";
import { openVariant } from "../../src/collect/variant.ts";
import { ms } from "../../src/core/time.ts";
import { type AskedProtocol, bindDevice } from "../../src/profiles/index.ts";
import { pduText, profileOf } from "../profiles/fixtures.ts";
import { freeUdpPort } from "../setup/services.ts";
import { clockAt, exception, freePort, HOST, of, peer, reply, running, take } from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** What was moved from firmware 6.74 on: power from input 7 to holding 5, and from one object to another; outlets' rows too. */
const profile = profileOf(
  pduText({
    head: `firmware:
  snmp: { oid: 1.3.6.1.4.1.9.1.0 }
  modbus: { table: holding, addr: 500, type: string, count: 3 }
`,
    points: `  power.active:
    unit: kW
    scan: fast
    snmp: { oid: 1.3.6.1.4.1.9.2.0, scale: 0.01 }
    modbus: { table: holding, addr: 5, type: u16 }
  "outlet[n].current":
    unit: A
    scan: fast
    repeat: { n: walk }
    snmp: { oid: "1.3.6.1.4.1.9.3.1.2.{n}", scale: 0.1 }
  frequency: { unit: Hz, scan: fast, snmp: { oid: 1.3.6.1.4.1.9.4.0 }, modbus: { table: holding, addr: 6, type: u16 } }
`,
    rest: `variants:
  - when: { firmware: <6.74 }
    points:
      power.active: { snmp: { oid: 1.3.6.1.4.1.9.5.0, scale: 0.1 }, modbus: { table: input, addr: 7, type: u16, scale: 0.1 } }
      "outlet[n].current": { snmp: { oid: "1.3.6.1.4.1.9.6.1.2.{n}", scale: 0.01 } }
`,
  }),
);

async function served(protocol: AskedProtocol, firmware?: string) {
  const port = await (protocol === "modbus" ? freePort() : freeUdpPort());
  const address = { host: HOST, port };
  const said = firmware === undefined ? {} : { firmware };
  const alone = await serveAlone(profile, { protocol, address, rows: 2, seed: 7, faults: [], ...said });
  closers.push(() => alone.close());
  return { alone, link: { id: "pdu", model: bindDevice(profile, { protocol }), address } };
}

describe("a device whose firmware has its points elsewhere", () => {
  test.each([
    ["modbus", "6.73", "input 7 u16", /has firmware 6\.73: .* for <6\.74/],
    ["modbus", "6.74", "holding 5 u16", /has firmware 6\.74: its points are read where its profile has them$/],
    ["modbus", undefined, "holding 5 u16", /does not say its firmware/],
    ["snmp", "v5.1.2", "1.3.6.1.4.1.9.5.0", /has firmware v5\.1\.2: .* for <6\.74/],
    ["snmp", "v7", "1.3.6.1.4.1.9.2.0", /has firmware v7: its points are read where its profile has them$/],
    ["snmp", undefined, "1.3.6.1.4.1.9.2.0", /does not say its firmware/],
  ] as const)("is read over %s with firmware %s at %s, and says so", async (protocol, firmware, source, words) => {
    const { alone, link } = await served(protocol, firmware);
    const { points, learned, fault } = await readOnce(link);
    expect(fault).toBeNull();
    expect(learned[0]).toMatch(words);
    expect(points.map(({ name }) => name).toSorted()).toEqual(alone.model.points.map(({ name }) => name).toSorted());
    expect(points.map(({ reading }) => reading.quality)).toEqual(points.map(() => "good"));
    const power = points.find(({ name }) => name === "power.active")!;
    expect(power.source).toBe(source);
    const shown = alone.shown.look("device", "power.active")()!;
    expect(Math.abs((power.reading as { value: number }).value - shown) / shown).toBeLessThan(0.1);
  });

  test("is polled there, table by table, under the names that its points have anyway", async () => {
    const { link } = await served("snmp", "6.7");
    const collector = makeCollector(link, clockAt(20), { random: () => 0 });
    const names = ["power.active", "frequency", "outlet[1].current", "outlet[2].current"];
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (got) => names.every((name) => of(got, `pdu/${name}`).length >= 2),
    );
    for (const name of names) expect(of(readings, `pdu/${name}`).map(({ quality }) => quality)).not.toContain("bad");
  });

  test("is asked again each time that its line is opened: after an update its points are read where they are now", async () => {
    let minor = 0x3733;
    const words = (addr: number): number => [0x362e, minor, 0][addr - 500] ?? (addr === 5 ? 22 : 50);
    const device = await peer((request, socket) => {
      const [from, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
      const isInput = request[7] === 4;
      socket.write(reply(request, isInput ? [110] : Array.from({ length: count }, (_, i) => words(from + i))));
    });
    closers.push(() => device.close());
    const model = bindDevice(profile, { protocol: "modbus", periods: { fast: ms(50) } });
    const link = { id: "pdu", model, address: { host: HOST, port: device.port } };
    const collector = makeCollector(link, clockAt(), { random: () => 0 });
    const values: number[] = [];
    await take(
      (stop, sink) => collector.collect(stop, sink),
      (got) => {
        const power = of(got, "pdu/power.active").at(-1);
        if (power?.quality === "good" && values.at(-1) !== power.value) values.push(power.value);
        if (minor === 0x3733 && values.length === 1) {
          minor = 0x3734;
          for (const socket of device.sockets) socket.destroy();
        }
        return values.length === 2;
      },
    );
    expect(values).toEqual([11, 22]);
  });

  test("has taught its lessons for that firmware: another may bear what it did not, and the way back knows them again", async () => {
    let minor = 0x3733;
    const asked: string[] = [];
    const device = await peer((request, socket) => {
      const [from, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
      if (from < 500) asked.push(`${from}+${count}`);
      // The older firmware gives one register at a time.
      if (from < 500 && count > 1 && minor === 0x3733) socket.write(exception(request, 3));
      else socket.write(reply(request, from >= 500 ? [0x362e, minor, 0] : Array<number>(count).fill(50)));
    });
    closers.push(() => device.close());
    const plain = profileOf(
      pduText({
        head: "firmware: { modbus: { table: holding, addr: 500, type: string, count: 3 } }\n",
        points: `  frequency: { unit: Hz, scan: fast, modbus: { table: holding, addr: 6, type: u16 } }
  power.active: { unit: kW, scan: fast, modbus: { table: holding, addr: 7, type: u16 } }
`,
      }),
    );
    const model = bindDevice(plain, { protocol: "modbus" });
    const open = openVariant(() => modbusOpener({ id: "pdu", model, address: { host: HOST, port: device.port } }), {
      id: "pdu",
      model,
      address: { host: HOST, port: device.port },
    });
    const polled = async (): Promise<readonly string[]> => {
      const line = await open(running());
      asked.length = 0;
      await line.poll(model.points, noWait);
      line.close();
      return [...asked];
    };
    expect(await polled()).toEqual(["6+2", "6+1", "7+1"]);
    expect(await polled()).toEqual(["6+1", "7+1"]);
    minor = 0x3734;
    expect(await polled()).toEqual(["6+2"]);
    minor = 0x3733;
    expect(await polled()).toEqual(["6+1", "7+1"]);
  });

  test("is not read at all while nobody answers which firmware it has", async () => {
    const { link } = await served("modbus", "6.73");
    const mute = { ...link, address: { host: HOST, port: await freePort() } };
    const { points, fault } = await readOnce(mute);
    expect(fault).not.toBeNull();
    expect(points.every(({ reading }) => reading.quality === "bad")).toBe(true);
  });
});
