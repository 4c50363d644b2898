import { describe, expect, test } from "vitest";
import type { Broker } from "../../../src/collect/mqtt/broker.ts";
import { Edge, type Named } from "../../../src/collect/mqtt/edge.ts";
import { ms } from "../../../src/core/time.ts";
import { describeWith } from "../../setup/available.ts";
import { BOOLEAN, bytes, FLOAT, float, INT32, payload, text, UINT64, uint, type Written } from "./encode.ts";
import { broker, collecting, metricPoint, published, publisher, until } from "./fixture.ts";

const supply = metricPoint("supply", "Temperature/Supply");
const fault = metricPoint("fault", "Alarms/Fan", {
  unit: null,
  states: ["normal", "alarm"],
  map: new Map([
    [0, 0],
    [1, 1],
  ]),
});
const GROUP = { group: "hall-1", node: "gateway" };

const session = (number: number): Written => ({ name: "bdSeq", type: UINT64, value: uint(11, number) });
const born = (value: number): readonly Written[] => [
  { name: "Temperature/Supply", alias: 1, type: FLOAT, value: float(12, value) },
  { name: "Alarms/Fan", alias: 2, type: BOOLEAN, value: uint(14, 0) },
];
const warmer = (value: number): Written => ({ alias: 1, value: float(12, value) });

/** An edge node with one device behind it, born with 20 degrees and heard by a collector; the next number is 2. */
async function bornNode() {
  const running = await broker();
  const publish = await publisher(running.port, { reconnectPeriod: 100 });
  const send = (type: string, body: Buffer, { device = "ahu", retain = false } = {}): Promise<unknown> =>
    publish(`spBv1.0/hall-1/${type}/gateway${type.startsWith("D") ? `/${device}` : ""}`, body, retain);
  const heard = await collecting([published("ahu", running.port, [supply, fault], { ...GROUP, device: "ahu" })]);
  await until(
    async () => {
      await send("NBIRTH", payload([session(5)], 0));
      await send("DBIRTH", payload(born(20), 1));
    },
    () => heard.last("ahu/supply") === 20,
  );
  return { ...heard, running, publish, send };
}

