import type { LinkRules, ModbusBlock, ModelBases, PointModel } from "../../profiles/model.ts";
import { modbusReadPlan } from "../../profiles/plan.ts";
import { Refusals } from "../refusals.ts";

/** A device has a plan for each of its scan classes; those for what a broken poll left over come and go. */
const PLANS_KEPT = 16;

/**
 * What a device has taught us about how it can be asked. A block that it refused is asked in the
 * parts that it accepted, because the words between two points may be what it refuses; points that
 * it refuses alone are left out for a while.
 */
export class Lessons {
  readonly refusals = new Refusals();
  readonly #link: LinkRules;
  readonly #bases: ModelBases;
  readonly #parts = new Map<PointModel, number>();
  #nextPart = 1;
  readonly #plans = new Map<readonly PointModel[], readonly ModbusBlock[]>();

  constructor(link: LinkRules, bases: ModelBases) {
    this.#link = link;
    this.#bases = bases;
  }

  /** The requests for these points, kept for the next time that the same array is asked for. */
  plan(points: readonly PointModel[]): readonly ModbusBlock[] {
    const known = this.#plans.get(points);
    if (known) return known;
    const plan = this.#partition(points).flatMap((part) => modbusReadPlan(part, this.#link, this.#bases));
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

  /** The two halves of a refused block, as requests. */
  halves(block: ModbusBlock): readonly ModbusBlock[] {
    const middle = Math.ceil(block.points.length / 2);
    return [block.points.slice(0, middle), block.points.slice(middle)].flatMap((half) =>
      modbusReadPlan(half, this.#link, this.#bases),
    );
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
