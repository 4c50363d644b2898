import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { type PatroniSettings, patroniActuator } from "../../src/gate/patroni.ts";
import { freePort } from "../collect/fixture.ts";
import { describeWith } from "../setup/available.ts";
import type { PatroniCluster } from "../setup/patroni.ts";
import { patroniAccess, startPatroni } from "../setup/patroni.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";
import type { Asked, Reply } from "./web-fixture.ts";
import { serveBytes, serveJson } from "./web-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const order = (value: number): Order => ({ ...anOrder(value), point: "cluster.leader" });

function actuator(members: Readonly<Record<string, string>>, over: Partial<PatroniSettings> = {}) {
  const settings = { ...patroniAccess, members, ...over };
  const made = patroniActuator({ id: "orders", point: "cluster.leader", states: Object.keys(members), settings });
  closers.push(() => made.close());
  return made;
}

describeWith("/usr/bin/patroni", "a cluster of Patroni", () => {
  let cluster: PatroniCluster;
  beforeAll(async () => {
    cluster = await startPatroni();
  }, 150_000);
  afterAll(() => cluster.stop(), 60_000);

  it("is led by another member after a switchover, as the gate asks for it", { timeout: 120_000 }, async () => {
    const orders = actuator(cluster.members);
    const leader = await orders.read("cluster.leader", stop);
    const other = leader === 0 ? 1 : 0;
    const guessed = await actuator(cluster.members, { password: "guessed" }).write(order(other), stop);
    expect(guessed).toMatchObject({ result: "refused", detail: expect.stringContaining("HTTP 401") });
    const targets = new Map([["orders", { class: "target", writes: new Map([["cluster.leader", [0, 1]]]) }]]);
    const clock = { now: () => 1_000_000 as never, wait: (ms: number) => new Promise<void>((r) => setTimeout(r, ms)) };
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["orders"]), targets },
      actuators: new Map([["orders", orders]]),
      clock,
    });
    const at = "orders/cluster.leader";
    const expectation = { point: point(at), is: "=" as const, value: other, within: 9000 as never };
    const outcome = await gate.submit(command({ point: at, value: other, expect: expectation }), 1);
    expect(outcome).toMatchObject({ result: "done", readBack: other });
    expect(await orders.write(order(other), stop)).toEqual({ result: "accepted" });
  });
});

/** A member's REST API, with what a test wants it to say. */
async function member(answer: (asked: Asked) => Reply | null) {
  const asked: Asked[] = [];
  const served = await serveJson((request) => {
    asked.push(request);
    return answer(request);
  });
  closers.push(() => served.close());
  return { url: served.url, asked };
}

const said = (leader: string | null, state = "running"): Reply => ({
  status: 200,
  body: {
    members: ["pg-1", "pg-2"].map((name) => ({ name, role: name === leader ? "leader" : "replica", state, lag: 0 })),
    scope: "orders",
  },
});

describe("a member of a cluster", () => {
  it("is told who leads now and who is to lead, and only where that is another", async () => {
    const { url, asked } = await member(({ method }) => (method === "GET" ? said("pg-1") : { status: 200 }));
    const orders = actuator({ "pg-1": url, "pg-2": url });
    expect(await orders.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(asked.at(-1)).toMatchObject({ path: "/switchover", body: { leader: "pg-1", candidate: "pg-2" } });
    expect(await orders.write(order(0), stop)).toEqual({ result: "accepted" });
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it.each([
    [200, "accepted"],
    [307, "refused"],
    [400, "refused"],
    [401, "refused"],
    [412, "again"],
    [503, "again"],
  ] as const)("that answers a switchover with %i has it %s, and its words are told", async (status, result) => {
    const { url } = await member(({ method }) =>
      method === "GET" ? said("pg-1") : { status, body: "its words\u0007" },
    );
    const outcome = await actuator({ "pg-1": url, "pg-2": url }).write(order(1), stop);
    expect(outcome.result).toBe(result);
    if (outcome.result !== "accepted") expect(outcome.detail).toBe(`HTTP ${status}: its words `);
  });

  it("that is out of reach is passed over for the next", async () => {
    const { url } = await member(() => said("pg-2"));
    const dead = `http://127.0.0.1:${await freePort()}`;
    expect(await actuator({ "pg-1": dead, "pg-2": url }).read("cluster.leader", stop)).toBe(1);
    const none = actuator({ "pg-1": dead, "pg-2": dead });
    expect(await none.read("cluster.leader", stop)).toBeNull();
    expect((await none.write(order(1), stop)).result).toBe("again");
    expect((await none.write(order(2), stop)).result).toBe("refused");
  });

  it("by whom nobody leads, or one that does not run, is asked again later", async () => {
    for (const answer of [said(null), said("pg-1", "stopping"), { status: 200, body: { members: "all" } }]) {
      const { url } = await member(() => answer);
      const orders = actuator({ "pg-1": url, "pg-2": url });
      expect(await orders.read("cluster.leader", stop)).toBeNull();
      expect((await orders.write(order(1), stop)).result).toBe("again");
    }
  });

  it("whose answer is lost has its order again, which finds it done", async () => {
    let leader = "pg-1";
    const { url, asked } = await member(({ method }) => {
      if (method === "GET") return said(leader);
      leader = "pg-2";
      return { status: 504 };
    });
    const orders = actuator({ "pg-1": url, "pg-2": url });
    expect((await orders.write(order(1), stop)).result).toBe("again");
    expect((await orders.write(order(1), stop)).result).toBe("accepted");
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("is no longer waited for once the gate closes", async () => {
    const { url } = await member(() => null);
    const orders = actuator({ "pg-1": url });
    const reading = orders.read("cluster.leader", stop);
    orders.close();
    expect(await reading).toBeNull();
  });

  it("neither breaks nor holds a gate by whatever it answers", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const server = await serveBytes(() => answer);
    closers.push(() => server.close());
    const orders = actuator({ "pg-1": `http://127.0.0.1:${server.port}` });
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        answer = bytes;
        expect(await orders.read("cluster.leader", stop)).toBeNull();
        expect((await orders.write(order(0), stop)).result).not.toBe("accepted");
      }),
    );
  });
});