describeWith("mosquitto", "a device that publishes Sparkplug B", () => {
  test("is read from its birth on, and by the aliases that its birth told", async () => {
    const { send, last } = await bornNode();
    expect(last("ahu/fault")).toBe(0);
    await send("DDATA", payload([warmer(21.5), { alias: 2, value: uint(14, 1) }], 2));
    await expect.poll(() => [last("ahu/supply"), last("ahu/fault")]).toEqual([21.5, 1]);
    await send("DDATA", payload([{ name: "Temperature/Supply", type: FLOAT, value: float(12, 22) }], 3));
    await expect.poll(() => last("ahu/supply")).toBe(22);
  });

  test("counts with the whole of its edge node, up to 255 and again from 0", async () => {
    const { send, said, last } = await bornNode();
    await send("NDATA", payload([], 2));
    await send("DBIRTH", payload(born(5), 3), { device: "other" });
    await send("DDATA", payload([warmer(6)], 4), { device: "other" });
    await send("DDEATH", payload([], 5), { device: "other" });
    for (let seq = 6; seq < 259; seq += 1) await send("DDATA", payload([warmer(seq)], seq % 256));
    await expect.poll(() => last("ahu/supply")).toBe(258);
    const afterBirth = said("ahu/supply").slice(said("ahu/supply").lastIndexOf(20));
    expect(afterBirth.filter((one) => typeof one === "string")).toEqual([]);
  });

  test("is bad from a gap in the count to its next birth; what comes with its name is believed", async () => {
    const { send, last } = await bornNode();
    await send("DDATA", payload([warmer(30)], 3));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    expect(last("ahu/fault")).toBe("bad noCommunication");
    await send("DDATA", payload([warmer(31)], 4));
    await send("DDATA", payload([{ name: "Alarms/Fan", type: BOOLEAN, value: uint(14, 1) }], 5));
    await expect.poll(() => last("ahu/fault")).toBe(1);
    expect(last("ahu/supply")).toBe("bad noCommunication");
    await send("DBIRTH", payload(born(32), 6));
    await expect.poll(() => last("ahu/supply")).toBe(32);
    await send("DDATA", payload([warmer(33)], 7));
    await expect.poll(() => last("ahu/supply")).toBe(33);
  });

  test("is bad from an alias that its birth did not tell", async () => {
    const { send, said, last } = await bornNode();
    await send("DDATA", payload([warmer(30), { alias: 99, value: float(12, 1) }], 2));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    await send("DBIRTH", payload(born(32), 3));
    await expect.poll(() => last("ahu/supply")).toBe(32);
    expect(said("ahu/supply")).not.toContain(30);
  });

  test("is bad when it dies, when its node does, and when its node is born anew and it is not yet", async () => {
    const { send, last } = await bornNode();
    await send("DDEATH", payload([], 2));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    await send("DBIRTH", payload(born(21), 3));
    await expect.poll(() => last("ahu/supply")).toBe(21);
    await send("NDEATH", payload([session(5)]));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    await send("NBIRTH", payload([session(6)], 0));
    await send("DBIRTH", payload(born(22), 1));
    await expect.poll(() => last("ahu/supply")).toBe(22);
    await send("NBIRTH", payload([session(7)], 0));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
  });

  test("lives on when the will of an older session comes late", async () => {
    const { send, said, last } = await bornNode();
    await send("NDEATH", payload([session(4)]));
    await send("DDATA", payload([warmer(21)], 2));
    await expect.poll(() => last("ahu/supply")).toBe(21);
    expect(said("ahu/supply").slice(-2)).toEqual([20, 21]);
  });

  test("is bad when its node sends what is no payload", async () => {
    const { send, last } = await bornNode();
    await send("DDATA", Buffer.from("not at all"));
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    await send("DBIRTH", payload(born(23), 2));
    await expect.poll(() => last("ahu/supply")).toBe(23);
  });

  test("is believed as far as it says itself", async () => {
    const { send, said, last } = await bornNode();
    await send("DDATA", payload([{ ...warmer(21), quality: 500 }], 2));
    await expect.poll(() => last("ahu/supply")).toBe("21 lastUsable");
    await send("DDATA", payload([{ ...warmer(22), quality: 0 }], 3));
    await expect.poll(() => last("ahu/supply")).toBe("bad sensorFailure");
    await send("DDATA", payload([{ ...warmer(23), quality: 192 }], 4));
    await expect.poll(() => last("ahu/supply")).toBe(23);
    await send("DDATA", payload([{ alias: 1, nothing: true }], 5));
    await expect.poll(() => last("ahu/supply")).toBe("bad sensorFailure");
    await send(
      "DDATA",
      payload(
        [
          { ...warmer(24), historical: true },
          { alias: 2, value: text(15, "what") },
        ],
        6,
      ),
    );
    await expect.poll(() => last("ahu/fault")).toBe("bad sensorFailure");
    expect(said("ahu/supply")).not.toContain(24);
  });

  test("is not believed in what was retained, unless it says that it is of now", async () => {
    const running = await broker();
    const publish = await publisher(running.port);
    const old = Date.now() - 3_600_000;
    const later = born(19).map((metric) => ({ ...metric, at: old }));
    await publish("spBv1.0/hall-1/DBIRTH/gateway/old", payload(later, 1, old), true);
    await publish("spBv1.0/hall-1/DBIRTH/gateway/new", payload(born(18), 1), true);
    const { last } = await collecting(
      ["old", "new"].map((device) => published(device, running.port, [supply], { ...GROUP, device })),
    );
    await expect.poll(() => last("old/supply")).toBe("19 lastUsable");
    await expect.poll(() => last("new/supply")).toBe(18);
    await publish("spBv1.0/hall-1/DDATA/gateway/old", payload([warmer(20)], 77));
    await expect.poll(() => last("old/supply")).toBe(20);
  });

  test("may be the edge node itself", async () => {
    const running = await broker();
    const publish = await publisher(running.port);
    const uptime = metricPoint("uptime", "Uptime");
    const { last } = await collecting([published("gw", running.port, [uptime], GROUP)]);
    await until(
      () =>
        publish(
          "spBv1.0/hall-1/NBIRTH/gateway",
          payload([session(0), { name: "Uptime", alias: 9, type: INT32, value: uint(10, 60) }], 0),
        ),
      () => last("gw/uptime") === 60,
    );
    await publish("spBv1.0/hall-1/NDATA/gateway", payload([{ alias: 9, value: uint(10, 61) }], 1));
    await expect.poll(() => last("gw/uptime")).toBe(61);
  });

  test("that used aliases before we heard of it is bad until it is born", async () => {
    const running = await broker();
    const publish = await publisher(running.port);
    const quick = { ...supply, period: ms(100) };
    const { said, last } = await collecting([published("ahu", running.port, [quick], { ...GROUP, device: "ahu" })]);
    let seq = 40;
    await until(
      () => publish("spBv1.0/hall-1/DDATA/gateway/ahu", payload([warmer(20)], seq++)),
      () => last("ahu/supply") === "bad noCommunication" && last("ahu/link.state") === 1,
    );
    await publish("spBv1.0/hall-1/DBIRTH/gateway/ahu", payload(born(21), seq++));
    await expect.poll(() => said("ahu/supply")).toContain(21);
  });

  test("is bad when the broker is killed, and is read again when both are back", async () => {
    const { running, send, last } = await bornNode();
    await running.kill();
    await expect.poll(() => last("ahu/supply")).toBe("bad noCommunication");
    await running.again();
    let seq = 2;
    await until(
      () => send("DDATA", payload([{ name: "Alarms/Fan", type: BOOLEAN, value: uint(14, 1) }], seq++ % 256)),
      () => last("ahu/fault") === 1,
    );
    await send("NBIRTH", payload([session(6)], 0));
    await send("DBIRTH", payload(born(25), 1));
    await expect.poll(() => last("ahu/supply")).toBe(25);
  });
});

