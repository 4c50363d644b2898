/**
 * Devices that publish JSON over MQTT: every topic of their profile, oftener than their quickest point is wanted, each
 * document made up of all points that stand in it. Sparkplug B is not simulated.
 */
import { connectAsync, type MqttClient } from "mqtt";
import type { DeviceModel, MqttAccess, PointModel } from "../../src/profiles/index.ts";
import { rawOf } from "../../src/profiles/interpret.ts";
import type { PlantAccess } from "./access.ts";
import type { Faults } from "./faults.ts";
import { lookThrough } from "./look-through.ts";
import { sayable } from "./sayable.ts";

/** A device that publishes, and what it is called at its broker. */
export interface PublishingDevice {
  readonly id: string;
  readonly model: DeviceModel;
  readonly access: MqttAccess;
}

export interface PublishOptions {
  /** mqtt://HOST:PORT */
  readonly broker: string;
  readonly faults: (device: string) => Faults;
  /** The time that documents say, ms since 1970. */
  readonly now: () => number;
}

const patienceMs = 3000;
/** Periods say how long a device may be silent: it speaks twice as often, and in any case before people wonder. */
const shortestMs = 1000;
const longestMs = 5000;
/** As many digits as devices write. */
const digits = 7;

/** Whether all of a device can be published here. */
export const isPublishable = ({ points }: DeviceModel): boolean =>
  points.length > 0 && points.every(({ at }) => at.protocol === "mqtt" && at.form === "json");

/** Publishes until it is closed. Rejects where the broker does not answer. */
export async function publishDevices(
  devices: readonly PublishingDevice[],
  plant: PlantAccess,
  options: PublishOptions,
): Promise<{ close(): Promise<void> }> {
  const timers: NodeJS.Timeout[] = [];
  const clients: MqttClient[] = [];
  const close = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer);
    await Promise.all(clients.map((client) => client.endAsync(true)));
  };
  try {
    for (const device of devices) {
      const { user, password, version } = device.access;
      const who = { ...(user ? { username: user } : {}), ...(password ? { password } : {}) };
      const client = await connectAsync(
        options.broker,
        { connectTimeout: patienceMs, protocolVersion: version, ...who },
        false,
      );
      // A broker that goes away is connected to again.
      client.on("error", () => undefined);
      clients.push(client);
      const publish = publisherOf(device, plant, options, client);
      const quickest = Math.min(...device.model.points.map(({ period }) => period));
      const everyMs = Math.max(shortestMs, Math.min(longestMs, quickest / 2));
      timers.push(setInterval(publish, everyMs));
      publish();
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** A place in a document, and what stands there now: undefined for what cannot be said. */
interface Placed {
  readonly path: string;
  readonly timeAt: string | null;
  readonly value: () => number | string | undefined;
}

function publisherOf(
  { id, model, access }: PublishingDevice,
  plant: PlantAccess,
  { faults: faultsOf, now }: PublishOptions,
  client: MqttClient,
): () => void {
  const faults = faultsOf(id);
  const topics = new Map<string, Placed[]>();
  for (const point of model.points) {
    const { at } = point;
    if (at.protocol !== "mqtt" || at.form !== "json") continue;
    const topic = at.topic.replaceAll("{device}", access.device ?? "");
    const look = lookThrough(plant.look(id, point.name), point, faults);
    const placed = { path: at.path, timeAt: at.at, value: () => written(point, look()) };
    topics.set(topic, [...(topics.get(topic) ?? []), placed]);
  }
  return () => {
    if (!plant.answers(id)) return;
    for (const [topic, all] of topics) {
      const { isLost, isReset } = faults.next();
      if (isLost || isReset) continue;
      client.publish(topic, JSON.stringify(bodyOf(all, now() + faults.clock().aheadMs)), () => undefined);
    }
  };
}

function written(point: PointModel, value: number | null): number | string | undefined {
  const said = sayable(point, value);
  if (said === null) return undefined;
  const [word] = [...(point.texts ?? [])].find(([, place]) => place === said) ?? [];
  return word ?? Number(rawOf(point, said).toPrecision(digits));
}

/** A path that is empty is the whole document. */
function bodyOf(all: readonly Placed[], timeMs: number): unknown {
  const body: Record<string, unknown> = {};
  for (const { path, timeAt, value } of all) {
    const now = value();
    if (path === "") return now ?? null;
    if (now !== undefined) put(body, path, now);
    if (timeAt !== null) put(body, timeAt, Math.floor(timeMs / 1000));
  }
  return body;
}

/** "em.phases[0].power": what stands in brackets is a place in a list. */
function put(body: Record<string, unknown>, path: string, value: number | string): void {
  const steps = path.replaceAll("[", ".[").split(".");
  let at: Record<string, unknown> = body;
  for (const [i, step] of steps.entries()) {
    const key = step.replace(/^\[|\]$/g, "");
    const next = steps[i + 1];
    if (next === undefined) at[key] = value;
    else {
      at[key] ??= next.startsWith("[") ? [] : {};
      at = at[key] as Record<string, unknown>;
    }
  }
}
