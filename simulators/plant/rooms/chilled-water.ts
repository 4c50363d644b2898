/**
 * A chilled-water loop: chillers, pumps, the valves of its buffer tank and two stores of water.
 *   C_s·dT_s/dt = W·(T_r - T_s) - ΣQ_chillers        C_r·dT_r/dt = ΣQ_coolers - W·(T_r - T_s)
 * W is the flow in kW/K: 6 K at full load, times what pumps, valves and air in the pipes leave of it. The tank holds five
 * minutes of full load (50 kJ/K for each kW), the pipes 10 l for each kW. A chiller trips when its supply sags, takes
 * five and a half minutes to start (4 to 8 are measured) and two more to full output, does not start against return
 * water above 28 °C, and may need a hand, as at Azure Australia East on 2023-08-30; a group controller that hangs starts none
 * (Alibaba Hong Kong, 2022-12-18: six hours). A valve shut in error stops the flow (Equinix Singapore, 2023-10-14).
 */
import type { Cooler } from "./cooling.ts";
import { efficiency } from "./cooling.ts";

export interface Chiller {
  readonly id: string;
  readonly capacityKw: number;
  state: "running" | "starting" | "standby" | "tripped" | "failed";
  /** Needs a hand to start again once it has tripped. */
  manual: boolean;
  leftS: number;
  outputKw: number;
  kw: number;
}

export interface ChilledWater {
  readonly ratedKw: number;
  readonly chillers: readonly Chiller[];
  setC: number;
  supplyC: number;
  returnC: number;
  /** Pumps that are well; one of two is enough. */
  readonly pumps: boolean[];
  /** Seconds until pumps run again after a loss of supply. */
  pumpRestartS: number;
  /** Tank and main valves: where they stand, where they were told to, 0 to 1. */
  valve: number;
  valveOrdered: number;
  /** Air in the pipes takes this share of the flow. */
  airShare: number;
  /** The group controller no longer starts or stops a chiller, and its heartbeat stands. */
  hung: boolean;
  heartbeat: number;
  /** What is left of the full flow, 0 to 1. */
  flowShare: number;
  loadKw: number;
  kw: number;
}

const supplyC = 10;
const designK = 6;
const tankKjKPerKw = 50;
const pipeKjKPerKw = 21;
const startS = 330;
const rampS = 120;
const pumpRestartS = 15;
const valveS = 60;
const hottestStartC = 28;
const standbyAboveK = 2;
/** Pumps take this share of the heat that they move. */
const pumpShare = 0.02;
const condenserTripC = 48;
const gain = 0.25;

/** A loop that coolers of `ratedKw` hang on, with one chiller more than it needs where there are several. */
export function makeChilledWater(ids: readonly string[], ratedKw: number): ChilledWater {
  const needed = Math.max(1, ids.length - 1);
  const capacityKw = (ratedKw * 1.1) / needed;
  return {
    ratedKw,
    chillers: ids.map((id, at) => ({
      id,
      capacityKw,
      state: at < needed ? "running" : "standby",
      manual: false,
      leftS: 0,
      outputKw: 0,
      kw: 0,
    })),
    setC: supplyC,
    supplyC,
    returnC: supplyC + designK / 2,
    pumps: [true, true],
    pumpRestartS: 0,
    valve: 1,
    valveOrdered: 1,
    airShare: 0,
    hung: false,
    heartbeat: 0,
    flowShare: 1,
    loadKw: 0,
    kw: 0,
  };
}

/** A second of the loop, whose place among the plant's is `at`. Its own electricity is shared out over its coolers. */
export function runChilledWater(loop: ChilledWater, at: number, coolers: readonly Cooler[], outdoorC: number): void {
  const lost = gather(loop, at, coolers);
  pump(loop, lost);
  if (!loop.hung) loop.heartbeat = (loop.heartbeat + 1) % 65_536;
  let coldKw = 0;
  for (const chiller of loop.chillers) {
    runChiller(loop, chiller, lost, outdoorC);
    coldKw += chiller.outputKw;
  }
  if (!loop.hung) stage(loop);
  const flowKwK = (loop.ratedKw / designK) * loop.flowShare;
  const movedKw = flowKwK * (loop.returnC - loop.supplyC);
  loop.supplyC += (movedKw - coldKw) / (loop.ratedKw * (tankKjKPerKw + pipeKjKPerKw));
  loop.returnC += (loop.loadKw - movedKw) / (loop.ratedKw * pipeKjKPerKw);
  bill(loop, at, coolers);
}

