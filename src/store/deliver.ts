/**
 * Sends lines until the other side has taken every one of them or refused it by itself. A batch
 * that is refused is halved, so that one bad line costs neither its neighbours nor all that waits
 * behind it; a server that is away or overloaded is asked again, ever more slowly.
 */
import { halved, type Lines, textsOf } from "./lines.ts";

/** What came of sending some lines. `retry`: not now; `reject`: never like this, one of them or all together. */
export type Sent =
  | { readonly kind: "sent" }
  | { readonly kind: "retry"; readonly reason: string; readonly waitMs?: number }
  | { readonly kind: "reject"; readonly reason: string };

/** Sends lines once. A rejection counts as a retry. */
export type Send = (lines: Lines) => Promise<Sent>;

/** How a delivery reports what happened on the way. */
export interface Watcher {
  /** Kept aside before the delivery goes on. */
  quarantine(line: string, reason: string): Promise<void>;
  /** Why the other side does not take anything just now; null when it does again. */
  waiting(reason: string | null): void;
}

/** The first wait after a refusal, and the longest. A server that says how long is believed up to the longest. ms */
export interface Patience {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** True when every line has been sent or kept aside; false when `stop` came first. */
export async function deliver(
  lines: Lines,
  send: Send,
  watcher: Watcher,
  options: { readonly stop: AbortSignal; readonly patience: Patience },
): Promise<boolean> {
  const waiting: Lines[] = [lines];
  let refusals = 0;
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    if (options.stop.aborted) return false;
    const sent = await attempt(send, part, options.stop);
    if (sent === null) return false;
    if (sent.kind === "retry") {
      waiting.push(part);
      watcher.waiting(sent.reason);
      await pause(waitBefore(sent.waitMs, refusals++, options.patience), options.stop);
      continue;
    }
    refusals = 0;
    watcher.waiting(null);
    if (sent.kind === "sent") continue;
    if (part.count === 1) await watcher.quarantine(textsOf(part)[0]!, sent.reason);
    else waiting.push(...halved(part).toReversed());
  }
  return true;
}

/** Null when `stop` came first: a database that does not answer must not hold up a stop. */
function attempt(send: Send, lines: Lines, stop: AbortSignal): Promise<Sent | null> {
  return new Promise((resolve) => {
    const end = (sent: Sent | null): void => {
      stop.removeEventListener("abort", abort);
      resolve(sent);
    };
    const abort = (): void => end(null);
    stop.addEventListener("abort", abort);
    send(lines).then(end, (error: unknown) => end({ kind: "retry", reason: String(error) }));
  });
}

/** Full jitter: many sites behind one database do not come back in step. */
function waitBefore(asked: number | undefined, refusals: number, { firstMs, longestMs }: Patience): number {
  if (asked !== undefined) return Math.min(Math.max(asked, firstMs), longestMs);
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(refusals, 16));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/** Waits, or less when `stop` comes; leaves no timer behind. */
export function pause(waitMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    stop.addEventListener("abort", end);
  });
}
