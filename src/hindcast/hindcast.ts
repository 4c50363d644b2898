/**
 * What new rules would have said of what has been, beside what the old ones say of it. Both are judged by the core of now,
 * in virtual time, over the same readings and the same requests of people; so the difference is the rules' alone.
 */
import type { AlarmId, Priority } from "../core/alarm/definition.ts";
import type { Checkpoint } from "../core/checkpoint.ts";
import type { ResponseId } from "../core/command.ts";
import type { ScanInput, SiteModel } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Mode } from "../core/respond/response.ts";
import type { Instant } from "../core/time.ts";
import type { Hole } from "./holes.ts";
import { openHoles } from "./holes.ts";
import type { Pairing, Tally } from "./pairing.ts";
import { pairing } from "./pairing.ts";
import type { Fared, Watching } from "./side.ts";
import { Side } from "./side.ts";

/** What has been, in the order of time: what a scan was given, or the memory of the service after nobody had watched. */
export type Moment =
  | { readonly scanned: ScanInput }
  | { readonly state: Checkpoint; readonly site: SiteModel; readonly timezone: string };

/** One alarm under both sets of rules; null where a set has no such alarm. */
export interface AlarmDifference extends Tally {
  readonly alarm: AlarmId;
  readonly old: AlarmUnder | null;
  readonly new: AlarmUnder | null;
}

/** How often it came before people, and how many times it chattered. */
interface AlarmUnder {
  readonly priority: Priority;
  readonly count: number;
  readonly perHour: number;
  readonly chattered: number;
}

/** One response under both sets of rules: the times that it would have begun, its wait over; null where a set has no such response. */
export interface ResponseDifference extends Tally {
  readonly response: ResponseId;
  readonly old: ResponseUnder | null;
  readonly new: ResponseUnder | null;
}

interface ResponseUnder {
  readonly mode: Mode;
  readonly count: number;
}

export interface Hindcast {
  readonly from: Instant;
  readonly to: Instant;
  readonly readings: number;
  /** Every alarm that either set ever put before people. */
  readonly alarms: readonly AlarmDifference[];
  /** Every response that would ever have begun under either. */
  readonly responses: readonly ResponseDifference[];
  readonly old: Fared;
  readonly new: Fared;
  readonly unknown: readonly PointId[];
  readonly gaps: readonly Hole[];
}

/** What is decided is forgotten this often, in scans: often enough for even memory. */
const settleEvery = 10_000;

/** Two sets of rules over the same time. */
export class Hindcasting {
  readonly #alarms = new Pairs();
  readonly #responses = new Pairs();
  readonly #rules: { readonly old: SiteModel; readonly new: SiteModel };
  readonly #sides: { readonly old: Side; readonly new: Side };
  readonly #holes: ReturnType<typeof openHoles>;
  readonly #from: Instant;
  #now: Instant;
  #readings = 0;
  #scans = 0;

  constructor(old: SiteModel, young: SiteModel, from: Instant) {
    this.#rules = { old, new: young };
    this.#sides = { old: this.#side(old, "old", from), new: this.#side(young, "new", from) };
    this.#holes = openHoles([this.#sides.old.model, this.#sides.new.model], from);
    this.#from = from;
    this.#now = from;
  }

  get readings(): number {
    return this.#readings;
  }

  get now(): Instant {
    return this.#now;
  }

  take(moment: Moment): void {
    const { old, new: young } = this.#sides;
    if ("state" in moment) {
      old.goOn(moment.state);
      young.goOn(moment.state);
      return;
    }
    const input = {
      ...moment.scanned,
      requests: moment.scanned.requests.filter(({ to }) => to === "alarm"),
      outcomes: [],
    };
    old.take(input);
    young.take(input);
    this.#holes.take(input.readings);
    this.#now = input.at;
    this.#readings += input.readings.length;
    this.#scans += 1;
    if (this.#scans % settleEvery !== 0) return;
    this.#alarms.settle(input.at, false);
    this.#responses.settle(input.at, false);
  }

  /** Ends it; nothing more may be taken. */
  end(): Hindcast {
    const [from, to, { old, new: young }] = [this.#from, this.#now, this.#sides];
    this.#alarms.settle(to, true);
    this.#responses.settle(to, true);
    const fared = { old: old.fared(to), new: young.fared(to) };
    const alarms = this.#alarms.tallies().map(
      ([id, tally]): AlarmDifference => ({
        alarm: id as AlarmId,
        old: underOf(old.model, fared.old, id, tally.oldCount),
        new: underOf(young.model, fared.new, id, tally.newCount),
        ...tally,
      }),
    );
    const responses = this.#responses.tallies().map(
      ([id, tally]): ResponseDifference => ({
        response: id as ResponseId,
        old: calledUnder(this.#rules.old, id, tally.oldCount),
        new: calledUnder(this.#rules.new, id, tally.newCount),
        ...tally,
      }),
    );
    return { from, to, readings: this.#readings, alarms, responses, ...fared, ...this.#holes.end(to) };
  }

  #side(model: SiteModel, name: "old" | "new", from: Instant): Side {
    return new Side(model, from, { alarms: this.#alarms.toldOf(name), responses: this.#responses.toldOf(name) });
  }
}

/** What is paired, by its id. */
class Pairs {
  readonly #pairs = new Map<string, Pairing>();

  settle(at: Instant, isEnd: boolean): void {
    for (const pair of this.#pairs.values()) pair.settle(at, isEnd);
  }

  tallies(): readonly (readonly [id: string, tally: Tally])[] {
    return [...this.#pairs].map(([id, { tally }]) => [id, tally]);
  }

  toldOf(side: "old" | "new"): Watching["alarms"] {
    return {
      begins: (id, at, because) => this.#of(id).begin(side, at, because),
      ends: (id, at) => this.#of(id).end(side, at),
    };
  }

  #of(id: string): Pairing {
    const known = this.#pairs.get(id) ?? pairing();
    this.#pairs.set(id, known);
    return known;
  }
}

function calledUnder({ responses }: SiteModel, id: string, count: number): ResponseUnder | null {
  const found = responses.find((response) => response.id === id);
  return found ? { mode: found.mode, count } : null;
}

function underOf({ alarms }: SiteModel, { figures }: Fared, id: string, count: number): AlarmUnder | null {
  const definition = alarms.find((alarm) => alarm.id === id);
  if (!definition) return null;
  const hours = figures.watchedMs / 3_600_000;
  const chattered = figures.chattering.find(({ alarm }) => alarm === definition.id)?.count ?? 0;
  return { priority: definition.priority, count, perHour: hours > 0 ? count / hours : 0, chattered };
}
