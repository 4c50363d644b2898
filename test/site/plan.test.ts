import { describe, expect, test } from "vitest";
import type { PlanFinding } from "../../src/site/index.ts";
import { plansOf } from "../../src/site/index.ts";
import { siteAfter } from "./fixture.ts";

type Change = readonly [from: string, to: string];

const stepOne = "{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }";
const stepTwo = "        - { id: two, service: login, to: there, needs: [one], within: 90s, ifFailed: stop }\n";
const login = "  login: { tier: 0, name: { en: Login }, loads: [rack-1], ";
const move = (id: string): string => `move: { url: "http://mover.example/${id}", secret: "\${env:MOVER}" }`;
const other = (id: string, more = ""): string =>
  `  ${id}: { tier: 1, name: { en: Other }, loads: [rack-2], ${more}${move(id)} }\nalarms:\n`;
const shed = "shed: { relieve: [{ node: feed-a, toKw: 10 }]";

const findings = (...changes: readonly Change[]): readonly PlanFinding[] => plansOf(siteAfter(...changes)).findings;
const saidOf = (kind: PlanFinding["kind"], ...changes: readonly Change[]): readonly string[] =>
  findings(...changes).flatMap((finding) => (finding.kind === kind ? [`${finding.response}: ${finding.what}`] : []));

const runtime = [
  "alarms:\n",
  `alarms:
  short:
    title: { en: Short }
    priority: critical
    point: ups-a/output.power
    runtime: { below: 45s, onBattery: { point: ups-a/ups.mode, at: [battery] }, chemistry: lithium, rated: { lasts: 10min, load: 10 }, charge: bat-a/battery.charge }
    cause: c
    consequence: d
    response: e
`,
] as const;

/** One step, with a deadline. */
const dueIn = (deadline: string, ...changes: readonly Change[]): readonly Change[] => [
  ["    failover:\n", `    failover:\n      deadline: ${deadline}\n`],
  [stepTwo, ""],
  ...changes,
];

/** Raised by two quantities, as a shed wants it. */
const coldAlarm = `alarms:
  cold:
    title: { en: Cold }
    priority: high
    need: 2
    channels:
      - { point: crac/temperature.inlet, below: 5 }
      - { point: ups-b/ups.mode, at: [battery] }
    cause: c
    consequence: d
    response: e
`;

describe("the time of a failover", () => {
  test("is told of every failover, with and without a deadline", () => {
    expect(plansOf(siteAfter()).failovers).toMatchObject([{ response: "move", mode: "act", deadlineMs: null }]);
    expect(plansOf(siteAfter(...dueIn("5min"))).failovers).toMatchObject([{ deadlineMs: 300_000 }]);
  });

  test("is found too long as a rule, at worst, or not at all", () => {
    const usual = [stepOne, stepOne.replace("ifFailed", "usual: 40s, ifFailed")] as const;
    expect(findings(...dueIn("30s", usual)).map(({ kind }) => kind)).toEqual(["late"]);
    expect(findings(...dueIn("60s", usual)).map(({ kind }) => kind)).toEqual(["tight"]);
    expect(findings(...dueIn("186s", usual))).toEqual([]);
    expect(saidOf("late", ...dueIn("30s", usual))).toEqual(["move: takes 40 s as a rule by one; its deadline is 30 s"]);
  });

  test("counts from the alarm, so that the announced wait is in it", () => {
    expect(saidOf("late", ...dueIn("60s", ["mode: act\n    after: 0s", "mode: act\n    after: 10min"]))).toEqual([
      "move: takes 690 s as a rule by one; its deadline is 60 s",
    ]);
  });

  test("may be that of a battery, worked out from its design and all that may hang on it", () => {
    const timed = [...dueIn("{ runtimeOf: feed-a }"), runtime] as const;
    expect(plansOf(siteAfter(...timed)).failovers).toMatchObject([
      {
        deadlineMs: expect.any(Number),
        due: expect.stringMatching(/^feed-a lasts \d+ s at least, by its design, at 10 kW$/),
      },
    ]);
    const { deadlineMs } = plansOf(siteAfter(...timed)).failovers[0]!;
    // Ten minutes at 10 kW, of which neither the table, the health nor the warmth is fully believed.
    expect(deadlineMs! / 1000).toBeGreaterThan(600 * 0.5);
    expect(deadlineMs! / 1000).toBeLessThan(600 * 0.8);
    const slow = [stepOne, stepOne.replace("within: 90s", "within: 20min")] as const;
    expect(saidOf("late", ...timed, slow)).toEqual([
      expect.stringMatching(/^move: takes 1200 s as a rule by one; feed-a lasts \d+ s at least/),
    ]);
  });

  test("is said not to be known where a battery's load is told in something else", () => {
    const current = runtime[1].replace("point: ups-a/output.power", "point: ups-a/output.current[1]");
    const timed = [...dueIn("{ runtimeOf: feed-a }"), [runtime[0], current]] as const;
    expect(plansOf(siteAfter(...timed)).failovers).toMatchObject([
      { deadlineMs: null, due: "not known: how long feed-a lasts: its load is told in A, and racks are rated in kW" },
    ]);
    expect(saidOf("unsaid", ...timed)).toHaveLength(1);
  });

  test("is too short for a step that took longer in drills", () => {
    expect(saidOf("impatient", [login, `${login}moves: { p95: 2min }, `], [stepTwo, ""])).toEqual([
      "move: step one is given up after 90 s; in drills it took up to 120 s",
    ]);
  });
});

