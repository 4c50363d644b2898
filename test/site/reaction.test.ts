import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const stepOne = "{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }";
const relieved = "{ node: feed-a, toKw: 10 }";

describe("a response", () => {
  test("that moves services writes each one's place, as a number of the site's list", () => {
    expect(siteAfter().model.responses[0]).toEqual({
      id: "move",
      title: { en: "Move" },
      when: ["fire"],
      ifBlind: "hold",
      mode: "act",
      after: 0,
      action: {
        kind: "failover",
        steps: [
          {
            id: "one",
            title: { en: "Login" },
            point: "login/service.site",
            value: 1,
            needs: [],
            within: 90_000,
            retries: 1,
            ifFailed: "carryOn",
          },
          {
            id: "two",
            title: { en: "Login" },
            point: "login/service.site",
            value: 1,
            needs: ["one"],
            within: 90_000,
            retries: 0,
            ifFailed: "stop",
          },
        ],
      },
    });
  });

  test("that sheds load relieves nodes of the power tree", () => {
    expect(siteAfter().model.responses[1]?.action).toEqual({
      kind: "shed",
      relieve: [{ node: "feed-a", toKw: 10 }],
      within: 10_000,
      settle: 10_000,
    });
  });

  test.each(["ifBlind: hold", "mode: act", "after: 0s"])("has no default for %s", (line) => {
    const key = line.split(":")[0];
    const problems = problemsAfter([`    ${line}\n`, ""]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`responses.move.${key}`);
  });

  test.each([
    [
      "to an alarm that is not there",
      "when: [fire]",
      "when: [fire, fir]",
      '89:18 responses.move.when.1: there is no alarm "fir" (did you mean "fire"?)',
    ],
    ["to no alarm", "when: [fire]", "when: []", "89:11 responses.move.when: must be at least 1"],
    [
      "to an alarm that silence alone can raise",
      "when: [fire]",
      "when: [blind]",
      "89:12 responses.move.when.0: blind can be raised by silence alone (of asd): nothing is done to the plant because an instrument fails",
    ],
    [
      "that acts and is not armed",
      "armed: [move, shed]",
      "armed: [move]",
      '101:11 responses.shed.mode: "act" must be armed: name shed in gate.armed, or let it advise',
    ],
    [
      "that does two things",
      "    shed: {",
      `    failover: { steps: [${stepOne}] }\n    shed: {`,
      "98:5 responses.shed: does one thing: shed or failover",
    ],
    [
      "that does nothing",
      "    shed: { relieve: [{ node: feed-a, toKw: 10 }], within: 10s, settle: 10s }\n",
      "",
      "98:5 responses.shed: does one thing: shed or failover",
    ],
    [
      "that relieves what is not there",
      relieved,
      "{ node: feed-z, toKw: 10 }",
      '103:31 responses.shed.shed.relieve.0.node: there is no node of the power tree "feed-z" (did you mean "feed-a"?)',
    ],
    [
      "that relieves what has nothing to switch",
      relieved,
      "{ node: feed-b, toKw: 10 }",
      "103:31 responses.shed.shed.relieve.0.node: nothing below feed-b may be switched off",
    ],
    [
      "that relieves one node twice",
      relieved,
      `${relieved}, ${relieved}`,
      "103:59 responses.shed.shed.relieve.1.node: feed-a is relieved once",
    ],
    [
      "that relieves nothing",
      "toKw: 10",
      "toKw: 50",
      "103:45 responses.shed.shed.relieve.0.toKw: relieves nothing: feed-a is rated 50 kW",
    ],
    [
      "that would switch what the gate may not",
      "allow: [pdu-a, ",
      "allow: [",
      "103:31 responses.shed.shed.relieve.0.node: would switch outlets of pdu-a, which gate.allow does not name",
    ],
    [
      "that moves a service that is not there",
      stepOne,
      stepOne.replace("login", "logon"),
      '95:31 responses.move.failover.steps.0.service: there is no service "logon" (did you mean "login"?)',
    ],
    [
      "that moves a service nowhere",
      stepOne,
      stepOne.replace("there", "thare"),
      '95:42 responses.move.failover.steps.0.to: there is no site "thare" elsewhere (did you mean "there"?)',
    ],
    [
      "that moves a service to where it is",
      stepOne,
      stepOne.replace("there", "here"),
      '95:42 responses.move.failover.steps.0.to: there is no site "here" elsewhere (did you mean "there"?)',
    ],
    [
      "with a step that needs one that is not there",
      "needs: [one]",
      "needs: [won]",
      '96:57 responses.move.failover.steps.1.needs.0: there is no step "won" (did you mean "one"?)',
    ],
    [
      "with a step that needs itself",
      "needs: [one]",
      "needs: [two]",
      "96:56 responses.move.failover.steps.1.needs: steps wait for each other in a circle: two needs itself",
    ],
    [
      "with two steps of one name",
      "id: two",
      "id: one",
      '96:17 responses.move.failover.steps.1.id: there is a step "one" already',
    ],
    [
      "with a step that tries for ever",
      "retries: 1",
      "retries: 99",
      "95:71 responses.move.failover.steps.0.retries: must be at most 5",
    ],
  ])("%s is refused", (_, from, to, problem) => {
    expect(problemsAfter([from, to])).toEqual([problem]);
  });

  test("that would move what the gate may not is refused at every step", () => {
    const wrong = "service: would move login, which gate.allow does not name";
    expect(problemsAfter(["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a]"])).toEqual([
      `95:31 responses.move.failover.steps.0.${wrong}`,
      `96:31 responses.move.failover.steps.1.${wrong}`,
    ]);
  });

  test("may act on a plant that is seen, though one channel of the alarm is an instrument's", () => {
    expect(problemsAfter(["when: [fire]", "when: [low]"])).toEqual([]);
    expect(
      problemsAfter(["- { point: ups-a/ups.mode, at: [battery] }", "- { point: ups-a/ups.mode, stale: true }"]),
    ).toEqual([]);
  });

  test("that only observes needs neither arming nor the gate's leave", () => {
    const changes = [
      ["mode: act\n    after: 30s", "mode: observe\n    after: 30s"],
      ["allow: [pdu-a, pdu-b, login]\n  armed: [move, shed]", "allow: [login]\n  armed: [move]"],
    ] as const;
    expect(problemsAfter(...changes)).toEqual([]);
  });
});

describe("the deadline of a failover", () => {
  const timed = (deadline: string) => ["    failover:\n", `    failover:\n      deadline: ${deadline}\n`] as const;

  test("that is a battery's needs a node of the power tree, and an alarm that judges how long it lasts", () => {
    expect(problemsAfter(timed("{ runtimeOf: feed-x }"))).toEqual([
      expect.stringContaining('there is no node of the power tree "feed-x"'),
    ]);
    expect(problemsAfter(timed("{ runtimeOf: feed-a }"))).toEqual([
      expect.stringMatching(/^\d+:\d+ .*no alarm judges how long feed-a lasts: write one of its load with runtime$/),
    ]);
  });

  test("says nothing of what comes too late unless it is to be left out", () => {
    expect(siteAfter(timed("5min")).model.responses[0]!.action).not.toHaveProperty("ifLate");
    expect(siteAfter(timed("5min\n      ifLate: skip")).model.responses[0]!.action).toMatchObject({ ifLate: "skip" });
  });
});