describeWith("mosquitto", "two devices behind one edge node", () => {
  test("are each told of their own metrics only", async () => {
    const running = await broker();
    const publish = await publisher(running.port);
    const { last } = await collecting(
      ["a", "b"].map((device) => published(device, running.port, [supply], { ...GROUP, device })),
    );
    await until(
      async () => {
        await publish("spBv1.0/hall-1/NBIRTH/gateway", payload([session(1)], 0));
        await publish("spBv1.0/hall-1/DBIRTH/gateway/a", payload(born(1), 1));
        await publish("spBv1.0/hall-1/DBIRTH/gateway/b", payload(born(2), 2));
      },
      () => last("a/supply") === 1 && last("b/supply") === 2,
    );
    await publish("spBv1.0/hall-1/DDEATH/gateway/a", payload([], 3));
    await expect.poll(() => last("a/supply")).toBe("bad noCommunication");
    expect(last("b/supply")).toBe(2);
    await publish("spBv1.0/hall-1/DDATA/gateway/b", Buffer.concat([uint(3, 4), bytes(2, Buffer.alloc(0))]));
    await expect.poll(() => last("b/supply")).toBe("bad noCommunication");
  });
});

describe("an edge node that was out of hearing", () => {
  /** An edge node that was born with 20 degrees, and what has been heard of its device: values, or "lost". */
  function edge() {
    const heard: unknown[] = [];
    const silent = { listen: () => async () => {} } as unknown as Broker;
    const node = new Edge(silent, "hall-1", "gateway");
    node.listen("ahu", {
      metrics: (metrics: readonly Named[]) => heard.push(...metrics.map(({ value }) => value)),
      lost: () => heard.push("lost"),
      up: () => heard.push("up"),
      down: () => heard.push("down"),
    });
    const send = (type: string, body: Buffer): void => node.message(`spBv1.0/hall-1/${type}/gateway/ahu`, body, false);
    send("DBIRTH", payload(born(20).slice(0, 1), 7));
    node.down("noCommunication");
    node.up();
    return { heard, send };
  }

  test("is understood where its count goes on: nothing was missed", () => {
    const { heard, send } = edge();
    send("DDATA", payload([warmer(21)], 8));
    expect(heard).toEqual([20, "down", "up", 21]);
  });

  test("is not where it does not: a birth may have been missed", () => {
    const { heard, send } = edge();
    send("DDATA", payload([warmer(21)], 9));
    expect(heard).toEqual([20, "down", "up", "lost"]);
  });

  test("and whatever else it is sent, it says nothing of topics that are none of its own", () => {
    const { heard, send } = edge();
    for (const type of ["DCMD", "NDATA", "STATE", "constructor", ""]) send(type, payload([warmer(21)], 99));
    expect(heard).toEqual([20, "down", "up"]);
  });
});
