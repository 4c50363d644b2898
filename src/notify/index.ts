/**
 * Telling the world. Everything here is an outlet: it takes what it is given at once, never blocks
 * and never throws, and no part of the service waits for it or learns anything from it.
 */
import type { Command, Outcome } from "../core/command.ts";
import type { Notice, Transition } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import { commandEvent, noticeEvent, transitionEvent } from "./events.ts";
import type { MqttConfig, MqttHealth, MqttOutlet } from "./mqtt.ts";
import { openMqtt, topicPart } from "./mqtt.ts";
import type { WebhookConfig, WebhookHealth } from "./webhook.ts";
import { openWebhook } from "./webhook.ts";

/** Where a site's news goes. */
export interface NotifyConfig {
  readonly mqtt?: MqttConfig;
  readonly webhooks: readonly WebhookConfig[];
}

/** The site as its outlets name it. */
export interface NotifySite {
  readonly id: string;
  /** A point's unit; null for a state and for a point that is not known. */
  unitOf(point: PointId): string | null;
}

export interface Notify {
  /** Newest readings. They go out once a second, one message a device. */
  points(batch: readonly Reading[]): void;
  transition(transition: Transition): void;
  /** A command given to the gate, or what became of one. */
  command(said: Command | Outcome): void;
  /** What people must be told that is no alarm: causes, floods, votes, responses as they go on. */
  notice(notice: Notice): void;
  /** The service's own state: plain data. */
  state(state: Readonly<Record<string, unknown>>): void;
  health(): { readonly mqtt: MqttHealth | null; readonly webhooks: readonly WebhookHealth[] };
  close(): Promise<void>;
}

/** Devices' messages go out this often. */
const devicePeriodMs = 1000;

/** Opens a site's outlets. */
export function openNotify(config: NotifyConfig, site: NotifySite): Notify {
  const mqtt = config.mqtt ? openMqtt(config.mqtt, site.id) : null;
  const webhooks = config.webhooks.map((webhook) => openWebhook(webhook));
  const devices = mqtt ? openDevices(mqtt, site) : null;
  return {
    points: (batch) => devices?.take(batch),
    transition(transition) {
      const body = JSON.stringify(transition);
      mqtt?.set(`alarm/${topicPart(transition.alarm)}`, { qos: 1, body: () => body });
      for (const webhook of webhooks) webhook.post(transitionEvent(site.id, transition));
    },
    command(said) {
      mqtt?.event("result" in said ? "outcome" : "command", JSON.stringify(said));
      for (const webhook of webhooks) webhook.post(commandEvent(site.id, said));
    },
    notice(notice) {
      mqtt?.event("notice", JSON.stringify(notice));
      for (const webhook of webhooks) webhook.post(noticeEvent(site.id, notice));
    },
    state(state) {
      const body = JSON.stringify(state);
      mqtt?.set("state", { qos: 1, body: () => body });
    },
    health: () => ({ mqtt: mqtt?.health() ?? null, webhooks: webhooks.map((webhook) => webhook.health()) }),
    async close() {
      devices?.close();
      await Promise.all([mqtt?.close(), ...webhooks.map((webhook) => webhook.close())]);
    },
  };
}

/** The newest reading of every point, by device. A device's message holds all its points, for it is retained. */
function openDevices(mqtt: MqttOutlet, site: NotifySite): { take(batch: readonly Reading[]): void; close(): void } {
  const newest = new Map<string, Map<PointId, Reading>>();
  const changed = new Set<string>();
  const timer = setInterval(() => {
    for (const device of changed) {
      const body = (): string => deviceBody(newest.get(device)!, site);
      mqtt.set(`device/${topicPart(device)}`, { qos: 0, body });
    }
    changed.clear();
  }, devicePeriodMs).unref();
  return {
    take(batch) {
      for (const reading of batch) {
        const device = deviceOf(reading.point);
        const points = newest.get(device) ?? new Map<PointId, Reading>();
        points.set(reading.point, reading);
        newest.set(device, points);
        changed.add(device);
      }
    },
    close: () => clearInterval(timer),
  };
}

function deviceBody(points: ReadonlyMap<PointId, Reading>, site: NotifySite): string {
  const said: Record<string, unknown> = {};
  for (const [point, reading] of points) {
    const { point: _, ...rest } = reading;
    said[point.slice(deviceOf(point).length + 1)] = { ...rest, unit: site.unitOf(point) };
  }
  return JSON.stringify({ points: said });
}
