/** What both sides of the wire know of the devices without a word: where they are, which are ill, and when they burn. */

/** A fire lasts as long as the time without it. */
const firePeriodMs = 5000;
/** The register that shows the fire. All others hold a number that follows from their address. */
export const fireRegister = 999;

/** The address of a device by its number. */
export const hostOf = (n: number): string =>
  `127.${16 + (n >> 16)}.${(n >> 8) & 0xff}.${(n & 0xff) + 1}`.replace(/\.256$/, ".0");

/** Devices that do not answer as they should, spread over the fleet. */
export const isIll = (n: number, illPercent: number): boolean => (n * 37) % 100 < illPercent;

/** When a device's fire last began or ended, wall ms, and whether it burns. Known on both sides of the wire without a word. */
export function fireOf(n: number, nowMs: number): { readonly burns: boolean; readonly sinceMs: number } {
  const shifted = nowMs + ((n * 997) % firePeriodMs);
  const turn = Math.floor(shifted / firePeriodMs);
  return { burns: turn % 2 === 1, sinceMs: nowMs - (shifted - turn * firePeriodMs) };
}
