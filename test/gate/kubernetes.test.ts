import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { targetKind } from "../../src/core/target.ts";
import type { Order } from "../../src/gate/actuator.ts";
import { type KubernetesSettings, kubernetesActuator } from "../../src/gate/kubernetes.ts";
import { freePort } from "../collect/fixture.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";
import type { Pod } from "./kubernetes-api.ts";
import { startApi } from "./kubernetes-api.ts";
import { serveBytes, serveJson } from "./web-fixture.ts";

const [schedulable, cordoned, drained] = [0, 1, 2] as const;
const states = targetKind("kubernetes").states!;
const order = (value: number): Order => ({ ...anOrder(value), point: "node.state" });
const own = (value: string) => ({ key: "haechi/facility", value, effect: "NoSchedule" });

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function actuator(settings: Partial<KubernetesSettings> & { url: string }) {
  const all = { token: "token-of-a-service-account", node: "node-7", ...settings };
  const made = kubernetesActuator({ id: "node-7", point: "node.state", states, settings: all });
  closers.push(() => made.close());
  return made;
}

const web = (n: number, over: Partial<Pod> = {}): Pod => ({
  name: `web-${n}`,
  app: "web",
  node: "node-7",
  owner: "ReplicaSet",
  ...over,
});
const staying: readonly Pod[] = [
  { name: "logs", app: "logs", node: "node-7", owner: "DaemonSet" },
  { name: "kube-proxy-node-7", app: "proxy", node: "node-7", mirror: true },
  { name: "done", app: "jobs", node: "node-7", phase: "Succeeded" },
  web(9, { node: "node-8" }),
];

