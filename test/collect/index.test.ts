import { afterEach, describe, expect, test } from "vitest";
import { collect, type DeviceLink, makeCollector } from "../../src/collect/index.ts";
import type { Reading } from "../../src/core/reading.ts";
import { ms } from "../../src/core/time.ts";
import { clockAt, device, freePort, modbusPoint, modbusServer, of, peer, reply, snmpPoint, take } from "./fixture.ts";
import { agentThat, answer, forged, OID, REPORT, realAgent, relay, USER, udpPeer } from "./snmp/fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const kept = <T extends { close(): unknown }>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

const point = modbusPoint("output.voltage", 7, { period: ms(20) });
const charge = snmpPoint("battery.charge", `${OID}.0`, { period: ms(20) });

/** usmStatsNotInTimeWindows (RFC 3414). */
const NOT_IN_TIME_WINDOW = "1.3.6.1.6.3.15.1.1.2.0";

const goods = (readings: readonly Reading[], id: string): number =>
  of(readings, id).filter(({ quality }) => quality === "good").length;

/** Collects until `enough`, then checks that the collectors end by themselves. */
async function collected(
  links: readonly DeviceLink[],
  enough: (readings: readonly Reading[]) => boolean,
): Promise<readonly Reading[]> {
  const stop = new AbortController();
  const readings: Reading[] = [];
  await collect({ links }, clockAt(), stop.signal, (batch) => {
    readings.push(...batch);
    if (enough(readings)) stop.abort();
  });
  return readings;
}

describe("collecting from several devices", () => {
  test("brings readings over both protocols in one stream", async () => {
    const modbus = kept(await modbusServer({ getHoldingRegister: () => 230 }));
    const agent = kept(await realAgent());
    const links = [device("ups-a", modbus.port, [point]), device("ups-b", agent.port, [charge])];
    const readings = await collected(
      links,
      (got) => goods(got, "ups-a/output.voltage") >= 3 && goods(got, "ups-b/battery.charge") >= 3,
    );
    expect(of(readings, "ups-a/output.voltage")[0]).toMatchObject({ quality: "good", value: 230 });
    expect(of(readings, "ups-b/battery.charge")[0]).toMatchObject({ quality: "good", value: 42 });
    expect(of(readings, "ups-b/link.state")[0]).toMatchObject({ quality: "good", value: 1 });
  });

  test("a dead device and a silent one hold up no other, and are announced as bad again and again", async () => {
    const live = kept(await modbusServer({ getHoldingRegister: () => 230 }));
    const silent = kept(await peer(() => {}));
    const links = [
      device("dead", await freePort(), [point]),
      device("silent", silent.port, [point], { timeout: 100 }),
      device("live", live.port, [point], { timeout: 5000 }),
    ];
    const readings = await collected(links, (got) => of(got, "silent/output.voltage").length >= 4);
    expect(goods(readings, "live/output.voltage")).toBeGreaterThan(goods(readings, "dead/output.voltage") + 5);
    for (const id of ["dead", "silent"]) {
      expect(goods(readings, `${id}/output.voltage`)).toBe(0);
      expect(of(readings, `${id}/output.voltage`).length).toBeGreaterThanOrEqual(4);
      expect(of(readings, `${id}/link.state`)[0]).toMatchObject({ quality: "good", value: 0 });
    }
    const bad = of(readings, "live/output.voltage").filter(({ quality }) => quality === "bad");
    expect(bad).toEqual([]);
  });

  test("the units behind a gateway that takes one connection are all read over that one", async () => {
    const gateway = kept(
      await peer(
        (request, socket) => socket.write(reply(request, [request.readUInt8(6)])),
        (socket, { connections }) => {
          if (connections > 1) socket.destroy();
        },
      ),
    );
    const unit = (id: string, number: number): DeviceLink => {
      const link = device(id, gateway.port, [point], { timeout: 5000 });
      return { ...link, address: { ...link.address, unit: number } };
    };
    const readings = await collected([unit("meter-1", 11), unit("meter-2", 12), unit("meter-3", 13)], (got) =>
      ["meter-1", "meter-2", "meter-3"].every((id) => goods(got, `${id}/output.voltage`) >= 3),
    );
    expect(gateway.connections).toBe(1);
    expect(of(readings, "meter-2/output.voltage").every((reading) => "value" in reading && reading.value === 12)).toBe(
      true,
    );
  });

  test("an endpoint that answers too slowly for all that is asked is asked for safety in time, and for the rest when it can", async () => {
    const asked: { readonly unit: number; readonly isSafety: boolean }[] = [];
    let waiting = 0;
    let waitingMost = 0;
    const slow = kept(
      await peer((request, socket) => {
        asked.push({ unit: request[6]!, isSafety: request.readUInt16BE(8) === 0 });
        waiting += 1;
        waitingMost = Math.max(waitingMost, waiting);
        setTimeout(() => {
          waiting -= 1;
          socket.write(reply(request, Array<number>(request.readUInt16BE(10)).fill(230)));
        }, 10);
      }),
    );
    // Of a hundred answers a second safety wants a fifth; the slow class wants four hundred.
    const many = Array.from({ length: 20 }, (_, i) =>
      modbusPoint(`outlet[${i}].power`, 200 * (i + 1), { scan: "slow", period: ms(200) }),
    );
    const safe = modbusPoint("safe", 0, { period: ms(200) });
    const links = [1, 2, 3, 4].map((unit) => {
      const link = device(`unit-${unit}`, slow.port, [safe, ...many], { timeout: 5000 });
      return { ...link, address: { ...link.address, unit } };
    });
    const readings = await collected(links, (got) =>
      links.every(({ id }) => goods(got, `${id}/outlet[19].power`) >= 2),
    );
    for (const unit of [1, 2, 3, 4]) {
      const turns = asked.flatMap((one, at) => (one.unit === unit && one.isSafety ? [at] : []));
      const between = turns.slice(1).map((at, i) => at - turns[i]!);
      // A period of safety is twenty answers; asked in the order in which it came due it would wait for eighty.
      expect(Math.max(...between)).toBeLessThan(50);
      const last = (name: string) => of(readings, `unit-${unit}/${name}`).at(-1);
      expect(last("link.missed")).toMatchObject({ quality: "good", value: 0 });
      expect((last("link.misses") as { value: number }).value).toBeGreaterThan(1);
    }
    expect(readings.every(({ quality }) => quality === "good")).toBe(true);
    expect(waitingMost).toBe(1);
  });

  test("a sink that throws ends the collecting and is not swallowed", async () => {
    const live = kept(await modbusServer({ getHoldingRegister: () => 230 }));
    const links = [device("a", live.port, [point]), device("b", await freePort(), [point])];
    const run = collect({ links }, clockAt(), new AbortController().signal, () => {
      throw new Error("the consumer's own");
    });
    await expect(run).rejects.toThrow("the consumer's own");
  });

  test("a site without devices collects nothing and ends when it has nothing to do", async () => {
    await expect(collect({ links: [] }, clockAt(), new AbortController().signal, () => {})).resolves.toBeUndefined();
  });

  test("nothing is left open once it has stopped", async () => {
    const before = process.getActiveResourcesInfo().filter((name) => /TCP|UDP|Timeout/.test(name)).length;
    const silent = await peer(() => {});
    const agent = await agentThat(() => null);
    const links = [
      device("silent", silent.port, [point], { timeout: 60_000 }),
      device("mute", agent.port, [charge], { timeout: 60_000 }),
      device("dead", await freePort(), [point]),
    ];
    const stop = new AbortController();
    const run = collect({ links }, clockAt(), stop.signal, () => {});
    await expect.poll(() => Math.min(silent.requests, agent.seen.length)).toBe(1);
    stop.abort();
    await run;
    await expect.poll(() => silent.sockets.size).toBe(0);
    await Promise.all([silent.close(), agent.close()]);
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => /TCP|UDP|Timeout/.test(name)).length)
      .toBeLessThanOrEqual(before + 1);
  });
});

