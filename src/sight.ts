/**
 * How targets stand, and where the services are that they move: asked of the gate every five seconds, because only
 * the gate has what it takes to ask. A target that does not answer delays no other.
 */
import type { Clock } from "./clock.ts";
import { whereaboutsPeriod } from "./collect/index.ts";
import type { PointId, Reading } from "./core/reading.ts";
import { deviceOf, pointId } from "./core/reading.ts";
import { targetKind } from "./core/target.ts";
import type { GateClient, Seen } from "./gate/index.ts";
import { servicePoint } from "./gate/index.ts";
import type { Site } from "./site/index.ts";

/** The points that the gate is asked for, those of one target or service together. Only what it may write to, it may look at. */
export function pointsInSight({ targets, services, gate }: Pick<Site, "targets" | "services" | "gate">): PointId[][] {
  const ofTargets = targets.map(({ id, kind, point }) =>
    [point, ...Object.keys(targetKind(kind).readings ?? {})].map((name) => pointId(id, name)),
  );
  const ofServices = services.flatMap(({ id, by }) => (by ? [[pointId(id, servicePoint)]] : []));
  return [...ofTargets, ...ofServices].filter(([point]) => point !== undefined && gate.allow.includes(deviceOf(point)));
}

/** Looks until `stop` aborts. What gives no value is a bad reading; a gate that is away gives none. */
export async function lookThroughGate(
  looks: readonly (readonly PointId[])[],
  gate: Pick<GateClient, "look">,
  {
    clock,
    stop,
    sink,
  }: { readonly clock: Clock; readonly stop: AbortSignal; readonly sink: (batch: readonly Reading[]) => void },
): Promise<void> {
  await Promise.all(
    looks.map(async (points) => {
      while (!stop.aborted) {
        const seen = new Map(await unlessStopped(gate.look(points), stop));
        const at = clock.now();
        if (stop.aborted) return;
        sink(points.map((point) => readingOf(point, seen.get(point) ?? null, at)));
        await clock.wait(whereaboutsPeriod, stop);
      }
    }),
  );
}

/** What is seen, or nothing where that fails or is over first: what is looked at may take its time. */
function unlessStopped(looking: Promise<Seen>, stop: AbortSignal): Promise<Seen> {
  return new Promise((resolve) => {
    const end = (seen: Seen): void => {
      stop.removeEventListener("abort", over);
      resolve(seen);
    };
    const over = (): void => end([]);
    stop.addEventListener("abort", over);
    looking.then(end, over);
  });
}

function readingOf(point: PointId, value: number | null, at: Reading["at"]): Reading {
  return value === null
    ? { point, at, quality: "bad", reason: "noCommunication" }
    : { point, at, quality: "good", value };
}
