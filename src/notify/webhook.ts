/**
 * Webhooks: CloudEvents 1.0 in structured JSON, signed as Standard Webhooks does. Events go out one
 * at a time and in order, each until it is taken: at least once while the service runs. The queue is
 * in memory and bounded; what finds no room is counted, never silently gone.
 */
import { createHmac } from "node:crypto";

/** A receiver, as the site file names it; the secret stands in it resolved. */
export interface WebhookConfig {
  readonly url: string;
  /** "whsec_" and base64, or any other text as it stands. */
  readonly secret: string;
}

/** A CloudEvent. The same happening always has the same id, so that a receiver can drop what it has had. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly data: unknown;
}

export interface WebhookHealth {
  readonly waiting: number;
  /** Events that found no room. */
  readonly dropped: number;
  /** Events that the receiver refused for good. */
  readonly refused: number;
}

export interface WebhookOutlet {
  post(event: CloudEvent): void;
  health(): WebhookHealth;
  /** Waits a moment for what is still in the queue. */
  close(): Promise<void>;
}

/** Waits between attempts, and the time that one may take; tests shorten them. */
export interface WebhookPace {
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  readonly timeoutMs: number;
}

/** A day of a busy site. */
const queueMax = 10_000;
const usualPace: WebhookPace = { firstWaitMs: 500, longestWaitMs: 60_000, timeoutMs: 10_000 };
const partingMs = 1000;
const secretPrefix = "whsec_";
/** Refusals that may be different the next time. */
const passing: readonly number[] = [408, 425, 429];

/** Opens one webhook. Posting never blocks and never fails; what goes wrong is tried again and counted. */
export function openWebhook(config: WebhookConfig, pace: WebhookPace = usualPace): WebhookOutlet {
  return new Outlet(config, pace);
}

class Outlet implements WebhookOutlet {
  readonly #config: WebhookConfig;
  readonly #pace: WebhookPace;
  readonly #queue: CloudEvent[] = [];
  readonly #closed = new AbortController();
  #sending: Promise<void> | null = null;
  #dropped = 0;
  #refused = 0;

  constructor(config: WebhookConfig, pace: WebhookPace) {
    this.#config = config;
    this.#pace = pace;
  }

  post(event: CloudEvent): void {
    if (this.#closed.signal.aborted) return;
    this.#queue.push(event);
    if (this.#queue.length > queueMax) {
      // The newest is worth the most; the first in the queue may be on the wire.
      this.#queue.splice(1, 1);
      this.#dropped += 1;
    }
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
  }

  health(): WebhookHealth {
    return { waiting: this.#queue.length, dropped: this.#dropped, refused: this.#refused };
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#closed.abort(), partingMs);
    await this.#sending;
    clearTimeout(timer);
    this.#closed.abort();
  }

  async #sendAll(): Promise<void> {
    const { firstWaitMs, longestWaitMs } = this.#pace;
    let waitMs = firstWaitMs;
    for (let event = this.#queue[0]; event && !this.#closed.signal.aborted; event = this.#queue[0]) {
      const answer = await this.#send(event);
      if (answer === "again") {
        await pause(waitMs, this.#closed.signal);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
        continue;
      }
      if (answer === "refused") this.#refused += 1;
      this.#queue.shift();
      waitMs = firstWaitMs;
    }
  }

  async #send(event: CloudEvent): Promise<"taken" | "refused" | "again"> {
    const body = JSON.stringify(event);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(this.#pace.timeoutMs)]);
    const headers = {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": event.id,
      "webhook-timestamp": timestamp,
      "webhook-signature": sign(this.#config.secret, `${event.id}.${timestamp}.${body}`),
    };
    try {
      const response = await fetch(this.#config.url, { method: "POST", headers, body, redirect: "manual", signal });
      await response.body?.cancel();
      if (response.ok) return "taken";
      return response.status >= 500 || passing.includes(response.status) ? "again" : "refused";
    } catch {
      // No answer, whatever the reason: the event stays first in the queue.
      return "again";
    }
  }
}

function sign(secret: string, content: string): string {
  const key = secret.startsWith(secretPrefix) ? Buffer.from(secret.slice(secretPrefix.length), "base64") : secret;
  return `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener("abort", done);
  });
}
