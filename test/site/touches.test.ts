import { describe, expect, test } from "vitest";
import { plansOf } from "../../src/site/plan.ts";
import { problemsAfter, siteAfter, siteText } from "./fixture.ts";

const services = /services:\n.*\n/.exec(siteText)![0];
const mover = '{ url: "http://mover.example/x", secret: "${env:MOVER}" }';
const threeServices = `services:
  login: { tier: 0, name: { en: Login }, move: ${mover}, group: hall-1 }
  mail: { tier: 1, name: { en: Mail }, move: ${mover}, group: hall-2 }
  map: { tier: 1, name: { en: Map }, move: ${mover}, group: hall-2 }
  fixed: { tier: 2, name: { en: Fixed } }
`;
const node = (touches: string): readonly [string, string] => [
  "alarms:\n",
  `targets:\n  node-7: { name: { en: N }, touches: ${touches}, kubernetes: { url: "https://k.example", token: "\${env:KUBE}", node: n } }\nalarms:\n`,
];
const written = (touches: string) => siteAfter([services, threeServices], node(touches));
const wrong = (touches: string) => problemsAfter([services, threeServices], node(touches));

describe("what a target touches", () => {
  test.each([
    ["services by their names", "{ services: [login, map] }", ["login", "map"]],
    ["all services of a group", "{ groups: [hall-2] }", ["mail", "map"]],
    ["a group and a service beside it", "{ groups: [hall-2], services: [login, mail] }", ["login", "mail", "map"]],
    ["every service of the site that can be moved", "{ site: true }", ["login", "mail", "map"]],
  ])("is %s", (_, touches, touched) => {
    expect(written(touches).model.touching).toEqual([
      { point: "node-7/node.state", home: 0, services: touched.map((id) => `${id}/service.site`) },
    ]);
  });

  test("is away in every state but its first, or the one that is said", () => {
    expect(written("{ site: true, home: cordoned }").model.touching).toMatchObject([{ home: 1 }]);
    expect(siteAfter().model.touching).toEqual([]);
  });

  test.each([
    ["{ services: [logn] }", 'there is no service "logn" (did you mean "login"?)'],
    ["{ services: [fixed] }", 'fixed cannot be moved: it has no "move", and nobody could say where it is'],
    ["{ groups: [hall-3] }", 'no service that can be moved is of a group "hall-3" (did you mean "hall-'],
    ["{ site: true, home: drainde }", 'node-7 has no state "drainde" (did you mean "drained"?)'],
    ["{ home: drained }", "names services, groups, or the site"],
  ])("cannot be %s", (touches, message) => {
    expect(wrong(touches)).toEqual([expect.stringContaining(message)]);
  });

  test("counts before it is needed: a plan that drains it moves what it touches", () => {
    const drain = "{ id: one, target: node-7, to: drained, within: 10min, ifFailed: carryOn }";
    const step = "{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }";
    const allowed = ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, node-7]"] as const;
    const found = (touches: string) =>
      plansOf(siteAfter([services, threeServices], node(touches), [step, drain], allowed))
        .findings.filter(({ kind }) => kind === "scope")
        .map(({ what }) => what);
    expect(found("{ services: [mail] }")).toEqual([expect.stringContaining("services of hall-1, hall-2 away")]);
    expect(found("{ site: true }")).toEqual([expect.stringContaining("moves all 3 services away")]);
    expect(found("{ services: [mail], home: drained }")).toEqual([]);
  });
});
