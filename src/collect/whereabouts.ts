/**
 * Where each service is, asked of its mover over HTTP: a service is watched like any device, so that
 * people see where it is before and after it is moved. Nothing is ordered here; the gate does that.
 */
import { z } from "zod";
import type { Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import { seconds } from "../core/time.ts";
import type { CollectClock } from "./clock.ts";

/** A service and the address of its mover. The value of `service.site` is a place in `sites`. */
export interface ServicePlace {
  readonly id: string;
  readonly url: string;
  readonly sites: readonly string[];
}

/** How often a mover is asked, plant time. */
export const whereaboutsPeriod = seconds(5);
/** A mover answers at once. Real time, ms. */
const timeoutMs = 5000;
/** No mover has more to say than this. */
const answerMaxBytes = 64 * 1024;

const answer = z.object({ site: z.string() });

/** Asks every mover until `stop` aborts. A mover that does not answer gives a bad reading and delays no other. */
export async function collectWhereabouts(
  services: readonly ServicePlace[],
  clock: CollectClock,
  stop: AbortSignal,
  sink: (batch: readonly Reading[]) => void,
): Promise<void> {
  await Promise.all(
    services.map(async (service) => {
      while (!stop.aborted) {
        sink([await ask(service, clock, stop)]);
        await clock.wait(whereaboutsPeriod, stop);
      }
    }),
  );
}

async function ask({ id, url, sites }: ServicePlace, clock: CollectClock, stop: AbortSignal): Promise<Reading> {
  const point = pointId(id, "service.site");
  const place = await placeOf(url, sites, stop);
  const at = clock.now();
  if (place === "silent") return { point, at, quality: "bad", reason: "noCommunication" };
  // A mover that names a site which nobody knows is set up wrongly: that is no place.
  if (place < 0) return { point, at, quality: "bad", reason: "configuration" };
  return { point, at, quality: "good", value: place };
}

async function placeOf(url: string, sites: readonly string[], stop: AbortSignal): Promise<number | "silent"> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { redirect: "manual", signal });
    const text = await response.text();
    if (response.status !== 200 || text.length > answerMaxBytes) return "silent";
    return sites.indexOf(answer.parse(JSON.parse(text)).site);
  } catch {
    // Whatever the reason, the mover did not say where its service is.
    return "silent";
  }
}
