import type { Plant } from "../../simulators/plant/index.ts";
import { answers, measure } from "../../simulators/plant/index.ts";
import type { DetectorSpec } from "../../src/core/detect/index.ts";
import type { PointId } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Site } from "../../src/site/index.ts";
import type { Excursion } from "./run.ts";
import type { Swarm } from "./swarm.ts";

/**
 * Beyond a limit by this part of it, and at least by so much and by one step of what the device can say: a UPS that
 * counts whole minutes still says five when it has four and a half.
 */
const marginPart = 0.02;
const marginLeast = 0.3;

interface Looked {
  readonly alarm: number;
  readonly channel: number;
  readonly device: string;
  readonly point: string;
  readonly detect: DetectorSpec;
  since: number | null;
}

/** Watches the plant itself, once a second, on behalf of alarms whose instruments are sound throughout the swarm. */
export class Excursions {
  readonly found: Excursion[] = [];
  readonly #plant: Plant;
  readonly #shows: ReturnType<typeof measure>;
  readonly #looked: readonly Looked[];
  readonly #steps = new Map<string, number>();

  constructor({ model: site, devices }: Site, plant: Plant, swarm: Swarm) {
    const spoilt = spoiltIn(swarm);
    for (const { id, model } of devices)
      for (const { name, scale } of model.points) this.#steps.set(`${id}/${name}`, Math.abs(scale));
    this.#plant = plant;
    this.#shows = measure(plant);
    this.#looked = site.alarms.flatMap(({ channels }, alarm) =>
      channels.flatMap(({ point, detect }, channel): readonly Looked[] => {
        const device = deviceOf(point);
        if (spoilt.has(device)) return [];
        return [{ alarm, channel, device, point: point.slice(device.length + 1), detect, since: null }];
      }),
    );
  }

  look(at: number): void {
    if (at % 1000 !== 0) return;
    for (const looked of this.#looked) {
      const isOut = this.#isOut(looked);
      if (isOut && looked.since === null) looked.since = at;
      else if (!isOut && looked.since !== null) this.#close(looked, at);
    }
  }

  end(at: number): void {
    for (const looked of this.#looked) if (looked.since !== null) this.#close(looked, at);
  }

  #close(looked: Looked, to: number): void {
    this.found.push({ alarm: looked.alarm, channel: looked.channel, from: looked.since!, to });
    looked.since = null;
  }

  #isOut({ device, point, detect }: Looked): boolean {
    const value = this.#shows(device, point);
    if (value === null || !answers(this.#plant, device)) return false;
    if (detect.kind === "state") return detect.among.includes(value);
    if (detect.kind !== "limit") return false;
    const step = this.#steps.get(`${device}/${point}`) ?? 0;
    const margin = Math.max(marginLeast, Math.abs(detect.limit) * marginPart, step);
    return detect.side === "above" ? value > detect.limit + margin : value < detect.limit - margin;
  }
}

/** Devices that something is done to on the way of their readings. */
function spoiltIn({ deeds }: Swarm): ReadonlySet<string> {
  const spoilt = new Set<string>();
  for (const deed of deeds) {
    if (deed.does === "link") spoilt.add(deed.fault.device);
    if (deed.does !== "event") continue;
    const { event } = deed;
    if ("sensor" in event) spoilt.add(event.sensor);
    else if ("freeze" in event) spoilt.add(event.freeze);
    else if ("reading" in event) spoilt.add(deviceOf(event.reading as PointId));
  }
  return spoilt;
}
