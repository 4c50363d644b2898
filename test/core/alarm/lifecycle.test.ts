import { describe, expect, test } from "vitest";
import type { Alarm, AlarmEvent, AlarmStatus } from "../../../src/core/alarm/lifecycle.ts";
import { advance, calm, dueAt, mayReset, statusOf, underlyingStatusOf } from "../../../src/core/alarm/lifecycle.ts";
import { instant } from "../../../src/core/time.ts";
import { alarm, t0 } from "../fixture.ts";

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
  { kind: "shelfExpired" },
  { kind: "suppressed", on: true },
  { kind: "suppressed", on: false },
  { kind: "outOfService", ...said },
  { kind: "returnToService", ...said },
];
const events: readonly AlarmEvent[] = [...judged, ...asked, ...withholding];

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

/** The same facts a while later: what is pending has been so for longer. More than three steps are as good as three. */
const later = (a: Alarm): Alarm => ({
  ...a,
  pendingSince: a.pendingSince === null ? null : instant(Math.max(a.pendingSince - stepMs, now - 3 * stepMs)),
  raisedAt: a.raisedAt === null ? null : instant(t0 - 1),
});

function reachable(definition: (typeof definitions)[number]): readonly Visit[] {
  const seen = new Set([JSON.stringify(calm)]);
  const visits: Visit[] = [];
  const open: Alarm[] = [calm];
  for (let before = open.pop(); before; before = open.pop()) {
    for (const event of events) {
      const after = advance(before, event, definition, now);
      visits.push({ before, event, after });
      const next = later(after);
      if (seen.has(JSON.stringify(next))) continue;
      seen.add(JSON.stringify(next));
      open.push(next);
    }
  }
  return visits;
}

const changed = (before: Alarm, after: Alarm): readonly string[] =>
  (Object.keys(before) as (keyof Alarm)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));

const released = (a: Alarm): Alarm => ({ ...a, shelved: null, suppressed: false, outOfService: null });
const isWithheld = (a: Alarm): boolean => a.shelved !== null || a.suppressed || a.outOfService !== null;

describe.each(definitions.map((d) => [`latch ${d.latch}, on ${d.onDelay} ms, off ${d.offDelay} ms`, d] as const))(
  "an alarm with %s, in every state that can be reached",
  (_, definition) => {
    const visits = reachable(definition);

    test("has states enough for these rules to mean something", () => {
      expect(visits.length).toBeGreaterThan(64 * events.length);
      const statuses = new Set(visits.map(({ after }) => statusOf(after)));
      expect(statuses.size).toBe(definition.latch ? 8 : 7);
    });

    test("is never raised and never cleared by an unknown verdict, which touches its sight and an off-delay only", () => {
      for (const { before, event, after } of visits) {
        if (event.kind !== "judged" || event.verdict !== "unknown") continue;
        expect(after.blind).toBe(true);
        expect(["blind", "pendingSince"]).toEqual(expect.arrayContaining([...changed(before, after)]));
        if (!before.active) expect(after.pendingSince).toBe(before.pendingSince);
      }
    });

    test("is raised only by an abnormal verdict, and only when its on-delay has passed", () => {
      for (const { before, event, after } of visits) {
        if (before.active || !after.active) continue;
        expect(event).toEqual({ kind: "judged", verdict: "abnormal" });
        expect(now - (before.pendingSince ?? now)).toBeGreaterThanOrEqual(definition.onDelay);
        expect(after).toMatchObject({ acknowledged: false, pendingSince: null, raisedAt: now, blind: false });
        expect(after.latched).toBe(before.latched || definition.latch);
      }
    });

    test("is cleared only by a normal verdict, only when its off-delay has passed, and keeps latch and acknowledgement", () => {
      for (const { before, event, after } of visits) {
        if (!before.active || after.active) continue;
        expect(event).toEqual({ kind: "judged", verdict: "normal" });
        expect(now - (before.pendingSince ?? now)).toBeGreaterThanOrEqual(definition.offDelay);
        expect(after).toMatchObject({ acknowledged: before.acknowledged, latched: before.latched, blind: false });
      }
    });

    test("looks normal to nobody while it is active, unless it is withheld, and then the status says so", () => {
      for (const { after } of visits) {
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
        shelfExpired: "shelved",
        suppressed: "suppressed",
        outOfService: "outOfService",
        returnToService: "outOfService",
      };
      for (const { before, event, after } of visits)
        if (event.kind !== "judged") expect([[], [regions[event.kind]]]).toContainEqual(changed(before, after));
    });

    test("gives up its latch to a reset only when it is seen to be clear and has been acknowledged", () => {
      for (const { before, event, after } of visits) {
        if (before.latched && !after.latched) expect(event.kind).toBe("reset");
        if (event.kind === "reset") expect(after.latched).toBe(before.latched && !mayReset(before));
      }
      expect(mayReset({ ...calm, latched: true })).toBe(true);
      for (const facts of [{ active: true }, { blind: true }, { acknowledged: false }])
        expect(mayReset({ ...calm, latched: true, ...facts })).toBe(false);
    });

    test("runs on behind shelf, suppression and service exactly as in the open: what is released is what stands", () => {
      for (const { before, event, after } of visits)
        if (event.kind === "judged" || event.kind === "acknowledge" || event.kind === "reset")
          expect(released(after)).toEqual(advance(released(before), event, definition, now));
    });

    test("is the very same when a step changes nothing", () => {
      for (const { before, event, after } of visits)
        if (event.kind !== "shelve" && event.kind !== "outOfService" && changed(before, after).length === 0)
          expect(after).toBe(before);
    });

    test("has something due while a delay runs, and only then", () => {
      for (const { after } of visits) {
        const due = dueAt(after, definition);
        expect(due === null).toBe(after.pendingSince === null);
        if (due !== null)
          expect(due - after.pendingSince!).toBe(after.active ? definition.offDelay : definition.onDelay);
      }
    });
  },
);