describe("a collector", () => {
  test("comes back by itself when a device was away, and never mixes an old answer into the new ones", async () => {
    let phase = "well";
    const server = kept(
      await peer((request, socket) => {
        if (phase === "well") socket.write(reply(request, [1]));
        // The answer of before the silence comes after its deadline.
        else if (phase === "late") setTimeout(() => socket.destroyed || socket.write(reply(request, [2])), 120);
        else socket.write(reply(request, [3]));
      }),
    );
    const collector = makeCollector(device("ups-a", server.port, [point], { timeout: 60 }), clockAt(), {
      random: () => 0,
    });
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (got) => {
        const values = of(got, "ups-a/output.voltage");
        if (values.length >= 2 && phase === "well") phase = "late";
        if (values.some(({ quality }) => quality === "bad") && phase === "late") phase = "back";
        return values.some((reading) => "value" in reading && reading.value === 3);
      },
    );
    const seen = of(readings, "ups-a/output.voltage").map((reading) =>
      "value" in reading ? reading.value : reading.reason,
    );
    expect(seen).not.toContain(2);
    expect(seen[0]).toBe(1);
    expect(seen).toContain("noCommunication");
    expect(seen.at(-1)).toBe(3);
  });

  test("discovers a v3 agent anew that no longer takes its sessions, without missing a reading", async () => {
    const agent = kept(await realAgent());
    let discoveries = 0;
    let requests = 0;
    const restarted = kept(
      await udpPeer((datagram, _from, send) => {
        const refusal = forged(datagram, NOT_IN_TIME_WINDOW, REPORT);
        if (!refusal) discoveries += 1;
        else requests += 1;
        // From its third request on, it refuses what was discovered before its restart.
        if (refusal && requests > 2 && discoveries < 2) send(refusal);
        else relay(datagram, agent.port, send);
      }),
    );
    const base = device("ups-b", restarted.port, [charge], { timeout: 2000, retries: 1 });
    const link: DeviceLink = { ...base, address: { ...base.address, snmp: { version: "3", user: USER } } };
    const readings = await take(
      (stop, sink) => makeCollector(link, clockAt()).collect(stop, sink),
      (got) => discoveries >= 2 && goods(got, "ups-b/battery.charge") >= 5,
    );
    expect(discoveries).toBe(2);
    expect(of(readings, "ups-b/battery.charge").every(({ quality }) => quality === "good")).toBe(true);
  });

  test("outlives an agent that answers every other GET by a Report PDU", async () => {
    const agent = kept(await agentThat((get, number) => answer(get, [5], number % 2 === 1 ? { type: REPORT } : {})));
    const collector = makeCollector(device("ups-b", agent.port, [charge]), clockAt(), { random: () => 0 });
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (got) => goods(got, "ups-b/battery.charge") >= 2,
    );
    const bad = of(readings, "ups-b/battery.charge").filter(({ quality }) => quality === "bad");
    expect(bad.length).toBeGreaterThan(0);
  });
});