/** Sums its coolers' heat; says whether their supply has gone since the last second. */
function gather(loop: ChilledWater, at: number, coolers: readonly Cooler[]): boolean {
  let lost = false;
  loop.loadKw = 0;
  for (const cooler of coolers) {
    if (cooler.loop !== at) continue;
    loop.loadKw += cooler.outputKw;
    lost ||= cooler.lostPower;
    cooler.lostPower = false;
  }
  return lost;
}

function pump(loop: ChilledWater, lost: boolean): void {
  loop.pumpRestartS = lost ? pumpRestartS : Math.max(0, loop.pumpRestartS - 1);
  const step = Math.min(1 / valveS, Math.abs(loop.valveOrdered - loop.valve));
  loop.valve += loop.valveOrdered > loop.valve ? step : -step;
  const pumped = loop.pumpRestartS === 0 && loop.pumps.includes(true);
  loop.flowShare = pumped ? loop.valve * (1 - loop.airShare) : 0;
}

function runChiller(loop: ChilledWater, chiller: Chiller, lost: boolean, outdoorC: number): void {
  const { state } = chiller;
  if (lost && (state === "running" || state === "starting")) trip(chiller);
  else if (state === "running" && outdoorC > condenserTripC) trip(chiller);
  else if (state === "starting") {
    chiller.leftS -= 1;
    if (chiller.leftS <= 0) chiller.state = loop.flowShare > 0 ? "running" : "tripped";
  }
  const running = chiller.state === "running" && loop.flowShare > 0;
  const asked = Math.min(1, Math.max(0, (loop.supplyC - loop.setC) * gain + loadShare(loop)));
  const derated = 1 - 0.012 * Math.max(0, outdoorC - 35);
  const target = running ? asked * derated * chiller.capacityKw : 0;
  const most = chiller.capacityKw / rampS;
  chiller.outputKw = running ? chiller.outputKw + Math.min(most, Math.max(-most, target - chiller.outputKw)) : 0;
  chiller.kw = running ? chiller.outputKw / (efficiency(outdoorC) * 1.3) : 0;
}

/** The part of the running chillers' capacity that the load asks for. */
function loadShare({ chillers, loadKw }: ChilledWater): number {
  let kw = 0;
  for (const { state, capacityKw } of chillers) if (state === "running") kw += capacityKw;
  return kw > 0 ? loadKw / kw : 0;
}

function trip(chiller: Chiller): void {
  chiller.state = "tripped";
  chiller.outputKw = 0;
}

/** The group controller: it starts what has tripped and may start by itself, and standbys while the water is too warm. */
function stage(loop: ChilledWater): void {
  const warm = loop.supplyC > loop.setC + standbyAboveK;
  for (const chiller of loop.chillers) {
    const due = (chiller.state === "tripped" && !chiller.manual) || (chiller.state === "standby" && warm);
    if (due) startChiller(loop, chiller);
  }
}

/** Starts a chiller, by the group controller or by hand; false where it cannot: no flow, or water that is too hot for it. */
export function startChiller(loop: ChilledWater, chiller: Chiller): boolean {
  if (chiller.state === "failed" || loop.flowShare <= 0 || loop.returnC > hottestStartC) return false;
  if (chiller.state === "running" || chiller.state === "starting") return true;
  chiller.state = "starting";
  chiller.leftS = startS;
  return true;
}

function bill(loop: ChilledWater, at: number, coolers: readonly Cooler[]): void {
  loop.kw = loop.flowShare > 0 ? loop.ratedKw * pumpShare : 0;
  for (const chiller of loop.chillers) loop.kw += chiller.kw;
  let capacityKw = 0;
  for (const cooler of coolers) if (cooler.loop === at) capacityKw += cooler.capacityKw;
  for (const cooler of coolers) if (cooler.loop === at) cooler.kw += (loop.kw * cooler.capacityKw) / capacityKw;
}