describe("what a failover moves", () => {
  const needs = [login, `${login}needs: [data], `] as const;
  const allowed = ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, data]"] as const;
  const advising = ["mode: act\n    after: 0s", "mode: advise\n    after: 0s"] as const;

  test("is not moved away from what it needs", () => {
    const changes = [needs, ["alarms:\n", other("data")], allowed, advising] as const;
    expect(saidOf("left-behind", ...changes, [stepTwo, ""])).toEqual([
      "move: step one moves login to there, and data, which it needs, does not move there with it or before it",
    ]);
    const after = stepTwo.replace("service: login", "service: data");
    expect(saidOf("left-behind", ...changes, [stepTwo, after])).toHaveLength(1);
    expect(saidOf("left-behind", ...changes, [stepTwo, after.replace("needs: [one], ", "")])).toEqual([]);
  });

  test("may follow what another response has moved before for the same alarm", () => {
    const sooner = `  data-first:\n    title: { en: Data }\n    when: [fire]\n    ifBlind: hold\n    mode: act\n    after: 0s\n    failover: { steps: [{ id: d, service: data, to: there, within: 9s, ifFailed: stop }] }\n`;
    const changes = [needs, ["alarms:\n", other("data")], allowed, [stepTwo, ""]] as const;
    const armed = ["armed: [move, shed]", "armed: [move, shed, data-first]"] as const;
    expect(saidOf("left-behind", ...changes, armed, ["responses:\n", `responses:\n${sooner}`])).toEqual([]);
    const later = sooner.replace("after: 0s", "after: 9s");
    expect(saidOf("left-behind", ...changes, armed, ["responses:\n", `responses:\n${later}`])).toHaveLength(1);
  });

  test("finds room where it goes", () => {
    const spare = (kw: number): Change => ["elsewhere: [there]", `elsewhere: [there], spareKw: { there: ${kw} }`];
    expect(saidOf("no-room", spare(4))).toEqual(["move: brings there 5 kW; it has 4 kW to spare"]);
    expect(saidOf("no-room", spare(5))).toEqual([]);
    expect(saidOf("no-room", [login, `${login}elsewhere: { there: { sharePct: 60 } }, `])).toEqual([
      "move: there can carry 60 % of login",
    ]);
  });
});

describe("a plan that takes away what carries it out", () => {
  test("is found where it may shed the racks that Haechi stands in", () => {
    const own = (rack: string): Change => ["gate:\n", `haechi: { loads: [${rack}] }\ngate:\n`];
    expect(saidOf("own-fate", own("rack-2"))).toEqual(["shed: Haechi stands in rack-2, which this may shed"]);
    expect(saidOf("own-fate", own("rack-1"))).toEqual([]);
  });

  test("is found where it may shed what Haechi needs, or what moves services", () => {
    const data = ["alarms:\n", other("data")] as const;
    expect(saidOf("own-fate", data, ["gate:\n", "haechi: { needs: [data] }\ngate:\n"])).toEqual([
      "shed: data, which Haechi needs, stands in rack-2, which this may shed",
    ]);
    expect(saidOf("own-fate", data, [login, `${login}moves: { by: data }, `])).toEqual([
      "shed: data, which moves services, stands in rack-2, which this may shed",
    ]);
  });

  test("is found where the mover stands in the zone whose alarm starts it", () => {
    const inZone = ["    title: { en: Fire }\n", "    title: { en: Fire }\n    space: hall\n"] as const;
    const by = [login, `${login}moves: { by: data }, `] as const;
    const own = ["gate:\n", "haechi: { spaces: [hall] }\ngate:\n"] as const;
    expect(saidOf("own-fate", ["alarms:\n", other("data")], by, own, inZone).slice(0, 2)).toEqual([
      "move: data, which moves services, stands in rack-2, in the zone (hall) whose alarm starts this",
      "move: Haechi depends on room hall, in the zone whose alarm starts this",
    ]);
  });
});

