/** What can happen to the power chain. An event that names no line, set or switch means all there are of them. */
import { z } from "zod";
import type { Plant } from "../plant.ts";
import { closeBreaker, tripBreaker } from "./breaker.ts";
import { forEachFeed } from "./gauge-row.ts";
import { repair, trip } from "./generator.ts";
import { disturbPower } from "./power.ts";
import { sag } from "./utility.ts";

const name = z.string().min(1);
const line = name.optional();
const part = z.enum(["fail", "repair"]);

export const powerEvents = [
  z.strictObject({ utility: z.enum(["fail", "restore", "sag"]), line }),
  /** What a utility stands at: in per cent of the nominal voltage, and Hz. */
  z.strictObject({ voltage: z.number().min(0).max(130), line }),
  z.strictObject({ frequency: z.number().min(40).max(70), line }),
  z.strictObject({ generator: z.enum(["refuse-start", "repair", "trip", "flat-starter", "lose-coolant"]), set: line }),
  /** What is left in a generator's tank. */
  z.strictObject({ fuel: name, litres: z.number().min(0) }),
  /** A node's breaker. A reset closes it as well; a short circuit behind it stays until it is mended. */
  z.strictObject({ breaker: name, does: z.enum(["trip", "open", "close", "reset", "short", "mend"]) }),
  /** A transfer switch that stays where it is. */
  z.strictObject({ transfer: name, stuck: z.boolean() }),
  z.strictObject({ ups: name, off: z.boolean() }),
  z.strictObject({ ups: name, bypass: z.enum(["none", "static", "maintenance"]) }),
  z.strictObject({ ups: name, eco: z.boolean() }),
  z.strictObject({ ups: name, inverter: part }),
  z.strictObject({ ups: name, rectifier: part }),
  /** An outlet or relay ("device/point") that takes orders and does nothing. */
  z.strictObject({ outlet: name, stuck: z.boolean() }),
  /** What a rack's servers draw on average, kW. */
  z.strictObject({ load: name, kw: z.number().min(0).max(1000) }),
  z.strictObject({ cut: z.enum(["mains", "site", "lifted"]) }),
] as const;

type PowerEvent = z.infer<(typeof powerEvents)[number]>;

const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

/** The name in an event of the power chain and those that it may be; null where it is no such event. */
export function namesInPower(
  plant: Plant,
  event: object,
): readonly [said: string | null, known: readonly string[]] | null {
  const said = event as Partial<
    Record<"line" | "set" | "fuel" | "breaker" | "transfer" | "ups" | "outlet" | "load", string>
  >;
  if ("utility" in event || "voltage" in event || "frequency" in event)
    return [said.line ?? null, ids(plant.utilities)];
  if ("generator" in event) return [said.set ?? null, ids(plant.generators)];
  if (said.fuel !== undefined) return [said.fuel, ids(plant.generators)];
  if (said.breaker !== undefined) return [said.breaker, plant.grid.ids];
  if (said.transfer !== undefined) return [said.transfer, ids(plant.transfers)];
  if (said.ups !== undefined) return [said.ups, ids(plant.ups)];
  if (said.outlet !== undefined) return [said.outlet, everyOutlet(plant)];
  if (said.load !== undefined) return [said.load, ids(plant.racks)];
  return null;
}

function everyOutlet(plant: Plant): readonly string[] {
  const outlets: string[] = [];
  forEachFeed(plant, (_, { outlet }) => {
    if (outlet !== null) outlets.push(outlet);
  });
  return outlets;
}

/** It happens, now; an event of something else is let pass. Its names must be known to the plant. */
export function applyToPower(plant: Plant, happening: object): void {
  disturbPower(plant);
  const event = happening as PowerEvent;
  if ("utility" in event || "voltage" in event || "frequency" in event) applyToUtility(plant, event);
  else if ("generator" in event || "fuel" in event) applyToGenerator(plant, event);
  else if ("breaker" in event) applyToBreaker(plant, event);
  else if ("ups" in event) applyToUps(plant, event);
  else if ("transfer" in event) one(plant.transfers, event.transfer).stuck = event.stuck;
  else if ("load" in event) one(plant.racks, event.load).meanKw = event.kw;
  else if ("cut" in event) plant.people.cut = event.cut === "lifted" ? "none" : event.cut;
  else if ("outlet" in event) stick(plant, event.outlet, event.stuck);
}

const one = <T extends { readonly id: string }>(list: readonly T[], id: string): T => list.find((it) => it.id === id)!;

type OfUtility = Extract<PowerEvent, { line?: string | undefined }>;

function applyToUtility(plant: Plant, event: OfUtility): void {
  for (const utility of plant.utilities) {
    if (event.line !== undefined && event.line !== utility.id) continue;
    if ("voltage" in event) utility.usualPercent = event.voltage;
    else if ("frequency" in event) utility.usualHz = event.frequency;
    else if (event.utility === "sag") sag(utility);
    else utility.failed = event.utility === "fail";
  }
}

function applyToGenerator(plant: Plant, event: Extract<PowerEvent, { generator: string } | { fuel: string }>): void {
  const named = "fuel" in event ? event.fuel : event.set;
  for (const generator of plant.generators) {
    if (named !== undefined && named !== generator.id) continue;
    if ("fuel" in event) generator.fuelL = Math.min(generator.tankL, event.litres);
    else if (event.generator === "repair") repair(generator);
    else if (event.generator === "trip") trip(generator);
    else if (event.generator === "flat-starter") generator.starter = 0;
    else if (event.generator === "lose-coolant") generator.coolantLost = true;
    else generator.refuses = true;
  }
}

function applyToBreaker({ grid }: Plant, { breaker, does }: Extract<PowerEvent, { breaker: string }>): void {
  const at = grid.ids.indexOf(breaker);
  const short = grid.shorts.indexOf(at);
  if (does === "trip") tripBreaker(grid.breakers, at);
  else if (does === "open") grid.breakers.open[at] = 1;
  else if (does === "reset") closeBreaker(grid.breakers, at);
  else if (does === "short" && short < 0) grid.shorts.push(at);
  else if (does === "mend" && short >= 0) grid.shorts.splice(short, 1);
  // What has tripped is locked: it must be reset first.
  else if (does === "close" && grid.breakers.tripped[at] === 0) closeBreaker(grid.breakers, at);
}

function applyToUps(plant: Plant, event: Extract<PowerEvent, { ups: string }>): void {
  const ups = one(plant.ups, event.ups);
  if ("off" in event) ups.off = event.off;
  else if ("bypass" in event) ups.bypass = event.bypass;
  else if ("eco" in event) ups.eco = event.eco;
  else if ("inverter" in event) ups.inverterFailed = event.inverter === "fail";
  else ups.rectifierFailed = event.rectifier === "fail";
}

function stick(plant: Plant, point: string, stuck: boolean): void {
  forEachFeed(plant, (feed, { outlet }) => {
    if (outlet === point) feed.stuck = stuck;
  });
}
