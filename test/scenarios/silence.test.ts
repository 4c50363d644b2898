import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import { pointsOf } from "../../src/core/alarm/definition.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { hours, seconds } from "../../src/core/time.ts";
import type { Rehearsed } from "../../src/simulation/rehearsal.ts";
import type { Site } from "../../src/site/index.ts";
import type { Cast } from "./rehearsed.ts";
import { cast, play } from "./rehearsed.ts";

// The first law at the level of the whole: silence is not zero. In both scenarios nothing is wrong with the plant, and
// ever more of its devices stop answering. The same checks are then held against services that break the law: each of
// these must be found out by a check that has a name.

/** A point is old after its own time, and then its alarm is called blind at once. */
const announcedWithin = seconds(10);

const looksForSilence = ({ channels }: AlarmDefinition): boolean =>
  channels.some(({ detect }) => detect.kind === "stale");

/** When each device went silent for good or for a while. */
function silences({ scenario }: Cast): ReadonlyMap<string, Instant> {
  const found = new Map<string, Instant>();
  for (const { at, event } of scenario.timeline) {
    if (event && "sensor" in event && event.silent) found.set(event.sensor, at);
  }
  return found;
}

/** When a point went silent; what is known of a device's link is not heard over it. */
const silenceOf = (silent: ReadonlyMap<string, Instant>, point: PointId): readonly Instant[] => {
  const at = silent.get(deviceOf(point));
  return at === undefined || point.includes("/link.") ? [] : [at];
};

/** Alarms that nobody can judge any more, with when that came to be: the silent channels alone could outvote the rest. */
function concerned(actors: Cast): ReadonlyMap<string, Instant> {
  const silent = silences(actors);
  const found = new Map<string, Instant>();
  for (const alarm of actors.site.model.alarms) {
    if (looksForSilence(alarm)) continue;
    const times = alarm.channels.flatMap(({ point }) => silenceOf(silent, point)).sort((a, b) => a - b);
    const at = times[alarm.need - 1];
    if (at !== undefined) found.set(alarm.id, at);
  }
  return found;
}

/** Alarms that look at a silent device in any way. */
function touched(actors: Cast): ReadonlySet<string> {
  const silent = silences(actors);
  const looksAtSilent = ({ channels }: AlarmDefinition): boolean =>
    channels.some((channel) => pointsOf(channel).some((point) => silent.has(deviceOf(point))));
  return new Set(actors.site.model.alarms.filter(looksAtSilent).map(({ id }) => id));
}

type Check = (run: Rehearsed, actors: Cast) => boolean;

const checks: Readonly<Record<string, Check>> = {
  "blindness is announced for each alarm concerned": ({ record }, actors) =>
    [...concerned(actors)].every(
      ([id, since]) =>
        // Blind already, for another point that it looks at, is blind.
        record.transitions.findLast(
          ({ alarm, blind, at }) => alarm === id && blind !== undefined && at <= since + announcedWithin,
        )?.blind === true,
    ),
  "no alarm goes blind of which all points are heard": ({ record }, actors) =>
    record.transitions.every((t) => t.blind !== true || touched(actors).has(t.alarm)),
  "silence itself is the only alarm": ({ record }, { site }) =>
    record.transitions.every((t) => t.from === t.to || looksForSilence(definitionOf(site, t.alarm))),
  "no response begins": ({ record }) =>
    record.notices.every(({ about, event }) => about === "vote" || event === "unwitnessed"),
  "nothing is commanded": ({ record }) => record.commands.length === 0,
  "the gate's ledger shows no command": ({ gate }) =>
    gate.highWater === 0 && gate.open.length === 0 && gate.ended === 0,
};

const definitionOf = (site: Site, id: string): AlarmDefinition => site.model.alarms.find((a) => a.id === id)!;

const failed = (run: Rehearsed, actors: Cast): readonly string[] =>
  Object.entries(checks).flatMap(([name, holds]) => (holds(run, actors) ? [] : [name]));

/** Bad readings come out as what they were last: the sensor is taken for well. */
function badIsNormal(): (readings: readonly Reading[]) => readonly Reading[] {
  const last = new Map<PointId, number>();
  return (readings) =>
    readings.map((reading) => {
      if (reading.quality !== "bad") last.set(reading.point, reading.value);
      const value = last.get(reading.point);
      return reading.quality === "bad" && value !== undefined ? asGood(reading, value) : reading;
    });
}

/** Bad readings come out as zero: those of one device, or of all. */
const badIsZero =
  (device?: string) =>
  (readings: readonly Reading[]): readonly Reading[] =>
    readings.map((reading) => {
      const isMeant = device === undefined || deviceOf(reading.point) === device;
      return isMeant && reading.quality === "bad" ? asGood(reading, 0) : reading;
    });

const asGood = ({ point, at }: Reading, value: number): Reading => ({ point, at, quality: "good", value });

/** A site on which readings stay good for longer than any run lasts. */
const neverOld = (site: Site): Site => ({
  ...site,
  model: {
    ...site.model,
    points: new Map([...site.model.points].map(([point, rule]) => [point, { ...rule, maxAge: hours(1000) }])),
  },
});

const unannounced = "blindness is announced for each alarm concerned";

describe.each([
  ["fire-detection-silent", [unannounced]],
  // Meters that say what they said last stand still, and that is an alarm of its own.
  ["power-monitoring-silent", [unannounced, "silence itself is the only alarm"]],
] as const)("in %s", (name, foundOut) => {
  test("blindness is announced, nothing is taken for a fire or a power loss, and nothing is commanded", async () => {
    const actors = cast(name);
    expect(concerned(actors).size).toBeGreaterThan(4);
    expect(failed(await play(actors), actors)).toEqual([]);
  });

  test("a service that took a bad reading for a normal one would be found out", async () => {
    const actors = cast(name);
    const broken = failed(await play(actors, { alter: badIsNormal() }), actors);
    expect(broken).toEqual(foundOut);
  });

  test("a service whose readings never grew old would be found out", async () => {
    const actors = cast(name);
    const broken = failed(await play({ ...actors, site: neverOld(actors.site) }), actors);
    expect(broken).toEqual([unannounced]);
  });
});

describe("a service that took a bad reading for zero", () => {
  test("would miss that its fire detection is blind", async () => {
    const actors = cast("fire-detection-silent");
    const broken = failed(await play(actors, { alter: badIsZero() }), actors);
    expect(broken).toContain(unannounced);
  });

  test("would take silent meters for a dead site", async () => {
    const actors = cast("power-monitoring-silent");
    const broken = failed(await play(actors, { alter: badIsZero() }), actors);
    expect(broken).toContain("silence itself is the only alarm");
    expect(broken).toContain("no response begins");
  });

  test("would shed load on a site where nothing is wrong, for a transfer switch that says nothing", async () => {
    const actors = cast("power-monitoring-silent");
    const broken = failed(await play(actors, { alter: badIsZero("io-switch") }), actors);
    expect(broken).toEqual(Object.keys(checks).filter((check) => !check.startsWith("no alarm goes blind")));
  });
});
