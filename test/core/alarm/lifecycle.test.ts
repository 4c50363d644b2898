import { describe, expect, test } from "vitest";
import type { Alarm, AlarmEvent, AlarmStatus } from "../../../src/core/alarm/lifecycle.ts";
import {
  advance,
  calm,
  dueAt,
  endsOf,
  isShown,
  isWithheld,
  mayReset,
  statusOf,
  underlyingStatusOf,
} from "../../../src/core/alarm/lifecycle.ts";
import { instant, ms } from "../../../src/core/time.ts";
import { alarm, point, t0 } from "../fixture.ts";
import type { Model } from "./model.ts";
import { expected, modelOf } from "./model.ts";

// Every state that can be reached at all, met with every event: what must hold, holds everywhere.

const said = { by: "operator", why: "seen" } as const;
const until = instant(t0 + 1e9);
const judged = (["normal", "abnormal", "unknown"] as const).map((verdict) => ({ kind: "judged", verdict }) as const);
const asked: readonly AlarmEvent[] = [
  { kind: "acknowledge", ...said },
  { kind: "reset", ...said },
];
const withholding: readonly AlarmEvent[] = [
  { kind: "shelve", until, ...said },
  { kind: "unshelve", ...said },
  { kind: "suppressed", on: true },
  { kind: "suppressed", on: false },
  { kind: "outOfService", until, permit: "W-1", ...said },
  { kind: "returnToService", ...said },
];
const elapsed: AlarmEvent = { kind: "elapsed" };
const events: readonly AlarmEvent[] = [...judged, ...asked, ...withholding, elapsed];

/** Milliseconds between two steps; delays are of two steps. */
const stepMs = 10;
const definitions = [true, false].flatMap((latch) =>
  [0, 2 * stepMs].flatMap((onDelay) => [0, 2 * stepMs].map((offDelay) => alarm("a", { latch, onDelay, offDelay }))),
);

interface Visit {
  readonly before: Alarm;
  readonly event: AlarmEvent;
  readonly after: Alarm;
}

const now = instant(t0);

interface Walk {
  readonly events?: readonly AlarmEvent[];
  readonly stepMs?: number;
  readonly most?: number;
  /** Its age since it was acknowledged matters. */
  readonly isReminded?: boolean;
}

/** The same facts a while later: what is pending has been so for longer. More than so many steps are as good as these. */
function later(a: Alarm, { stepMs: byMs = stepMs, most = 3, isReminded = false }: Walk): Alarm {
  const aged = (at: number): typeof now => instant(Math.max(at - byMs, now - most * byMs));
  const timed = <T extends { readonly until: number }>(what: T | null): T | null =>
    what && { ...what, until: what.until === until ? until : instant(Math.max(what.until - byMs, now - byMs)) };
  const acknowledge = isReminded && a.active && a.acknowledged ? a.said.acknowledge : undefined;
  return {
    ...a,
    pendingSince: a.pendingSince === null ? null : aged(a.pendingSince),
    raisedAt: a.raisedAt === null ? null : instant(t0 - 1),
    raisings: a.raisings.map(aged),
    shelved: timed(a.shelved),
    outOfService: timed(a.outOfService),
    bypassed: timed(a.bypassed),
    asking: a.asking && { ...a.asking, at: aged(a.asking.at) },
    // Of the rest nothing follows.
    said: acknowledge ? { acknowledge: { ...acknowledge, at: aged(acknowledge.at) } } : {},
  };
}

function reachable(definition: (typeof definitions)[number], walk: Walk = {}): readonly Visit[] {
  const seen = new Set([JSON.stringify(calm)]);
  const visits: Visit[] = [];
  const open: Alarm[] = [calm];
  for (let before = open.pop(); before; before = open.pop()) {
    for (const event of walk.events ?? events) {
      const after = advance(before, event, definition, now);
      visits.push({ before, event, after });
      const next = later(after, walk);
      if (seen.has(JSON.stringify(next))) continue;
      seen.add(JSON.stringify(next));
      open.push(next);
    }
  }
  return visits;
}

/** Walked when a test first asks, and not before any of them runs. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const changed = (before: Alarm, after: Alarm): readonly string[] =>
  (Object.keys(before) as (keyof Alarm)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));

const released = (a: Alarm): Alarm => ({ ...a, shelved: null, suppressed: false, outOfService: null });

/** Where the lifecycle and the table disagree. */
const disagreements = (visits: readonly Visit[], definition: (typeof definitions)[number]): readonly unknown[] =>
  visits.flatMap(({ before, event, after }) => {
    const [is, should] = [modelOf(after, now), expected(modelOf(before, now), event, definition, now)];
    return JSON.stringify(is) === JSON.stringify(should) ? [] : [{ before, event, is, should }];
  });