describe("a plan that is too much for a machine alone", () => {
  const both = [
    ["alarms:\n", other("data")],
    ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, data]"],
    [stepTwo, stepTwo.replace("service: login", "service: data")],
  ] as const;

  test("is one alarm that moves every service of the site", () => {
    expect(saidOf("scope", ...both)).toEqual([
      "move: fire alone moves all 2 services away, by move: the last of it is held until a person says yes",
    ]);
  });

  test("is none where a person is asked, where it is accepted for a reason, or where something stays", () => {
    const accept = ["    when: [fire]\n", "    when: [fire]\n    accept: nobody is there at night\n"] as const;
    expect(saidOf("scope", ...both, ["mode: act\n    after: 0s", "mode: advise\n    after: 0s"])).toEqual([]);
    expect(saidOf("scope", ...both, accept)).toEqual([]);
    expect(saidOf("scope", ["alarms:\n", other("data")])).toEqual([]);
  });

  test("is one alarm that moves services of two groups, or several that empty the site between them", () => {
    const groups = [
      [login, `${login}group: g, `],
      ["alarms:\n", other("data", "group: h, ")],
      ...both.slice(1),
      ["alarms:\n", other("stays")],
    ] as const;
    expect(saidOf("scope", ...groups)).toEqual([
      "move: fire alone moves services of g, h away, by move: the last of it is held until a person says yes",
    ]);
    const second = `  more:\n    title: { en: More }\n    when: [low]\n    ifBlind: hold\n    mode: act\n    after: 0s\n    failover: { steps: [{ id: d, service: data, to: there, within: 9s, ifFailed: stop }] }\n`;
    const several = [
      ...both.slice(0, 2),
      [stepTwo, ""],
      ["responses:\n", `responses:\n${second}`],
      ["armed: [move, shed]", "armed: [move, shed, more]"],
    ] as const;
    expect(saidOf("scope", ...several)).toEqual([
      "move: several alarms between them move all 2 services away, by more, move: the last of it is held until a person says yes",
    ]);
  });

  test("is a shed that may darken most of the site over both feeds", () => {
    const normal = ["importance: protected", "importance: normal"] as const;
    const wide = [shed, "shed: { relieve: [{ node: feed-a, toKw: 10 }, { node: feed-b, toKw: 10 }]"] as const;
    expect(saidOf("scope", normal)).toEqual([]);
    expect(saidOf("scope", normal, wide)).toEqual([
      "shed: may darken 100 % of what all racks are rated, over more than one feed: what is beyond half is held until a person says yes",
    ]);
    const accept = ["    when: [low]\n", "    when: [low]\n    accept: the batteries are empty otherwise\n"] as const;
    expect(saidOf("scope", normal, wide, accept)).toEqual([]);
  });

  const normal = ["importance: protected", "importance: normal"] as const;
  const second = (more = "", when = "low", mode = "act"): Change => [
    "responses:\n",
    `responses:\n  more:\n    title: { en: More }\n    when: [${when}]\n${more}    ifBlind: hold\n    mode: ${mode}\n    after: 40s\n    shed: { relieve: [{ node: feed-b, toKw: 10 }], within: 10s, settle: 10s }\n`,
  ];
  const armed = ["armed: [move, shed]", "armed: [move, shed, more]"] as const;
  const together = (by: string) =>
    `more: ${by} may darken 100 % of what all racks are rated, over more than one feed, by more, shed: what is beyond half is held until a person says yes to the sum`;
  const cold = ["alarms:\n", coldAlarm] as const;

  test("is several sheds that together may darken most of the site, by one alarm or by several between them", () => {
    expect(saidOf("scope", normal, second(), armed)).toEqual([together("low alone")]);
    expect(saidOf("scope", normal, second("", "cold"), armed, cold)).toEqual([together("several alarms between them")]);
    expect(saidOf("scope", normal, second("", "low", "advise"))).toEqual([]);
    const onOneFeed = ["relieve: [{ node: feed-b", "relieve: [{ node: feed-a"] as const;
    expect(saidOf("scope", normal, second(), onOneFeed, armed)).toEqual([]);
  });

  test("counts of a shed with a list what stands in the list", () => {
    const listedOnly = [
      "toKw: 10 }], within: 10s, settle: 10s }\n  move:",
      "toKw: 10 }], order: [rack-1], within: 10s, settle: 10s }\n  move:",
    ] as const;
    const listedToo = [`${shed}, within`, `${shed}, order: [rack-1], within`] as const;
    expect(saidOf("scope", normal, second(), armed, listedOnly)).toHaveLength(1);
    expect(saidOf("scope", normal, second(), armed, listedOnly, listedToo)).toEqual([]);
  });

  test("is accepted as a sum by one reason that names all of it, and by no reason for one", () => {
    const because = (accept: string): Change => second(`    accept: ${accept}\n`, "hot.HH");
    expect(saidOf("scope", normal, because("minutes are left"), armed)).toHaveLength(1);
    expect(saidOf("scope", normal, because("{ why: minutes are left, with: [shed] }"), armed)).toEqual([]);
  });

  test("is found where its response stands in the file", () => {
    expect(findings(normal, second(), armed)).toEqual([
      expect.objectContaining({ kind: "scope", file: "site.yaml", line: 87, column: 3 }),
    ]);
  });
});
