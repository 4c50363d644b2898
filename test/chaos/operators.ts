/** Operators: what a swarm has them ask for, and what they do of their own accord about what they are told. */
import type { AlarmRequest } from "../../src/core/alarm/lifecycle.ts";
import type { Request, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import { instant } from "../../src/core/time.ts";
import type { Ask } from "./deed.ts";
import type { Operator } from "./swarm.ts";

interface Planned {
  readonly at: number;
  readonly request: Request;
}

const said = { by: "operator", why: "a swarm" } as const;

export class Operators {
  readonly #operator: Operator;
  readonly #latching: ReadonlySet<string>;
  #planned: Planned[] = [];

  constructor(site: SiteModel, operator: Operator) {
    this.#operator = operator;
    this.#latching = new Set(site.alarms.filter(({ latch }) => latch).map(({ id }) => id));
  }

  next(): number | null {
    return this.#planned[0]?.at ?? null;
  }

  /** Has something asked for now. */
  plan(ask: Ask, now: number): void {
    this.#add(now, requestOf(ask, now));
  }

  /** What is asked for by now. */
  ask(now: number): readonly Request[] {
    const due = this.#planned.filter(({ at }) => at <= now);
    if (due.length > 0) this.#planned = this.#planned.filter(({ at }) => at > now);
    return due.map(({ request }) => request);
  }

  /** What operators are told makes them act, a while later. */
  see({ transitions, notices }: ScanOutput, now: number): void {
    const { acknowledgesMs, resetsMs, approvesMs, abortsMs = null, restoresMs = null } = this.#operator;
    for (const { alarm, to } of transitions) {
      const isUnread = to === "unacknowledged" || to === "returnedUnacknowledged" || to === "latchedUnacknowledged";
      if (acknowledgesMs !== null && isUnread)
        this.#add(now + acknowledgesMs, requestOf({ of: "alarm", alarm, asks: "acknowledge" }, now));
      if (resetsMs !== null && this.#latching.has(alarm) && to === "latchedAcknowledged")
        this.#add(now + resetsMs, requestOf({ of: "alarm", alarm, asks: "reset" }, now));
    }
    for (const { id, event } of notices) {
      if (approvesMs !== null && event === "advised")
        this.#add(now + approvesMs, requestOf({ of: "response", response: id, asks: "approve" }, now));
      if (abortsMs !== null && event === "step")
        this.#add(now + abortsMs, requestOf({ of: "response", response: id, asks: "abort" }, now));
      if (restoresMs !== null && event === "restorable")
        this.#add(now + restoresMs, requestOf({ of: "response", response: id, asks: "restore" }, now));
    }
  }

  #add(at: number, request: Request): void {
    this.#planned.push({ at, request });
    this.#planned.sort((a, b) => a.at - b.at);
  }
}

function requestOf(ask: Ask, now: number): Request {
  if (ask.of === "response")
    return { to: "response", response: ask.response as never, event: ask.asks, by: said.by, why: said.why };
  const { alarm, asks, forMs = 0, channel, by = said.by } = ask;
  const [until, who] = [instant(now + forMs), { by, why: said.why }];
  const of = (event: AlarmRequest): Request => ({ to: "alarm", alarm: alarm as never, event });
  if (asks === "shelve") return of({ kind: asks, ...who, until });
  if (asks === "bypass") return of({ kind: asks, ...who, until, channel: channel as never });
  return of(asks === "outOfService" ? { kind: asks, ...who, until, permit: "a swarm's" } : { kind: asks, ...who });
}
