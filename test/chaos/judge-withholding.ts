/**
 * Law 5 of what people take from others: an alarm is shelved, out of service or short of a sensor
 * only while somebody has asked for it, for no longer than was asked and is allowed, and where it
 * guards safety only when two people have asked for the very same within a minute.
 */
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import type { Alarm, Withholding } from "../../src/core/alarm/lifecycle.ts";
import type { Request } from "../../src/core/plant.ts";
import type { Breach } from "./run.ts";

/** One alarm before and after a scan, and what was asked about it in that. */
export interface Move {
  readonly definition: AlarmDefinition;
  readonly now: number;
  readonly before: Alarm;
  readonly after: Alarm;
  readonly asked: readonly Request[];
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Kind = Withholding["kind"];
type Field = "shelved" | "outOfService" | "bypassed";

interface Way {
  readonly kind: Kind;
  readonly field: Field;
  readonly back: string;
  readonly mostMs: number;
}

const ways: readonly Way[] = [
  { kind: "shelve", field: "shelved", back: "unshelve", mostMs: 8 * hourMs },
  { kind: "outOfService", field: "outOfService", back: "returnToService", mostMs: 24 * hourMs },
  { kind: "bypass", field: "bypassed", back: "restore", mostMs: 8 * hourMs },
];

interface Asked {
  readonly at: number;
  readonly event: Withholding;
}

export class WithholdingJudge {
  readonly #tell: (law: Breach["law"], at: number, what: string) => void;
  /** What has been asked for of late, by the alarm's number, and not been granted. */
  readonly #asked = new Map<number, Asked[]>();

  constructor(tell: (law: Breach["law"], at: number, what: string) => void) {
    this.#tell = tell;
  }

  take(alarm: number, move: Move): void {
    const { asked, now, before, after } = move;
    if (asked.length === 0 && before === after && !ways.some(({ field }) => after[field])) return;
    const recent = (this.#asked.get(alarm) ?? []).filter(({ at }) => now - at <= minuteMs);
    for (const request of asked)
      if (request.to === "alarm" && "until" in request.event) recent.push({ at: now, event: request.event });
    this.#asked.set(alarm, recent);
    const granted = ways.filter((way) => this.#check(way, recent, move));
    // What has been granted is used up.
    if (granted.length > 0) this.#asked.set(alarm, []);
  }

  /** Whether something new is withheld. */
  #check(way: Way, recent: readonly Asked[], { definition, now, before, after, asked }: Move): boolean {
    const { kind, field, back, mostMs } = way;
    const [was, is] = [before[field], after[field]];
    const say = (what: string): void => this.#tell(5, now, `${definition.id} ${what}`);
    if (is && now >= is.until) say(`is withheld (${kind}) for longer than was asked`);
    const isGivenBack = asked.some((request) => request.to === "alarm" && request.event.kind === back);
    if (was && !is && now < was.until && !isGivenBack) say(`is no longer withheld (${kind}), and nobody gave it back`);
    if (!is || JSON.stringify(was) === JSON.stringify(is)) return false;
    if (is.until - now > mostMs) say(`is withheld (${kind}) for longer than anybody may ask`);
    const fits = recent.filter(({ event }) => event.kind === kind && objectOf(event) === objectOf({ kind, ...is }));
    if (!isGranted(fits, { now, until: is.until, isGuarded: definition.safety === true }))
      say(`is withheld (${kind}), and ${definition.safety ? "no two people" : "nobody"} asked for that`);
    return true;
  }
}

/** Which sensor, or under which permit. */
const objectOf = (event: { readonly kind: Kind; readonly channel?: string; readonly permit?: string }): string =>
  event.channel ?? event.permit ?? "";

interface Grant {
  readonly now: number;
  readonly until: number;
  readonly isGuarded: boolean;
}

/** Whether what was asked allows it: one person now, or one now and another within the minute before, to the shorter of both ends. */
function isGranted(asked: readonly Asked[], { now, until, isGuarded }: Grant): boolean {
  const last = asked.filter(({ at }) => at === now);
  if (!isGuarded) return last.some(({ event }) => event.until === until);
  return last.some(({ event: second }) =>
    asked.some(
      ({ event: first }) => personOf(first.by) !== personOf(second.by) && Math.min(first.until, second.until) === until,
    ),
  );
}

const personOf = (by: string): string => by.trim().toLowerCase();
