import { afterEach, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { signatureOf } from "../../src/gate/http.ts";
import type { HttpSettings } from "../../src/gate/worker.ts";
import { httpActuator } from "../../src/gate/worker.ts";
import { freePort } from "../collect/fixture.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";
import type { Asked, Reply } from "./web-fixture.ts";
import { serveJson } from "./web-fixture.ts";

const secret = "whsec_c2VjcmV0IG9mIGEgd29ya2Vy";
const states = ["cold", "warm"];
const order: Order = {
  ...anOrder(1),
  id: "move#1/warm/standby" as Order["id"],
  point: "worker.state",
  expires: 5_000_000 as Order["expires"],
};

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function server(answer: (asked: Asked) => Reply | null, tls = false) {
  const served = await serveJson(answer, { tls });
  closers.push(() => served.close());
  return served;
}

function workerAt(url: string, over: Partial<HttpSettings> = {}, now?: () => number) {
  const settings = { url, secret, ...over };
  const made = httpActuator({ id: "standby", point: "worker.state", states, settings }, now);
  closers.push(() => made.close());
  return made;
}

/** A worker as one ought to be: it believes what is signed, knows orders by their ids, and is there when asked again. */
async function worker({ tls = false } = {}) {
  const state = { is: "cold", orders: [] as string[], asked: [] as Asked[] };
  const { url, ca } = await server((asked) => {
    state.asked.push(asked);
    if (asked.path !== "/standby") return { status: 404 };
    if (asked.method === "GET") return { status: 200, body: { state: state.is } };
    const [id, timestamp] = [String(asked.headers["webhook-id"]), String(asked.headers["webhook-timestamp"])];
    const right = signatureOf(secret, { id, timestamp, body: JSON.stringify(asked.body) });
    if (asked.headers["webhook-signature"] !== right) return { status: 401 };
    if (!state.orders.includes(id)) state.orders.push(id);
    state.is = (asked.body as { state: string }).state;
    return { status: 202, body: {} };
  }, tls);
  return { state, url: `${url}/standby`, ca };
}

describe("a worker that is asked over HTTP", () => {
  it("says how it stands, and is told its order signed, over TLS with an authority of its own as well", async () => {
    for (const tls of [false, true]) {
      const { url, ca, state } = await worker({ tls });
      const actuator = workerAt(url, { ca: tls ? ca : undefined }, () => 1_700_000_000_000);
      expect(await actuator.read("worker.state", stop)).toBe(0);
      expect(await actuator.write({ ...order, due: 9 as Order["expires"] }, stop)).toEqual({ result: "accepted" });
      expect(await actuator.read("worker.state", stop)).toBe(1);
      expect(await actuator.read("other.state", stop)).toBeNull();
      const { body, headers } = state.asked.find(({ method }) => method === "POST")!;
      expect(body).toEqual({ id: order.id, target: "standby", state: "warm", expires: order.expires, due: 9 });
      expect(headers["webhook-timestamp"]).toBe("1700000000");
    }
  });

  it("is commanded through the gate: written, waited for, done", async () => {
    const { url, state } = await worker();
    const targets = new Map([["standby", { class: "target", writes: new Map([["worker.state", [0, 1]]]) }]]);
    const rules = { ...policy(), allow: new Set(["standby"]), targets };
    const { gate } = bench({ rules, actuators: new Map([["standby", workerAt(url)]]) });
    const at = point("standby/worker.state");
    const warm = command({ point: at, value: 1, expect: { point: at, is: "=", value: 1, within: 10_000 as never } });
    expect(await gate.submit(warm, 1)).toMatchObject({ result: "done", readBack: 1 });
    expect(state.orders).toEqual([warm.id]);
  });

  it("follows no order that another has signed, and gets none for a state or a point that it has not", async () => {
    const { url, state } = await worker();
    expect(await workerAt(url, { secret: "guessed" }).write(order, stop)).toMatchObject({ detail: "HTTP 401" });
    expect(await workerAt(url).write({ ...order, value: 2 }, stop)).toMatchObject({ result: "refused" });
    expect(await workerAt(url).write({ ...order, point: "other.state" }, stop)).toMatchObject({ result: "refused" });
    expect(state.is).toBe("cold");
    expect(state.asked).toHaveLength(1);
  });

  it.each([
    [202, "accepted"],
    [302, "refused"],
    [404, "refused"],
    [429, "again"],
    [503, "again"],
  ] as const)("that answers %i has its order %s", async (status, result) => {
    const { url } = await server(() => ({ status, headers: { location: "/elsewhere" } }));
    expect((await workerAt(url).write(order, stop)).result).toBe(result);
  });

  it.each([
    ["no JSON", { status: 200, body: "warm" }],
    ["no state", { status: 200, body: { is: "warm" } }],
    ["a state that it has not", { status: 200, body: { state: "hot" } }],
    ["that it is at a loss", { status: 500, body: { state: "warm" } }],
  ])("is in no state where it says %s", async (_, reply) => {
    const { url } = await server(() => reply);
    expect(await workerAt(url).read("worker.state", stop)).toBeNull();
  });

  it("may be ordered again where it is out of reach, and shows nothing then", async () => {
    const actuator = workerAt(`http://127.0.0.1:${await freePort()}/standby`);
    expect((await actuator.write(order, stop)).result).toBe("again");
    expect(await actuator.read("worker.state", stop)).toBeNull();
  });

  it("is no longer waited for once the gate closes", async () => {
    const { url } = await server(() => null);
    const actuator = workerAt(url);
    const reading = actuator.read("worker.state", stop);
    actuator.close();
    expect(await reading).toBeNull();
  });
});