describe.each(definitions.map((d) => [`latch ${d.latch}, on ${d.onDelay} ms, off ${d.offDelay} ms`, d] as const))(
  "an alarm with %s, in every state that can be reached",
  (_, definition) => {
    const visits = once(() => reachable(definition));

    test("does in every state at every event what the table of the standard says", () => {
      expect(disagreements(visits(), definition)).toEqual([]);
    });

    test("has states enough for these rules to mean something", () => {
      expect(visits().length).toBeGreaterThan(64 * events.length);
      const statuses = new Set(visits().map(({ after }) => statusOf(after)));
      expect(statuses.size).toBe(definition.latch ? 8 : 7);
    });

    test("is never raised and never cleared by an unknown verdict, which touches its sight and an off-delay only", () => {
      for (const { before, event, after } of visits()) {
        if (event.kind !== "judged" || event.verdict !== "unknown") continue;
        expect(after.blind).toBe(true);
        expect(["blind", "pendingSince"]).toEqual(expect.arrayContaining([...changed(before, after)]));
        if (!before.active) expect(after.pendingSince).toBe(before.pendingSince);
      }
    });

    test("is raised only by an abnormal verdict, and only when its on-delay has passed", () => {
      for (const { before, event, after } of visits()) {
        if (before.active || !after.active) continue;
        expect(event).toEqual({ kind: "judged", verdict: "abnormal" });
        expect(now - (before.pendingSince ?? now)).toBeGreaterThanOrEqual(definition.onDelay);
        expect(after).toMatchObject({ acknowledged: false, pendingSince: null, raisedAt: now, blind: false });
        expect(after.latched).toBe(before.latched || definition.latch);
      }
    });

    test("is cleared only by a normal verdict, only when its off-delay has passed, and keeps latch and acknowledgement", () => {
      for (const { before, event, after } of visits()) {
        if (!before.active || after.active) continue;
        expect(event).toEqual({ kind: "judged", verdict: "normal" });
        expect(now - (before.pendingSince ?? now)).toBeGreaterThanOrEqual(definition.offDelay);
        expect(after).toMatchObject({ acknowledged: before.acknowledged, latched: before.latched, blind: false });
      }
    });

    test("looks normal to nobody while it is active, unless it is withheld, and then the status says so", () => {
      for (const { after } of visits()) {
        const withheld: readonly AlarmStatus[] = ["shelved", "suppressedByDesign", "outOfService"];
        expect(withheld.includes(statusOf(after))).toBe(isWithheld(after));
        if (after.active) expect(["unacknowledged", "acknowledged"]).toContain(underlyingStatusOf(after));
        if (statusOf(after) === "normal")
          expect(after).toMatchObject({ active: false, latched: false, acknowledged: true });
        if (!isWithheld(after)) expect(statusOf(after)).toBe(underlyingStatusOf(after));
      }
    });

    test("lets each request touch its own region only", () => {
      const regions: Readonly<Record<string, string>> = {
        acknowledge: "acknowledged",
        reset: "latched",
        shelve: "shelved",
        unshelve: "shelved",
        suppressed: "suppressed",
        outOfService: "outOfService",
        returnToService: "outOfService",
      };
      for (const { before, event, after } of visits()) {
        if (event.kind === "judged" || event.kind === "elapsed") continue;
        // What comes back to sight comes unacknowledged.
        const isReleased = isWithheld(before) && !isWithheld(after) && after.active;
        const touched = changed(before, after).filter(
          (key) => key !== "said" && !(isReleased && key === "acknowledged"),
        );
        expect([[], [regions[event.kind]]]).toContainEqual(touched);
      }
    });

    test("keeps who was granted what, why and when, the last of each kind", () => {
      for (const { before, event, after } of visits()) {
        if (!("by" in event) || after === before) continue;
        expect(after.said[event.kind]).toEqual({ by: event.by, why: event.why, at: now });
        const { [event.kind]: _, ...others } = after.said;
        const { [event.kind]: __, ...were } = before.said;
        expect(others).toEqual(were);
      }
    });

    test("comes back unacknowledged from shelf, suppression and service, if it stands then", () => {
      for (const { before, after } of visits())
        if (isWithheld(before) && !isWithheld(after) && after.active) expect(statusOf(after)).toBe("unacknowledged");
    });

    test("gives up its latch to a reset only when it is seen to be clear and has been acknowledged", () => {
      for (const { before, event, after } of visits()) {
        if (before.latched && !after.latched) expect(event.kind).toBe("reset");
        if (event.kind === "reset") expect(after.latched).toBe(before.latched && !mayReset(before));
      }
      expect(mayReset({ ...calm, latched: true })).toBe(true);
      for (const facts of [{ active: true }, { blind: true }, { acknowledged: false }])
        expect(mayReset({ ...calm, latched: true, ...facts })).toBe(false);
    });

    test("runs on behind shelf, suppression and service exactly as in the open: what is released is what stands", () => {
      for (const { before, event, after } of visits())
        if (event.kind === "judged" || event.kind === "acknowledge" || event.kind === "reset")
          expect(released(after)).toEqual(advance(released(before), event, definition, now));
    });

    test("is the very same when a step changes nothing", () => {
      for (const { before, after } of visits()) if (changed(before, after).length === 0) expect(after).toBe(before);
    });

    test("has something due while a delay runs, and only then", () => {
      for (const { after } of visits()) {
        const due = dueAt(after, definition);
        expect(due === null).toBe(after.pendingSince === null);
        expect(endsOf(after, definition).every(Number.isFinite)).toBe(true);
        if (due !== null)
          expect(due - after.pendingSince!).toBe(after.active ? definition.offDelay : definition.onDelay);
      }
    });
  },
);

