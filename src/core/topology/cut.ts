/**
 * What a cut costs now: if power to a zone is cut at this moment, which racks and services are lost,
 * which of those services have not moved yet, and when they will have. A service of which nobody can
 * say where it is counts as not moved, and a time that nobody knows is not guessed.
 */
import type { Image } from "../image.ts";
import type { PointId } from "../reading.ts";
import type { Campaign, Sent } from "../respond/campaign.ts";
import type { FailoverStep, Response } from "../respond/response.ts";
import type { Duration, Instant } from "../time.ts";
import { ms } from "../time.ts";
import type { Fallout, Fate, RackStanding, Strike } from "./fallout.ts";
import { falloutOf } from "./fallout.ts";
import type { Sight } from "./live.ts";
import type { Grounds, Premises, Tenant } from "./premises.ts";
import { strikeOn, zoneOf } from "./subject.ts";

/** Where a service is on its way. here: nothing has been ordered. late: its move takes longer than drills did. fixed: it has no mover. */
export type MoveState = "moved" | "moving" | "late" | "ordered" | "here" | "unknown" | "fixed";

export interface ServiceCut {
  readonly id: string;
  readonly tier: number;
  /** What becomes of it where it is now. */
  readonly is: Exclude<Fate, "whole">;
  readonly state: MoveState;
  /** When it will have moved, if what is ordered goes on and what is not is ordered now; null where nobody knows. */
  readonly readyInMs: number | null;
}

export interface Cut {
  /** Null where nobody has looked at the plant. */
  readonly at: Instant | null;
  readonly space: string;
  /** The rooms that are cut together: those of one compartment. */
  readonly spaces: readonly string[];
  readonly racks: Readonly<Record<"dark" | "battery" | "single" | "unknown", readonly string[]>>;
  /** Services that lose something, by tier. */
  readonly services: readonly ServiceCut[];
  /** Of those that can be moved, how many have not been seen elsewhere. */
  readonly notMoved: number;
  /** Whether a move of every service that has not moved is ordered. */
  readonly isOrdered: boolean;
  /** When the last of them will have moved; null where nobody knows of one, 0 where all have. */
  readonly readyInMs: number | null;
}

/** The running state that a cut is judged in. */
export interface Stand {
  readonly sight: Sight;
  readonly responses: readonly Response[];
  readonly campaigns: readonly Campaign[];
}

/** What a cut of the zone of a room costs now; by the site file alone where there is no stand, and then nobody knows what has moved. */
export function cutOf(grounds: Grounds, space: string, stand: Stand | null): Cut {
  const { premises } = grounds;
  const spaces = zoneOf(premises, space);
  const fallout = falloutOf(grounds, cables(premises, strikeOn(premises, spaces)), stand?.sight);
  const progress = stand && { image: stand.sight.image, moves: movesOf(stand) };
  const services = premises.services
    .flatMap((service) => serviceCut(service, fallout, progress) ?? [])
    .toSorted((a, b) => a.tier - b.tier);
  const left = services.filter(({ state }) => state !== "moved" && state !== "fixed");
  const waits = left.map(({ readyInMs }) => readyInMs);
  const isKnown = waits.every((wait) => wait !== null);
  return {
    at: progress?.image.now ?? null,
    space,
    spaces,
    racks: racksCut(fallout),
    services,
    notMoved: left.length,
    isOrdered: left.every(({ state }) => state === "moving" || state === "late" || state === "ordered"),
    readyInMs: isKnown ? Math.max(0, ...waits) : null,
  };
}

/** Power is cut and water is not. */
const cables = ({ routes }: Premises, strike: Strike): Strike => ({
  ...strike,
  routes: new Set([...strike.routes].filter((id) => routes.get(id)?.kind === "cable")),
});

function racksCut({ racks }: Fallout): Cut["racks"] {
  const by = (of: RackStanding): readonly string[] => [...racks].filter(([, is]) => is === of).map(([id]) => id);
  return { dark: by("dark"), battery: by("battery"), single: by("single"), unknown: by("unknown") };
}

interface Progress {
  readonly image: Image;
  readonly moves: Moves;
}

