/**
 * The power tree laid out for the step: nodes in an order in which supplies come first, what they are and carry in
 * typed arrays, and supplies as places, so that a step costs a few dozen nanoseconds a node whatever the tree looks
 * like. A switchboard on several UPS, or on several generators, has them in parallel and shares its load by their
 * ratings; one on unlike supplies has a changeover between them.
 */
import { assert } from "../../../src/core/assert.ts";
import type { PowerNode } from "../../../src/core/topology/power.ts";
import { isTransferSwitch } from "../../../src/core/topology/power.ts";
import type { Breakers } from "./breaker.ts";
import { curveFor, makeBreakers } from "./breaker.ts";

/** What a node is, as a number. */
export const kindOf = { utility: 0, generator: 1, ats: 2, ups: 3, pdu: 4, sts: 5 } as const;

/** Where power comes from in the end. */
export const origin = { none: 0, utility: 1, generator: 2, battery: 3 } as const;

export interface Grid {
  readonly ids: readonly string[];
  readonly kind: Uint8Array;
  /** Place among the plant's utilities, generators, transfers or UPS; -1 for a plain board. */
  readonly place: Int32Array;
  readonly ratedKw: Float64Array;
  /** Supplies of node i, in order of preference: those from firstSupply[i] up to firstSupply[i + 1]. */
  readonly firstSupply: Int32Array;
  readonly supplies: Int32Array;
  /** 1 where the supplies are paralleled. */
  readonly isShared: Uint8Array;
  /** The supply that a node's power comes from; -1 while there is none. */
  readonly feeding: Int32Array;
  readonly live: Uint8Array;
  /** The longest interruption of its output within the step, where it is live again at the end of it, ms. */
  readonly gapMs: Float64Array;
  readonly voltage: Float64Array;
  readonly hz: Float64Array;
  readonly origin: Uint8Array;
  /** What leaves it, and what rushes through it for a moment, kW. */
  readonly kw: Float64Array;
  readonly surgeKw: Float64Array;
  readonly energyKwh: Float64Array;
  /** Seconds for which a board of generators has waited for all of its sets before it takes load. */
  readonly heldS: Float64Array;
  readonly breakers: Breakers;
  /** Nodes with a short circuit behind them. */
  readonly shorts: number[];
  /** Where the house and its coolers hang, one after the other. */
  readonly mechanical: readonly number[];
  mechanicalKwh: number;
  /** Seconds that have passed and were not worth a step: nothing moved. */
  owedS: number;
  moving: boolean;
  surging: boolean;
}

/** A UPS protects itself, and a generator too: what opens behind them has a quarter more. */
const headroom = 1.25;

/** The grid of a power tree, whose every node but utilities and generators has a supply. */
export function makeGrid(nodes: ReadonlyMap<string, PowerNode>): Grid {
  const order = inOrder(nodes);
  const places = new Map(order.map(({ id }, at) => [id as string, at]));
  const supplies = order.map((node) => suppliesOf(node, places));
  const counts = new Map<string, number>();
  const place = order.map((_, at) => {
    const list = listOf(order, at, supplies[at]!);
    if (list === null) return -1;
    counts.set(list, (counts.get(list) ?? -1) + 1);
    return counts.get(list)!;
  });
  const count = order.length;
  return {
    ids: order.map(({ id }) => id),
    kind: Uint8Array.from(order, ({ kind }) => kindOf[kind]),
    place: Int32Array.from(place),
    ratedKw: Float64Array.from(order, ({ ratedKw }) => ratedKw),
    firstSupply: startsOf(supplies),
    supplies: Int32Array.from(supplies.flat()),
    isShared: Uint8Array.from(order, (_, at) => (isParallel(order, at, supplies[at]!) ? 1 : 0)),
    feeding: new Int32Array(count).fill(-1),
    live: new Uint8Array(count),
    gapMs: new Float64Array(count),
    voltage: new Float64Array(count),
    hz: new Float64Array(count),
    origin: new Uint8Array(count),
    kw: new Float64Array(count),
    surgeKw: new Float64Array(count),
    energyKwh: new Float64Array(count),
    heldS: new Float64Array(count),
    breakers: makeBreakers(
      order.map(({ kind, ratedKw }) => ratedKw * (kind === "ups" || kind === "generator" ? headroom : 1)),
    ),
    shorts: [],
    mechanical: mechanicalOf(order, supplies),
    mechanicalKwh: 0,
    owedS: 0,
    moving: true,
    surging: false,
  };
}

