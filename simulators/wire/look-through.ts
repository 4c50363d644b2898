/** What a device with faults shows of a point: the truth, or what stands still, leaps, drifts or is wrongly scaled in its place. */
import type { PointModel } from "../../src/profiles/index.ts";
import type { Look } from "./access.ts";
import type { Faults } from "./faults.ts";

/** A look at a point through its device's faults. States are changed by no fault but standing still. */
export function lookThrough(look: Look, { name, states }: PointModel, faults: Faults): Look {
  let still: number | null | undefined;
  const seen = (): number | null => {
    const value = look();
    return value === null || states !== null ? value : faults.shows(name, value);
  };
  return () => {
    if (!faults.frozen()) {
      still = undefined;
      return seen();
    }
    if (still === undefined) still = seen();
    return still;
  };
}
