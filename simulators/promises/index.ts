/**
 * What a scenario promises, one plain sentence each, and whether a run kept it. The sentences are the whole language;
 * each form stands in a table beside what it looks at, and a sentence that fits none is told the nearest.
 */
import type { SiteModel } from "../../src/core/plant.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import { after } from "../../src/core/time.ts";
import type { Premises } from "../../src/core/topology/premises.ts";
import { closest, parseDuration } from "../../src/profiles/index.ts";
import { alarmForms } from "./alarms.ts";
import { commandForms } from "./commands.ts";
import { cutForms } from "./cuts.ts";
import type { Compiled, Form, Said, Slot } from "./form.ts";
import { compile, plainly } from "./form.ts";
import { nearestForm } from "./nearest.ts";
import { pointForms } from "./points.ts";
import type { Promised } from "./record.ts";
import { responseForms } from "./responses.ts";
import type { Moment, When } from "./when.ts";
import { before, by, raising, within } from "./when.ts";

export type { Form } from "./form.ts";
export type { Promised, Record, Samples } from "./record.ts";

/** Turns a wall time of the scenario ("15:19:02" or "15:19") into the instant it means; null where it is none. */
export type WallTime = (text: string) => Instant | null;

/** What sentences are read against. */
export interface Ground {
  readonly site: SiteModel;
  /** Ids of all services. */
  readonly services: readonly string[];
  readonly premises: Premises;
  readonly starts: Instant;
  readonly wallTime: WallTime;
  /** Entries of the timeline that have a label. */
  readonly labels: ReadonlyMap<string, Instant>;
}

/** What is wrong with a sentence, and what was probably meant. */
export interface Misread {
  readonly wrong: string;
  readonly meant: string | undefined;
}

/** Every form there is. */
export const promiseForms: readonly Form[] = [
  ...alarmForms,
  ...responseForms,
  ...commandForms,
  ...cutForms,
  ...pointForms,
];
const compiled: readonly Compiled[] = promiseForms.map(compile);

/** Reads a promise, or says what is wrong with it. Every name in it is looked for on the site. */
export function readPromise(text: string, ground: Ground): Promised | Misread {
  const sentence = plainly(text);
  let first: Misread | null = null;
  for (const form of compiled) {
    const match = form.pattern.exec(sentence);
    if (!match) continue;
    const said = saidIn(form, match.slice(1), ground);
    if (!("wrong" in said)) {
      return { text, points: form.form.points?.(said) ?? [], check: form.form.check(said) };
    }
    first ??= said;
  }
  if (first) return first;
  const { form, mended } = nearestForm(compiled, sentence);
  return {
    wrong: `"${text}" is no promise that can be checked; the nearest form is: ${form.form.text}`,
    meant: mended,
  };
}

/** Thrown inside this module only, by a slot that holds nothing which the site or the day has. */
class Stranger extends Error {
  readonly meant: string | undefined;
  constructor(wrong: string, meant?: string) {
    super(wrong);
    this.meant = meant;
  }
}

interface Slots {
  readonly words: string[];
  readonly names: string[];
  readonly numbers: number[];
  readonly times: Instant[];
  readonly durations: Duration[];
  when: When;
}

function saidIn({ form, groups }: Compiled, parts: readonly (string | undefined)[], ground: Ground): Said | Misread {
  const said: Slots = { words: [], names: [], numbers: [], times: [], durations: [], when: () => "" };
  try {
    groups.forEach((slot, i) => {
      const part = parts[i];
      if (part === undefined) return;
      if (slot === null) said.words.push(part);
      else fill(said, slot, part, ground);
    });
  } catch (error) {
    if (!(error instanceof Stranger)) throw error;
    return { wrong: error.message, meant: error.meant };
  }
  const all = { ...said, site: ground.site, premises: ground.premises };
  const objection = form.objection?.(all) ?? null;
  return objection === null ? all : { wrong: objection, meant: undefined };
}

function fill(said: Slots, slot: Slot, part: string, ground: Ground): void {
  switch (slot) {
    case "TIME":
      return void said.times.push(timeOf(part, ground));
    case "DURATION":
      return void said.durations.push(parseDuration(part)!);
    case "COUNT":
    case "NUMBER":
      return void said.numbers.push(Number(part));
    case "WHEN":
      said.when = whenOf(part, ground);
      return;
    case "STAGE":
      return void said.names.push(part);
    case "ALARM":
    case "RESPONSE":
    case "SERVICE":
    case "DEVICE":
    case "POINT":
    case "FEED":
    case "RACK":
    case "SPACE":
      said.names.push(nameOf(slot, part, ground));
  }
}

function timeOf(text: string, { starts, wallTime }: Ground): Instant {
  const wait = text.startsWith("+") ? parseDuration(text.slice(1)) : null;
  const at = wait === null ? wallTime(text) : after(starts, wait);
  if (at === null) throw new Stranger(`"${text}" is no time of day`);
  return at;
}

function whenOf(text: string, ground: Ground): When {
  const [, wait, of] = /^within (\S+) of (.+)$/.exec(text) ?? [];
  if (wait !== undefined) return within(parseDuration(wait)!, momentOf(of!, ground));
  const [word, at] = text.split(" ");
  return (word === "by" ? by : before)(timeOf(at!, ground));
}

function momentOf(text: string, ground: Ground): Moment {
  if (text.startsWith('"')) {
    const label = text.slice(1, -1);
    const at = ground.labels.get(label);
    if (at !== undefined) return () => at;
    const near = closest(label, ground.labels.keys());
    throw new Stranger(`no entry of the timeline has the label "${label}"`, near);
  }
  if (/^(\+|\d\d:)/.test(text)) {
    const at = timeOf(text, ground);
    return () => at;
  }
  return raising(nameOf("ALARM", text, ground));
}

type Named = Exclude<Slot, "TIME" | "DURATION" | "COUNT" | "NUMBER" | "WHEN" | "STAGE">;

const known: Readonly<Record<Named, (ground: Ground) => readonly string[]>> = {
  ALARM: ({ site }) => site.alarms.map(({ id }) => id),
  RESPONSE: ({ site }) => site.responses.map(({ id }) => id),
  SERVICE: ({ services }) => services,
  DEVICE: ({ site }) => [...new Set([...site.points.keys()].map(deviceOf))],
  POINT: ({ site }) => [...site.points.keys()],
  FEED: ({ site }) => [...site.power.nodes.values()].flatMap(({ feed }) => feed ?? []),
  RACK: ({ site }) => site.power.loads.map(({ id }) => id),
  SPACE: ({ premises }) => [...premises.rooms.keys()],
};

function nameOf(slot: Named, name: string, ground: Ground): string {
  const names = known[slot](ground);
  if (names.includes(name)) return name;
  throw new Stranger(`the site has no ${slot.toLowerCase()} "${name}"`, closest(name, names));
}
