/**
 * A row cooler that holds its hall's inlet air at a set-point: it gives what the hall's heat asks for, within
 * its capacity, and moves the air that carries it. It stands still without power and takes 150 s to come
 * back (2 to 3 minutes is measured for such units), then a minute to full output. Its controls are on the
 * UPS-backed supply, so it goes on answering.
 */
export interface Cooler {
  readonly id: string;
  readonly room: number;
  readonly capacityKw: number;
  failed: boolean;
  running: boolean;
  /** Seconds until it starts again. */
  restartS: number;
  /** 0 to 1 while it comes up. */
  ramp: number;
  outputKw: number;
  demandKw: number;
  fanPercent: number;
  supplyC: number;
  returnC: number;
  inletC: number;
  /** Electrical, kW. */
  kw: number;
}

export const setPointC = 22;
const restartS = 150;
const rampS = 60;
/** kW more for each degree above the set-point. */
const gainKwK = 8;
/** Heat carried by a degree between supply and return at full fan, kW/K. */
const airKwK = 4;
const coefficient = 3.5;

export const makeCooler = (id: string, room: number, capacityKw: number): Cooler => ({
  id,
  room,
  capacityKw,
  failed: false,
  running: true,
  restartS: 0,
  ramp: 1,
  outputKw: 0,
  demandKw: 0,
  fanPercent: 60,
  supplyC: setPointC - 2,
  returnC: setPointC + 8,
  inletC: setPointC,
  kw: 0,
});

/** Whether it has power is looked at often: a sag of less than a second drops its contactor. */
export function dropCooler(cooler: Cooler, powered: boolean): void {
  if (powered && !cooler.failed) return;
  cooler.running = false;
  cooler.restartS = restartS;
  cooler.ramp = 0;
}

/** A second of cooling; the heat is the hall's, its air temperature is at the racks' inlets. */
export function runCooler(cooler: Cooler, heatKw: number, airC: number): void {
  if (!cooler.running) {
    cooler.restartS = Math.max(0, cooler.restartS - 1);
    cooler.running = cooler.restartS === 0 && !cooler.failed;
  }
  cooler.ramp = cooler.running ? Math.min(1, cooler.ramp + 1 / rampS) : 0;
  cooler.demandKw = Math.max(0, heatKw + gainKwK * (airC - setPointC));
  const asked = Math.min(cooler.capacityKw, cooler.demandKw) * cooler.ramp;
  cooler.outputKw += (asked - cooler.outputKw) / 10;
  if (!cooler.running) cooler.outputKw = 0;
  cooler.fanPercent = cooler.running ? Math.min(100, 40 + (60 * cooler.outputKw) / cooler.capacityKw) : 0;
  const flow = Math.max(0.1, cooler.fanPercent / 100) * airKwK;
  cooler.inletC = airC;
  // With the fan off its sensors hang in still air of the hall.
  cooler.returnC += (airC + (cooler.running ? heatKw / flow : 2) - cooler.returnC) / 20;
  cooler.supplyC +=
    (cooler.running ? cooler.returnC - cooler.outputKw / flow - cooler.supplyC : airC - cooler.supplyC) / 20;
  cooler.kw = cooler.running ? cooler.outputKw / coefficient + 0.5 : 0;
}
