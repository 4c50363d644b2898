/**
 * Days in the life of the demo's site in which nothing is wrong, through the whole core, gate and all: work that comes and
 * goes by the rack and by the night, set-points that are moved, doors that stand open for work, and in every month a test of
 * each UPS on its battery, half an hour on the generator and a measured discharge of each string. Laid over what the plant
 * shows is what it is too clean for: noise, wild readings and polls without an answer. Whatever is put before people is a
 * false alarm, but for what such a test really does and its operator has not shelved. The same seed gives the same life.
 */
import type { Dice } from "../../simulators/plant/dice.ts";
import { between, dice } from "../../simulators/plant/dice.ts";
import type { PlantEvent } from "../../simulators/plant/index.ts";
import type { Happening, Scenario } from "../../simulators/scenario.ts";
import { openScenario } from "../../src/cli/scenario-files.ts";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import { pointsOf } from "../../src/core/alarm/definition.ts";
import type { Transition } from "../../src/core/plant.ts";
import { isRaising } from "../../src/core/plant.ts";
import { quantityOf } from "../../src/core/quantity.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { after, hours, minutes, ms } from "../../src/core/time.ts";
import type { Rehearsed } from "../../src/simulation/rehearsal.ts";
import { rehearse } from "../../src/simulation/rehearsal.ts";
import type { Site } from "../../src/site/index.ts";

export interface Life {
  readonly days: number;
  readonly seed: number;
  /** The day of the month with which it begins, from 0. */
  readonly from?: number;
  /** Called about once a plant minute, with how much of it is over (0 to 1). */
  readonly onProgress?: (part: number) => void;
  /** Called with each false alarm when it is raised. */
  readonly onFalseAlarm?: (raised: Transition) => void;
}

/** What a life gave. */
export interface Lived {
  readonly run: Rehearsed;
  /** What was put before people though nothing was wrong. */
  readonly falseAlarms: readonly Transition[];
}

/** Lives a life on the demo's site, from nine in the morning on. */
export async function live({
  days,
  seed,
  from = 0,
  onProgress = ignored,
  onFalseAlarm = ignored,
}: Life): Promise<Lived> {
  const calm = openScenario("calm");
  const { site, siteText, starts } = calm;
  const ends = after(starts, hours(24 * days));
  const deeds = deedsOf({ starts, ends, seed, from });
  const timeline = deeds.flatMap(({ happenings }) => happenings).toSorted((a, b) => a.at - b.at);
  const scenario: Scenario = { ...calm, ends, seed, timeline, promises: [], plots: [] };
  const alter = veilOver(site, seed);
  const falseAlarms: Transition[] = [];
  const listen = (raised: Transition): void => {
    falseAlarms.push(raised);
    onFalseAlarm(raised);
  };
  const run = await rehearse(site, scenario, {
    siteText,
    alter,
    onProgress,
    onScan: (_, output) => {
      for (const t of output?.transitions ?? [])
        if (isRaising(t) && !deeds.some((deed) => explains(deed, t))) listen(t);
    },
  });
  return { run, falseAlarms };
}

const ignored = (): void => undefined;

/** Something that is done, and the alarms that are true while it is. */
interface Deed {
  readonly happenings: readonly Happening[];
  readonly from: Instant;
  readonly to: Instant;
  readonly raises: readonly string[];
}

const explains = ({ raises, from, to }: Deed, { alarm, at }: Transition): boolean =>
  at >= from && at <= to && raises.includes(alarm);

interface Span {
  readonly starts: Instant;
  readonly ends: Instant;
  readonly seed: number;
  readonly from: number;
}

/** Hours from the start, which is at nine, to times of the day. */
const atTen = 1;
const atEleven = 2;
const atOne = 4;
const atTenAtNight = 13;
const atTwoAtNight = 17;
const atFiveAtNight = 20;
const atSixInTheMorning = 21;
const monthDays = 30;
const weekDays = 7;

