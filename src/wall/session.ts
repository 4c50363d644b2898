/**
 * The page's link to the service: one event stream, what it has said last, and how long ago. A
 * timer of the page's own, not the socket's word, decides when what is shown is old.
 */
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Beat, Delta, GateView, Snapshot } from "../serve/api.ts";
import { apply } from "./apply.ts";
import type { Trouble } from "./freshness.ts";
import { retryMs } from "./freshness.ts";
import { Trends } from "./trends.ts";

const pulseMs = 250;
/** Between two beats the clock runs on by itself, but no further than to the next. */
const beatMs = 1000;
/** Arming and maintenance are said by people: a few seconds later is soon enough. */
const gateMs = 3000;
/** A page that has been open for a day starts afresh when nothing is going on. */
const pageMs = 24 * 3600 * 1000;

export class Session {
  readonly snapshot: Signal<Snapshot | null> = signal(null);
  /** Plant time. Stands still when the service does. */
  readonly now: Signal<number> = signal(0);
  /** Since the last news, ms. */
  readonly silenceMs: Signal<number> = signal(0);
  readonly trouble: Signal<Trouble> = signal("connecting");
  /** How the gate stands; "away" where one has answered and does not any more, null where none ever has. */
  readonly gate: Signal<GateView | "away" | null> = signal(null);
  readonly trends = new Trends();
  readonly #openedAt = performance.now();
  #build: string | null = null;
  #source: EventSource | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #at = 0;
  /** When the plant's time was last seen to move on. */
  #movedAt = performance.now();
  /** When anything at all was last heard. */
  #heardAt = performance.now();

  start(): void {
    this.#connect();
    setInterval(() => this.#pulse(), pulseMs);
    void this.#askGate();
    setInterval(() => void this.#askGate(), gateMs);
  }

  async #askGate(): Promise<void> {
    const answer = await fetch("api/v1/gate", { signal: AbortSignal.timeout(gateMs) })
      .then(async (response) => (response.ok ? ((await response.json()) as GateView) : null))
      .catch(() => null);
    this.gate.value = answer ?? (this.gate.value === null ? null : "away");
  }

  #connect(): void {
    const source = new EventSource("api/v1/stream");
    this.#source = source;
    source.addEventListener("snapshot", (event) => this.#take(JSON.parse(event.data) as Snapshot));
    source.addEventListener("delta", (event) => this.#change(JSON.parse(event.data) as Delta));
    source.addEventListener("beat", (event) => this.#hear(JSON.parse(event.data) as Beat));
    source.onerror = () => this.#lose(source.readyState === EventSource.CLOSED ? "refused" : "connectionLost");
  }

  #lose(trouble: Trouble): void {
    this.#source?.close();
    this.#source = null;
    this.trouble.value = trouble;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), retryMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  #take(snapshot: Snapshot): void {
    this.#attempt = 0;
    this.trouble.value = "none";
    const isFirst = this.#build === null;
    this.#build ??= snapshot.build;
    this.#move(snapshot.at, true);
    this.snapshot.value = snapshot;
    if (isFirst) void this.trends.recall(snapshot);
    this.#renew(snapshot.build);
  }

  #change(delta: Delta): void {
    this.#move(delta.at, false);
    const before = this.snapshot.value;
    if (before) this.snapshot.value = apply(before, delta);
  }

  #hear(beat: Beat): void {
    this.#move(beat.at, false);
    this.#renew(beat.build);
  }

  /** A restarted service may begin at an earlier instant: its snapshot is news all the same. */
  #move(at: number, isNews: boolean): void {
    this.#heardAt = performance.now();
    if (at > this.#at || isNews) this.#movedAt = this.#heardAt;
    this.#at = isNews ? at : Math.max(at, this.#at);
    // Ages and countdowns are worked out from it: they must not wait for the next pulse.
    if (isNews || this.#at > this.now.value) this.now.value = this.#at;
  }

  #pulse(): void {
    const time = performance.now();
    this.silenceMs.value = time - this.#movedAt;
    this.now.value = this.#at + Math.min(beatMs, time - this.#movedAt);
    if (this.#source && this.trouble.value === "none" && time - this.#heardAt > 5 * beatMs)
      this.trouble.value = "connectionLost";
    const snapshot = this.snapshot.value;
    if (!snapshot) return;
    if (this.silenceMs.value < 2 * beatMs) this.trends.sample(snapshot, time);
    if (time - this.#openedAt > pageMs && snapshot.mode === "normal" && this.silenceMs.value < beatMs)
      location.reload();
  }

  /** Another build's page takes this one's place, but never while somebody has yet to see a critical alarm. */
  #renew(build: string): void {
    if (build === this.#build) return;
    const isUnseen = this.snapshot.value?.alarms.some(
      ({ priority, acknowledged }) => priority === "critical" && !acknowledged,
    );
    if (!isUnseen) location.reload();
  }
}
