import { expect, test } from "vitest";
import { virtualClock } from "../src/clock.ts";
import type { PointId, Reading } from "../src/core/reading.ts";
import { instant } from "../src/core/time.ts";
import { lookThroughGate, pointsInSight } from "../src/sight.ts";
import { siteAfter } from "./site/fixture.ts";

const targets = `targets:
  node-7: { name: { en: N }, kubernetes: { url: "https://10.0.9.3", token: "\${env:KUBE}", node: node-7 } }
  orders: { name: { en: O }, patroni: { members: { pg-1: "http://10.0.9.5:8008", pg-2: "http://10.1.9.5:8008" } } }
alarms:
`;
const site = siteAfter(
  ["alarms:\n", targets],
  [
    '{ url: "http://mover.example/login", secret: "${env:MOVER}" }',
    "{ target: orders, at: { here: pg-1, there: pg-2 } }",
  ],
  ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, node-7]"],
);

test("what the gate may command is looked at through it, and services with a mover of their own are not", () => {
  expect(pointsInSight(site)).toEqual([["node-7/node.state", "node-7/node.pods"], ["login/service.site"]]);
  expect(pointsInSight(siteAfter())).toEqual([]);
});

test("a target is asked every five seconds; one that is silent is told as such, and delays no other", async () => {
  const [node = [], login = []] = pointsInSight(site);
  const clock = virtualClock(instant(0));
  const stop = new AbortController();
  const heard: Reading[] = [];
  let asked = 0;
  const look = (points: readonly PointId[]) => {
    if (points[0] !== node[0]) return new Promise<never>(() => undefined);
    asked += 1;
    if (asked === 3) return Promise.reject(new Error("the gate is gone"));
    return Promise.resolve([[node[0]!, asked] as const, [node[1]!, null] as const]);
  };
  const sink = (batch: readonly Reading[]): void => void heard.push(...batch);
  const looking = lookThroughGate([node, login], { look }, { clock, stop: stop.signal, sink });
  for (const at of [5000, 10_000]) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.moveTo(instant(at));
  }
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await looking;
  expect(heard.map(({ point, at, ...rest }) => [point, at, "value" in rest ? rest.value : rest.quality])).toEqual([
    ["node-7/node.state", 0, 1],
    ["node-7/node.pods", 0, "bad"],
    ["node-7/node.state", 5000, 2],
    ["node-7/node.pods", 5000, "bad"],
    ["node-7/node.state", 10_000, "bad"],
    ["node-7/node.pods", 10_000, "bad"],
  ]);
});
