import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const stepOne = "{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }";

const stepsWith = (more: string, ...changes: readonly (readonly [string, string])[]) => {
  const { action } = siteAfter([stepOne, stepOne.replace(" }", `, ${more} }`)], ...changes).model.responses[0]!;
  return action.kind === "failover" ? action.steps : [];
};

describe("a step", () => {
  test("says what must hold, how long it takes and what undoes it", () => {
    const when = 'when: { point: "pdu-a/outlet[1].state", at: on }';
    expect(stepsWith(`${when}, usual: 45s, inverse: here`)[0]).toMatchObject({
      when: { point: "pdu-a/outlet[1].state", is: "=", value: 1 },
      usual: 45_000,
      inverse: 0,
    });
    expect(stepsWith("pointOfNoReturn: true")[0]).toMatchObject({ isFinal: true });
  });

  test("tests a number by a limit", () => {
    expect(stepsWith('when: { point: "pdu-a/power.active", above: 0.5 }')[0]!.when).toEqual({
      point: "pdu-a/power.active",
      is: ">",
      value: 0.5,
    });
  });

  test("takes as long as drills have shown of its service, where it does not say", () => {
    const [one] = stepsWith("needs: []", [
      'loads: [rack-1], move: { url: "http://mover.example/login", secret: "${env:MOVER}" }',
      'loads: [rack-1], move: { url: "http://mover.example/login", secret: "${env:MOVER}" }, moves: { p95: 40s }',
    ]);
    expect(one!.usual).toBe(40_000);
  });

  test("names another that is taken in its place", () => {
    const steps = siteAfter(["ifFailed: carryOn }", "ifFailed: two }"], ["needs: [one], ", ""]).model.responses[0]!;
    expect(steps.action).toMatchObject({ steps: [{ fallback: "two", ifFailed: "carryOn" }, { ifFailed: "stop" }] });
  });

  test.each([
    [
      "whose place nothing takes",
      "ifFailed: carryOn }",
      "ifFailed: won }",
      '95:84 responses.move.failover.steps.0.ifFailed: there is no step "won" (did you mean "one"?)',
    ],
    [
      "that mistypes what happens next",
      "ifFailed: carryOn }",
      "ifFailed: stopp }",
      '95:84 responses.move.failover.steps.0.ifFailed: there is no step "stopp" (did you mean "stop"?)',
    ],
    [
      "taken in its own place",
      "ifFailed: carryOn }",
      "ifFailed: one }",
      "95:84 responses.move.failover.steps.0.ifFailed: steps wait for each other in a circle: one needs itself",
    ],
    [
      "that is undone by what it does",
      "ifFailed: carryOn }",
      "ifFailed: carryOn, inverse: there }",
      "95:102 responses.move.failover.steps.0.inverse: there is what it is to undo",
    ],
    [
      "that is undone into nowhere",
      "ifFailed: carryOn }",
      "ifFailed: carryOn, inverse: hare }",
      '95:102 responses.move.failover.steps.0.inverse: there is no site "hare" elsewhere (did you mean "there"?)',
    ],
    [
      "that can and cannot be undone",
      "ifFailed: carryOn }",
      "ifFailed: carryOn, inverse: here, pointOfNoReturn: true }",
      "95:11 responses.move.failover.steps.0: is a point of no return or has an inverse, not both",
    ],
    [
      "that takes longer than it may",
      "ifFailed: carryOn }",
      "ifFailed: carryOn, usual: 2min }",
      "95:11 responses.move.failover.steps.0: usual is at most within",
    ],
    [
      "that tests what the gate cannot look at",
      "ifFailed: carryOn }",
      "ifFailed: carryOn, when: { point: ups-a/ups.mode, at: online } }",
      "95:108 responses.move.failover.steps.0.when.point: the gate would look at ups-a before it writes, and gate.allow does not name it",
    ],
    [
      "that tests for a state that is none",
      "ifFailed: carryOn }",
      'ifFailed: carryOn, when: { point: "pdu-a/outlet[1].state", at: onn } }',
      '95:137 responses.move.failover.steps.0.when.at: "onn" is no state of pdu-a/outlet[1].state: off, on (did you mean "on"?)',
    ],
    [
      "that tests in two ways",
      "ifFailed: carryOn }",
      'ifFailed: carryOn, when: { point: "pdu-a/power.active", above: 1, below: 3 } }',
      "95:99 responses.move.failover.steps.0.when: is tested in one way: at, above or below",
    ],
    [
      "that tests a number for a state",
      "ifFailed: carryOn }",
      'ifFailed: carryOn, when: { point: "pdu-a/power.active", at: on } }',
      "95:134 responses.move.failover.steps.0.when.at: pdu-a/power.active is a number and has no states: test it with above or below",
    ],
  ])("%s is refused", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("of a response that only advises may test what the gate does not know yet", () => {
    const when = 'ifFailed: carryOn, when: { point: "ups-a/ups.mode", at: online } }';
    expect(
      problemsAfter(["ifFailed: carryOn }", when], ["mode: act\n    after: 0s", "mode: advise\n    after: 0s"]),
    ).toEqual([]);
  });

  test("that waits for the one in whose place it is taken is in no circle; the other way round it is", () => {
    expect(problemsAfter(["ifFailed: carryOn }", "ifFailed: two }"])).toEqual([]);
    expect(problemsAfter(["ifFailed: carryOn }", "needs: [two], ifFailed: two }"], ["needs: [one], ", ""])).toEqual([
      "95:81 responses.move.failover.steps.0.needs: steps wait for each other in a circle: one needs itself",
    ]);
  });
});

describe("a failover that says when it may be restored", () => {
  const terms = (wish: string, settle = "10min"): readonly [string, string] => [
    "    failover:\n",
    `    failover:\n      restore: { when: [{ ${wish} }], settle: ${settle} }\n`,
  ];
  const inverse = ["ifFailed: carryOn }", "ifFailed: carryOn, inverse: here }"] as const;
  const mode = "point: ups-a/ups.mode, at: online";

  test("waits for points of anything that is read", () => {
    const { action } = siteAfter(terms(mode), inverse).model.responses[0]!;
    expect(action).toMatchObject({ restore: { when: [{ point: "ups-a/ups.mode", is: "=" }], settle: 600_000 } });
  });

  test("has a step with an inverse, and tests what is there", () => {
    expect(problemsAfter(terms(mode))).toEqual([
      "94:7 responses.move.failover.restore: restores nothing: no step has an inverse",
    ]);
    expect(problemsAfter(terms(mode.replace("online", "onlin")), inverse)).toEqual([
      expect.stringContaining('94:54 responses.move.failover.restore.when.0.at: "onlin" is no state of ups-a/ups.mode'),
    ]);
  });
});
