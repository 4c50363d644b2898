/**
 * Whether water may be used in a zone. Every opening of its isolation plan must be shown to be dead by
 * readings of good quality, of two devices at least, of which one says that it is off or has no voltage:
 * a meter at zero alone says only that nothing is drawn. One reading to the contrary is enough to say
 * no, and silence is never a yes. Batteries cannot be switched off: they are named, whatever else is dead.
 */
import type { Test } from "../command.ts";
import { passes } from "../command.ts";
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import type { ServiceCut, Stand } from "./cut.ts";
import { cutOf } from "./cut.ts";
import type { Says } from "./dead.ts";
import { wordsOn } from "./dead.ts";
import type { IsolationStep } from "./isolation.ts";
import { isolationOf } from "./isolation.ts";
import { deadKw } from "./power.ts";
import type { Grounds, Premises, WaterPlan } from "./premises.ts";
import { zoneOf } from "./subject.ts";

/** dead: shown. live: something says the contrary. unproven: too little says anything. */
export type Proof = "dead" | "live" | "unproven";

export interface Witness {
  readonly point: PointId;
  readonly says: Says;
}

export interface OpeningProof {
  /** As the isolation plan and the site file's proofs name it. */
  readonly key: string;
  readonly text: string;
  readonly is: Proof;
  readonly witnesses: readonly Witness[];
  /** Readings that say that it is live. */
  readonly against: readonly PointId[];
}

export interface Water {
  /** Null where nobody has looked at the plant. */
  readonly at: number | null;
  readonly space: string;
  readonly spaces: readonly string[];
  /** What the zone may take; null where the site file does not say. */
  readonly use: WaterPlan["use"] | null;
  readonly note: string | null;
  /** Water may be used: all that can be made dead is shown to be. */
  readonly isReady: boolean;
  readonly openings: readonly OpeningProof[];
  /** Meters in the zone that show that something is drawn. */
  readonly drawing: readonly PointId[];
  /** What stays live whatever is opened. */
  readonly staysLive: readonly string[];
  readonly services: readonly ServiceCut[];
  readonly notMoved: number;
  readonly readyInMs: number | null;
  /** Responses that one request starts, so that they are over before the cut. */
  readonly evacuate: readonly string[];
  readonly unsaid: readonly string[];
}

/** Devices that must agree. */
const witnessesMin = 2;

/** The state of a room's zone for water; by the site file alone where there is no stand, and then never ready. */
export function waterOf(grounds: Grounds, space: string, stand: Stand | null): Water {
  const { steps, spaces, staysLive, unsaid: unknown } = isolationOf(grounds, space);
  const plan = waterPlanOf(grounds.premises, space);
  const { at, services, notMoved, readyInMs } = cutOf(grounds, space, stand);
  const openings = merged(steps).map((step) => proofOf(grounds, step, plan, stand));
  const drawing = stand ? drawingIn(grounds, spaces, stand) : [];
  const unsaid = [...unknown, ...(plan ? [] : [`whether water may be used in ${space}, and how`])];
  const nodes = staysLive.filter((id) => !grounds.premises.batteryRooms.has(id));
  const isDead = at !== null && openings.every(({ is }) => is === "dead") && drawing.length === 0;
  return {
    at,
    space,
    spaces,
    use: plan?.use ?? null,
    note: plan?.note ?? null,
    isReady: isDead && nodes.length === 0 && unsaid.length === 0 && plan?.use !== "none",
    openings,
    drawing,
    staysLive,
    services,
    notMoved,
    readyInMs,
    evacuate: plan?.evacuate ?? [],
    unsaid,
  };
}

/** The plan of any room of a zone is the zone's; null where the site file has none. */
export function waterPlanOf(premises: Premises, space: string): WaterPlan | null {
  const plans = zoneOf(premises, space).map((id) => premises.water?.get(id));
  return plans.find((plan) => plan !== undefined) ?? null;
}

/** What is opened at both its ends is one way. */
function merged(steps: readonly IsolationStep[]): readonly IsolationStep[] {
  const byKey = new Map<string, IsolationStep>();
  for (const step of steps) {
    const known = byKey.get(step.key);
    byKey.set(step.key, known ? { ...known, text: `${known.text}; ${step.text}` } : step);
  }
  return [...byKey.values()];
}

function proofOf(grounds: Grounds, step: IsolationStep, plan: WaterPlan | null, stand: Stand | null): OpeningProof {
  const { key, text } = step;
  if (stand === null) return { key, text, is: "unproven", witnesses: [], against: [] };
  const written = (plan?.proofs ?? []).filter(({ of }) => of === key).map(({ test }) => wordOfTest(stand, test));
  const words = [...wordsOn(grounds, step, stand.sight), ...written.flatMap((word) => word ?? [])];
  const against = words.filter(({ says }) => says === null).map(({ point }) => point);
  const witnesses = words.flatMap(({ point, says }) => (says === null ? [] : [{ point, says }]));
  return { key, text, is: against.length > 0 ? "live" : proven(witnesses), witnesses, against };
}

function proven(witnesses: readonly Witness[]): Proof {
  const devices = new Set(witnesses.map(({ point }) => deviceOf(point)));
  const isSure = witnesses.some(({ says }) => says !== "draws nothing");
  return devices.size >= witnessesMin && isSure ? "dead" : "unproven";
}

/** What a written proof says now: a doubtful value proves nothing, and may still speak against it. */
function wordOfTest({ sight: { image } }: Stand, test: Test): { point: PointId; says: Says | null } | null {
  const reading = image.readingOf(test.point);
  if (reading.quality === "bad") return null;
  if (!passes(test, reading.value)) return { point: test.point, says: null };
  return reading.quality === "good" ? { point: test.point, says: "is off" } : null;
}

/** Meters of nodes that stand in the zone, and show something. */
const drawingIn = ({ nodes }: Grounds, spaces: readonly string[], { sight }: Stand): readonly PointId[] =>
  nodes.flatMap(({ space, power }) =>
    power !== null && space !== null && spaces.includes(space) && Math.abs(sight.image.valueOf(power) ?? 0) > deadKw
      ? [power]
      : [],
  );
