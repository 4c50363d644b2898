import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

type Change = readonly [from: string, to: string];

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

  const relays: Change = [
    "  io: {",
    "  relays: { profile: remote-io/moxa-iologik-e1214, space: hall, modbus: { host: 10.0.0.9 }, fitted: { n: 2 } }\n  io: {",
  ];
  const leave: Change = ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, relays]"];
  const accept: Change = ["when: [fire]", "when: [fire]\n    accept: the charge of a string is no load"];
  const commanding = (what: string): Change => [stepOne, `{ id: one, ${what}, within: 20s, ifFailed: carryOn }`];
  const stop = 'point: "relays/relay[0].state", to: "on"';

  test("may command a point of a device, and say what must be seen beside it", () => {
    const shown = 'shows: { point: bat-a/battery.current, above: -1 }, inverse: "off"';
    const { action } = siteAfter(relays, leave, accept, commanding(`${stop}, ${shown}`)).model.responses[0]!;
    expect(action).toMatchObject({
      steps: [
        {
          title: { en: "relays/relay[0].state" },
          point: "relays/relay[0].state",
          value: 1,
          inverse: 0,
          shows: { point: "bat-a/battery.current", is: ">", value: -1 },
        },
        {},
      ],
    });
  });

  test.each<[is: string, what: string, said: string]>([
    ["is not there", 'point: "relays/relay[9].state", to: "on"', 'has no point "relay[9].state"'],
    ["has no such state", 'point: "relays/relay[0].state", to: shut', 'relays/relay[0].state has no state "shut"'],
    [
      "no command brings there",
      'point: "relays/contact[0].state", to: closed',
      "cannot be commanded closed: remote-io/moxa-iologik-e1214 has no command for it",
    ],
    ["is where it goes back to", `${stop}, inverse: "on"`, "on is what it is to undo"],
    [
      "feeds a rack",
      'point: "pdu-a/outlet[2].state", to: "off"',
      "pdu-a/outlet[2].state feeds rack-2: what takes load off is a shed",
    ],
    [
      "is one of two objects",
      `${stop}, service: login`,
      "moves a service, or commands a target or a point: one of them",
    ],
  ])("is refused a point that %s", (_, what, said) => {
    expect(problemsAfter(relays, leave, accept, commanding(what)).join("\n")).toContain(said);
  });

  test("that commands a point needs the gate's leave, and two quantities or a reason, as whatever hangs on it may go dark", () => {
    expect(problemsAfter(relays, accept, commanding(stop)).join("\n")).toContain(
      "would command relays, which gate.allow does not name",
    );
    expect(problemsAfter(relays, leave, commanding(stop)).join("\n")).toContain("and machines would go dark for it");
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
