/** The sources, switches and UPS of a grid, each at its node. */
import type { PowerNode } from "../../../src/core/topology/power.ts";
import type { Dice } from "../dice.ts";
import { between } from "../dice.ts";
import type { Layout } from "../layout.ts";
import type { Generator } from "./generator.ts";
import { makeGenerator } from "./generator.ts";
import type { Grid } from "./grid.ts";
import { kindOf } from "./grid.ts";
import { curveOf } from "./overload.ts";
import type { Transfer } from "./transfer.ts";
import { makeTransfer, mechanicalMs, relayMs, staticMs } from "./transfer.ts";
import type { Ups } from "./ups.ts";
import { makeUps } from "./ups.ts";
import type { Utility } from "./utility.ts";
import { makeUtility } from "./utility.ts";

/** From the call to full voltage, s. */
const startS = [7.4, 8] as const;
/** A rack's transfer switch is small. */
const rackKw = 30;

const nodesOf = (grid: Grid, kind: keyof typeof kindOf): readonly number[] =>
  grid.ids.flatMap((_, at) => (grid.kind[at] === kindOf[kind] ? [at] : []));

const suppliesOf = (grid: Grid, at: number): readonly number[] => [
  ...grid.supplies.subarray(grid.firstSupply[at], grid.firstSupply[at + 1]),
];

const isSwitch = (grid: Grid, at: number): boolean =>
  grid.place[at]! >= 0 && [kindOf.ats, kindOf.sts, kindOf.pdu].some((kind) => grid.kind[at] === kind);

export const utilitiesOf = (grid: Grid): readonly Utility[] =>
  nodesOf(grid, "utility").map((at) => makeUtility(grid.ids[at]!, at));

/** Which transfers call each generator: those that it could reach without a UPS between them. */
function callersOf(grid: Grid): readonly (readonly number[])[] {
  const reach: Set<number>[] = grid.ids.map(() => new Set());
  const callers: number[][] = grid.ids.map(() => []);
  grid.ids.forEach((_, at) => {
    if (grid.kind[at] === kindOf.generator) reach[at]!.add(at);
    if (grid.kind[at] === kindOf.ups) return;
    for (const supply of suppliesOf(grid, at)) for (const one of reach[supply]!) reach[at]!.add(one);
    if (isSwitch(grid, at)) for (const one of reach[at]!) callers[one]!.push(grid.place[at]!);
  });
  return callers;
}

export function generatorsOf(grid: Grid, chance: Dice): readonly Generator[] {
  const callers = callersOf(grid);
  const buses = new Map<number, number>();
  grid.ids.forEach((_, at) => {
    if (grid.isShared[at] === 1) for (const supply of suppliesOf(grid, at)) buses.set(supply, at);
  });
  const sets = nodesOf(grid, "generator").map((at) =>
    makeGenerator({
      id: grid.ids[at]!,
      node: at,
      bus: buses.get(at) ?? -1,
      calledBy: callers[at]!,
      ratedKw: grid.ratedKw[at]!,
      startS: between(chance, ...startS),
    }),
  );
  // The plant's chance is dealt out alike with a generator and without.
  if (sets.length === 0) between(chance, ...startS);
  return sets;
}

/** Every node that goes over from one supply to another by itself. */
export function transfersOf(layout: Layout, grid: Grid): readonly Transfer[] {
  const behindUps = ups(grid);
  const profiles = new Map(layout.devices.map(({ id, profile }) => [id, profile]));
  return grid.ids.flatMap((id, at) => {
    if (!isSwitch(grid, at)) return [];
    const node = layout.power.nodes.get(id as PowerNode["id"])!;
    const supplies = suppliesOf(grid, at);
    const protectedByUps = supplies.length > 0 && supplies.every((one) => behindUps[one] === 1);
    const gapMs = gapOf(node, profiles.get(node.device ?? "") ?? "", protectedByUps);
    return [makeTransfer(id, at, { gapMs, supplies: supplies.length })];
  });
}

/** A switch behind UPS is a fast one, or it would darken what hangs on it; one before them is mechanical. */
function gapOf({ kind, ratedKw }: PowerNode, profile: string, protectedByUps: boolean): number {
  if (kind === "sts" || /sts/.test(profile)) return staticMs;
  if (kind !== "ats") return mechanicalMs;
  if (/^transfer-switch\/(apc|cyberpower|eaton-ats|gude|tripplite|smart|riello)/.test(profile) && ratedKw <= rackKw)
    return relayMs;
  return protectedByUps ? (ratedKw <= rackKw ? relayMs : staticMs) : mechanicalMs;
}

/** 1 for every node all of whose power comes through a UPS. */
function ups(grid: Grid): Uint8Array {
  const behind = new Uint8Array(grid.ids.length);
  grid.ids.forEach((_, at) => {
    const supplies = suppliesOf(grid, at);
    const all = supplies.length > 0 && supplies.every((one) => behind[one] === 1);
    behind[at] = grid.kind[at] === kindOf.ups || all ? 1 : 0;
  });
  return behind;
}

/** The UPS; `batteries` are the plant's, by their ids. */
export function upsesOf(layout: Layout, grid: Grid, batteries: readonly string[]): readonly Ups[] {
  const profiles = new Map(layout.devices.map(({ id, profile }) => [id, profile]));
  const roomIds = Object.keys(layout.spaces);
  return nodesOf(grid, "ups").map((at, place) => {
    const node = layout.power.nodes.get(grid.ids[at] as PowerNode["id"])!;
    return makeUps({
      id: node.id,
      device: node.device ?? node.id,
      node: at,
      ratedKw: node.ratedKw,
      curve: curveOf(profiles.get(node.device ?? "") ?? ""),
      battery: batteries.indexOf(node.battery ?? ""),
      room: roomIds.indexOf(node.space ?? ""),
      hotRoom: hotRoomOf(layout, node, roomIds),
      // The first stands against the wall to the battery room, the others away from it.
      exposure: place === 0 ? 0.8 : 0.05,
    });
  });
}

/** The battery room above whose ceiling a UPS's own room's ceiling goes on. */
function hotRoomOf(layout: Layout, { space }: PowerNode, roomIds: readonly string[]): number {
  const plenum = space === null ? null : (layout.spaces[space]?.plenum ?? null);
  return roomIds.findIndex((id) => id !== space && plenum !== null && layout.spaces[id]!.plenum === plenum);
}
