/** What operators ask in a scenario: of alarms, of responses, and of the gate, which arms and disarms. */
import { z } from "zod";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { AlarmRequest } from "../../src/core/alarm/lifecycle.ts";
import type { ResponseId } from "../../src/core/command.ts";
import type { Request, SiteModel } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { after, instant } from "../../src/core/time.ts";
import { durationSchema } from "../../src/profiles/index.ts";

const id = z.string().min(1);
const said = { by: z.string().min(1), why: z.string().min(1) };

export const askSchema = z.union([
  z.strictObject({ acknowledge: id, ...said }),
  z.strictObject({ reset: id, ...said }),
  z.strictObject({ shelve: id, for: durationSchema, ...said }),
  z.strictObject({ unshelve: id, ...said }),
  /** Maintenance, in the standard's words. */
  z.strictObject({ outOfService: id, permit: id, for: durationSchema, ...said }),
  z.strictObject({ returnToService: id, ...said }),
  z.strictObject({ bypass: id, channel: id, for: durationSchema, ...said }),
  z.strictObject({ restore: id, ...said }),
  z.strictObject({ start: id, ...said }),
  z.strictObject({ approve: id, ...said }),
  z.strictObject({ stop: id, ...said }),
  z.strictObject({ abort: id, ...said }),
  /** Power will be cut: a failover is to be over before. */
  z.strictObject({ evacuate: id, cutIn: durationSchema, ...said }),
  z.strictObject({ arm: id, ...said }),
  z.strictObject({ disarm: id, ...said }),
]);

type Ask = z.output<typeof askSchema>;

/** A response's leave to write, taken or given back at the gate. */
export interface Arming {
  readonly kind: "arm" | "disarm";
  readonly response: ResponseId;
  readonly by: string;
  readonly why: string;
}

export type Asked = { readonly request: Request } | { readonly arming: Arming };

export function askedOf(ask: Ask, at: Instant): Asked {
  const { by, why } = ask;
  if ("arm" in ask) return { arming: { kind: "arm", response: ask.arm as ResponseId, by, why } };
  if ("disarm" in ask) return { arming: { kind: "disarm", response: ask.disarm as ResponseId, by, why } };
  if ("evacuate" in ask) {
    const response = ask.evacuate as ResponseId;
    return { request: { to: "response", response, event: "evacuate", cutAt: after(at, ask.cutIn), by, why } };
  }
  for (const event of ["start", "approve", "stop", "abort"] as const) {
    const response = (ask as { readonly [event: string]: unknown })[event];
    if (typeof response === "string")
      return { request: { to: "response", response: response as ResponseId, event, by, why } };
  }
  return { request: alarmRequest(ask, at) };
}

/** The same request, where the run's time is later than the scenario's: what ends by itself lasts until an instant. */
export function later(request: Request, byMs: number): Request {
  if (request.to === "response" && request.event === "evacuate" && request.cutAt !== null)
    return { ...request, cutAt: instant(request.cutAt + byMs) };
  if (request.to !== "alarm" || !("until" in request.event)) return request;
  return { ...request, event: { ...request.event, until: instant(request.event.until + byMs) } };
}

function alarmRequest(ask: Ask, at: Instant): Request {
  const { by, why } = ask;
  const of = (alarm: string, event: AlarmRequest): Request => ({ to: "alarm", alarm: alarm as AlarmId, event });
  if ("for" in ask) {
    const timed = { by, why, until: after(at, ask.for) };
    if ("shelve" in ask) return of(ask.shelve, { kind: "shelve", ...timed });
    if ("bypass" in ask) return of(ask.bypass, { kind: "bypass", ...timed, channel: ask.channel as PointId });
    return of(ask.outOfService, { kind: "outOfService", ...timed, permit: ask.permit });
  }
  const [kind, alarm] = Object.entries(ask).find(([key]) => key !== "by" && key !== "why")! as [
    "acknowledge" | "reset" | "unshelve" | "returnToService" | "restore",
    string,
  ];
  return of(alarm, { kind, by, why });
}

/** What an ask names and the site has not, with what it has; null where all is known. */
export function strangerAsked(asked: Asked, site: SiteModel): { name: string; kind: string; known: string[] } | null {
  const request = "request" in asked ? asked.request : null;
  const isOfAlarm = request?.to === "alarm";
  const name =
    "arming" in asked
      ? asked.arming.response
      : asked.request.to === "alarm"
        ? asked.request.alarm
        : asked.request.response;
  const known: string[] = (isOfAlarm ? site.alarms : site.responses).map((one) => one.id);
  return known.includes(name) ? null : { name, kind: isOfAlarm ? "alarm" : "response", known };
}