function deedsOf(span: Span): readonly Deed[] {
  const chance = dice(span.seed ^ 0x11fe);
  const days = Math.ceil((span.ends - span.starts) / hours(24));
  const daily = Array.from({ length: days }, (_, i) => span.from + i).flatMap((day) => [
    ...nightWork(span, day),
    ...setPoint(span, day),
    ...doors(span, day),
    ...tests(span, day),
  ]);
  return [...daily, ...workOf(span, chance)].filter(({ from }) => from < span.ends);
}

const clock = ({ starts, from }: Span, day: number, hour: number): Instant =>
  after(starts, hours(24 * (day - from) + hour));

const nothing = (at: Instant): Happening => ({ at, does: null, event: null, fault: null, asks: null, arming: null });

const happening = (at: Instant, event: PlantEvent): Happening => ({ ...nothing(at), event });

const quiet = (...happenings: readonly Happening[]): Deed => ({
  happenings,
  from: happenings[0]!.at,
  to: happenings.at(-1)!.at,
  raises: [],
});

/** Those of the demo's site, hall by hall. */
export const racks = [
  "r101",
  "r102",
  "r103",
  "r104",
  "r105",
  "r106",
  "r107",
  "r108",
  "r201",
  "r202",
  "r203",
  "r204",
  "r205",
  "r206",
];
const batch = ["r107", "r108", "r205", "r206"];
/** From an idle rack of 5 kW to one that is at its work. */
const [idleKw, busyKw] = [2.25, 4.75];
const workEvery = minutes(20);

/** Now one rack has more to do and now another, one of them three times an hour. */
function workOf({ starts, ends }: Span, chance: Dice): readonly Deed[] {
  const deeds: Deed[] = [];
  for (let at = after(starts, workEvery); at < ends; at = after(at, workEvery)) {
    const load = racks[Math.floor(between(chance, 0, racks.length))]!;
    deeds.push(quiet(happening(at, { load, kw: between(chance, idleKw, busyKw) })));
  }
  return deeds;
}

/** All batch racks begin at ten in the evening, in the same second, and end at six. */
const nightWork = (span: Span, day: number): readonly Deed[] =>
  [[atTenAtNight, busyKw] as const, [atSixInTheMorning, idleKw] as const].map(([hour, kw]) =>
    quiet(...batch.map((load) => happening(clock(span, day, hour), { load, kw }))),
  );

const usualSetC = 22;

/** A cooler's set-point is moved by a degree, on Mondays by two, and back on the next day. */
function setPoint(span: Span, day: number): readonly Deed[] {
  const cooler = day % 4 < 2 ? "crac-1" : "crac-2";
  const setC = day % 2 === 1 ? usualSetC : usualSetC + (day % weekDays === 0 ? 2 : 1);
  return [quiet(happening(clock(span, day, atTen), { cooler, setPoint: setC }))];
}

/** Once a week people work in a hall, and its door stands open for an hour. */
function doors(span: Span, day: number): readonly Deed[] {
  if (day % weekDays !== 3) return [];
  const door = day % 2 === 0 ? "hall-1" : "hall-2";
  const [from, to] = [clock(span, day, atEleven), clock(span, day, atEleven + 1)];
  return [quiet(happening(from, { door, open: true }), happening(to, { door, open: false }))];
}

/** A UPS on its battery, with its alarm shelved by whoever tests it: for a test, or to measure what a string has. */
const testMs = minutes(5);
const dischargeMs = minutes(9);
const generatorMs = minutes(30);
/** Two coolers without power for 150 s, twice: these halls really are that warm then. */
const hallsOnTransfer = ["1", "2"].flatMap((n) =>
  ["heating", "cooling-lost", "swing", "hot.H", "hot.HH"].map((alarm) => `hall-${n}-${alarm}`),
);

