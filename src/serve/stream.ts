/**
 * From scans to events. A scan only leaves its plant here; what has changed is worked out between
 * scans, at most four times a second (at once for a transition), and only while somebody listens.
 * All clients share one state: a new one gets it whole, then the same deltas as everybody.
 */
import type { ServerResponse } from "node:http";
import type { Plant } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Beat, Health, Live, Snapshot } from "./api.ts";
import { Clients, frame } from "./clients.ts";
import { deltaOf } from "./delta.ts";
import type { SiteInfo } from "./info.ts";
import { shownPoints } from "./info.ts";
import type { Host } from "./view.ts";
import { healthOf, live, siteView, view } from "./view.ts";

/** Nobody reads faster than this; a display that redraws more often only gets warm. */
const updateMs = 250;
/** A transition goes out at once; a storm of them goes out once a scan. */
const urgentMs = 100;
const beatMs = 1000;

/** The plant's newest state, and those who watch it. */
export class Stream {
  readonly clients = new Clients();
  readonly #info: SiteInfo;
  readonly #host: Host;
  readonly #beats: NodeJS.Timeout;
  #plant: Plant | null = null;
  #shown: readonly PointId[] = [];
  #health: Health | null = null;
  #last: Live | null = null;
  #flushedAt = 0;
  #flushAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #seq = 0;

  constructor(info: SiteInfo, host: Host) {
    this.#info = info;
    this.#host = host;
    this.#beats = setInterval(() => this.#beat(), beatMs);
  }

  get plant(): Plant | null {
    return this.#plant;
  }

  /** Takes note of a scan. Costs nothing: the work is done later, between scans. */
  publish(plant: Plant, urgent: boolean): void {
    if (this.#plant?.site !== plant.site) this.#shown = shownPoints(plant.site, this.#info);
    this.#plant = plant;
    if (this.clients.count > 0) this.#flushBy(this.#flushedAt + (urgent ? urgentMs : updateMs));
  }

  /** Everything as it stands; null before the first scan. */
  snapshot(): Snapshot | null {
    return this.#plant && view(this.#plant, this.#info, this.#host);
  }

  /** Keeps a response open as a stream: the snapshot first, then what follows. False before the first scan. */
  join(response: ServerResponse): boolean {
    const plant = this.#plant;
    if (!plant) return false;
    this.#count();
    this.#flush();
    this.clients.add(response);
    const site = siteView(plant, this.#info, this.#shown);
    const snapshot = { version: 1, ...this.#host, site, ...this.#last! } satisfies Snapshot;
    this.clients.sendTo(response, `retry: 1000\n\n${frame("snapshot", snapshot)}${frame("beat", this.#beatOf(plant))}`);
    return true;
  }

  close(): void {
    clearInterval(this.#beats);
    clearTimeout(this.#timer);
    this.clients.close();
  }

  #flushBy(at: number): void {
    if (at >= this.#flushAt) return;
    clearTimeout(this.#timer);
    this.#flushAt = at;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, at - performance.now()));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#flushAt = Number.POSITIVE_INFINITY;
    this.#flushedAt = performance.now();
    if (!this.#plant) return;
    this.#health ??= healthOf(this.#plant);
    const now = live(this.#plant, this.#info, this.#shown, this.#health);
    const delta = this.#last && deltaOf(this.#last, now);
    this.#last = now;
    if (delta) this.clients.send(frame("delta", delta));
  }

  #count(): void {
    if (this.#plant) this.#health = healthOf(this.#plant);
  }

  #beat(): void {
    this.#seq += 1;
    if (!this.#plant || this.clients.count === 0) return;
    this.#count();
    this.#flush();
    this.clients.send(frame("beat", this.#beatOf(this.#plant)));
  }

  #beatOf(plant: Plant): Beat {
    return { seq: this.#seq, at: plant.now, build: this.#host.build };
  }
}
