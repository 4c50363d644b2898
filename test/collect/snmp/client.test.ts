import { createSocket } from "node:dgram";
import { afterEach, describe, expect, test } from "vitest";
import { SnmpClient, SnmpRefusal } from "../../../src/collect/snmp/client.ts";
import type { SnmpAccess } from "../../../src/profiles/link.ts";
import { HOST } from "../fixture.ts";
import {
  agentThat,
  answer,
  forged,
  isDiscovery,
  OID,
  parse,
  REPORT,
  realAgent,
  relay,
  USER,
  udpPeer,
} from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const POINT = `${OID}.0`;

async function open(port: number, access: SnmpAccess = { version: "2c" }, over = {}): Promise<SnmpClient> {
  const client = await SnmpClient.open({ host: HOST, port, access, timeoutMs: 150, retries: 0, ...over });
  closers.push(() => client.close());
  return client;
}

const closed = <T extends { close(): unknown }>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

const failure = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => null,
    (error: unknown) => error,
  );

describe("an SNMP client and a real agent", () => {
  test.each<[string, SnmpAccess]>([
    ["v1", { version: "1", community: "public" }],
    ["v2c", { version: "2c", community: "public" }],
    ["v3 with SHA and AES", { version: "3", user: USER }],
  ])("read a value over %s", async (_, access) => {
    const client = await open(closed(await realAgent()).port, access, { timeoutMs: 2000 });
    const { varbinds, tookMs } = await client.get([POINT]);
    expect(varbinds).toEqual([{ type: 2, value: 42 }]);
    expect(tookMs).toBeGreaterThan(0);
  });

  test("take a user that the agent does not know for a fault of configuration", async () => {
    const user = { ...USER, name: "nobody" };
    const client = await open(closed(await realAgent()).port, { version: "3", user }, { timeoutMs: 2000 });
    expect(await failure(client.get([POINT]))).toMatchObject({ kind: "broken", reason: "configuration" });
  });
});

