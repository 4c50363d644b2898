/** Every kind of target by its actuator, and services that are moved by one. */
import type { TargetKindName } from "../core/target.ts";
import type { Actuator, Declaration, StateLink } from "./actuator.ts";
import type { DnsSettings } from "./dns.ts";
import { dnsActuator, dnsDeclaration } from "./dns.ts";
import type { ExecSettings } from "./exec.ts";
import { execActuator, execDeclaration } from "./exec.ts";
import type { KubernetesSettings } from "./kubernetes.ts";
import { kubernetesActuator, kubernetesDeclaration } from "./kubernetes.ts";
import type { MqttSettings } from "./mqtt.ts";
import { mqttActuator, mqttDeclaration } from "./mqtt.ts";
import type { PatroniSettings } from "./patroni.ts";
import { patroniActuator, patroniDeclaration } from "./patroni.ts";
import { servicePoint } from "./policy.ts";
import type { RedfishLimitSettings, RedfishPowerSettings } from "./redfish.ts";
import { redfishLimit, redfishLimitDeclaration, redfishPower, redfishPowerDeclaration } from "./redfish.ts";
import type { SentinelSettings } from "./sentinel.ts";
import { sentinelActuator, sentinelDeclaration } from "./sentinel.ts";
import type { HttpSettings } from "./worker.ts";
import { httpActuator, httpDeclaration } from "./worker.ts";

interface SettingsOf {
  readonly dns: DnsSettings;
  readonly mqtt: MqttSettings;
  readonly http: HttpSettings;
  readonly kubernetes: KubernetesSettings;
  readonly redfishPower: RedfishPowerSettings;
  readonly redfishLimit: RedfishLimitSettings;
  readonly patroni: PatroniSettings;
  readonly sentinel: SentinelSettings;
  readonly exec: ExecSettings;
}

/** A target and how it is reached, its secrets in it. */
export type TargetLink = {
  [K in TargetKindName]: StateLink<SettingsOf[K]> & { readonly kind: K };
}[TargetKindName];

export const targetDeclarations: Readonly<Record<TargetKindName, Declaration>> = {
  dns: dnsDeclaration,
  mqtt: mqttDeclaration,
  http: httpDeclaration,
  kubernetes: kubernetesDeclaration,
  redfishPower: redfishPowerDeclaration,
  redfishLimit: redfishLimitDeclaration,
  patroni: patroniDeclaration,
  sentinel: sentinelDeclaration,
  exec: execDeclaration,
};

export function targetActuator(link: TargetLink): Actuator {
  switch (link.kind) {
    case "dns":
      return dnsActuator(link);
    case "mqtt":
      return mqttActuator(link);
    case "http":
      return httpActuator(link);
    case "kubernetes":
      return kubernetesActuator(link);
    case "redfishPower":
      return redfishPower(link);
    case "redfishLimit":
      return redfishLimit(link);
    case "patroni":
      return patroniActuator(link);
    case "sentinel":
      return sentinelActuator(link);
    case "exec":
      return execActuator(link);
  }
}

/** A service that is where a target is in a certain state: one for each of its sites, null where none means that site. */
export interface MovedLink {
  readonly id: string;
  readonly by: string;
  readonly sites: readonly string[];
  readonly states: readonly (number | null)[];
}

/** The actuator of a service that a target moves. */
export function movedBy(target: Actuator, point: string, { states }: Pick<MovedLink, "states">): Actuator {
  return {
    async read(name, stop) {
      const state = name === servicePoint ? await target.read(point, stop) : null;
      const place = state === null ? -1 : states.indexOf(state);
      return place < 0 ? null : place;
    },
    async write(order, stop) {
      const value = states[order.value] ?? null;
      if (order.point !== servicePoint || value === null) return { result: "refused", detail: "no such site" };
      return target.write({ ...order, point, value }, stop);
    },
    close: () => target.close(),
    once: target.once ?? false,
  };
}
