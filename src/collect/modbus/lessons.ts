import type { LinkRules, ModbusBlock, ModelBases, PointModel } from "../../profiles/model.ts";
import { modbusReadPlan } from "../../profiles/plan.ts";
import { Refusals } from "../refusals.ts";
import { Suspects } from "../suspects.ts";

/** A device has a plan for each of its scan classes; those for what a broken poll left over come and go. */
const PLANS_KEPT = 16;
/** Points that a sentence names; of more it gives the number. */
const NAMED_MOST = 8;

/**
 * What a device has taught us about how it can be asked. A block that it refused is asked in the
 * parts that it accepted, because the words between two points may be what it refuses; points that
 * it refuses alone are left out for a while. It outlasts the connection, for as long as the device
 * shows itself to be the same.
 */
export class Lessons {
  readonly refusals = new Refusals();
  readonly suspects = new Suspects();
  /** Points that the device gave alone, where it fills what it lacks with zeros: theirs are zeros that were measured. */
  readonly proven = new Set<PointModel>();
  readonly #link: LinkRules;
  #maxWords: number;
  #bases: ModelBases = new Map();
  #parts = new Map<PointModel, number>();
  #nextPart = 1;
  #knocks = 0;
  readonly #plans = new Map<readonly PointModel[], readonly ModbusBlock[]>();

  constructor(link: LinkRules) {
    this.#link = link;
    this.#maxWords = link.maxWords;
  }

  /** Where the models of the connected device stand: elsewhere than before means another device, or another firmware. */
  meet(bases: ModelBases): void {
    const isSame = bases.size === this.#bases.size && [...bases].every(([model, at]) => this.#bases.get(model) === at);
    if (isSame) return;
    this.#bases = bases;
    this.#maxWords = this.#link.maxWords;
    this.#parts = new Map();
    this.refusals.clear();
    this.proven.clear();
    this.#plans.clear();
  }

  /** The requests for these points, kept for the next time that the same array is asked for. */
  plan(points: readonly PointModel[]): readonly ModbusBlock[] {
    const known = this.#plans.get(points);
    if (known) return known;
    const plan = this.#partition(points).flatMap((part) => this.#blocks(part));
    if (this.#plans.size >= PLANS_KEPT) this.#plans.clear();
    this.#plans.set(points, plan);
    return plan;
  }

  /** From now on these points are asked for by themselves. */
  part(points: readonly PointModel[]): void {
    for (const point of points) this.#parts.set(point, this.#nextPart);
    this.#nextPart += 1;
    this.#plans.clear();
  }

  /** From now on no request is longer than this. */
  shorten(maxWords: number): void {
    this.#maxWords = Math.min(this.#maxWords, maxWords);
    this.#plans.clear();
  }

  /** The two halves of a refused block, as requests. */
  halves(block: ModbusBlock): readonly ModbusBlock[] {
    const middle = Math.ceil(block.points.length / 2);
    return [block.points.slice(0, middle), block.points.slice(middle)].flatMap((half) => this.#blocks(half));
  }

  /** The request for one point alone. */
  alone = (point: PointModel): ModbusBlock | null => this.#blocks([point])[0] ?? null;

  /** The least that can be asked of a block, each time for another of its points: does the device say anything at all? */
  knock({ points }: ModbusBlock): ModbusBlock | null {
    const point = points[this.#knocks % points.length];
    this.#knocks += 1;
    return point === undefined ? null : this.alone(point);
  }

  /** All of it in sentences. */
  learned(): readonly string[] {
    const said: string[] = [];
    if (this.#maxWords < this.#link.maxWords)
      said.push(`takes at most ${this.#maxWords} words in a request, where its profile says ${this.#link.maxWords}`);
    const refused = this.refusals.standing().map(({ point, fault }) => `${point.name} (${fault})`);
    if (refused.length > 0) said.push(`does not give ${listed(refused)}`);
    const names = new Set(this.refusals.standing().map(({ point }) => point));
    const apart = [...this.#parts.keys()].filter((point) => !names.has(point)).map(({ name }) => name);
    if (apart.length > 0) said.push(`is asked in parts, because it refuses them together: ${listed(apart)}`);
    return said;
  }

  #blocks(points: readonly PointModel[]): readonly ModbusBlock[] {
    const link = this.#maxWords === this.#link.maxWords ? this.#link : { ...this.#link, maxWords: this.#maxWords };
    return modbusReadPlan(points, link, this.#bases);
  }

  #partition(points: readonly PointModel[]): readonly (readonly PointModel[])[] {
    if (this.#parts.size === 0) return [points];
    const parts = new Map<number, PointModel[]>();
    for (const point of points) {
      const number = this.#parts.get(point) ?? 0;
      const part = parts.get(number);
      if (part) part.push(point);
      else parts.set(number, [point]);
    }
    return [...parts.values()];
  }
}

const listed = (names: readonly string[]): string =>
  names.length <= NAMED_MOST
    ? names.join(", ")
    : `${names.slice(0, NAMED_MOST).join(", ")} and ${names.length - NAMED_MOST} more`;
