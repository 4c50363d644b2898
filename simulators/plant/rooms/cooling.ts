/**
 * Coolers of a hall: a CRAC with its own compressor, or a CRAH that hangs on chilled water. Each holds the air at the
 * racks' inlets at its set-point by a PI controller, d = k·e + ∫e·k/120 s, with d from 0 to 1; it gives
 * d · capacity after 10 s, moves air by d, and takes heat out of the hot aisle. It stands still without power; a
 * CRAC takes 150 s to come back (2 to 3 minutes are measured) and a minute to full output, a CRAH's fans 20 s.
 * A CRAC gives 1.2 % less for each degree above 35 °C at its condenser, which stands up to 5 K above the outdoor air, and
 * trips on high pressure at 45 °C; the third trip locks it until a hand resets it. Its controls are on the UPS-backed supply.
 */
import type { Room } from "./room.ts";

export interface Cooler {
  readonly id: string;
  readonly room: number;
  readonly capacityKw: number;
  /** The chilled-water loop it hangs on; -1 for a unit with a compressor of its own. */
  readonly loop: number;
  /** Controller: demand for each degree. */
  readonly gain: number;
  failed: boolean;
  running: boolean;
  /** Seconds until it starts again. */
  restartS: number;
  /** 0 to 1 while it comes up. */
  ramp: number;
  setC: number;
  /** What its inlet sensor shows instead of the truth; null for a good one. */
  liesC: number | null;
  /** The cooler whose demand it follows, by place in the plant's list; -1 for its own controller. */
  leader: number;
  stopsOnFire: boolean;
  stopsOnWater: boolean;
  /** Why it stands though it has power and has not failed. */
  stopped: "no" | "fire" | "water" | "pressure";
  /** High-pressure trips since it was last reset by hand. */
  trips: number;
  /** Its water valve stands here whatever its controller asks, 0 to 1; null for one that follows. */
  valveStuck: number | null;
  /** Without power since the last second. */
  lostPower: boolean;
  integral: number;
  /** What its controller asks for, 0 to 1. */
  asked: number;
  outputKw: number;
  demandKw: number;
  fanPercent: number;
  supplyC: number;
  returnC: number;
  inletC: number;
  /** Electrical, kW, and its share of the chillers' and pumps': what it asks for, and what it drew in the power chain's last step. */
  kw: number;
  drawnKw: number;
}

export const setPointC = 22;
const compressorRestartS = 150;
const fanRestartS = 20;
const rampS = 60;
const resetS = 120;
/** A degree between supply and return at full output. */
const designK = 12;
/** Air at the coil less chilled water, K, for which a CRAH is rated. */
const ratedApproachK = 23;
const usualFan = 40;
const coefficient = 3.5;
const pressureC = 45;
const derateC = 35;
const derateK = 0.012;
/** A condenser at full load warms the air that it breathes, K. */
const condenserRiseK = 5;
const lockedAfter = 3;
const integralS = 120;
const gainShare = 0.05;
const gainMax = 0.3;

export interface CoolerPlace {
  readonly id: string;
  readonly room: number;
  readonly capacityKw: number;
  readonly loop: number;
  /** Air stores of its room for each kW of all its coolers, kJ/K, and the share of its capacity that is usually asked. */
  readonly airKjKPerKw: number;
  readonly usual: number;
}

export const makeCooler = ({ id, room, capacityKw, loop, airKjKPerKw, usual }: CoolerPlace): Cooler => ({
  id,
  room,
  capacityKw,
  loop,
  gain: Math.min(gainMax, gainShare * airKjKPerKw),
  failed: false,
  running: true,
  restartS: 0,
  ramp: 1,
  setC: setPointC,
  liesC: null,
  leader: -1,
  stopsOnFire: false,
  stopsOnWater: false,
  stopped: "no",
  trips: 0,
  valveStuck: null,
  lostPower: false,
  integral: usual,
  asked: usual,
  outputKw: capacityKw * usual,
  demandKw: 0,
  fanPercent: 60,
  supplyC: setPointC - 2,
  returnC: setPointC + 8,
  inletC: setPointC,
  kw: 0,
  drawnKw: 0,
});

const isDirect = ({ loop }: Cooler): boolean => loop < 0;

/** Whether it has power is looked at often: a sag of less than a second drops its contactor. */
export function dropCooler(cooler: Cooler, powered: boolean): void {
  if (!powered) cooler.lostPower = true;
  if (powered && !cooler.failed) return;
  stop(cooler, isDirect(cooler) ? compressorRestartS : fanRestartS);
}

function stop(cooler: Cooler, restartS: number): void {
  cooler.running = false;
  cooler.restartS = restartS;
  cooler.ramp = 0;
}

/** Water that a CRAH hangs on. */
export interface ColdWater {
  readonly supplyC: number;
  /** What is left of its full flow, 0 to 1. */
  readonly flowShare: number;
}

/** What a second of a cooler sees of the outside. */
export interface CoolerSurroundings {
  readonly coolers: readonly Cooler[];
  readonly loop: ColdWater | undefined;
  readonly outdoorC: number;
}

