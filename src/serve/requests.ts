/**
 * What people ask of alarms and responses. Everything here needs the operator's token; a site that
 * configures none has a display and nothing more. A request is handed to the next scan: what comes
 * of it is seen in the stream, and refusals in the notices.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { serviceMax, shelfMax } from "../core/alarm/ask.ts";
import type { AlarmId } from "../core/alarm/definition.ts";
import type { AlarmRequest } from "../core/alarm/lifecycle.ts";
import type { ResponseId } from "../core/command.ts";
import type { Plant, Request } from "../core/plant.ts";
import { responseAsks } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";
import { after, hours, minutes } from "../core/time.ts";
import { noSuchAlarm } from "./alarms.ts";
import { checked, Refusal } from "./problem.ts";
import { responseDetail } from "./responses.ts";

/** What of a zone a person may ask: its failovers, by the site's plan for water in it. */
export type EvacuationsOf = (space: string) => readonly ResponseId[];

export interface RequestOptions {
  /** Null makes the service read-only. */
  readonly token: string | null;
  /** Puts a request before the next scan; false when too many wait already. */
  readonly ask: (request: Request) => boolean;
  readonly plant: () => Plant | null;
  readonly evacuations: EvacuationsOf;
}

const id = z.string().min(1).max(200);
/** Who asks, and why. */
export const said = {
  by: z.string().trim().min(1).max(80),
  why: z.string().trim().min(1).max(500),
};
const saying = z.strictObject(said);
const lasting = (most: Duration) =>
  z
    .int()
    .min(1)
    .max(most / minutes(1));
/** Up to what the core grants at most. */
const shelving = z.strictObject({ ...said, minutes: lasting(shelfMax) });
const bypassing = z.strictObject({ ...said, minutes: lasting(shelfMax), channel: id });
const takingOut = z.strictObject({ ...said, minutes: lasting(serviceMax), permit: z.string().trim().min(1).max(200) });
const alarmPath = z.object({
  id,
  event: z.enum(["acknowledge", "reset", "shelve", "unshelve", "outOfService", "returnToService", "bypass", "restore"]),
});
const zonePath = z.object({ space: id, event: z.enum(["evacuate", "withdraw"]) });
/** A cut that is further off is planned, not announced. */
const cuttingMax = hours(24);
const cutting = z.strictObject({ ...said, minutes: lasting(cuttingMax) });
const responsePath = z.object({ id, event: z.enum(responseAsks) });

/** Registers the routes by which people ask. */
export function requestRoutes(app: FastifyInstance, options: RequestOptions): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => authorise(request, options.token);
  app.post("/api/v1/alarms/:id/:event", { onRequest }, async (request, reply) => {
    const path = checked(alarmPath, request.params);
    hand(options, alarmRequest(options, path, request.body));
    return reply.code(202).send({ accepted: true });
  });
  zoneRoutes(app, options);
  app.post("/api/v1/responses/:id/:event", { onRequest }, async (request, reply) => {
    const path = checked(responsePath, request.params);
    hand(options, responseRequest(options, path, request.body));
    return reply.code(202).send({ accepted: true });
  });
}

/** `GET /api/v1/responses/:id`: how one stands, and what came of what was asked of it last. */
export function responseRoute(app: FastifyInstance, options: Pick<RequestOptions, "plant">): void {
  app.get("/api/v1/responses/:id", async (request, reply) => {
    const asked = checked(z.object({ id }), request.params);
    const plant = plantOf(options);
    const response = responseDetail(plant, asked.id);
    if (!response) throw new Refusal(404, `there is no response ${asked.id}`);
    return reply.header("cache-control", "no-store").send({ at: plant.now, response });
  });
}

/** Registers the announcement of a cut: every failover of the zone's plan is to be over before. */
function zoneRoutes(app: FastifyInstance, options: RequestOptions): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => authorise(request, options.token);
  app.post("/api/v1/water/:space/:event", { onRequest }, async (request, reply) => {
    const { space, event } = checked(zonePath, request.params);
    const { now } = plantOf(options);
    const { by, why, cutAt } = cutAsked(event, request.body, now);
    const responses = options.evacuations(space);
    if (responses.length === 0) throw new Refusal(404, `the site file names nothing that leaves ${space} (evacuate)`);
    for (const response of responses) hand(options, { to: "response", response, event: "evacuate", cutAt, by, why });
    return reply.code(202).send({ accepted: true, responses });
  });
}

function cutAsked(event: "evacuate" | "withdraw", body: unknown, now: Instant) {
  if (event === "withdraw") return { ...checked(saying, body), cutAt: null };
  const { minutes: n, ...rest } = checked(cutting, body);
  return { ...rest, cutAt: after(now, minutes(n)) };
}

function alarmRequest(options: RequestOptions, path: z.output<typeof alarmPath>, body: unknown): Request {
  const plant = plantOf(options);
  const alarm = path.id as AlarmId;
  if (!plant.index.alarmAt.has(alarm)) throw noSuchAlarm(plant, path.id);
  return { to: "alarm", alarm, event: alarmEvent(path.event, body, plant.now) };
}

function alarmEvent(kind: AlarmRequest["kind"], body: unknown, now: Instant): AlarmRequest {
  if (kind === "shelve") {
    const { minutes: n, ...rest } = checked(shelving, body);
    return { kind, ...rest, until: after(now, minutes(n)) };
  }
  if (kind === "outOfService") {
    const { minutes: n, ...rest } = checked(takingOut, body);
    return { kind, ...rest, until: after(now, minutes(n)) };
  }
  if (kind !== "bypass") return { kind, ...checked(saying, body) };
  const { minutes: n, channel, ...rest } = checked(bypassing, body);
  return { kind, ...rest, channel: channel as PointId, until: after(now, minutes(n)) };
}

function responseRequest(options: RequestOptions, path: z.output<typeof responsePath>, body: unknown): Request {
  const response = path.id as ResponseId;
  if (!plantOf(options).site.responses.some((r) => r.id === response)) {
    throw new Refusal(404, `there is no response ${path.id}`);
  }
  return { to: "response", response, event: path.event, ...checked(saying, body) };
}

/** The plant as the last scan left it; refuses before there was one. */
export function plantOf({ plant }: Pick<RequestOptions, "plant">): Plant {
  const now = plant();
  if (!now) throw new Refusal(503, "there has been no scan yet");
  return now;
}

/** Puts a request before the next scan; refuses where too many wait. */
export function hand({ ask }: Pick<RequestOptions, "ask">, request: Request): void {
  if (!ask(request)) throw new Refusal(503, "too many requests wait for the next scan");
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Refuses whoever does not hold the operator's token. */
export function authorise({ headers }: FastifyRequest, token: string | null): void {
  if (token === null) throw new Refusal(403, "this service is read-only: no operator token is configured");
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (given === undefined) throw new Refusal(401, "an operator token is needed");
  if (!timingSafeEqual(digest(given), digest(token))) throw new Refusal(401, "the operator token is not right");
}
