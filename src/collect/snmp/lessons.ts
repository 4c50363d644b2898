/**
 * What an agent has taught us about how it can be asked; it outlasts the session. An answer that would
 * be too big teaches to ask for less at once. So does silence, but not at its first: a datagram may have
 * been lost, or the agent be away. Only what it is silent to while it answers other questions is taken
 * apart, until it is known whether questions were too long for it or one object is what it does not bear.
 */
import type { Fault } from "../../core/reading.ts";
import type { LinkRules, PointModel } from "../../profiles/model.ts";
import { snmpReadPlan } from "../../profiles/plan.ts";
import { Refusals } from "../refusals.ts";
import { getQuestion, type Question } from "./pdu.ts";
import type { Tables } from "./tables.ts";

/** Silences to one question, each with an answer to another one beside it, that are not taken for losses any more. */
const SILENCES_BELIEVED = 2;
/** Such silences to a question for a single object, after which it is left out: that blinds a point, so it takes more. */
const SILENCES_GIVEN_UP = 5;
/** A device has a plan for each of its scan classes; those for what a broken poll left over come and go. */
const PLANS_KEPT = 16;
/** Points that a sentence names; it counts the others. */
const POINTS_NAMED = 5;

/** One question of a plan; `points[i]` stands behind its i-th object. */
export interface Batch {
  readonly question: Question;
  readonly points: readonly PointModel[];
  /** Times that the agent was silent to it while it answered others, since it answered this one. */
  silences: number;
  /** The question that it is a half of, where that was taken apart for silence. */
  readonly split: Split | null;
}

interface Split {
  readonly objects: number;
  readonly answered: Set<Batch>;
}

interface Plan {
  readonly ask: readonly PointModel[];
  batches: readonly Batch[];
}

export class Lessons {
  readonly refusals = new Refusals();
  readonly tables: Tables;
  readonly #rules: LinkRules;
  readonly #plans = new Map<readonly PointModel[], Plan>();
  readonly #refused = new Map<PointModel, Fault>();
  /** Objects in one GET: the profile's number until that was too many. */
  #objects: number;
  #why: string | null = null;
  /** Which silence it was that a point was last asked for in; it is forgotten with an answer. */
  readonly #silentAt = new Map<PointModel, number>();
  #silences = 0;
  /** Whether nothing has been heard since a silence, so that nobody knows what that was about. */
  #quiet = false;
  #knocks = 0;

  constructor(rules: LinkRules, tables: Tables) {
    this.#rules = rules;
    this.#objects = rules.oids;
    this.tables = tables;
  }

  /**
   * The questions for these points; those that the agent was silent to come last, the latest of them at
   * the end. `points` names the plan, `ask` is asked.
   */
  plan(points: readonly PointModel[], ask: readonly PointModel[]): readonly Batch[] {
    const known = this.#plans.get(points);
    if (known && sameList(known.ask, ask)) return this.#ordered(known.batches);
    if (this.#plans.size >= PLANS_KEPT) this.#plans.clear();
    const batches = snmpReadPlan(ask, { ...this.#rules, oids: this.#objects }).map((batch) => batchOf(batch.points));
    this.#plans.set(points, { ask, batches });
    return this.#ordered(batches);
  }

  /** After a silence that may have been the agent's or the question's: one for a single object, which tells the two apart. */
  knock(batches: readonly Batch[]): Question | null {
    const first = this.#quiet ? batches[0] : undefined;
    if (!first || this.#lastSilence(first) === 0) return null;
    const oids = batches.flatMap(({ question }) => question.oids);
    if (oids.length === 1) return null;
    // Another one each time, because it may be the very object that the agent does not answer.
    this.#knocks += 1;
    return getQuestion([oids[this.#knocks % oids.length]!]);
  }

  answered(batch: Batch): void {
    this.#quiet = false;
    if (this.#silentAt.size > 0) for (const point of batch.points) this.#silentAt.delete(point);
    if (this.#refused.size > 0) for (const point of batch.points) this.#refused.delete(point);
    batch.silences = 0;
    const { split } = batch;
    if (!split) return;
    split.answered.add(batch);
    if (split.answered.size === 2) this.#shorten(split.objects, `it is silent to ${split.objects}`);
  }

  /** The agent answered nothing; `alive` says whether it did answer another question just before. */
  silent(batch: Batch, alive: boolean): void {
    this.#silences += 1;
    for (const point of batch.points) this.#silentAt.set(point, this.#silences);
    this.#quiet = !alive;
    if (!alive) return;
    batch.silences += 1;
    if (batch.points.length > 1 && batch.silences >= SILENCES_BELIEVED) this.#halve(batch);
    if (batch.points.length === 1 && batch.silences >= SILENCES_GIVEN_UP) {
      this.refuse(batch.points[0]!, "noCommunication");
    }
  }

  /** Leaves a point out for a while, because the agent refuses it by name or by silence. */
  refuse(point: PointModel, fault: Fault): void {
    this.refusals.add(point, fault);
    this.#refused.set(point, fault);
  }

  /** The answer to so many objects would have been too big. */
  tooBig(objects: number): void {
    this.#shorten(objects, `an answer for ${objects} would be too big`);
  }

  learned(): readonly string[] {
    const sentences = [...this.tables.learned()];
    if (this.#why !== null) sentences.unshift(`it is asked for at most ${this.#objects} objects at once: ${this.#why}`);
    const silent = [...this.#refused].filter(([, fault]) => fault === "noCommunication");
    const refused = [...this.#refused].filter(([, fault]) => fault !== "noCommunication");
    if (silent.length > 0) sentences.push(`it is silent to ${named(silent)}`);
    if (refused.length > 0) sentences.push(`it refuses ${named(refused)}`);
    return sentences;
  }

  #ordered(batches: readonly Batch[]): readonly Batch[] {
    if (this.#silentAt.size === 0) return batches;
    return batches.toSorted((a, b) => this.#lastSilence(a) - this.#lastSilence(b));
  }

  #lastSilence({ points }: Batch): number {
    return points.reduce((last, point) => Math.max(last, this.#silentAt.get(point) ?? 0), 0);
  }

  #shorten(objects: number, why: string): void {
    const half = Math.ceil(objects / 2);
    if (half >= this.#objects) return;
    this.#objects = half;
    this.#why = why;
    this.#plans.clear();
  }

  #halve(batch: Batch): void {
    const split = { objects: batch.points.length, answered: new Set<Batch>() };
    const halves = halvesOf(batch.points).map((points) => batchOf(points, split));
    for (const plan of this.#plans.values()) {
      if (plan.batches.includes(batch)) plan.batches = plan.batches.flatMap((one) => (one === batch ? halves : [one]));
    }
  }
}

/** A question for these points. */
export function batchOf(points: readonly PointModel[], split: Split | null = null): Batch {
  const question = getQuestion(points.flatMap(({ at }) => (at.protocol === "snmp" ? [at.oid] : [])));
  // Half of a question that is known to be met by silence has been silent once.
  return { question, points, split, silences: split ? SILENCES_BELIEVED - 1 : 0 };
}

export function halvesOf<T>(list: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

const sameList = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a === b || (a.length === b.length && a.every((item, i) => item === b[i]));

function named(points: readonly (readonly [PointModel, Fault])[]): string {
  const names = points.slice(0, POINTS_NAMED).map(([{ name }]) => name);
  const more = points.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}
