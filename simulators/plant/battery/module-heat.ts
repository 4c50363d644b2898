/**
 * Warmth of a string's modules, two stores each: C_core·dT/dt = q - G_in·(T - T_shell) and
 * C_shell·dT/dt = G_in·(T - T_shell) - G_out·(T_shell - T_air). The air of a rack is warmer at its top by 1.9 K.
 * What the modules give to the air is the room's.
 */
import type { BatteryString } from "./string.ts";

/** Air at the lowest module, and its rise to the highest, K. */
const lowestK = -0.8;
const riseK = 1.9;

/** A step of a string's modules. Heat is shared alike but for what one module has of its own, J; gives what went into the air, J. */
export function warmModules(string: BatteryString, roomC: number, dtS: number): number {
  const { chemistry, size, coreC, shellC } = string;
  const { modules } = chemistry;
  const each = string.heatJ / 1000 / modules / (chemistry.coreKjK * size);
  const inner = dtS * chemistry.innerKwK;
  const outer = dtS * chemistry.outerKwK;
  let sum = 0;
  let outKj = 0;
  for (let i = 0; i < modules; i++) {
    const airC = roomC + lowestK + (riseK * i) / (modules - 1);
    const inKj = inner * (coreC[i]! - shellC[i]!);
    const lostKj = outer * (shellC[i]! - airC);
    coreC[i]! += each - inKj / chemistry.coreKjK;
    shellC[i]! += (inKj - lostKj) / chemistry.shellKjK;
    outKj += lostKj;
    sum += shellC[i]!;
  }
  string.heatJ = 0;
  string.temperatureC = sum / modules;
  return outKj * size * 1000;
}
