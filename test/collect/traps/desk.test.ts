import fc from "fast-check";
import snmp from "net-snmp";
import { describe, expect, test } from "vitest";
import { Desk } from "../../../src/collect/traps/desk.ts";
import { discovery, envelopeOf } from "../../../src/collect/traps/envelope.ts";
import { Senders } from "../../../src/collect/traps/senders.ts";
import type { SnmpUser } from "../../../src/profiles/link.ts";
import { device, modbusPoint } from "../fixture.ts";
import { ENGINE, informFor, ON_BATTERY, trapFrom, userTrapFrom } from "./fixture.ts";

const USER: SnmpUser = { name: "ups", level: "authNoPriv", authProtocol: "sha", authKey: "authentication" };
const points = [modbusPoint("mode", 0), modbusPoint("charge", 1, { scan: "slow" })];
const { model } = device("ups-a", 0, points);

/** A desk whose devices stand at these addresses. */
function deskFor(hosts: readonly string[], users: readonly SnmpUser[] = []) {
  const hurried: string[] = [];
  const devices = hosts.map((host, i) => ({
    host,
    model: i === 0 ? { ...model, traps: { [ON_BATTERY]: ["charge"] } } : model,
    hurry: (names: readonly string[]) => hurried.push(`${i} ${names.join(" ")}`),
  }));
  const senders = new Senders(devices, 0);
  return { desk: new Desk({ community: "right", users }, senders, 0), hurried };
}

describe("a storm of notifications", () => {
  test("of one device is let through fifty at once and ten a second, and counted", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"]);
    const trap = await trapFrom("right");
    for (let i = 0; i < 10_000; i += 1) desk.take(trap, "10.0.0.1", i / 10);
    expect(desk.counts).toEqual({ received: 10_000, dropped: 9941, refused: 0, unknown: 0 });
    expect(hurried).toHaveLength(59);
  });

  test("of one device takes nothing from the others", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1", "10.0.0.2"]);
    const trap = await trapFrom("right");
    for (let i = 0; i < 5000; i += 1) desk.take(trap, "10.0.0.1", 0);
    desk.take(trap, "10.0.0.2", 0);
    expect(hurried.at(-1)).toBe("1 mode");
  });

  test("of all of them is let through two thousand at once", async () => {
    const hosts = Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`);
    const { desk } = deskFor(hosts);
    const trap = await trapFrom("right");
    for (const host of hosts) for (let i = 0; i < 50; i += 1) desk.take(trap, host, 0);
    expect(desk.counts).toEqual({ received: 5000, dropped: 3000, refused: 0, unknown: 0 });
  });

  test("of strangers costs a count and nothing that others need", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"]);
    const trap = await trapFrom("right");
    for (let i = 0; i < 5000; i += 1) desk.take(trap, `10.9.${i >> 8}.${i & 255}`, 0);
    desk.take(trap, "::ffff:10.0.0.1", 0);
    expect(desk.counts).toEqual({ received: 5001, dropped: 0, refused: 0, unknown: 5000 });
    expect(hurried).toEqual(["0 charge"]);
  });
});

describe("a notification", () => {
  test("at an address of several devices is for those that know it, and else for all", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1", "10.0.0.1"]);
    desk.take(await trapFrom("right"), "10.0.0.1", 0);
    expect(hurried).toEqual(["0 charge"]);
    desk.take(await trapFrom("right", "1.3.6.1.6.3.1.1.5.1"), "10.0.0.1", 0);
    expect(hurried).toEqual(["0 charge", "0 mode", "1 mode"]);
  });

  test("that is larger than any is dropped unread", async () => {
    const { desk } = deskFor(["10.0.0.1"]);
    desk.take(Buffer.concat([await trapFrom("right"), Buffer.alloc(9000)]), "10.0.0.1", 0);
    expect(desk.counts).toMatchObject({ dropped: 1, refused: 0 });
  });

  test("of version 3 without a user is refused, whatever the library thinks", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"], [USER]);
    desk.take(await userTrapFrom({ name: "", level: "noAuthNoPriv" }, "8000000001"), "10.0.0.1", 0);
    expect(desk.counts).toMatchObject({ refused: 1 });
    expect(hurried).toEqual([]);
  });

  test("of version 3 keeps the keys of engines that proved themselves, of four at most, and of no other", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"], [USER]);
    const kept = (): number => Object.keys(snmp.Authentication.authToKeyCache).length;
    const before = kept();
    const engineOf = (i: number): string => `80001f88${String(i).padStart(10, "0")}`;
    for (let i = 0; i < 30; i += 1) {
      const forged = await userTrapFrom({ ...USER, authKey: "another one" }, engineOf(i));
      for (const key of Object.keys(snmp.Authentication.authToKeyCache).slice(before))
        delete snmp.Authentication.authToKeyCache[key];
      desk.take(forged, "10.0.0.1", i * 1000);
    }
    expect([kept(), hurried.length, desk.counts.refused]).toEqual([before, 0, 30]);
    for (let i = 0; i < 9; i += 1) desk.take(await userTrapFrom(USER, engineOf(i)), "10.0.0.1", 60_000 + i);
    expect([kept(), hurried.length]).toEqual([before + 4, 9]);
  });

  test("of version 3 makes keys for twenty new engines at once and five a second", async () => {
    const { desk } = deskFor(["10.0.0.1"], [USER]);
    const trap = await userTrapFrom({ ...USER, authKey: "another one" }, "8000000001");
    for (let i = 0; i < 30; i += 1) desk.take(trap, "10.0.0.1", 0);
    expect(desk.counts).toMatchObject({ refused: 20, dropped: 10 });
  });

  test("that informs another engine than ours is told which ours is, and counts for nothing", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"], [USER]);
    const ours = envelopeOf(desk.take(discovery(Buffer.from([7])), "10.0.0.1", 0)!);
    const inform = await informFor(USER, ENGINE);
    const told = envelopeOf(desk.take(inform, "10.0.0.1", 0)!);
    expect(told).toMatchObject({ version: 3, engine: ours?.version === 3 && ours.engine });
    expect(ours?.version === 3 && ours.messageId).toEqual(Buffer.from([7]));
    expect(hurried).toEqual([]);
    expect(desk.counts).toMatchObject({ refused: 1 });
  });
});

describe("a datagram that is none", () => {
  const seed = Number(process.env["HAECHI_SEED"] ?? 20_261_123);

  test("is refused and does nothing, whatever its bytes", async () => {
    const { desk, hurried } = deskFor(["10.0.0.1"], [USER]);
    let atMs = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        atMs += 1000;
        expect(desk.take(Buffer.from(bytes), "10.0.0.1", atMs)).toBeNull();
      }),
      { seed, numRuns: 2000 },
    );
    expect(hurried).toEqual([]);
  });

  test("is survived when it is a true one with bytes changed, left out or put in", async () => {
    const { desk } = deskFor(["10.0.0.1"], [USER]);
    const true_ = [await trapFrom("right"), await userTrapFrom(USER, "8000000001"), discovery(Buffer.from([7]))];
    let atMs = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...true_),
        fc.nat(),
        fc.nat(3),
        fc.uint8Array({ maxLength: 4 }),
        (one, at, n, put) => {
          atMs += 1000;
          const from = at % one.length;
          const bytes = Buffer.concat([one.subarray(0, from), put, one.subarray(from + n)]);
          expect(() => desk.take(bytes, "10.0.0.1", atMs)).not.toThrow();
        },
      ),
      { seed, numRuns: 3000 },
    );
    expect(desk.counts.received).toBe(3000);
  });
});
