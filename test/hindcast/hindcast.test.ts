import { describe, expect, test } from "vitest";
import { checkpoint, restore } from "../../src/core/checkpoint.ts";
import type { SiteModel } from "../../src/core/plant.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Hindcast, Moment } from "../../src/hindcast/hindcast.ts";
import { Hindcasting } from "../../src/hindcast/hindcast.ts";
import { historyMoments, journalMoments } from "../../src/hindcast/moments.ts";
import { openHistorian } from "../../src/store/historian.ts";
import { openPastHistory, readJournal } from "../../src/store/index.ts";
import { above, alarm, alarmId, bad, bench, good, site, t0 } from "../core/fixture.ts";
import { journalled } from "../simulators/recording/journalled.ts";
import { testFolder } from "../store/folder.ts";
import { movesOnFire } from "../whole/small-site.ts";

const hour = 3_600_000;
const rules = (limit: number, onDelay = 0): SiteModel =>
  site({ alarms: [alarm("hot", { detect: above(limit, 1), onDelay })] });

/** What two sets of rules make of a value a second. */
function cast(old: SiteModel, young: SiteModel, values: readonly (number | null)[]): Hindcast {
  const casting = new Hindcasting(old, young, instant(t0));
  values.forEach((value, i) => {
    const readings = value === null ? [] : [good("x", value, i * 1000)];
    casting.take({ scanned: { at: instant(t0 + i * 1000), readings, requests: [], outcomes: [], leads: true } });
  });
  return casting.end();
}

const times = (value: number, count: number): readonly number[] => Array.from({ length: count }, () => value);

describe("two sets of rules over the same time", () => {
  test("that are the same say the same", () => {
    const [hot] = cast(rules(10), rules(10), [...times(5, 10), ...times(20, 10), ...times(5, 10)]).alarms;
    expect(hot).toMatchObject({ both: 1, onlyOld: 0, onlyNew: 0, earlier: 0, later: 0, longer: 0, shorter: 0 });
  });

  test("say how much later a longer delay is, and what it spares", () => {
    const values = [...times(20, 3), ...times(5, 800), ...times(20, 60), ...times(5, 10)];
    const [hot] = cast(rules(10), rules(10, 30_000), values).alarms;
    expect(hot).toMatchObject({ oldCount: 2, newCount: 1, both: 1, later: 1, latestMs: 30_000, onlyOld: 1 });
    expect(hot?.missed).toEqual([{ at: t0, because: "x = 20" }]);
  });

  test("say what a lower limit adds, and how often it chatters", () => {
    const values = Array.from({ length: 120 }, (_, i) => (i % 10 < 5 ? 9 : 5));
    const { alarms, old, new: young } = cast(rules(10), rules(8), values);
    expect(alarms[0]).toMatchObject({ oldCount: 0, newCount: 12, onlyNew: 12, old: { count: 0 } });
    expect(alarms[0]?.new?.chattered).toBeGreaterThan(0);
    expect([old.figures.annunciated, young.figures.annunciated]).toEqual([0, 12]);
  });

  test("an alarm that one of them has not is none there", () => {
    const [hot] = cast(site({ points: { x: { maxAge: 3000 as never } } }), rules(10), times(20, 5)).alarms;
    expect(hot).toMatchObject({ alarm: "hot", old: null, new: { count: 1 }, onlyNew: 1 });
  });

  test("age a gap as it was, fill nothing in, and say that it was there", () => {
    const gone = Array.from({ length: 60 }, () => null);
    const { alarms, gaps, new: young } = cast(rules(10), rules(10), [...times(20, 5), ...gone, ...times(20, 5)]);
    expect(alarms[0]).toMatchObject({ both: 1, oldCount: 1 });
    expect(gaps).toEqual([{ point: "x", count: 1, longestMs: 61_000 }]);
    expect(young.standing.blind).toBe(0);
  });

  test("a point that the source has not is named", () => {
    expect(cast(rules(10), rules(10), [null, null]).unknown).toEqual(["x"]);
  });
});

