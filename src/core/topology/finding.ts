/** What the redundancy audit finds. */

/** What a finding is of. */
export type FindingKind =
  /** All feeds of racks, or what they come from, in one compartment, plenum, room or route. */
  | "shared-place"
  /** The batteries of all UPS that stand in for each other in one compartment. */
  | "shared-batteries"
  /** One node that every feed of racks comes through. */
  | "shared-node"
  /** Racks on one feed, or with all their cords in one. */
  | "one-feed"
  /** A service all of whose racks stand in one compartment. */
  | "one-place"
  /** A room that one machine or one loop cools. */
  | "one-cooler"
  /** A service that never goes, in racks that are shed before it. */
  | "shed-first"
  /** One control plane for all movers. */
  | "one-control-plane"
  /** A mover, or this service itself, that stands in what it is to save. */
  | "own-fate"
  /** Services that need each other in a circle. */
  | "circle"
  /** A site elsewhere without room for what is to move there. */
  | "no-room"
  /** A replica that is behind. */
  | "lagging"
  /** Something that the site file does not say, so that nobody can know. */
  | "unsaid";

export interface Finding {
  readonly kind: FindingKind;
  /** What it is, in one sentence. */
  readonly what: string;
  /** The part of the site that it is about: "plenum b3-ceiling", "node ats", "site anyang". */
  readonly where: string;
  readonly why: string;
  readonly loads: readonly string[];
  readonly services: readonly string[];
}