async function cluster(pods: readonly Pod[]) {
  const api = await startApi([...pods, ...staying]);
  closers.push(() => api.close());
  return { api, node: actuator({ url: api.url, ca: api.ca }) };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe("a node of Kubernetes", () => {
  it("is cordoned and opened again, and keeps the taints of others", async () => {
    const { api, node } = await cluster([web(1)]);
    expect(await node.read("node.state", stop)).toBe(schedulable);
    expect(await node.write(order(cordoned), stop)).toEqual({ result: "accepted" });
    expect(api.node).toMatchObject({ unschedulable: true, taints: [{ key: "nvidia.com/gpu" }, own("cordoned")] });
    expect(await node.read("node.state", stop)).toBe(cordoned);
    expect(await node.write(order(schedulable), stop)).toEqual({ result: "accepted" });
    expect(api.node).toMatchObject({ unschedulable: false, taints: [{ key: "nvidia.com/gpu" }] });
    expect(await node.read("node.state", stop)).toBe(schedulable);
    expect(api.asked.filter((asked) => asked.includes("eviction"))).toEqual([]);
  });

  it("is drained of all pods but those of DaemonSets, its own, and those that are over", async () => {
    const { api, node } = await cluster([web(1), web(2), web(3), web(4), { ...web(5), owner: undefined } as never]);
    expect(await node.read("node.pods", stop)).toBe(5);
    expect(await node.write(order(drained), stop)).toEqual({ result: "accepted" });
    await settle();
    expect(api.pods.map(({ name }) => name)).toEqual(staying.map(({ name }) => name));
    expect(await node.read("node.pods", stop)).toBe(0);
    expect(await node.read("node.state", stop)).toBe(drained);
  });

  it("goes through the gate as an outlet does: drained, waited for, done", async () => {
    const { node } = await cluster([web(1), web(2)]);
    const targets = new Map([["node-7", { class: "target", writes: new Map([["node.state", [0, 1, 2]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["node-7"]), targets },
      actuators: new Map([["node-7", node]]),
    });
    const at = "node-7/node.state";
    const drain = command({
      point: at,
      value: 2,
      expect: { point: point(at), is: "=", value: 2, within: 9000 as never },
    });
    expect(await gate.submit(drain, 1)).toMatchObject({ result: "done", readBack: 2 });
  });

  it("is not drained past a disruption budget: what may go goes, the rest is asked for again", async () => {
    const { api, node } = await cluster([web(1), web(2), web(3)]);
    api.budgets.set("web", 2);
    expect(await node.write(order(drained), stop)).toMatchObject({
      result: "again",
      detail: expect.stringMatching(/^1 pods are held, default\/web-3: its disruption budget holds it$/),
    });
    await settle();
    expect(await node.read("node.pods", stop)).toBe(1);
    expect(await node.read("node.state", stop)).toBe(cordoned);
    // Another replica has come up elsewhere.
    api.pods.push(web(7, { node: "node-8" }));
    expect(await node.write(order(drained), stop)).toEqual({ result: "accepted" });
    await settle();
    expect(await node.read("node.state", stop)).toBe(drained);
  });

  it("is not called drained while a pod is still going, nor because it is cordoned and empty", async () => {
    const { node } = await cluster([web(1, { stuck: true })]);
    expect(await node.write(order(drained), stop)).toEqual({ result: "accepted" });
    await settle();
    expect(await node.read("node.state", stop)).toBe(cordoned);
    expect(await node.read("node.pods", stop)).toBe(1);
    const empty = await cluster([]);
    await empty.node.write(order(cordoned), stop);
    expect(await empty.node.read("node.state", stop)).toBe(cordoned);
  });

  it("asks for no pod twice, and for none that has come under an old name", async () => {
    const { api, node } = await cluster([web(1, { stuck: true })]);
    await node.write(order(drained), stop);
    await node.write(order(drained), stop);
    expect(api.asked.filter((asked) => asked.endsWith("web-1/eviction"))).toHaveLength(1);
    const moved = await cluster([web(1)]);
    moved.api.meddle = ({ path }) => {
      if (path.endsWith("/eviction")) moved.api.pods.splice(0, 1, web(1, { node: "node-8" }));
      return undefined;
    };
    expect(await moved.node.write(order(drained), stop)).toEqual({ result: "accepted" });
    expect(moved.api.pods[0]).toMatchObject({ node: "node-8" });
    expect(moved.api.pods[0]?.leaving).toBeUndefined();
  });

  it("that somebody changes in between is read and written anew", async () => {
    const { api, node } = await cluster([]);
    api.meddle = ({ method }) => {
      if (method === "PATCH") api.node.version += 1;
      return undefined;
    };
    expect(await node.write(order(cordoned), stop)).toEqual({ result: "again", detail: "HTTP 409" });
    expect(api.node.unschedulable).toBeUndefined();
  });

  it("loses nothing with an answer: the same order does the rest", async () => {
    const { api, node } = await cluster([web(1)]);
    let lost = 0;
    api.meddle = ({ method }) => {
      if (method !== "PATCH" || lost > 0) return undefined;
      lost += 1;
      Object.assign(api.node, { unschedulable: true, taints: [own("drained")], version: 101 });
      return { status: 502 };
    };
    expect((await node.write(order(drained), stop)).result).toBe("again");
    expect((await node.write(order(drained), stop)).result).toBe("accepted");
    await settle();
    expect(await node.read("node.state", stop)).toBe(drained);
  });

  it.each([
    ["a token that is not known", { token: "guessed" }, "HTTP 401"],
    ["a node that is not there", { node: "node-99" }, "HTTP 404"],
  ])("is left alone with %s", async (_, over, detail) => {
    const { api } = await cluster([web(1)]);
    const { url, ca } = api;
    const node = actuator({ url, ca, ...over });
    expect(await node.write(order(drained), stop)).toEqual({ result: "refused", detail });
    expect(await node.read("node.state", stop)).toBeNull();
    expect(api.pods[0]?.leaving).toBeUndefined();
  });

  it("is not spoken to where its certificate is not the authority's", async () => {
    const { api } = await cluster([]);
    expect((await actuator({ url: api.url }).write(order(cordoned), stop)).result).toBe("again");
    expect(api.asked).toEqual([]);
    expect(await actuator({ url: api.url, ca: api.ca }).write(order(3), stop)).toMatchObject({ result: "refused" });
  });

  it("is asked again where the API is out of reach, and stands nowhere", async () => {
    const node = actuator({ url: `http://127.0.0.1:${await freePort()}` });
    expect((await node.write(order(drained), stop)).result).toBe("again");
    expect(await node.read("node.state", stop)).toBeNull();
    expect(await node.read("node.other", stop)).toBeNull();
  });

  it("is no longer waited for once the gate closes", async () => {
    const silent = await serveJson(() => null);
    closers.push(() => silent.close());
    const node = actuator({ url: silent.url });
    const reading = node.read("node.state", stop);
    node.close();
    expect(await reading).toBeNull();
  });

  it.each([
    ["pages without end", { metadata: { continue: "more" }, items: [] }],
    [
      "a pod whose name leads elsewhere",
      { metadata: {}, items: [{ metadata: { name: "..", namespace: "a", uid: "1" } }] },
    ],
    ["no list", []],
  ])("has no state where the API gives %s", async (_, body) => {
    const { api, node } = await cluster([web(1)]);
    api.meddle = ({ path }) => (path === "/api/v1/pods" ? { status: 200, body } : undefined);
    expect(await node.read("node.pods", stop)).toBeNull();
    expect((await node.write(order(drained), stop)).result).toBe("again");
    expect(api.asked.filter((asked) => asked.includes("eviction"))).toEqual([]);
  });

  it("is neither broken nor held by whatever is answered", async () => {
    let answer: Uint8Array = Buffer.alloc(0);
    const server = await serveBytes(() => answer);
    closers.push(() => server.close());
    const node = actuator({ url: `http://127.0.0.1:${server.port}` });
    const said = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(said, async (bytes) => {
        answer = bytes;
        expect(await node.read("node.state", stop)).toBeNull();
        expect((await node.write(order(drained), stop)).result).not.toBe("accepted");
      }),
    );
  });
});