/** Nodes so that every supply stands before what it supplies, otherwise as they are written. */
function inOrder(nodes: ReadonlyMap<string, PowerNode>): readonly PowerNode[] {
  const order: PowerNode[] = [];
  const state = new Map<string, "open" | "done">();
  // A chain of boards may be longer than the call stack is deep.
  const stack: [node: PowerNode, next: number][] = [];
  for (const root of nodes.values()) {
    if (!state.has(root.id)) stack.push([root, 0]);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const [node, next] = top;
      state.set(node.id, "open");
      const above = nodes.get(node.from[next] ?? "");
      top[1] += 1;
      if (next >= node.from.length) {
        stack.pop();
        state.set(node.id, "done");
        order.push(node);
      } else if (above && state.get(above.id) !== "done") {
        assert(state.get(above.id) !== "open", `power goes round in no circle, as it does at ${above.id}`);
        stack.push([above, 0]);
      }
    }
  }
  return order;
}

/** Where each list of supplies starts when they stand one after the other; last, where they end. */
function startsOf(supplies: readonly (readonly number[])[]): Int32Array {
  const starts = new Int32Array(supplies.length + 1);
  supplies.forEach((own, at) => {
    starts[at + 1] = starts[at]! + own.length;
  });
  return starts;
}

const isSource = ({ kind }: PowerNode): boolean => kind === "utility" || kind === "generator";

const suppliesOf = (node: PowerNode, places: ReadonlyMap<string, number>): readonly number[] =>
  isSource(node) ? [] : node.from.map((id) => places.get(id) ?? -1).filter((at) => at >= 0);

function isParallel(order: readonly PowerNode[], at: number, supplies: readonly number[]): boolean {
  const kind = order[supplies[0] ?? -1]?.kind;
  const together = supplies.length > 1 && supplies.every((one) => order[one]!.kind === kind);
  return order[at]!.kind === "pdu" && together && (kind === "ups" || kind === "generator");
}

/** Which of the plant's lists a node is in: what goes over by itself is in one, whatever it is called. */
function listOf(order: readonly PowerNode[], at: number, supplies: readonly number[]): PowerNode["kind"] | null {
  const node = order[at]!;
  if (node.kind === "pdu") return isChangeover(order, at, supplies) ? "ats" : null;
  return isTransferSwitch(node) ? "ats" : node.kind;
}

const isChangeover = (order: readonly PowerNode[], at: number, supplies: readonly number[]): boolean =>
  supplies.length > 1 && !isParallel(order, at, supplies);

/**
 * Coolers hang where the UPS do: on what supplies them, one after the other; without any UPS, on what stands behind the
 * sources.
 */
function mechanicalOf(order: readonly PowerNode[], supplies: readonly (readonly number[])[]): readonly number[] {
  const above = order.flatMap(({ kind }, at) => (kind === "ups" ? supplies[at]!.slice(0, 1) : []));
  if (above.length > 0) return [...new Set(above)];
  const switches = order.flatMap((node, at) => (isTransferSwitch(node) ? [at] : []));
  if (switches.length > 0) return switches.slice(0, 1);
  return order.length > 0 ? [0] : [];
}

/**
 * What a site file does not count, house and coolers, passes through these nodes as well: their breakers are chosen for
 * it.
 */
export function allowMechanical({ mechanical, breakers, firstSupply, supplies, ids }: Grid, kw: number): void {
  const passes = new Set(mechanical);
  for (let at = ids.length - 1; at >= 0; at--) {
    if (!passes.has(at)) continue;
    breakers.ratedKw[at]! += kw;
    breakers.curve[at] = curveFor(breakers.ratedKw[at]!);
    for (let i = firstSupply[at]!; i < firstSupply[at + 1]!; i++) passes.add(supplies[i]!);
  }
}

/** The first of a node's supplies that is live, which its rectifier or switch takes from; -1 for none. */
export function firstLive({ firstSupply, supplies, live }: Grid, at: number): number {
  for (let i = firstSupply[at]!; i < firstSupply[at + 1]!; i++) if (live[supplies[i]!] === 1) return supplies[i]!;
  return -1;
}

/** The last of them that is, which a UPS's bypass hangs on; -1 for none. */
export function lastLive({ firstSupply, supplies, live }: Grid, at: number): number {
  for (let i = firstSupply[at + 1]! - 1; i >= firstSupply[at]!; i--) if (live[supplies[i]!] === 1) return supplies[i]!;
  return -1;
}