describe("an SNMP client", () => {
  test("gives up on an agent that does not answer, and can ask again", async () => {
    const agent = closed(await agentThat((get, number) => (number === 1 ? null : answer(get, [5]))));
    const client = await open(agent.port);
    expect(await failure(client.get([POINT]))).toMatchObject({ kind: "silent" });
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
  });

  test("asks again by itself as often as it is told to", async () => {
    const agent = closed(await agentThat((get, number) => (number < 3 ? null : answer(get, [5]))));
    const client = await open(agent.port, { version: "2c" }, { retries: 2, timeoutMs: 60 });
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
  });

  test("does not take a late answer for the next one", async () => {
    const late: Buffer[] = [];
    const agent = closed(
      await agentThat((get, number) => {
        if (number > 1) return answer(get, [2]);
        late.push(answer(get, [1]));
        return null;
      }),
    );
    const client = await open(agent.port);
    expect(await failure(client.get([POINT]))).toMatchObject({ kind: "silent" });
    agent.socket.on("message", (_, from) => agent.socket.send(late[0]!, from.port, HOST));
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 2 }]);
  });

  test("takes a report of version 3 for no answer of a v2c agent", async () => {
    const agent = closed(
      await agentThat((get, number) => (number === 1 ? answer(get, [1], { type: REPORT }) : answer(get, [5]))),
    );
    const client = await open(agent.port);
    expect(await failure(client.get([POINT]))).toMatchObject({
      kind: "silent",
      message: "no answer but tag 168 in place of 162",
    });
    expect(client.malformed).toBe(1);
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
  });

  test("drops a spoofed datagram from another port, and takes the agent's answer behind it", async () => {
    const stranger = createSocket("udp4");
    closers.push(() => stranger.close());
    const agent = closed(
      await udpPeer((datagram, from, send) => {
        const get = parse(datagram);
        stranger.send(answer(get, [99]), from.port, HOST, () => {
          stranger.send(answer(get, [1], { type: REPORT }), from.port, HOST, () => send(answer(get, [5])));
        });
      }),
    );
    const client = await open(agent.port, { version: "2c" }, { timeoutMs: 2000 });
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
    expect(client.malformed).toBe(2);
  });

  test("outlives noise of every kind, and takes the answer behind it", async () => {
    const agent = closed(
      await udpPeer((datagram, _from, send) => {
        const good = answer(parse(datagram), [5]);
        for (let at = 0; at < good.length; at++) send(good.subarray(0, at));
        send(Buffer.alloc(2000, 0xff));
        send(Buffer.from("30820000", "hex"));
        send(Buffer.concat([good, Buffer.of(0)]));
        send(good);
      }),
    );
    const client = await open(agent.port, { version: "2c" }, { timeoutMs: 2000 });
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
    // What bears the request's number is counted; the rest is anybody's.
    expect(client.malformed).toBe(1);
  });

  test.each([1, 2, 3])("survives answers with flipped bytes (seed %i)", async (seed) => {
    let state = seed;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 0x8000_0000;
      return Math.floor((state / 0x8000_0000) * below);
    };
    const agent = closed(
      await agentThat((get) => {
        const bytes = answer(get, [5]);
        for (let flips = 0; flips < 3; flips++) bytes[random(bytes.length)] = random(256);
        return bytes;
      }),
    );
    const client = await open(agent.port, { version: "2c" }, { timeoutMs: 10 });
    for (let i = 0; i < 40; i++) {
      const error = await failure(client.get([POINT]));
      expect(error === null || error instanceof Error).toBe(true);
    }
    expect(client.usable).toBe(true);
  });

  test("refuses an answer for other objects than were asked for", async () => {
    const agent = closed(await agentThat((get) => answer(get, [1], { oids: ["1.3.6.1.2.1.1.3.0"] })));
    expect(await failure((await open(agent.port)).get([POINT]))).toMatchObject({ kind: "broken" });
  });

  test("refuses an unprotected answer to a request that was authenticated and encrypted", async () => {
    const agent = closed(await realAgent());
    let forgeries = 0;
    const middle = closed(
      await udpPeer((datagram, _from, send) => {
        const forgery = forged(datagram, POINT);
        if (!forgery) return relay(datagram, agent.port, send);
        forgeries += 1;
        return send(forgery);
      }),
    );
    const client = await open(middle.port, { version: "3", user: USER }, { timeoutMs: 300 });
    const error = await failure(client.get([POINT]));
    expect(forgeries).toBeGreaterThan(0);
    expect(error).toMatchObject({
      kind: "silent",
      message: "no answer but an answer without the protection that was asked for",
    });
  });

  test("takes the answer to its first try that comes after its second", async () => {
    const agent = closed(await realAgent());
    for (const access of [{ version: "2c" }, { version: "3", user: USER }] satisfies SnmpAccess[]) {
      let held: Buffer | null = null;
      const middle = closed(
        await udpPeer((datagram, _from, send) => {
          // The first real request is held back until the second; that one is lost.
          if (isDiscovery(datagram)) return relay(datagram, agent.port, send);
          if (held) return relay(held, agent.port, send);
          held = Buffer.from(datagram);
        }),
      );
      const client = await open(middle.port, access, { timeoutMs: 1000, retries: 1 });
      expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 42 }]);
    }
  });

  test("takes one answer of several copies, and none of them for the next question", async () => {
    const agent = closed(
      await udpPeer((datagram, _from, send) => {
        const get = parse(datagram);
        for (let copies = 0; copies < 3; copies++) send(answer(get, [get.oids[0] === POINT ? 1 : 2]));
      }),
    );
    const client = await open(agent.port, { version: "2c" }, { timeoutMs: 2000 });
    for (const [oid, value] of [
      [POINT, 1],
      [`${OID}.1`, 2],
      [POINT, 1],
    ] as const) {
      expect((await client.get([oid])).varbinds).toEqual([{ type: 2, value }]);
    }
  });

  test("drops the right answer from another address", async () => {
    const agent = closed(
      await udpPeer((datagram, from) => {
        // All of 127.0.0.0/8 is this machine, and the port is the agent's.
        elsewhere.send(answer(parse(datagram), [5]), from.port, HOST);
      }),
    );
    const elsewhere = createSocket("udp4");
    closers.push(() => elsewhere.close());
    await new Promise<void>((resolve) => elsewhere.bind(agent.port, "127.0.0.2", resolve));
    const client = await open(agent.port);
    expect(await failure(client.get([POINT]))).toMatchObject({ message: "no answer but an answer from elsewhere" });
  });

  test("does not take a recorded answer of version 3 for that of another question", async () => {
    const agent = closed(await realAgent());
    const recorded: Buffer[] = [];
    const middle = closed(
      await udpPeer((datagram, _from, send) => {
        if (recorded.length > 0) return send(recorded[0]!);
        return relay(datagram, agent.port, (reply) => {
          if (!isDiscovery(datagram)) recorded.push(reply);
          send(reply);
        });
      }),
    );
    const client = await open(middle.port, { version: "3", user: USER }, { timeoutMs: 200 });
    await client.get([POINT]);
    expect(await failure(client.get([POINT]))).toMatchObject({ kind: "silent" });
  });

  test("keeps the silence between requests that the agent needs", async () => {
    const at: number[] = [];
    const agent = closed(
      await agentThat((get) => {
        at.push(performance.now());
        return answer(get, [5]);
      }),
    );
    const client = await open(agent.port, { version: "2c" }, { gapMs: 40 });
    for (let i = 0; i < 3; i++) await client.get([POINT]);
    // A timer may be a millisecond early.
    expect(Math.min(at[1]! - at[0]!, at[2]! - at[1]!)).toBeGreaterThan(38);
  });

  test("takes an object that cannot be asked for, for a fault of configuration", async () => {
    const client = await open(1);
    expect(await failure(client.get(["1.3.6.x"]))).toMatchObject({ reason: "configuration", asked: false });
    expect(await failure(client.behind("9.9", 5))).toMatchObject({ reason: "configuration", asked: false });
  });

  test("reads an agent at an address of version 6, however it is written", async () => {
    const agent = createSocket("udp6");
    closers.push(() => new Promise<void>((resolve) => agent.close(() => resolve())));
    agent.on("message", (datagram, from) => agent.send(answer(parse(datagram), [5]), from.port, from.address));
    await new Promise<void>((resolve) => agent.bind(0, "::1", resolve));
    const client = await open(agent.address().port, { version: "2c" }, { host: "0:0:0:0:0:0:0:1", timeoutMs: 2000 });
    expect((await client.get([POINT])).varbinds).toEqual([{ type: 2, value: 5 }]);
  });

  test("says which object the agent refused, and by what status", async () => {
    const agent = closed(await agentThat((get) => answer(get, [], { status: 2, index: 2 })));
    const error = await failure((await open(agent.port, { version: "1" })).get([POINT, `${OID}.1`]));
    expect(error).toBeInstanceOf(SnmpRefusal);
    expect(error).toMatchObject({ status: 2, oid: `${OID}.1` });
  });

  test("fails what is under way when it is closed, and what is asked afterwards", async () => {
    const agent = closed(await agentThat(() => null));
    const client = await open(agent.port, { version: "2c" }, { timeoutMs: 60_000 });
    const asked = failure(client.get([POINT]));
    await expect.poll(() => agent.seen.length).toBe(1);
    client.close();
    client.close();
    expect(await asked).toMatchObject({ kind: "broken" });
    expect(await failure(client.get([POINT]))).toMatchObject({ asked: false });
  });

  test.each<[string, SnmpAccess]>([
    ["no user", { version: "3" }],
    ["no authentication key", { version: "3", user: { name: "a", level: "authNoPriv", authProtocol: "sha" } }],
    ["no privacy key", { version: "3", user: { ...USER, privKey: "" } }],
  ])("takes v3 with %s for a fault of configuration", async (_, access) => {
    expect(await failure(open(1, access))).toMatchObject({ reason: "configuration", asked: false });
  });

  test("takes a host without an address for a link that is down", async () => {
    const target = {
      host: "no-such-host.invalid",
      port: 1,
      access: { version: "2c" } as const,
      timeoutMs: 10,
      retries: 0,
    };
    expect(await failure(SnmpClient.open(target))).toMatchObject({ kind: "broken", asked: false });
  });
});
