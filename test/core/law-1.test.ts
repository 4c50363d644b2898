import { describe, expect, test } from "vitest";
import type { ScanInput, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import type { Reading } from "../../src/core/reading.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { instant, ms } from "../../src/core/time.ts";
import { copyOf } from "../chaos/mutant.ts";
import type { Edit } from "../chaos/planted.ts";
import * as realCore from "./driven.ts";
import { readingsOf, relieving, twoFeeds, wire } from "./feeds.ts";
import { above, alarm, alarmId, bad, good, input, maxAge, point, responseId, site, t0 } from "./fixture.ts";

// Silence is not zero. Histories in which only silence is at stake, what must hold in them, and proof
// that it is these rules that hold it: each is broken in a copy of the core's source, and is found out.

type Core = typeof realCore;

/** Minutes of silence. */
const long = 120_000;

const shed: Response = {
  id: responseId("shed"),
  title: { en: "shed" },
  when: ["hot", "flow", "climb", "late", "frozen"].map(alarmId),
  ifBlind: "hold",
  mode: "act",
  after: ms(0),
  action: relieving(5, "ups-a"),
};

/** Does not wait to be told by an alarm that is blind: without a witness, and beside one that is silent with all the others. */
const bold: Response = { ...shed, id: responseId("bold"), when: [alarmId("hot")], ifBlind: "act" };
const witnessed: Response = {
  ...bold,
  id: responseId("witnessed"),
  witness: [{ point: point("board/voltage"), is: "<", value: 50 }],
};
const move: Response = {
  ...shed,
  id: responseId("move"),
  action: {
    kind: "failover",
    steps: [
      {
        id: "db",
        title: { en: "db" },
        point: point("db/at"),
        value: 1,
        needs: [],
        within: ms(1000),
        retries: 0,
        ifFailed: "stop",
      },
    ],
  },
};

const tree = twoFeeds({ x: { kw: 10, is: "batch", on: ["a"] }, y: { kw: 10, is: "normal", on: ["a"] } });

/** What is quiet, what could be raised by a nought, what stands, what is on its way either way, and what looks at movement. */
const plant: SiteModel = site({
  power: tree,
  alarms: [
    alarm("hot", { on: ["hot"] }),
    alarm("flow", { on: ["flow"], detect: { kind: "limit", side: "below", limit: 5, deadband: 0 } }),
    alarm("late", { on: ["late"], onDelay: 30_000 }),
    alarm("stands", { on: ["stands"] }),
    alarm("leaves", { on: ["leaves"], offDelay: 5000 }),
    alarm("voted", { on: ["v1", "v2", "v3"], need: 2 }),
    alarm("joined", { on: ["j1", "j2", "j3"], need: 2, ifBad: "vote" }),
    alarm("left", { on: ["l1", "l2", "l3"], need: 2, ifBad: "exclude", degradeTo: 1 }),
    alarm("kept", { on: ["k1", "k2", "k3"], need: 2, ifBad: "exclude", degradeTo: 2 }),
    alarm("apart", {
      need: 2,
      channels: ["a1", "a2", "a3"].map((name) => ({
        point: point(name),
        detect: above(10),
        unless: { point: point(`${name}-isolated`), above: 0 },
      })),
    }),
    alarm("climb", { on: ["climb"], detect: { kind: "rate", side: "rising", perMinute: 60, window: ms(4000) } }),
    alarm("frozen", { on: ["frozen"], detect: { kind: "flatline", window: ms(20_000), band: 0 } }),
  ],
  responses: [shed, bold, witnessed, move],
  points: { "board/voltage": { maxAge: ms(3000) } },
});

const votes = {
  v1: 5,
  v2: 5,
  v3: 5,
  j1: 5,
  j2: 5,
  j3: 5,
  l1: 5,
  l2: 5,
  l3: 5,
  k1: 5,
  k2: 5,
  k3: 5,
  a1: 5,
  a2: 5,
  a3: 5,
};
const quiet = { hot: 5, flow: 8, late: 5, stands: 5, leaves: 5, climb: 5, frozen: 5, ...votes };
const names = Object.keys(quiet) as (keyof typeof quiet)[];
const allBad = (after: number): readonly Reading[] => names.map((name) => bad(name, "deviceFailure", after));
const saying = (values: Partial<Record<string, number>>, after: number): readonly Reading[] =>
  Object.entries(values).map(([name, value]) => good(name, value!, after));

interface Play {
  readonly inputs: readonly ScanInput[];
  readonly until: number;
  /** Nobody watched from the last input until then. */
  readonly awayUntil?: number;
}

/** More scans than this follow from none of these histories; a broken core may never come to rest. */
const scansMax = 1000;

/** All that a plant gives out over a history and the silence after it. */
function play(core: Core, model: SiteModel, { inputs, until, awayUntil }: Play): readonly ScanOutput[] {
  const made = core.start(model, instant(t0));
  const all: ScanOutput[] = [];
  const wait = (end: number): void => {
    for (let due = core.nextDue(made); due !== null && due < end && all.length < scansMax; due = core.nextDue(made))
      all.push(core.scan(made, input(Math.max(due, made.now) - t0)));
  };
  for (const given of inputs) {
    wait(given.at);
    all.push(core.scan(made, given));
  }
  if (awayUntil !== undefined) core.resume(made, instant(t0 + awayUntil));
  wait(t0 + until);
  return all;
}

const moves = (outputs: readonly ScanOutput[]): readonly string[] =>
  outputs.flatMap(({ transitions }) =>
    transitions.filter(({ from, to }) => from !== to).map(({ alarm: id, from, to }) => `${id}: ${from} → ${to}`),
  );
const blinded = (outputs: readonly ScanOutput[]): readonly string[] =>
  outputs
    .flatMap(({ transitions }) => transitions.filter(({ blind }) => blind).map(({ alarm: id }) => id as string))
    .toSorted();
const commanded = (outputs: readonly ScanOutput[]): number => outputs.flatMap(({ commands }) => commands).length;

const everyAlarm = plant.alarms.map(({ id }) => id as string).toSorted();
const step = (after: number, readings: readonly Reading[]): ScanInput => input(after, { readings });

/** Some alarms stand, one is on its way in, one on its way out. The plant's meters speak to the end. */
const lively: readonly ScanInput[] = [
  step(0, saying({ ...quiet, stands: 11, leaves: 11, v1: 11, v2: 11, k1: 11, k2: 11, a1: 11, a2: 11 }, 0)),
  step(100, saying({ late: 11, leaves: 5 }, 100)),
];

const raised = ["stands", "leaves", "voted", "kept", "apart"].map((id) => `${id}: normal → unacknowledged`);

/** A rise of 2 a second, seen for 4 s. */
const rising = Array.from({ length: 9 }, (_, i) => step(i * 500, saying({ climb: 5 + i }, i * 500)));

interface Guard {
  readonly name: string;
  holds(core: Core): boolean;
}

const guards: readonly Guard[] = [
  {
    name: "points that stop speaking blind every alarm, once",
    holds: (core) => blinded(play(core, plant, { inputs: lively, until: long })).join() === everyAlarm.join(),
  },
  {
    name: "points that stop speaking move no alarm and command nothing",
    holds(core) {
      const all = play(core, plant, { inputs: lively, until: long });
      return moves(all).join() === raised.join() && commanded(all) === 0;
    },
  },
  {
    name: "faults of devices blind every alarm, once, move none and command nothing",
    holds(core) {
      const inputs = [...lively, step(200, allBad(200)), step(300, allBad(300))];
      const all = play(core, plant, { inputs, until: long });
      return moves(all).length === raised.length && commanded(all) === 0 && blinded(all).join() === everyAlarm.join();
    },
  },
  {
    name: "sensors that say what is no number move no alarm and command nothing",
    holds(core) {
      const inputs = [
        ...lively,
        step(
          200,
          names.map((name) => good(name, Number.NaN, 200)),
        ),
      ];
      const all = play(core, plant, { inputs, until: long });
      return moves(all).length === raised.length && commanded(all) === 0 && blinded(all).join() === everyAlarm.join();
    },
  },
  {
    name: "sensors that fall silent one by one, or isolate themselves, clear no vote that stands",
    holds(core) {
      const inputs = [
        ...lively,
        step(200, [bad("k1", "sensorFailure", 200), good("a1-isolated", 1, 200)]),
        step(300, [bad("k2", "sensorFailure", 300), good("a2-isolated", 1, 300)]),
      ];
      return moves(play(core, plant, { inputs, until: 1000 })).join() === raised.join();
    },
  },
  {
    name: "sensors that have not spoken yet are no bad ones",
    holds(core) {
      const inputs = [step(0, saying({ l1: 11, j1: 11 }, 0))];
      return moves(play(core, plant, { inputs, until: 1000 })).length === 0;
    },
  },
  {
    name: "an off-delay does not run out unseen",
    holds(core) {
      const inputs = [...lively, step(200, allBad(200)), step(20_000, saying({ leaves: 5 }, 20_000))];
      return !moves(play(core, plant, { inputs, until: 20_001 })).some((move) => move.startsWith("leaves: unack"));
    },
  },
  {
    name: "an outage of the watch itself moves no alarm and commands nothing",
    holds(core) {
      const all = play(core, plant, { inputs: lively, awayUntil: 60_000, until: 60_000 + maxAge });
      return moves(all).length === raised.length && commanded(all) === 0;
    },
  },
  {
    name: "a gap in its samples does not end a rise",
    holds(core) {
      const inputs = [...rising, step(60_000, saying({ climb: 30 }, 60_000))];
      const all = play(core, { ...plant, responses: [] }, { inputs, until: 60_001 });
      return moves(all).join() === "climb: normal → unacknowledged";
    },
  },
  {
    name: "a silence is not a value that stood still",
    holds(core) {
      const inputs = [step(0, saying(quiet, 0)), step(60_000, saying({ frozen: 5 }, 60_000))];
      return moves(play(core, plant, { inputs, until: 60_001 })).length === 0;
    },
  },
  {
    name: "silent meters do not relieve a supply",
    holds(core) {
      const inputs = [step(0, saying({ ...quiet, hot: 11 }, 0))];
      return commanded(play(core, { ...plant, responses: [shed] }, { inputs, until: 1 })) === 1;
    },
  },
  {
    name: "what was read before a command confirms nothing",
    holds(core) {
      const contacts = readingsOf(wire(tree)).filter(({ point }) => point.endsWith("/kw") || point.endsWith("/closed"));
      const dead = [good("a.x/power", 0.04), good("a.y/power", 9)];
      const inputs = [
        step(0, [...contacts, ...dead, ...saying(quiet, 0)]),
        step(1, saying({ hot: 11 }, 1)),
        step(2, [good("a.y/power", 0.01, 0)]),
        step(3, []),
      ];
      const all = play(core, plant, { inputs, until: 4 });
      const events = all.flatMap(({ notices }) => notices.map(({ event }) => event));
      return events.includes("stage") && !events.includes("confirmed");
    },
  },
];

interface Mutant {
  readonly is: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A guard that must find it out. */
  readonly foundBy: string;
}

const mutants: readonly Mutant[] = [
  {
    is: "a bad reading counts as normal",
    file: "detect/limit.ts",
    from: 'if (reading.quality === "bad") return "unknown";',
    to: 'if (reading.quality === "bad") return "normal";',
    foundBy: "faults of devices blind every alarm, once, move none and command nothing",
  },
  {
    is: "a bad reading counts as zero",
    file: "detect/limit.ts",
    from: 'if (reading.quality === "bad") return "unknown";',
    to: 'if (reading.quality === "bad") return this.judge({ ...reading, quality: "good", value: 0 }, _now, stands);',
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "old readings never age",
    file: "reading.ts",
    from: "elapsed(reading.at, now) <= maxAge",
    to: "elapsed(reading.at, now) <= Number.POSITIVE_INFINITY",
    foundBy: "points that stop speaking blind every alarm, once",
  },
  {
    is: "points that have aged are not judged",
    file: "scan.ts",
    from: "judge(run, watched, { reading: fresh(last, plant.now, watched.rule.maxAge), isNews, isFirst: true });",
    to: "",
    foundBy: "points that stop speaking blind every alarm, once",
  },
  {
    is: "what is no number is taken for a value",
    file: "scan.ts",
    from: "(isTimed && Number.isFinite(reading.value))",
    to: "isTimed",
    foundBy: "sensors that say what is no number move no alarm and command nothing",
  },
  {
    is: "unknown channels vote for normal",
    file: "vote.ts",
    from: 'const maybe: readonly Ballot[] = ["abnormal", "waiting", "unknown"];',
    to: 'const maybe: readonly Ballot[] = ["abnormal", "waiting"];',
    foundBy: "points that stop speaking blind every alarm, once",
  },
  {
    is: "unknown channels vote for abnormal",
    file: "vote.ts",
    from: 'const abnormal: readonly Ballot[] = ["abnormal"];',
    to: 'const abnormal: readonly Ballot[] = ["abnormal", "unknown"];',
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "bad channels vote where none is seen to be abnormal",
    file: "vote.ts",
    from: 'rule.ifBad === "vote" && isJoined(rule, needed, ballots)',
    to: 'rule.ifBad === "vote"',
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "a vote that leaves bad channels out clears what stands",
    file: "vote.ts",
    from: 'return isEnough(rule, needed, ballots, maybeUnseen) ? "unknown" : "normal";',
    to: 'return "normal";',
    foundBy: "sensors that fall silent one by one, or isolate themselves, clear no vote that stands",
  },
  {
    is: "a vote with too few channels left is normal",
    file: "vote.ts",
    from: 'if (!isEnough(rule, needed, ballots, isExcluding ? seen : present)) return "unknown";',
    to: "",
    foundBy: "faults of devices blind every alarm, once, move none and command nothing",
  },
  {
    is: "a channel that has not spoken yet is a bad one",
    file: "alarm/ballots.ts",
    from: 'return verdicts[i] === "unknown" && isAwaited(plant, channel) ? "waiting" : verdicts[i]!;',
    to: "return verdicts[i]!;",
    foundBy: "sensors that have not spoken yet are no bad ones",
  },
  {
    is: "an unknown verdict clears an alarm",
    file: "alarm/lifecycle.ts",
    from: 'if (event.verdict === "unknown") return',
    to: 'if (event.verdict === "unknown" && !alarm.active) return',
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "an off-delay runs on in blindness",
    file: "alarm/lifecycle.ts",
    from: "pendingSince: alarm.active ? null : alarm.pendingSince,",
    to: "",
    foundBy: "an off-delay does not run out unseen",
  },
  {
    is: "verdicts outlive an outage of the watch",
    file: "checkpoint.ts",
    from: 'state.verdicts.fill("unknown");',
    to: "",
    foundBy: "an outage of the watch itself moves no alarm and commands nothing",
  },
  {
    is: "too few samples are no rise",
    file: "detect/rate.ts",
    from: "if (slope !== null) memory.beyond =",
    to: "memory.beyond = slope !== null &&",
    foundBy: "a gap in its samples does not end a rise",
  },
  {
    is: "a value stands still while nobody sees it",
    file: "detect/flatline.ts",
    from: "memory.anchor = null;",
    to: "",
    foundBy: "a silence is not a value that stood still",
  },
  {
    is: "blindness calls for every response",
    file: "respond/witness.ts",
    from: 'alarm.blind && response.ifBlind === "act"',
    to: "alarm.blind",
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "load is taken for a blind alarm without a witness",
    file: "respond/witness.ts",
    from: 'return action.kind === "shed" ? [] : null;',
    to: "return null;",
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "a witness that is silent bears witness",
    file: "respond/witness.ts",
    from: 'return reading.quality === "good" && passes(test, reading.value);',
    to: 'return reading.quality === "bad" || passes(test, reading.value);',
    foundBy: "points that stop speaking move no alarm and command nothing",
  },
  {
    is: "a silent meter of a load says nought",
    file: "topology/power.ts",
    from: "const measured = feed.power === null ? null : image.valueOf(feed.power);",
    to: "const measured = feed.power === null ? null : (image.valueOf(feed.power) ?? 0);",
    foundBy: "silent meters do not relieve a supply",
  },
  {
    is: "a silent meter of a supply says nought",
    file: "topology/power.ts",
    from: "const measured = node.power === null ? null : image.valueOf(node.power);",
    to: "const measured = node.power === null ? null : (image.valueOf(node.power) ?? 0);",
    foundBy: "silent meters do not relieve a supply",
  },
  {
    is: "any reading confirms a command, however old",
    file: "respond/respond.ts",
    from: "reading.at > command.issued &&",
    to: "",
    foundBy: "what was read before a command confirms nothing",
  },
];

/** Which of some guards do not hold in a copy of the core with edits made. */
async function brokenBy(edits: readonly Edit[], of: readonly Guard[]): Promise<readonly string[]> {
  const { module, dispose } = await copyOf<Core>("test/core/driven.ts", edits);
  try {
    return of.filter((guard) => !guard.holds(module)).map(({ name }) => name);
  } finally {
    dispose();
  }
}

describe("silence is not zero", () => {
  test.each(guards)("$name", (guard) => {
    expect(guard.holds(realCore)).toBe(true);
  });

  test("what holds in the core holds in an unchanged copy of it, so that a copy proves something", async () => {
    expect(await brokenBy([], guards)).toEqual([]);
  });

  test.each(mutants.map((mutant) => [mutant.is, mutant] as const))(
    "is what breaks when %s",
    async (_, { file, from, to, foundBy }) => {
      const guard = guards.filter(({ name }) => name === foundBy);
      expect(await brokenBy([{ file: `src/core/${file}`, from, to }], guard)).toEqual([foundBy]);
    },
  );

  test("no rule here is one that no breakage was found out by", () => {
    expect(guards.map(({ name }) => name).filter((name) => !mutants.some(({ foundBy }) => foundBy === name))).toEqual(
      [],
    );
  });
});
