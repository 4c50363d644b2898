import { expect, test } from "vitest";
import { policyOf } from "../src/gate/index.ts";
import { moversOf } from "../src/movers.ts";
import type { Site } from "../src/site/index.ts";
import { siteAfter } from "./site/fixture.ts";

const target = `targets:
  orders: { name: { en: Orders }, patroni: { members: { pg-1: "http://10.0.9.5:8008", pg-2: "http://10.1.9.5:8008" } } }
alarms:
`;

test("a service is moved by its own mover, or by a target to the sites that have a state", () => {
  const own: Site = siteAfter(['secret: "${env:MOVER}"', 'secret: "${env:MOVER}", format: cloudevents']);
  expect(moversOf(own, own.services, new Map([["login", "known"]]))).toEqual([
    {
      id: "login",
      url: "http://mover.example/login",
      secret: "known",
      format: "cloudevents",
      sites: ["here", "there"],
    },
  ]);
  const moved = siteAfter(
    ["alarms:\n", target],
    ["elsewhere: [there]", "elsewhere: [far, there]"],
    [
      '{ url: "http://mover.example/login", secret: "${env:MOVER}" }',
      "{ target: orders, at: { here: pg-2, there: pg-1 } }",
    ],
  );
  const links = moversOf(moved, moved.services, new Map());
  expect(links).toEqual([{ id: "login", by: "orders", sites: ["here", "far", "there"], states: [1, null, 0] }]);
  const policy = policyOf(moved.gate, [], links, moved.targets);
  expect(policy.targets.get("login")?.writes.get("service.site")).toEqual([0, 2]);
  expect(policy.targets.get("orders")).toEqual({ class: "target", writes: new Map([["cluster.leader", [0, 1]]]) });
});
