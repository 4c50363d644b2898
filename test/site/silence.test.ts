import { describe, expect, test } from "vitest";
import type { AlarmDefinition, Channel } from "../../src/core/alarm/definition.ts";
import type { DetectorSpec } from "../../src/core/detect/index.ts";
import { ms } from "../../src/core/time.ts";
import { allDevices, ownSigns, silenceThatRaises } from "../../src/site/silence.ts";
import { above, alarm, point } from "../core/fixture.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const stale: DetectorSpec = { kind: "stale" };
const voted = (
  sketch: Partial<AlarmDefinition>,
  ...channels: readonly (readonly [point: string, detect: DetectorSpec])[]
): AlarmDefinition => ({
  ...alarm("voted", sketch),
  channels: channels.map(([name, detect]): Channel => ({ point: point(name), detect })),
});

describe("silence alone raises an alarm", () => {
  const [mode, board] = [above(1), above(1)];
  test.each([
    ["of one that is silent", voted({}, ["ups-a/mode", stale]), "ups-a"],
    ["of a link that is down", voted({}, ["ups-a/link.missed", above(2)]), "ups-a"],
    ["twice of one device", voted({ need: 2 }, ["ups-a/mode", stale], ["ups-a/link.missed", above(2)]), "ups-a"],
    [
      "that votes beside its own silence",
      voted({ need: 2, ifBad: "vote" }, ["ups-a/mode", stale], ["ups-a/mode", mode]),
      "ups-a",
    ],
    [
      "that leaves itself out of the vote",
      voted({ need: 2, ifBad: "exclude", degradeTo: 1 }, ["ups-a/mode", stale], ["ups-a/mode", mode]),
      "ups-a",
    ],
    ["of two devices", voted({ need: 2 }, ["ups-a/mode", stale], ["ups-b/mode", stale]), allDevices],
    [
      "where the witness's own silence votes for it",
      voted({ need: 2, ifBad: "vote" }, ["ups-a/mode", stale], ["pdu-a/volts", board]),
      allDevices,
    ],
  ] as const)("%s", (_, definition, whose) => {
    expect(silenceThatRaises(definition)).toBe(whose);
  });

  test("never beside a witness that must be seen", () => {
    expect(silenceThatRaises(voted({ need: 2 }, ["ups-a/mode", stale], ["pdu-a/volts", board]))).toBeNull();
    expect(silenceThatRaises(voted({}, ["ups-a/mode", mode]))).toBeNull();
  });
});

test("a device's last word before its silence is its own sign, and so is another's silence; what another shows is not", () => {
  const lostWith = (...signs: readonly string[]): DetectorSpec => ({
    kind: "lostWith",
    neighbours: [point("ups-b/mode")],
    anomalies: signs.map((name) => ({ point: point(name), above: 1 })),
    within: ms(60_000),
  });
  const signsOf = (...signs: readonly string[]) => ownSigns(voted({}, ["ups-a/mode", lostWith(...signs)]));
  expect(signsOf("ups-a/heat", "asd/smoke")).toEqual(["ups-a/heat"]);
  expect(signsOf("pdu-a/link.missed")).toEqual(["pdu-a/link.missed"]);
  expect(signsOf("asd/smoke")).toEqual([]);
});

describe("a load action that goes by a blind alarm", () => {
  const bold = (text = ""): readonly [string, string] => [
    "when: [low]\n    ifBlind: hold",
    `when: [low]\n    ifBlind: act${text}`,
  ];

  test("needs a witness", () => {
    expect(problemsAfter(bold())).toEqual([
      "100:14 responses.shed.ifBlind: would go dark because nobody sees: name in witness what another device must show, or hold",
    ]);
  });

  test("takes one of another device", () => {
    const site = siteAfter(bold('\n    witness: [{ point: "pdu-a/outlet[1].power", below: 0.1 }]'));
    expect(site.model.responses[1]?.witness).toEqual([{ point: "pdu-a/outlet[1].power", is: "<", value: 0.1 }]);
  });

  test("takes none of the device that is silent itself, nor a silence", () => {
    expect(problemsAfter(bold("\n    witness: [{ point: ups-a/output.power, below: 0.1 }]"))).toEqual([
      "99:12 responses.shed.when.0: low looks at ups-a itself, and no witness is of another device",
      "101:24 responses.shed.witness.0.point: ups-a/output.power is of a device that falls silent with each of its alarms; a witness is of another",
    ]);
    expect(problemsAfter(bold("\n    witness: [{ point: ups-b/link.state, at: down }]"))).toEqual([
      "101:24 responses.shed.witness.0.point: ups-b/link.state tells whether a device answers; silence is no witness",
    ]);
  });

  test("takes none of what is asked at the same address", () => {
    const twin = bold("\n    witness: [{ point: ups-b/output.power, below: 0.1 }]");
    expect(problemsAfter(twin)).toEqual([]);
    expect(problemsAfter(twin, ["host: 10.0.0.2", "host: 10.0.0.1"])).not.toEqual([]);
  });

  test("has no use for one where it holds", () => {
    const held: readonly [string, string] = [
      "when: [low]\n    ifBlind: hold",
      "when: [low]\n    ifBlind: hold\n    witness: [{ point: ups-b/output.power, below: 0.1 }]",
    ];
    expect(problemsAfter(held)).toEqual([
      "101:14 responses.shed.witness: nothing is done for an alarm that is blind (ifBlind: hold), and none is needed",
    ]);
  });

  test("does not hang on one device's silence beside its own last word", () => {
    const own: readonly [string, string] = [
      "      - { point: ups-a/battery.runtime, below: 300, deadband: 60 }\n      - { point: ups-a/ups.mode, at: [battery] }\n",
      "      - { point: ups-a/output.power, lostWith: { neighbours: [ups-b/ups.mode], anomalies: [{ point: ups-a/ups.mode, at: [battery] }] } }\n      - { point: ups-a/ups.mode, at: [battery] }\n",
    ];
    expect(problemsAfter(own)).toEqual([
      "99:12 responses.shed.when.0: low hangs on one device's silence beside its own last word (ups-a/ups.mode): a second device must show it before load is taken",
    ]);
  });
});