function tests(span: Span, day: number): readonly Deed[] {
  const of = day % monthDays;
  if (of === 0)
    return [
      onBattery("a", clock(span, day, atTwoAtNight), testMs),
      onBattery("b", clock(span, day, atFiveAtNight), testMs),
    ];
  if (of === 2) return [onGenerator(clock(span, day, atEleven))];
  if (of === 4)
    return [
      onBattery("a", clock(span, day, atEleven), dischargeMs),
      onBattery("b", clock(span, day, atOne), dischargeMs),
    ];
  return [];
}

const shelved = (at: Instant, alarm: string, until: Instant): Happening => ({
  ...nothing(at),
  asks: {
    to: "alarm",
    alarm: alarm as AlarmId,
    event: { kind: "shelve", by: "operator", why: "a test", until },
  },
});

function onBattery(feed: "a" | "b", from: Instant, lasts: number): Deed {
  const to = after(from, ms(lasts));
  const ups = `ups-${feed}`;
  return quiet(
    shelved(from, `${ups}-on-battery`, after(to, minutes(5))),
    happening(from, { ups, rectifier: "fail" }),
    happening(to, { ups, rectifier: "repair" }),
  );
}

function onGenerator(from: Instant): Deed {
  const to = after(from, generatorMs);
  const whole = after(to, minutes(15));
  const happenings = [
    shelved(from, "utility-lost", whole),
    happening(from, { utility: "fail" }),
    happening(to, { utility: "restore" }),
  ];
  return { happenings, from, to: whole, raises: hallsOnTransfer };
}

/** Noise of a value, ± in its unit; more than good instruments have. */
const noise: Readonly<Record<string, number>> = { Cel: 0.3, V: 0.002, A: 0.1, kW: 0.05 };
const wild = 1 / 20_000;
const unanswered = 1 / 2000;

/** What is laid over one point. */
interface Veil {
  readonly about: number;
  readonly range: readonly [low: number, high: number];
  /** Its collector doubts a jump that it has seen but once. */
  readonly isConfirmed: boolean;
}

/** Lays what the plant is too clean for over what is judged; what nobody judges is let pass. */
function veilOver(site: Site, seed: number): (readings: readonly Reading[]) => readonly Reading[] {
  const chance = dice(seed ^ 0x7e11);
  const veils = veilsOf(site);
  return (readings) => {
    let [device, isLost] = ["", false];
    return readings.map((reading): Reading => {
      const of = deviceOf(reading.point);
      if (of !== device) [device, isLost] = [of, between(chance, 0, 1) < unanswered];
      const { point, at } = reading;
      if (isLost && !point.includes("/link.")) return { point, at, quality: "bad", reason: "noCommunication" };
      const veil = veils.get(point);
      return veil && reading.quality !== "bad" ? seen(veil, reading, chance) : reading;
    });
  };
}

function seen(
  { about, range, isConfirmed }: Veil,
  reading: Extract<Reading, { value: number }>,
  chance: Dice,
): Reading {
  const { point, at, value } = reading;
  if (between(chance, 0, 1) >= wild) return { ...reading, value: value + between(chance, -about, about) };
  const nonsense = between(chance, ...range);
  return isConfirmed
    ? { point, at, quality: "uncertain", reason: "unconfirmed", value: nonsense }
    : { point, at, quality: "good", value: nonsense };
}

function veilsOf({ model, devices }: Site): ReadonlyMap<PointId, Veil> {
  const confirmed = new Set(
    devices.flatMap(({ id, model: { points } }) =>
      points.flatMap(({ name, doubts }) => (doubts?.confirm ? [`${id}/${name}`] : [])),
    ),
  );
  const judged = new Set(model.alarms.flatMap(({ channels }) => channels.flatMap(pointsOf)));
  return new Map(
    [...judged].flatMap((point): [PointId, Veil][] => {
      const name = point.slice(deviceOf(point).length + 1);
      const quantity = quantityOf(name);
      if (!quantity || quantity.states || name.startsWith("link.")) return [];
      return [
        [point, { about: noise[quantity.unit ?? ""] ?? 0, range: quantity.range, isConfirmed: confirmed.has(point) }],
      ];
    }),
  );
}
