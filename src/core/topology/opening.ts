/** What racks live on while ways, batteries, sources and outlets are open, by what the site file says. */
import type { RackStanding, Standing } from "./fallout.ts";
import { bestOf, rackStanding } from "./fallout.ts";
import type { NodeId } from "./power.ts";
import type { Grounds } from "./premises.ts";

/** A feed of a class of racks: the class's number and the feed's, "3 0". */
export type Outlet = `${number} ${number}`;

export interface Opened {
  /** From a node to the one below it, "ups-a row-a1". */
  readonly ways: ReadonlySet<string>;
  /** The UPS whose batteries are parted from them. */
  readonly batteries: ReadonlySet<NodeId>;
  readonly sources: ReadonlySet<NodeId>;
  readonly outlets: ReadonlySet<Outlet>;
}

export const noneOpened: Opened = { ways: new Set(), batteries: new Set(), sources: new Set(), outlets: new Set() };

/** Racks that became worse off, by what they are now. */
export type RacksLost = Readonly<Record<"dark" | "battery" | "single", readonly string[]>>;

/** What each node lives on. */
export function standingsWith({ nodes }: Grounds, opened: Opened): ReadonlyMap<NodeId, Standing> {
  const standings = new Map<NodeId, Standing>();
  for (const { id, kind, from } of nodes) {
    const supplies = from.map((above) =>
      opened.ways.has(`${above} ${id}`) ? "dead" : (standings.get(above) ?? "unknown"),
    );
    const isSource = from.length === 0;
    const supplied = isSource ? (opened.sources.has(id) ? "dead" : "powered") : bestOf(supplies);
    const isHeld = kind === "ups" && supplied === "dead" && !opened.batteries.has(id);
    standings.set(id, isHeld ? "battery" : supplied);
  }
  return standings;
}

/** What the racks of each class live on, in the classes' order. */
export function racksAfter(grounds: Grounds, opened: Opened): readonly RackStanding[] {
  const standings = standingsWith(grounds, opened);
  return grounds.classes.map(({ feeds }, at) =>
    rackStanding(
      feeds.map(({ node }, i) => (opened.outlets.has(`${at} ${i}`) ? "dead" : (standings.get(node) ?? "unknown"))),
    ),
  );
}

/** The racks that changed between two looks. */
export function racksLost(
  { classes }: Grounds,
  before: readonly RackStanding[],
  now: readonly RackStanding[],
): RacksLost {
  const became = (is: RackStanding): readonly string[] =>
    classes.flatMap(({ loads }, i) => (now[i] === is && before[i] !== is ? loads.map(({ id }) => id) : []));
  return { dark: became("dark"), battery: became("battery"), single: became("single") };
}
