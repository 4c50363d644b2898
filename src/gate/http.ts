/**
 * Moves services: a signed order to the service's own mover, and questions where the service is until
 * it is there. The order is laid out and signed as Standard Webhooks does, and its id is the
 * command's, so that a mover that gets it twice moves once.
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import { ms } from "../core/time.ts";
import type { Actuator, Declaration, Order, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn, wordsOf } from "./actuator.ts";
import type { ServiceLink } from "./policy.ts";
import { servicePoint } from "./policy.ts";

/** A mover answers an order at once and does it afterwards. Real time. */
const timeoutMs = ms(5000);
/** No mover has more to say than this. */
const answerMaxBytes = 64 * 1024;
const secretPrefix = "whsec_";
/** Answers that may be different the next time; the mover knows the order by its id. */
const passing: readonly number[] = [408, 425, 429];

/** Where a mover says its service is. While it is between two sites it is nowhere. */
const whereabouts = z.object({ site: z.string(), state: z.enum(["here", "moving", "moved", "failed"]) });

export const webhookDeclaration: Declaration = {
  writes: "HTTP POST, signed as Standard Webhooks; a JSON order, or a CloudEvent 1.0 with the order in it",
  twice: "once, of a mover that knows an order by its id",
  timeoutMs,
  confirmed: "GET of the same address gives the site",
};

/** The actuator of one service. `now` is the wall clock that signatures are dated by. */
export function serviceMover(link: ServiceLink, now: () => number = Date.now): Actuator {
  return turnByTurn({
    has: (point) => point === servicePoint,
    read: (stop) => whereIs(link, stop),
    write: (order, stop) => orderMove(link, order, { stop, now }),
  });
}

/** The headers by which a receiver knows an order for ours, as Standard Webhooks has them; `now` is the wall clock, ms. */
export function signedHeaders(
  secret: string,
  { id, body }: Record<"id" | "body", string>,
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatureOf(secret, { id, timestamp, body }),
  };
}

/** `v1,` and the base64 HMAC-SHA256 of "id.timestamp.body". */
export function signatureOf(
  secret: string,
  { id, timestamp, body }: Record<"id" | "timestamp" | "body", string>,
): string {
  const key = secret.startsWith(secretPrefix) ? Buffer.from(secret.slice(secretPrefix.length), "base64") : secret;
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

async function orderMove(
  link: ServiceLink,
  order: Order,
  { stop, now }: { readonly stop: AbortSignal; readonly now: () => number },
): Promise<WriteOutcome> {
  const to = link.sites[order.value];
  if (order.point !== servicePoint || to === undefined) return { result: "refused", detail: "no such site" };
  const isEvent = link.format === "cloudevents";
  const body = orderBody(link, order, to, now());
  const headers = {
    "content-type": isEvent ? "application/cloudevents+json; charset=utf-8" : "application/json",
    ...signedHeaders(link.secret, { id: order.id, body }, now()),
  };
  try {
    const response = await ask(link, { method: "POST", headers, body }, stop);
    await response.body?.cancel();
    return outcomeOf(response.status);
  } catch (error) {
    return { result: "again", detail: wordsOf(error) };
  }
}

/** What an order to move says to a mover, before it is signed. */
export function orderBody(
  link: Pick<ServiceLink, "id" | "sites" | "format">,
  order: Pick<Order, "id" | "expires" | "due">,
  to: string,
  now: number,
): string {
  // What is not due is left out by JSON itself.
  const content = { id: order.id, service: link.id, to, expires: order.expires, due: order.due };
  return JSON.stringify(link.format === "cloudevents" ? eventOf(link, content, now) : content);
}

/** The order as an event of CloudEvents 1.0, structured; it is signed as a whole, as every order is. */
const eventOf = (
  { id: service, sites }: Pick<ServiceLink, "id" | "sites">,
  content: { readonly id: string },
  now: number,
) => ({
  specversion: "1.0",
  id: content.id,
  source: `/haechi/${sites[0] ?? ""}`,
  type: "haechi.service.move.v1",
  subject: service,
  time: new Date(now).toISOString(),
  datacontenttype: "application/json",
  data: content,
});

function outcomeOf(status: number): WriteOutcome {
  if (status >= 200 && status < 300) return { result: "accepted" };
  const detail = `HTTP ${status}`;
  if (status >= 500 || passing.includes(status)) return { result: "again", detail };
  // A redirect is refused too: orders go to the address in the site file and nowhere else.
  return { result: "refused", detail };
}

async function whereIs(link: ServiceLink, stop: AbortSignal): Promise<number | null> {
  try {
    const response = await ask(link, { method: "GET" }, stop);
    const said = response.status === 200 ? await textOf(response) : null;
    if (said === null) return null;
    const { data } = whereabouts.safeParse(JSON.parse(said));
    return data && data.state !== "moving" ? placeIn(link.sites, data.site) : null;
  } catch {
    // Whatever the reason, the mover did not say where its service is.
    return null;
  }
}

function ask(link: ServiceLink, request: RequestInit, stop: AbortSignal): Promise<Response> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  return fetch(link.url, { ...request, redirect: "manual", signal });
}

/** The body as text; null where it is longer than it may be. */
async function textOf(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerMaxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
