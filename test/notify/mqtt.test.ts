import type { AddressInfo, Socket } from "node:net";
import { createConnection, createServer } from "node:net";
import type { IPublishPacket, MqttClient } from "mqtt";
import { connect } from "mqtt";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { AlarmStatus } from "../../src/core/alarm/lifecycle.ts";
import type { Transition } from "../../src/core/plant.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { Notify } from "../../src/notify/index.ts";
import { openNotify } from "../../src/notify/index.ts";
import type { MqttConfig } from "../../src/notify/mqtt.ts";
import { openMqtt, topicPart } from "../../src/notify/mqtt.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { freePort, startMosquitto } from "../setup/services.ts";

const root = "haechi/v1/demo";
const at = (url: string, over: Partial<MqttConfig> = {}): MqttConfig => ({
  url,
  prefix: "haechi",
  version: 5,
  ...over,
});
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retain: boolean;
  readonly packet: IPublishPacket;
}

interface Listener {
  readonly heard: Heard[];
  /** The first message that was or will be heard and passes. */
  find(test: (message: Heard) => boolean): Promise<Heard>;
}

async function listen(url: string): Promise<Listener> {
  const client: MqttClient = connect(url, { protocolVersion: 5, reconnectPeriod: 100 });
  closers.push(() => client.endAsync(true));
  const heard: Heard[] = [];
  const waiting = new Set<(message: Heard) => void>();
  client.on("message", (topic, payload, packet) => {
    const message = { topic, text: payload.toString(), retain: packet.retain, packet };
    heard.push(message);
    for (const look of waiting) look(message);
  });
  client.on("error", () => undefined);
  await new Promise<void>((resolve) => client.once("connect", () => resolve()));
  await client.subscribeAsync("#", { qos: 1 });
  return {
    heard,
    find: (test) =>
      new Promise((resolve) => {
        const look = (message: Heard): void => {
          if (!test(message)) return;
          waiting.delete(look);
          resolve(message);
        };
        const already = heard.find(test);
        if (already) resolve(already);
        else waiting.add(look);
      }),
  };
}

