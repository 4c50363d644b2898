import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import fc from "fast-check";
import { connect, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { type MqttSettings, mqttActuator } from "../../src/gate/mqtt.ts";
import { freePort } from "../collect/fixture.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { startMosquitto } from "../setup/services.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";

const states = ["running", "paused"];
const order = (value: number, id = "shed#1/batch=1"): Order => ({
  ...anOrder(value),
  id: id as Order["id"],
  point: "worker.state",
  expires: (Date.now() + 60_000) as Order["expires"],
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function actuator(url: string, over: Partial<MqttSettings> = {}) {
  const settings = { url, version: 5 as const, request: "batch/order", state: "batch/state", ...over };
  const made = mqttActuator({ id: "batch", point: "worker.state", states, settings });
  closers.push(() => made.close());
  return made;
}

describeWith("mosquitto", "a worker behind Mosquitto", () => {
  let broker: Running;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.stop());

  async function joined(): Promise<MqttClient> {
    const client = connect(broker.url, { protocolVersion: 5 });
    await new Promise((resolve) => client.once("connect", resolve));
    closers.push(() => client.endAsync(true));
    return client;
  }

  /** A worker as one ought to be: it knows orders by their ids, says what it has, and keeps its state retained. */
  async function worker(
    answer: (state: string, id: string) => Record<string, unknown> | string | null,
    topics = { request: "batch/order", state: "batch/state" },
  ) {
    const seen = {
      orders: [] as { id: string; state: string; correlation: string; expires: number }[],
      bodies: [] as unknown[],
    };
    const client = await joined();
    await client.publishAsync(topics.state, JSON.stringify({ state: "running" }), { qos: 1, retain: true });
    client.on("message", (_, body, packet) => {
      const asked = JSON.parse(body.toString()) as { id: string; state: string };
      seen.bodies.push(asked);
      const correlation = String(packet.properties?.correlationData);
      seen.orders.push({ ...asked, correlation, expires: packet.properties?.messageExpiryInterval ?? 0 });
      const said = answer(asked.state, asked.id);
      if (said === null) return;
      client.publish(topics.state, typeof said === "string" ? said : JSON.stringify(said), { qos: 1, retain: true });
    });
    await client.subscribeAsync(topics.request, { qos: 1 });
    closers.push(() => client.publishAsync(topics.state, "", { qos: 1, retain: true }));
    return seen;
  }

  it.each([4, 5] as const)("does what it is asked, and says how it stands (MQTT version %i)", async (version) => {
    const seen = await worker((state, id) => ({ state, order: id }));
    const batch = actuator(broker.url, { version });
    expect(await batch.read("worker.state", stop)).toBe(0);
    expect(await batch.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(await batch.read("worker.state", stop)).toBe(1);
    expect(await batch.write(order(1), stop)).toEqual({ result: "accepted" });
    // What the worker keeps names this order already: the second answer does not wait for it to come again.
    await vi.waitFor(() => expect(seen.orders).toHaveLength(2));
    expect(seen.orders.map(({ id, state }) => [id, state])).toEqual([
      ["shed#1/batch=1", "paused"],
      ["shed#1/batch=1", "paused"],
    ]);
    if (version === 4) return;
    expect(seen.orders[0]?.correlation).toBe("shed#1/batch=1");
    // The broker takes off what its own second has moved on by.
    expect([59, 60]).toContain(seen.orders[0]?.expires);
  });

  it("tells the worker when the order expires, and when power is cut where that is said", async () => {
    const seen = await worker((state, id) => ({ state, order: id }));
    const batch = actuator(broker.url);
    const [plain, hurried] = [order(1), { ...order(0, "move#1/batch=0"), due: 9 as Order["expires"] }];
    for (const one of [plain, hurried]) expect(await batch.write(one, stop)).toEqual({ result: "accepted" });
    expect(seen.bodies).toEqual([
      { id: plain.id, state: "paused", expires: plain.expires },
      { id: hurried.id, state: "running", expires: hurried.expires, due: 9 },
    ]);
  });

  it("goes through the gate as an outlet does: asked, read back, done", async () => {
    await worker((state, id) => ({ state, order: id }));
    const targets = new Map([["batch", { class: "target", writes: new Map([["worker.state", [0, 1]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["batch"]), targets },
      actuators: new Map([["batch", actuator(broker.url)]]),
    });
    const at = "batch/worker.state";
    const pause = command({
      point: at,
      value: 1,
      expect: { point: point(at), is: "=", value: 1, within: 9000 as never },
    });
    expect(await gate.submit(pause, 1)).toMatchObject({ result: "done", readBack: 1 });
  });

  it("that refuses is not asked again, and its reason is told", async () => {
    await worker((_, id) => ({ state: "running", order: id, refused: "in the middle of a backup" }));
    const outcome = await actuator(broker.url).write(order(1), stop);
    expect(outcome).toEqual({ result: "refused", detail: "in the middle of a backup" });
  });

  it("that says nothing, or speaks of another order, may have it or not", async () => {
    const words: (Record<string, unknown> | string | null)[] = [null, { state: "paused", order: "another" }, "{"];
    await Promise.all(
      words.map(async (word, i) => {
        const topics = { request: `batch-${i}/order`, state: `batch-${i}/state` };
        await worker(() => word, topics);
        expect((await actuator(broker.url, topics).write(order(1), stop)).result).toBe("unsure");
      }),
    );
  });

  it("that is not there is asked again later, and stands nowhere", async () => {
    const batch = actuator(broker.url);
    expect(await batch.write(order(1), stop)).toEqual({
      result: "again",
      detail: "nobody listens to the request topic",
    });
    expect(await batch.read("worker.state", stop)).toBeNull();
    expect(await batch.write(order(2), stop)).toMatchObject({ result: "refused" });
  });

  it.each([
    ["no JSON", "<state>"],
    ["a state that the link does not name", '{"state":"asleep"}'],
    ["no state", '{"order":"1"}'],
    ["more than anybody needs", JSON.stringify({ state: "paused", x: "x".repeat(70_000) })],
  ])("stands nowhere where its topic holds %s", async (_, body) => {
    const client = await joined();
    await client.publishAsync("batch/state", body, { qos: 1, retain: true });
    closers.push(() => client.publishAsync("batch/state", "", { qos: 1, retain: true }));
    expect(await actuator(broker.url).read("worker.state", stop)).toBeNull();
  });
});

describe("a broker that is none", () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  async function listener(take: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      take(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("is asked again where it is out of reach", async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    expect((await actuator(url).write(order(1), stop)).result).toBe("again");
    expect(await actuator(url).read("worker.state", stop)).toBeNull();
  });

  it("that says nothing is waited for no longer than its time-out, nor once the gate closes", async () => {
    const url = await listener(() => undefined);
    expect((await actuator(url).write(order(1), stop)).result).toBe("again");
    const closing = actuator(url);
    const reading = closing.read("worker.state", stop);
    closing.close();
    expect(await reading).toBeNull();
  });

  it("neither breaks nor holds a gate by whatever it sends", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const url = await listener((socket) => socket.once("data", () => socket.end(answer)));
    const welcome = Buffer.from([0x20, 0x03, 0, 0, 0]);
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.concat([welcome, bytes])),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        answer = bytes;
        expect(await actuator(url).read("worker.state", stop)).toBeNull();
        expect((await actuator(url).write(order(1), stop)).result).not.toBe("accepted");
      }),
    );
  });
});
