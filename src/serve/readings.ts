/** The routes that only show: the snapshot, alarms and why they stand, single points and history. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Explanation } from "../core/explain.ts";
import { explain } from "../core/explain.ts";
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import type { Reading } from "../core/reading.ts";
import { pointId } from "../core/reading.ts";
import { alarmView, noSuchAlarm, notable } from "./alarms.ts";
import type { Sample } from "./api.ts";
import { causesOf } from "./causes.ts";
import type { SiteInfo } from "./info.ts";
import { checked, Refusal } from "./problem.ts";
import type { Stream } from "./stream.ts";
import { inLanguages, pointValue } from "./view.ts";

/** A question to the historian: one point, a span in plant time (ms), and at most how many samples. */
export interface HistoryQuery {
  readonly point: string;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export type History = (query: HistoryQuery) => Promise<readonly Sample[]>;

/** More samples than a wall has columns of pixels tell nobody anything. */
const samplesMax = 4000;
/** A year; whoever wants more asks the historian itself. ms */
const spanMax = 366 * 24 * 3600 * 1000;

const name = z.string().min(1).max(200);
const instant = z.coerce.number().int().min(0).max(8.64e15);
const historyQuery = z
  .strictObject({
    point: name,
    from: instant,
    to: instant,
    count: z.coerce.number().int().min(1).max(samplesMax).default(500),
  })
  .refine(({ from, to }) => to > from, { path: ["to"], message: "comes before from" })
  .refine(({ from, to }) => to - from <= spanMax, { path: ["from"], message: "asks for more than a year" });
const readingsQuery = z.strictObject({ since: instant.default(0) });
const alarmPath = z.object({ id: name });
const pointPath = z.object({ device: name, point: name });

/** Registers the routes that show. */
export function readingRoutes(app: FastifyInstance, stream: Stream, info: SiteInfo, history: History | null): void {
  app.get("/api/v1/snapshot", async (_, reply) => reply.header("cache-control", "no-store").send(snapshotOf(stream)));
  app.get("/api/v1/alarms", async (_, reply) => {
    const plant = plantOf(stream);
    reply.header("cache-control", "no-store");
    return { at: plant.now, alarms: inLanguages(info, notable(plant, causesOf(plant))) };
  });
  app.get("/api/v1/alarms/:id", async ({ params }, reply) => {
    const plant = plantOf(stream);
    const { id } = checked(alarmPath, params);
    const alarm = alarmView(plant, id, causesOf(plant));
    if (!alarm) throw noSuchAlarm(plant, id);
    reply.header("cache-control", "no-store");
    return { at: plant.now, alarm: inLanguages(info, [alarm])[0] };
  });
  app.get("/api/v1/points/:device/:point", async ({ params }) => {
    const { device, point } = checked(pointPath, params);
    return readPoint(stream, info, pointId(device, point));
  });
  app.get("/api/v1/alarms/:id/explain", async ({ params }, reply) =>
    reply.header("cache-control", "no-store").send(explained(stream, checked(alarmPath, params).id)),
  );
  app.get("/api/v1/readings", async ({ query }, reply) => {
    const { since } = checked(readingsQuery, query);
    return reply.header("cache-control", "no-store").send(newestOf(stream, since));
  });
  app.get("/api/v1/history", async ({ query }) => {
    const asked = checked(historyQuery, query);
    if (!history) throw new Refusal(501, "this service keeps no history that it could show");
    if (!info.points.has(asked.point as ReturnType<typeof pointId>))
      throw new Refusal(404, `there is no point ${asked.point}`);
    return { point: asked.point, samples: await askHistory(history, asked) };
  });
}

function explained(stream: Stream, id: string): Explanation {
  const plant = plantOf(stream);
  const explanation = explain(plant, id);
  if (explanation) return explanation;
  throw noSuchAlarm(plant, id);
}

function snapshotOf(stream: Stream): object {
  const snapshot = stream.snapshot();
  if (!snapshot) throw new Refusal(503, "there has been no scan yet");
  return snapshot;
}

function plantOf({ plant }: Stream): Plant {
  if (!plant) throw new Refusal(503, "there has been no scan yet");
  return plant;
}

/** The newest reading of every point, as far as it was made at `since` or later: all that a second core needs to follow. */
function newestOf(stream: Stream, since: number): { now: number; readings: readonly Reading[] } {
  const plant = plantOf(stream);
  return { now: plant.now, readings: plant.newest.values().filter(({ at }) => at >= since) };
}

function readPoint(stream: Stream, info: SiteInfo, point: ReturnType<typeof pointId>): object {
  const plant = plantOf(stream);
  if (!plant.site.points.has(point)) throw new Refusal(404, `there is no point ${point}`);
  const image = imageAt(plant.newest, plant.site.points, plant.now);
  const reading = image.readingOf(point);
  const { quantity = null, unit = null, states = null, space = null } = info.points.get(point) ?? {};
  const why = reading.quality === "good" ? {} : { reason: reading.reason };
  const readAt = plant.newest.get(point)?.at ?? null;
  return { point, quantity, unit, states, space, now: plant.now, ...pointValue(image, point), at: readAt, ...why };
}

async function askHistory(history: History, query: HistoryQuery): Promise<readonly Sample[]> {
  try {
    return await history(query);
  } catch (error) {
    throw new Refusal(502, `the historian did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
}