// Times that run out: smaller sets of events, met at every age of everything.

const soon = instant(t0 + 2 * stepMs);
const halfMinute = 30_000;
const walks: readonly (Walk & { readonly of: string; readonly definition: (typeof definitions)[number] })[] = [
  {
    of: "re-alarm and flapping",
    definition: alarm("a", {
      onDelay: stepMs,
      offDelay: stepMs,
      latch: true,
      reAlarm: ms(3 * stepMs),
      flap: { count: 3, within: ms(9 * stepMs), hold: ms(3 * stepMs) },
    }),
    events: [...judged, asked[0]!, elapsed],
    most: 10,
  },
  {
    of: "flapping without delays",
    definition: alarm("a", { flap: { count: 2, within: ms(2 * stepMs), hold: ms(2 * stepMs) } }),
    events: [...judged, ...asked, elapsed],
    most: 4,
  },
  {
    of: "flapping with a hold that is shorter than the off-delay",
    definition: alarm("a", {
      offDelay: 2 * stepMs,
      flap: { count: 2, within: ms(4 * stepMs), hold: ms(stepMs) },
    }),
    events: [...judged, ...asked, elapsed],
    most: 4,
  },
  {
    of: "shelf, permit and suppression",
    definition: alarm("a", { offDelay: 2 * stepMs, reAlarm: ms(2 * stepMs) }),
    events: [
      judged[0]!,
      judged[1]!,
      asked[0]!,
      { kind: "shelve", until: soon, ...said },
      { kind: "unshelve", ...said },
      { kind: "outOfService", until: soon, permit: "W-1", ...said },
      { kind: "suppressed", on: true },
      { kind: "suppressed", on: false },
      elapsed,
    ],
    most: 3,
  },
  {
    of: "a first person's word, and a bypass",
    definition: alarm("a", { safety: true }),
    events: [
      judged[1]!,
      { kind: "asked", request: { kind: "shelve", until: instant(t0 + halfMinute), ...said } },
      { kind: "shelve", until: instant(t0 + halfMinute), ...said },
      { kind: "bypass", until: instant(t0 + 2 * halfMinute), channel: point("x"), ...said },
      { kind: "restore", ...said },
      elapsed,
    ],
    stepMs: halfMinute,
    most: 3,
  },
];

describe.each(walks)("$of", ({ definition, ...walk }) => {
  const visits = once(() => reachable(definition, { ...walk, isReminded: definition.reAlarm !== undefined }));

  test("do at every age what the table says", () => {
    expect(visits().length).toBeGreaterThan(100);
    expect(disagreements(visits(), definition)).toEqual([]);
  });

  test("remember no more raisings than the site counts", () => {
    const counted = definition.flap?.count ?? 0;
    expect(visits().filter(({ after }) => after.raisings.length > counted)).toEqual([]);
  });

  test("are looked at when they end: nothing that time alone changes lies before the next look", () => {
    const looks = (model: Model): boolean =>
      JSON.stringify(expected(model, elapsed, definition, now)) !== JSON.stringify(model);
    for (const { after } of visits()) {
      const next = Math.min(...endsOf(after, definition));
      if (looks(modelOf(after, now))) expect(next).toBeLessThanOrEqual(now);
    }
  });
});

test("an alarm of which nothing was heard is calm, and looks so", () => {
  expect(modelOf(calm, now)).toMatchObject({ on: false, read: true, locked: false, dark: false, held: false });
  expect(statusOf(calm)).toBe("normal");
});

test.each<[AlarmStatus, Partial<Alarm>, boolean]>([
  ["normal", {}, false],
  ["unacknowledged", { active: true, acknowledged: false }, true],
  ["acknowledged", { active: true }, true],
  ["returnedUnacknowledged", { acknowledged: false }, false],
  ["latchedUnacknowledged", { latched: true, acknowledged: false }, false],
  ["latchedAcknowledged", { latched: true }, false],
  ["suppressedByDesign", { active: true, suppressed: true }, false],
])("an alarm that is %s is called so, and stands before people or not", (status, facts, isBefore) => {
  expect(statusOf({ ...calm, ...facts })).toBe(status);
  expect(isShown(status)).toBe(isBefore);
});