describe("the responses of two sets of rules", () => {
  const [move] = movesOnFire().responses as [Response];
  const acting = (limit: number, sketch: Partial<Response> = {}, onDelay = 0): SiteModel =>
    site({ alarms: [alarm("hot", { detect: above(limit), onDelay })], responses: [{ ...move, ...sketch }] });
  const calm = times(5, 800);

  test("are told by when they would have begun: later, and not at all where the new rules call for nothing", () => {
    const values = [...times(20, 5), ...calm, ...times(20, 60), ...times(5, 10)];
    const { responses } = cast(acting(10), acting(10, { mode: "advise" }, 30_000), values);
    expect(responses).toMatchObject([
      {
        response: "move",
        old: { mode: "act", count: 2 },
        new: { mode: "advise", count: 1 },
        both: 1,
        later: 1,
        latestMs: 30_000,
        onlyOld: 1,
        missed: [{ at: t0, because: "hot" }],
      },
    ]);
  });

  test("would have begun once their wait was over, and not where the cause had gone by then", () => {
    const values = [...times(20, 5), ...calm, ...times(20, 60), ...times(5, 10)];
    const [moved] = cast(acting(10), acting(10, { after: ms(20_000) }), values).responses;
    expect(moved).toMatchObject({ oldCount: 2, newCount: 1, onlyOld: 1, later: 1, latestMs: 20_000 });
  });

  test("are added where the new rules call for more, and are none where a set has not got them", () => {
    const values = [...times(9, 20), ...times(5, 10)];
    expect(cast(acting(10), acting(8), values).responses).toMatchObject([
      { onlyNew: 1, old: { count: 0 }, new: { count: 1 }, added: [{ at: t0, because: "hot" }] },
    ]);
    expect(cast(rules(8), acting(8), values).responses).toMatchObject([{ old: null, new: { count: 1 } }]);
    expect(cast(rules(8), rules(8), values).responses).toEqual([]);
  });

  test("go by the alarms that a set has: one that only an alarm left out here calls for never begins", () => {
    const model = acting(8);
    const foreign = { ...move, when: [alarmId("haechi.disk")] };
    expect(cast(model, { ...model, responses: [foreign] }, times(9, 20)).responses).toMatchObject([
      { response: "move", onlyOld: 1, new: { count: 0 } },
    ]);
  });

  test("do nothing that one had begun when the source begins, and count it from there", () => {
    const model = acting(10);
    const b = bench(model);
    b.scan(0, { readings: [good("x", 20)] });
    b.scan(1000, { readings: [good("x", 20, 1000)] });
    expect(b.plant.campaigns[0]?.phase).toBe("running");
    const casting = new Hindcasting(model, model, instant(t0 + 1000));
    casting.take({ state: checkpoint(b.plant), site: model, timezone: "UTC" });
    for (let s = 2; s < 60; s += 1) {
      const readings = [good("x", s < 30 ? 20 : 5, s * 1000)];
      casting.take({ scanned: { at: instant(t0 + s * 1000), readings, requests: [], outcomes: [], leads: true } });
    }
    expect(casting.end().responses).toMatchObject([{ both: 1, oldCount: 1, newCount: 1, shiftMs: 0, lengthMs: 0 }]);
  });

  test("are the same to the byte whenever they are worked out", () => {
    const values = Array.from({ length: 900 }, (_, i) => (i % 90 < 40 ? 20 : i % 7));
    const said = (): string => JSON.stringify(cast(acting(10), acting(5, { after: ms(3000) }), values));
    expect(said()).toBe(said());
  });
});

describe("a real journal", () => {
  test("gives the old rules what they said then, and the new ones their difference", async () => {
    const was = await journalled([60_000, 150_000]);
    const moments = [...journalMoments(readJournal(was.journal), { from: null, to: null })];
    const [first] = moments as [Extract<Moment, { state: unknown }>];
    expect(moments.filter((moment) => "state" in moment)).toHaveLength(1);
    const slower: SiteModel = {
      ...first.site,
      alarms: first.site.alarms.map((one) => (one.id === "utility-lost" ? { ...one, onDelay: 45_000 as never } : one)),
    };
    const casting = new Hindcasting(first.site, slower, first.state.now);
    for (const moment of moments) casting.take(moment);
    const { alarms, old, gaps } = casting.end();
    const lost = alarms.find(({ alarm: id }) => id === "utility-lost");
    expect(lost).toMatchObject({ both: 1, later: 1, latestMs: expect.closeTo(43_000, -3) });
    const raised = was.transitions.filter(({ to }) => to === "unacknowledged");
    expect(old.figures.annunciated).toBe(raised.length);
    expect(gaps.map(({ point }) => point)).not.toContain("io-switch/ats.on_utility");
  });

  test("is begun with what the service knew before the stretch", async () => {
    const was = await journalled([60_000, 150_000]);
    const from = instant(was.scenario.starts + 200_000);
    const [first, second] = [...journalMoments(readJournal(was.journal), { from, to: null })] as [
      Extract<Moment, { state: unknown }>,
      Extract<Moment, { scanned: unknown }>,
    ];
    expect(first.state.now - was.scenario.starts).toBeGreaterThanOrEqual(149_000);
    expect(second.scanned.at).toBeGreaterThanOrEqual(first.state.now);
    expect(restore(first.site, first.state).newest.size).toBeGreaterThan(100);
  });
});

describe("a real history", () => {
  test("is judged as its readings were read, in slices", async () => {
    const path = `${testFolder()}/history.duckdb`;
    const historian = openHistorian(path, { retentionMs: 1e15, bytesMax: 1e12, now: () => t0 });
    const seconds = 3 * 3600;
    for (let from = 0; from < seconds; from += 600)
      historian.record(
        Array.from({ length: 600 }, (_, i) =>
          from + i === 5000
            ? bad("x", "noCommunication", 5_000_000)
            : good("x", (from + i) % 3600 < 60 ? 9.5 : 5, (from + i) * 1000),
        ),
      );
    await historian.close();
    const past = await openPastHistory(path);
    const span = await past.span();
    expect(span).toEqual({ oldest: t0, newest: t0 + (seconds - 1) * 1000 });
    const casting = new Hindcasting(rules(10), rules(9), instant(span!.oldest));
    for await (const moment of historyMoments(past, instant(span!.oldest), instant(span!.newest))) casting.take(moment);
    await past.close();
    const { alarms, readings, to } = casting.end();
    expect(readings).toBe(seconds);
    expect(to).toBe(span!.newest);
    expect(alarms).toMatchObject([{ alarm: "hot", onlyNew: 3, onlyOld: 0, oldCount: 0 }]);
    expect(alarms[0]!.added.map(({ at }) => (at - t0) / hour)).toEqual([0, 1, 2]);
  });
});