/** A second of cooling. What it takes out and moves is added to its room's. */
export function runCooler(cooler: Cooler, room: Room, around: CoolerSurroundings): void {
  protect(cooler, room, around.outdoorC);
  if (!cooler.running && cooler.stopped === "no") {
    cooler.restartS = Math.max(0, cooler.restartS - 1);
    cooler.running = cooler.restartS === 0 && !cooler.failed;
  }
  cooler.ramp = cooler.running ? Math.min(1, cooler.ramp + 1 / rampS) : 0;
  cooler.inletC = cooler.liesC ?? room.airC;
  control(cooler, around.coolers);
  const canKw = cooler.capacityKw * ability(cooler, room, around);
  const askedKw = Math.min(canKw, cooler.demandKw * opening(cooler)) * cooler.ramp;
  cooler.outputKw = cooler.running ? cooler.outputKw + (askedKw - cooler.outputKw) / 10 : 0;
  cooler.fanPercent = cooler.running ? usualFan + (100 - usualFan) * cooler.asked : 0;
  const flowKwK = (cooler.fanPercent / 100) * (cooler.capacityKw / designK);
  room.cooledKw += cooler.outputKw;
  room.coolerKwK += flowKwK;
  sense(cooler, room, flowKwK);
  const compressorKw = isDirect(cooler) ? cooler.outputKw / efficiency(around.outdoorC) : 0;
  cooler.kw = cooler.running ? compressorKw + fanKw(cooler) : 0;
}

function fanKw({ fanPercent, capacityKw }: Cooler): number {
  const share = fanPercent / 100;
  return 0.012 * capacityKw * share * share * share + 0.2;
}

/** Heat moved for each kW of the compressor: less when it is hot outside. */
export const efficiency = (outdoorC: number): number => Math.max(1.5, coefficient * (1 - 0.015 * (outdoorC - 20)));

function control(cooler: Cooler, coolers: readonly Cooler[]): void {
  const leader = coolers[cooler.leader];
  if (leader) cooler.asked = leader.asked;
  else {
    const error = cooler.inletC - cooler.setC;
    const asked = cooler.gain * error + cooler.integral;
    // A controller that asks for all it has, or drives nothing, does not go on adding up.
    const saturated = (asked >= 1 && error > 0) || (asked <= 0 && error < 0);
    if (cooler.ramp >= 1 && !saturated)
      cooler.integral = between01(cooler.integral + (error * cooler.gain) / integralS);
    cooler.asked = between01(asked);
  }
  cooler.demandKw = cooler.asked * cooler.capacityKw;
}

const between01 = (value: number): number => Math.min(1, Math.max(0, value));

/** A valve that is stuck shut lets nothing through; one that is stuck open gives all that the coil can take. */
const opening = ({ valveStuck, asked }: Cooler): number =>
  valveStuck === null ? 1 : valveStuck / Math.max(0.01, asked);

/** The share of its capacity that it could give now. */
function ability(cooler: Cooler, room: Room, { loop, outdoorC }: CoolerSurroundings): number {
  if (!isDirect(cooler)) {
    const approach = (room.hotC - (loop?.supplyC ?? room.hotC)) / ratedApproachK;
    return Math.max(0, Math.min(1.2, approach)) * (loop?.flowShare ?? 0);
  }
  return Math.max(0, 1 - derateK * Math.max(0, condenserC(cooler, outdoorC) - derateC));
}

/** Air at the condenser of a unit with its own compressor, °C. */
export const condenserC = (cooler: Cooler, outdoorC: number): number =>
  outdoorC + (condenserRiseK * cooler.outputKw) / cooler.capacityKw;

/** Units that shut off on a fire signal or on water under the floor, and on their own high pressure. */
function protect(cooler: Cooler, room: Room, outdoorC: number): void {
  const fire = cooler.stopsOnFire && room.suppression.fireSignal;
  const water = cooler.stopsOnWater && room.floorL > 0;
  if (fire || water) {
    cooler.stopped = fire ? "fire" : "water";
    stop(cooler, compressorRestartS);
  } else if (cooler.running && isDirect(cooler) && condenserC(cooler, outdoorC) > pressureC) {
    cooler.stopped = "pressure";
    cooler.trips += 1;
    stop(cooler, compressorRestartS + resetS);
    // It starts again by itself, until it has done so too often.
    if (cooler.trips < lockedAfter) cooler.stopped = "no";
  } else if (cooler.stopped === "fire" || cooler.stopped === "water") cooler.stopped = "no";
}

/** A hand resets it: what had locked it out is forgotten. */
export function resetCooler(cooler: Cooler): void {
  cooler.trips = 0;
  cooler.stopped = "no";
}

function sense(cooler: Cooler, room: Room, flowKwK: number): void {
  // With the fan off its sensors hang in still air of the hall.
  const returnC = cooler.running ? room.hotC : room.airC;
  const supplyC = cooler.running ? room.hotC - cooler.outputKw / Math.max(0.1, flowKwK) : room.airC;
  cooler.returnC += (returnC - cooler.returnC) / 20;
  cooler.supplyC += (supplyC - cooler.supplyC) / 20;
}
