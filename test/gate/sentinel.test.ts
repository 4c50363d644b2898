import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { type SentinelSettings, sentinelActuator } from "../../src/gate/sentinel.ts";
import { freePort } from "../collect/fixture.ts";
import { describeWith } from "../setup/available.ts";
import { locate } from "../setup/locate.ts";
import { startRedis, startSentinel } from "../setup/services.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";
import { serveBytes } from "./web-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const order = (value: number): Order => ({ ...anOrder(value), point: "cluster.leader" });
const at = (port: number) => ({ host: "127.0.0.1", port });

function actuator(ports: readonly number[], members: readonly number[], over: Partial<SentinelSettings> = {}) {
  const named = Object.fromEntries(members.map((port, i) => [`redis-${i}`, at(port)]));
  const settings = { sentinels: ports.map(at), group: "cache", members: named, ...over };
  const made = sentinelActuator({ id: "cache", point: "cluster.leader", states: Object.keys(named), settings });
  closers.push(() => made.close());
  return made;
}

/** What a server replies to a command in words. */
const redis = (port: number, ...words: string[]): string =>
  spawnSync(locate("redis-cli") ?? "redis-cli", ["-p", String(port), ...words]).stdout.toString();

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it does not come about");
}

describeWith("redis-sentinel", "a group of Redis behind a Sentinel", () => {
  /** A leader and followers of these priorities, known to a Sentinel. */
  async function group(...priorities: readonly number[]) {
    const leader = await startRedis();
    closers.push(() => leader.stop());
    const followers = await Promise.all(priorities.map((priority) => startRedis({ of: leader.port, priority })));
    for (const follower of followers) closers.push(() => follower.stop());
    await until(() =>
      followers.every(({ port }) => redis(port, "info", "replication").includes("master_link_status:up")),
    );
    const sentinel = await startSentinel(leader.port);
    closers.push(() => sentinel.stop());
    const isKnown = (text: string): boolean =>
      (text.match(/^flags\nslave$/gm) ?? []).length === priorities.length && !text.includes("master-link-status\nerr");
    await until(() => isKnown(redis(sentinel.port, "sentinel", "replicas", "cache")));
    const members = [leader, ...followers].map(({ port }) => port);
    return { sentinel: sentinel.port, members };
  }

  it("is led by another member after a failover, as the gate asks for it", async () => {
    const { sentinel, members } = await group(100);
    const cache = actuator([sentinel], members);
    expect(await cache.read("cluster.leader", stop)).toBe(0);
    const targets = new Map([["cache", { class: "target", writes: new Map([["cluster.leader", [0, 1]]]) }]]);
    const clock = { now: () => 1_000_000 as never, wait: (ms: number) => new Promise<void>((r) => setTimeout(r, ms)) };
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["cache"]), targets },
      actuators: new Map([["cache", cache]]),
      clock,
    });
    const here = "cache/cluster.leader";
    const move = command({
      point: here,
      value: 1,
      expect: { point: point(here), is: "=", value: 1, within: 9000 as never },
    });
    expect(await gate.submit(move, 1)).toMatchObject({ result: "done", readBack: 1 });
    expect(redis(members[1]!, "role")).toMatch(/^master/);
    expect(await cache.write(order(1), stop)).toEqual({ result: "accepted" });
  });

  it("is not failed over where the Sentinel could choose another, and is where it cannot", async () => {
    const { sentinel, members } = await group(100, 100);
    const cache = actuator([sentinel], members);
    expect(await cache.write(order(1), stop)).toMatchObject({
      result: "again",
      detail: expect.stringContaining("redis-2"),
    });
    redis(members[2]!, "config", "set", "replica-priority", "200");
    await until(() => redis(sentinel, "sentinel", "replicas", "cache").includes("slave-priority\n200"));
    expect(await cache.write(order(1), stop)).toEqual({ result: "accepted" });
    await until(async () => (await cache.read("cluster.leader", stop)) === 1);
    expect(redis(members[1]!, "role")).toMatch(/^master/);
  });

  it("is asked of the next Sentinel where the first does not answer", async () => {
    const { sentinel, members } = await group(100);
    expect(await actuator([await freePort(), sentinel], members).read("cluster.leader", stop)).toBe(0);
    const unknown = actuator([sentinel], members, { group: "nobody" });
    expect(await unknown.read("cluster.leader", stop)).toBeNull();
    expect((await unknown.write(order(1), stop)).result).toBe("again");
    const elsewhere = actuator([sentinel], [1, members[1]!]);
    expect(await elsewhere.read("cluster.leader", stop)).toBeNull();
    const offline = actuator([sentinel], [members[0]!, 1]);
    expect(await offline.write(order(1), stop)).toEqual({
      result: "again",
      detail: "redis-1 is no replica that could lead",
    });
    expect(await offline.write(order(2), stop)).toMatchObject({ result: "refused" });
  });
});

describe("a Sentinel that is none", () => {
  const replica = (port: number): string =>
    ["name", "r", "ip", "127.0.0.1", "port", String(port), "flags", "slave", "slave-priority", "100"]
      .map((word) => `$${word.length}\r\n${word}\r\n`)
      .join("");
  const leads = "*2\r\n$9\r\n127.0.0.1\r\n$1\r\n1\r\n";
  const replicas = `*1\r\n*10\r\n${replica(2)}`;

  /** Says one thing after the other, each to its own question. */
  async function parrot(...says: readonly string[]) {
    let turn = 0;
    const server = await serveBytes(() => Buffer.from(says[turn++] ?? ""));
    closers.push(() => server.close());
    return actuator([server.port], [1, 2]);
  }

  it.each([
    ["+OK\r\n", "accepted"],
    ["-INPROG Failover already in progress\r\n", "unsure"],
    ["-NOGOODSLAVE No suitable replica to promote\r\n", "again"],
    ["-ERR unknown\r\n", "refused"],
    ["-NOAUTH Authentication required.\r\n", "refused"],
    ["", "unsure"],
    ["*1\r\n", "unsure"],
    ["?\r\n", "unsure"],
  ])("answers %j, and the failover is %s", async (said, result) => {
    expect((await (await parrot(leads, replicas, said)).write(order(1), stop)).result).toBe(result);
  });

  it("is asked again where it is out of reach, and nobody leads", async () => {
    const cache = actuator([await freePort()], [1, 2]);
    expect((await cache.write(order(1), stop)).result).toBe("again");
    expect(await cache.read("cluster.leader", stop)).toBeNull();
    cache.close();
    expect(await cache.read("cluster.leader", stop)).toBeNull();
  });

  it("neither breaks nor holds a gate by whatever it answers", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const server = await serveBytes(() => answer);
    closers.push(() => server.close());
    const cache = actuator([server.port], [1, 2]);
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.string().map((text) => Buffer.from(`*2\r\n${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        answer = bytes;
        expect(await cache.read("cluster.leader", stop)).toBeNull();
        expect((await cache.write(order(1), stop)).result).not.toBe("accepted");
      }),
    );
  });
});
