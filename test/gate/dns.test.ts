import { spawnSync } from "node:child_process";
import type { AddressInfo, Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { type DnsSettings, dnsActuator } from "../../src/gate/dns.ts";
import { freePort } from "../collect/fixture.ts";
import { describeWith } from "../setup/available.ts";
import { locate } from "../setup/locate.ts";
import type { Running } from "../setup/services.ts";
import { bindSecret, startBind } from "../setup/services.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";

const key = { name: "haechi", secret: bindSecret };
const www = (...data: readonly string[]) => ({ name: "www.example.test", type: "A", ttl: 30, data }) as const;
const api = (data: string) => ({ name: "api.example.test", type: "CNAME", ttl: 30, data: [data] }) as const;
const six = (data: string) => ({ name: "www.example.test", type: "AAAA", ttl: 30, data: [data] }) as const;

const sets: DnsSettings["sets"] = {
  here: [www("192.0.2.1", "192.0.2.2"), six("2001:db8::1"), api("www.here.test")],
  there: [www("198.51.100.1"), six("2001:db8:0:1::"), api("www.there.test")],
};
const records = [
  "www 30 A 192.0.2.2",
  "www 30 A 192.0.2.1",
  "www 30 AAAA 2001:db8::1",
  "api 30 CNAME www.here.test.",
  "other 30 A 192.0.2.9",
];

const order = (value: number): Order => ({ ...anOrder(value), point: "records.set" });
const actuators: { close(): void }[] = [];
afterEach(() => actuators.splice(0).forEach((actuator) => actuator.close()));

function actuator(port: number, over: Partial<DnsSettings> = {}, now?: () => number) {
  const settings = { host: "127.0.0.1", port, zone: "example.test", key, sets, ...over };
  const made = dnsActuator({ id: "zone", point: "records.set", states: Object.keys(sets), settings }, now);
  actuators.push(made);
  return made;
}

describeWith("named", "records in a zone of BIND", () => {
  let bind: Running;
  beforeAll(async () => {
    bind = await startBind(records);
  });
  afterAll(() => bind.stop());
  const dig = (name: string, type: string): string =>
    spawnSync(locate("dig") ?? "dig", ["@127.0.0.1", "-p", String(bind.port), name, type, "+short"]).stdout.toString();

  it("are replaced as one, and give back which set is in force", async () => {
    const zone = actuator(bind.port);
    expect(await zone.read("records.set", stop)).toBe(0);
    expect(await zone.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(await zone.read("records.set", stop)).toBe(1);
    expect(await zone.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(await zone.write(order(0), stop)).toEqual({ result: "accepted" });
    expect(await zone.read("records.set", stop)).toBe(0);
    if (locate("dig")) expect(dig("other.example.test", "A")).toBe("192.0.2.9\n");
  });

  it("go through the gate as an outlet does: written, read back, done", async () => {
    const targets = new Map([["zone", { class: "target", writes: new Map([["records.set", [0, 1]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["zone"]), targets },
      actuators: new Map([["zone", actuator(bind.port)]]),
    });
    const at = "zone/records.set";
    const there = command({
      point: at,
      value: 1,
      expect: { point: point(at), is: "=", value: 1, within: 9000 as never },
    });
    expect(await gate.submit(there, 1)).toMatchObject({ result: "done", readBack: 1 });
    expect(await actuator(bind.port).write(order(0), stop)).toEqual({ result: "accepted" });
  });

  it("are of no set where somebody has changed them, and are put right by an order", async () => {
    const other = { ...sets, here: [www("192.0.2.77"), six("2001:db8::1"), api("www.here.test")] };
    await actuator(bind.port, { sets: other }).write(order(0), stop);
    expect(await actuator(bind.port).read("records.set", stop)).toBeNull();
    expect(await actuator(bind.port).write(order(0), stop)).toEqual({ result: "accepted" });
    expect(await actuator(bind.port).read("records.set", stop)).toBe(0);
  });

  it("that somebody changes between the look and the update are left as they are, and seen anew", async () => {
    const other = { ...sets, here: [www("192.0.2.77"), six("2001:db8::1"), api("www.here.test")] };
    let exchanges = 0;
    // Three questions, one for each name and type, and then the update.
    const port = await listener((near) => {
      exchanges += 1;
      const meddled = exchanges === 4 ? actuator(bind.port, { sets: other }).write(order(0), stop) : Promise.resolve();
      void meddled.then(() => {
        const far = connect(bind.port, "127.0.0.1");
        sockets.add(far);
        near.pipe(far).pipe(near);
      });
    });
    expect(await actuator(port).write(order(1), stop)).toEqual({ result: "again", detail: "DNS NXRRSET" });
    expect(await actuator(bind.port, { sets: other }).read("records.set", stop)).toBe(0);
    expect(await actuator(bind.port).write(order(0), stop)).toEqual({ result: "accepted" });
  });

  it.each([
    ["a secret that is not the server's", { key: { ...key, secret: Buffer.from("guessed").toString("base64") } }],
    ["a key that the server does not know", { key: { ...key, name: "nobody" } }],
    ["a zone that the server does not have", { zone: "example.org" }],
  ])("are left alone with %s", async (_, over) => {
    expect(await actuator(bind.port, over).write(order(1), stop)).toMatchObject({ result: "refused" });
    expect(await actuator(bind.port).read("records.set", stop)).toBe(0);
  });

  it("are left alone by a gate whose clock is an hour off, which is told so", async () => {
    const late = () => Date.now() - 3_600_000;
    const outcome = await actuator(bind.port, {}, late).write(order(1), stop);
    expect(outcome).toMatchObject({ result: "refused", detail: expect.stringMatching(/TSIG error 18|clock/) });
  });

  it("are not set to what the file does not name", async () => {
    expect(await actuator(bind.port).write(order(2), stop)).toMatchObject({ result: "refused" });
    expect(await actuator(bind.port).read("records", stop)).toBeNull();
  });

  it("are believed of nobody on the way who changes or repeats an answer", async () => {
    const real = await relay((answer) => answer, bind.port);
    expect(await actuator(real).read("records.set", stop)).toBe(0);
    let first: Buffer | null = null;
    const replayed = await relay((answer) => (first ??= answer), bind.port);
    expect(await actuator(replayed).read("records.set", stop)).toBeNull();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const damaged = await relay((answer) => {
          const copy = Buffer.from(answer);
          copy[2 + (place % (copy.length - 2))]! ^= by;
          return copy;
        }, bind.port);
        expect(await actuator(damaged).read("records.set", stop)).toBeNull();
      }),
      { numRuns: 60 },
    );
  });
});

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listener(take: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    take(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Hands messages on to a real server, and what it answers through somebody's hands. */
function relay(change: (answer: Buffer) => Buffer, port: number): Promise<number> {
  return listener((near) => {
    const far = connect(port, "127.0.0.1");
    sockets.add(far);
    far.on("error", () => near.destroy());
    near.on("data", (chunk) => far.write(chunk));
    far.on("data", (chunk: Buffer) => near.write(change(chunk)));
  });
}

describe("a name server that is none", () => {
  it("is ordered again where it is out of reach, and has no records", async () => {
    const port = await freePort();
    expect(await actuator(port).write(order(1), stop)).toMatchObject({ result: "again" });
    expect(await actuator(port).read("records.set", stop)).toBeNull();
  });

  it("that says nothing is waited for no longer than its time-out, nor once the gate closes", async () => {
    const port = await listener(() => undefined);
    expect(await actuator(port).write(order(1), stop)).toMatchObject({ result: "again" });
    const closing = actuator(port);
    const reading = closing.read("records.set", stop);
    closing.close();
    expect(await reading).toBeNull();
  });

  it("neither breaks nor holds a gate by whatever it answers", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const port = await listener((socket) => socket.once("data", () => socket.end(answer)));
    const length = (bytes: Uint8Array): Buffer => Buffer.from([bytes.length >> 8, bytes.length & 0xff]);
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([length(bytes), bytes])),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        answer = bytes;
        expect(await actuator(port).read("records.set", stop)).toBeNull();
        expect((await actuator(port).write(order(1), stop)).result).not.toBe("accepted");
      }),
    );
  });
});
