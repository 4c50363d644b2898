import type { Test } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { DeviceModel } from "../profiles/model.ts";
import type { StateLink } from "./actuator.ts";

/** While the point passes the test, or cannot be read, nothing of these is written to. */
export interface Interlock extends Test {
  readonly forbids: readonly string[];
  readonly why: string;
}

/** What a site lets its gate do, as its site file says it. What is not named here has no path to a write. */
export interface GateRules {
  /** Devices and services that may be written to at all. */
  readonly allow: readonly string[];
  /** Responses whose commands are carried out. */
  readonly armed: readonly string[];
  /** Responses that a person may arm for a time, and that otherwise are not. */
  readonly armable?: readonly string[];
  /** Responses, and what may be written to, that need the yes of two people. */
  readonly twoPeople?: readonly string[];
  readonly interlocks?: readonly Interlock[];
  /** Beside what plans hold. */
  readonly writesPerMinute: number;
  /** What each response may write by its plan: so many writes may come at once, and each of them once a minute. */
  readonly plans?: ReadonlyMap<string, ReadonlySet<PointId>>;
  /** Outlets of which at least one must stay closed: the feeds of a protected load. */
  readonly neverBoth: readonly (readonly PointId[])[];
  /** Outlets that are never opened. */
  readonly protectedOutlets: readonly PointId[];
}

/** A service that can be moved. The value of its point `service.site` is a place in `sites`. */
export interface ServiceLink {
  readonly id: string;
  readonly url: string;
  /** Signs orders. "whsec_" and base64, as Standard Webhooks writes them, or any other text as it stands. */
  readonly secret: string;
  /** What an order looks like; the plain one where it is not said. */
  readonly format?: "plain" | "cloudevents";
  readonly sites: readonly string[];
}

/** The one point of a service. */
export const servicePoint = "service.site";

/** Something that can be written to: its class, and which values each of its points may be given. */
interface Target {
  readonly class: string;
  readonly writes: ReadonlyMap<string, readonly number[]>;
}

/** All that admission needs to know, looked up once. */
export interface GatePolicy {
  readonly allow: ReadonlySet<string>;
  readonly armed: ReadonlySet<string>;
  readonly armable: ReadonlySet<string>;
  readonly twoPeople: ReadonlySet<string>;
  readonly interlocks: readonly Interlock[];
  readonly writesPerMinute: number;
  readonly plans: ReadonlyMap<string, ReadonlySet<PointId>>;
  readonly neverBoth: readonly (readonly PointId[])[];
  readonly protectedOutlets: ReadonlySet<PointId>;
  readonly targets: ReadonlyMap<string, Target>;
}

/** Something that is moved: the place of each site that it can be moved to is commanded; those of null are not. */
interface Movable extends Pick<ServiceLink, "id" | "sites"> {
  readonly states?: readonly (number | null)[];
}

/** The policy of a site's gate section over the devices, services and targets it can reach. */
export function policyOf(
  rules: GateRules,
  devices: readonly Pick<DeviceLink, "id" | "model">[],
  services: readonly Movable[],
  others: readonly Pick<StateLink<unknown>, "id" | "point" | "states">[] = [],
): GatePolicy {
  const targets = new Map<string, Target>();
  for (const { id, model } of devices) targets.set(id, deviceTarget(model));
  for (const { id, sites, states } of services) {
    const places = sites.flatMap((_, place) => (states && (states[place] ?? null) === null ? [] : [place]));
    targets.set(id, { class: "service", writes: new Map([[servicePoint, places]]) });
  }
  for (const { id, point, states } of others)
    targets.set(id, { class: "target", writes: new Map([[point, states.map((_, place) => place)]]) });
  return {
    allow: new Set(rules.allow),
    armed: new Set(rules.armed),
    armable: new Set(rules.armable),
    twoPeople: new Set(rules.twoPeople),
    interlocks: rules.interlocks ?? [],
    writesPerMinute: rules.writesPerMinute,
    plans: rules.plans ?? new Map(),
    neverBoth: rules.neverBoth,
    protectedOutlets: new Set(rules.protectedOutlets),
    targets,
  };
}

function deviceTarget(model: Pick<DeviceModel, "class" | "commands">): Target {
  const writes = new Map<string, number[]>();
  for (const { point, value } of model.commands) writes.set(point, [...(writes.get(point) ?? []), value]);
  return { class: model.class, writes };
}