function serviceCut(service: Tenant, { services }: Fallout, progress: Progress | null): ServiceCut | null {
  const { id, tier, move, p95 } = service;
  const is = services.get(id) ?? "unknown";
  if (is === "whole") return null;
  if (move === null) return { id, tier, is, state: "fixed", readyInMs: null };
  if (progress === null) return { id, tier, is, state: "unknown", readyInMs: p95 };
  const { image, moves } = progress;
  const place = image.valueOf(move.point);
  if (place !== null && place !== 0) return { id, tier, is, state: "moved", readyInMs: 0 };
  const { state, readyInMs } = moves.of(service, image.now);
  return { id, tier, is, state: place === null ? "unknown" : state, readyInMs };
}

interface Move {
  readonly state: "moving" | "late" | "ordered" | "here";
  readonly readyInMs: number | null;
}

interface Moves {
  /** How far the move of a service is that has not been seen to be over. */
  of(service: Tenant, now: Instant): Move;
}

/** A failover's step, with the campaign that is to do it. */
interface Placed {
  readonly step: FailoverStep;
  readonly steps: readonly FailoverStep[];
  readonly campaign: Campaign;
}

function movesOf({ responses, campaigns }: Stand): Moves {
  const placed = new Map<PointId, Placed[]>();
  for (const [i, { action }] of responses.entries()) {
    if (action.kind !== "failover") continue;
    const { steps } = action;
    for (const step of steps)
      placed.set(step.point, [...(placed.get(step.point) ?? []), { step, steps, campaign: campaigns[i]! }]);
  }
  return {
    of(service, now) {
      const ways = placed.get(service.move!.point) ?? [];
      const atWork = ways.filter((placed) => isAtWork(placed.campaign) && isPlanned(placed));
      // A step that was taken in another's place says more than the one that failed.
      const running = atWork.findLast(({ step, campaign }) => sentFor(campaign, step)) ?? atWork[0];
      if (!running) return { state: "here", readyInMs: service.p95 };
      return orderedMove(running, service.p95, now);
    },
  };
}

/** What is being undone moves nothing away any more. */
const isAtWork = ({ phase, undo }: Campaign): boolean => (phase === "running" && !undo) || phase === "counting";

/** A step that would be taken in another's place is not ordered before it is sent. */
const isPlanned = ({ step, steps, campaign }: Placed): boolean =>
  sentFor(campaign, step) !== undefined || steps.every(({ fallback }) => fallback !== step.id);

function orderedMove({ step, steps, campaign }: Placed, p95: Duration | null, now: Instant): Move {
  const sent = sentFor(campaign, step);
  if (sent?.state === "waiting") {
    if (p95 === null) return { state: "moving", readyInMs: null };
    const leftMs = sent.command.issued + p95 - now;
    return leftMs >= 0 ? { state: "moving", readyInMs: leftMs } : { state: "late", readyInMs: null };
  }
  // What has failed, or was seen to be over and is not there, waits for somebody to order it again.
  if (sent) return { state: "here", readyInMs: p95 };
  const countMs = campaign.phase === "counting" && campaign.until !== null ? Math.max(0, campaign.until - now) : 0;
  const beforeMs = queueMs(step, steps, campaign, now);
  const isKnown = p95 !== null && beforeMs !== null;
  return { state: "ordered", readyInMs: isKnown ? ms(countMs + beforeMs + p95) : null };
}

const sentFor = ({ sent }: Campaign, { id }: FailoverStep): Sent | undefined =>
  sent.findLast(({ stage }) => stage === id || stage.startsWith(`${id}.`));

/** How long the steps before this one may still take, by the time that they are given: those are limits and not drills. */
function queueMs(step: FailoverStep, steps: readonly FailoverStep[], campaign: Campaign, now: Instant): number | null {
  const waits = step.needs.map((id) => {
    const before = steps.find((other) => other.id === id);
    if (!before) return null;
    const sent = sentFor(campaign, before);
    if (sent?.state === "confirmed" || sent?.state === "failed") return 0;
    if (sent) return Math.max(0, sent.command.expires - now);
    const above = queueMs(before, steps, campaign, now);
    return above === null ? null : above + before.within;
  });
  return waits.some((wait) => wait === null) ? null : Math.max(0, ...waits.map((wait) => wait!));
}
