import { expect, test } from "vitest";
import { formatProblem } from "../../src/profiles/index.ts";
import { parseSite } from "../../src/site/index.ts";
import { changed, library } from "./fixture.ts";

const targets = (ttl: number): string => `targets:
  zone:
    name: { en: Addresses }
    dns:
      host: 10.0.9.1
      zone: example.org
      key: { name: haechi, secret: "\${env:ZONE_KEY}" }
      sets:
        seoul: [{ name: www.example.org, type: A, ttl: 30, data: [192.0.2.1] }]
        busan: [{ name: www.example.org, type: A, ttl: ${ttl}, data: [198.51.100.1] }]
alarms:
`;

function adviceWith(ttl: number, step: string): readonly string[] {
  const text = changed(
    ["alarms:\n", targets(ttl)],
    [
      '{ url: "http://mover.example/login", secret: "${env:MOVER}" }',
      "{ target: zone, at: { here: seoul, there: busan } }",
    ],
    ["{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }", step],
    ["needs: [one], within: 90s", "needs: [one], within: 1h"],
    ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, zone]"],
  );
  const loaded = parseSite("site.yaml", text, library());
  if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return loaded.advice.map((piece) => formatProblem(piece).replace(/^site.yaml:\d+:\d+ /, ""));
}

test.each([
  "{ id: one, service: login, to: there, within: 90s, ifFailed: carryOn }",
  "{ id: one, target: zone, to: busan, within: 90s, ifFailed: carryOn }",
])("records that are kept longer than half of a step's time are advised against: %s", (step) => {
  expect(adviceWith(45, step)).toEqual([]);
  expect(adviceWith(46, step)).toEqual([
    "responses.move.failover.steps.0.within: old records are kept for up to 46 s (ttl), more than half of the 90 s that the step has",
  ]);
});

test("a point of no return that is ordered by itself is worth two people's yes", () => {
  const final = "{ id: one, service: login, to: there, within: 90s, ifFailed: carryOn, pointOfNoReturn: true }";
  const step = ["{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }", final] as const;
  const advice = (...changes: readonly (readonly [string, string])[]): readonly string[] => {
    const loaded = parseSite("site.yaml", changed(step, ...changes), library());
    if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
    return loaded.advice.map((piece) => formatProblem(piece)).filter((text) => text.includes("pointOfNoReturn"));
  };
  const two = (name: string) => ["gate:\n", `gate:\n  twoPeople: [${name}]\n`] as const;
  expect(advice()).toEqual([
    expect.stringContaining(
      "one is ordered by itself and cannot be taken back: name move or login in gate.twoPeople, or let it advise",
    ),
  ]);
  expect(advice(two("move"))).toEqual([]);
  expect(advice(two("login"))).toEqual([]);
  expect(advice(["mode: act\n    after: 0s", "mode: advise\n    after: 0s"])).toEqual([]);
});