/** A line to the broker that can be cut without either end being asked. */
async function between(port: number): Promise<{ readonly port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection({ port, host: "127.0.0.1" });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  closers.push(() => {
    cut();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, cut };
}

const reading = (point: string, value: number): Reading => ({
  point: point as PointId,
  at: instant(1000),
  quality: "good",
  value,
});

const raised = (alarm: string, to: AlarmStatus = "unacknowledged"): Transition => ({
  alarm: alarm as AlarmId,
  at: instant(1000),
  priority: "critical",
  from: "normal",
  to,
  because: "asd-battery/smoke.level = fire1",
});

const on = (topic: string) => (message: Heard) => message.topic === `${root}/${topic}`;
const saying = (topic: string, text: string) => (message: Heard) => on(topic)(message) && message.text.includes(text);

describeWith("mosquitto", "the MQTT outlet and a real broker", () => {
  let broker: Running;
  beforeEach(async () => {
    broker = await startMosquitto();
    closers.push(() => broker.stop());
  });

  function outlet(): Notify {
    const notify = openNotify(
      { mqtt: at(broker.url), webhooks: [] },
      { id: "demo", unitOf: (point) => (point.endsWith("power") ? "kW" : null) },
    );
    closers.push(() => notify.close());
    return notify;
  }

  it("publishes one retained message a device with all its points, and gives a bad one no value", async () => {
    const notify = outlet();
    notify.points([reading("ups-a/output.power", 12.5), reading("ups-b/output.power", 3)]);
    notify.points([
      reading("ups-a/output.power", 13),
      { point: "ups-a/ups.mode" as PointId, at: instant(2000), quality: "bad", reason: "noCommunication" },
    ]);
    const early = await listen(broker.url);
    await early.find(on("device/ups-a"));
    const late = await listen(broker.url);
    const { text, retain, packet } = await late.find(on("device/ups-a"));
    expect(JSON.parse(text)).toEqual({
      points: {
        "output.power": { at: 1000, quality: "good", value: 13, unit: "kW" },
        "ups.mode": { at: 2000, quality: "bad", reason: "noCommunication", unit: null },
      },
    });
    expect(retain).toBe(true);
    expect(packet.properties?.contentType).toBe("application/json");
    expect(early.heard.filter(on("device/ups-a"))).toHaveLength(1);
  });

  it("publishes alarms and its own state retained, and commands, outcomes and notices once", async () => {
    const notify = outlet();
    const here = await listen(broker.url);
    notify.transition(raised("battery-room-fire"));
    notify.state({ mode: "normal", blind: 0 });
    notify.command({ command: "shed#1" as never, at: instant(5), result: "done", detail: "seen" });
    const began = {
      at: instant(6),
      about: "cause",
      id: "ups-a",
      event: "began",
      text: "lost: feed A of 4 racks",
    } as const;
    notify.notice(began);
    await Promise.all([here.find(on("alarm/battery-room-fire")), here.find(on("state")), here.find(on("outcome"))]);
    expect(JSON.parse((await here.find(on("notice"))).text)).toEqual(began);
    const later = await listen(broker.url);
    const alarm = await later.find(on("alarm/battery-room-fire"));
    expect(JSON.parse(alarm.text)).toMatchObject({ to: "unacknowledged", priority: "critical" });
    expect(JSON.parse((await later.find(on("state"))).text)).toEqual({ mode: "normal", blind: 0 });
    expect(alarm.packet.qos).toBe(1);
    expect(later.heard.some(on("outcome")) || later.heard.some(on("notice"))).toBe(false);
  });

  it("says that it is online, and that it has gone", async () => {
    const here = await listen(broker.url);
    const notify = outlet();
    await here.find(saying("$status", "online"));
    await notify.close();
    await here.find(saying("$status", "offline"));
  });

  it("leaves its last will with the broker, which speaks it when the outlet is cut off", async () => {
    const here = await listen(broker.url);
    const line = await between(broker.port);
    const mqtt = openMqtt(at(`mqtt://127.0.0.1:${line.port}`), "demo");
    closers.push(() => mqtt.close());
    await here.find(saying("$status", "online"));
    line.cut();
    await here.find(saying("$status", "offline"));
    const online = here.heard.filter(saying("$status", "online")).length;
    await here.find(() => here.heard.filter(saying("$status", "online")).length > online);
  });

  it("tells a broker that was killed and has forgotten everything all of it again", async () => {
    const notify = outlet();
    const before = await listen(broker.url);
    notify.transition(raised("battery-room-fire"));
    notify.points([reading("ups-a/output.power", 12.5)]);
    await Promise.all([before.find(on("alarm/battery-room-fire")), before.find(on("device/ups-a"))]);
    await broker.kill();
    while (notify.health().mqtt?.connected) await new Promise((resolve) => setTimeout(resolve, 5));
    // What happens while the broker is away: the newest of each topic is what counts.
    notify.transition(raised("battery-room-fire", "acknowledged"));
    notify.transition(raised("battery-room-fire", "normal"));
    notify.transition(raised("hall-smoke"));
    await broker.again();
    const after = await listen(broker.url);
    const fire = await after.find(on("alarm/battery-room-fire"));
    expect(JSON.parse(fire.text)).toMatchObject({ to: "normal" });
    await Promise.all([after.find(on("alarm/hall-smoke")), after.find(on("device/ups-a"))]);
    expect(notify.health().mqtt?.replaced).toBe(1);
  });

  it("takes three thousand topics at once without the broker ending the connection", async () => {
    const mqtt = openMqtt(at(broker.url), "demo");
    closers.push(() => mqtt.close());
    const here = await listen(broker.url);
    for (let n = 0; n < 3000; n += 1) mqtt.set(`alarm/a${n}`, { qos: 1, body: () => `{"n":${n}}` });
    await here.find(on("alarm/a2999"));
    expect(new Set(here.heard.filter(({ topic }) => topic.includes("/alarm/")).map(({ topic }) => topic)).size).toBe(
      3000,
    );
    expect(mqtt.health()).toMatchObject({ connected: true, dropped: 0 });
  });

  it("subscribes to nothing: what others say to the broker does not reach it", async () => {
    const notify = outlet();
    const here = await listen(broker.url);
    await here.find(saying("$status", "online"));
    const other = connect(broker.url);
    closers.push(() => other.endAsync(true));
    await other.publishAsync(`${root}/state`, "forged", { qos: 1 });
    notify.state({ mode: "normal" });
    await here.find(saying("state", "normal"));
    expect(notify.health().mqtt?.connected).toBe(true);
  });

  it("goes on trying where the broker does not know its password", async () => {
    const shut = await startMosquitto({ lines: ["allow_anonymous false"] });
    closers.push(() => shut.stop());
    const mqtt = openMqtt(at(shut.url, { username: "haechi", password: "wrong" }), "demo");
    closers.push(() => mqtt.close());
    mqtt.set("state", { qos: 1, body: () => "{}" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(mqtt.health()).toMatchObject({ connected: false, waiting: 1 });
  });
});

it("without a broker keeps the newest state of each topic, and counts what it had to leave out", async () => {
  const mqtt = openMqtt(at(`mqtt://127.0.0.1:${await freePort()}`), "demo");
  let bodies = 0;
  const body = (): string => {
    bodies += 1;
    return "{}";
  };
  for (let n = 0; n < 100; n += 1) mqtt.set("device/ups-a", { qos: 0, body });
  for (let n = 0; n < 60_000; n += 1) mqtt.set(`alarm/a${n}`, { qos: 1, body });
  for (let n = 0; n < 1500; n += 1) mqtt.event("command", "{}");
  expect(mqtt.health()).toEqual({ connected: false, waiting: 50_000, replaced: 99, dropped: 10_001 + 500 });
  // Nothing is put into words that nobody hears.
  expect(bodies).toBe(0);
  await mqtt.close();
});

it("a name with wildcards in it is one harmless level of a topic", () => {
  expect(topicPart("a/b+c#d")).toBe("a_b_c_d");
});
