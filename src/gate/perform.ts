/**
 * One command carried out: look, decide, write down that it is sent, send it, and look until the
 * plant shows the effect. A gate that was killed anywhere in between begins again at the top, and
 * looking first is what keeps it from doing twice what it has done. What is slow to show and must not
 * be done twice is then only looked at.
 */
import type { CommandId, Outcome } from "../core/command.ts";
import { passes } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf, pointNameOf } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, instant, ms, seconds } from "../core/time.ts";
import type { Actuator, WriteOutcome } from "./actuator.ts";
import { barred, interlocksOf, partnersOf, staleToken } from "./admit.ts";
import type { Open } from "./book.ts";
import type { GateClock } from "./clock.ts";
import { withoutLeave } from "./leave.ts";
import type { Ledger } from "./ledger.ts";
import type { GatePolicy } from "./policy.ts";

/** What a performance works with. */
export interface Stage {
  readonly policy: GatePolicy;
  readonly ledger: Ledger;
  readonly clock: GateClock;
  /** By device and service. */
  readonly actuators: ReadonlyMap<string, Actuator>;
  /** Lets one command at a time decide and write on a device. */
  inLane<T>(device: string, work: () => Promise<T>): Promise<T>;
}

/** One command under way. */
export interface Performance {
  readonly id: CommandId;
  /** Aborts when the gate closes or another command for the same point takes over. */
  readonly stop: AbortSignal;
  /** The command that has taken over. */
  supersededBy: CommandId | null;
}

/** What came of a performance; null where the gate closed first and the command stays open. */
export type Ending =
  | { readonly is: "over"; readonly result: Outcome["result"]; readonly detail: string; readonly readBack?: number }
  | { readonly is: "turnedAway"; readonly reason: string };

/** The first look after a write, and the longest time between two: plant time. */
const firstPause = ms(250);
const longestPause = seconds(2);
/** What is written in a command's last moment is still looked at this long. The core waits a little longer. */
const graceAfterExpiry = seconds(2);

/** Carries out an open command. */
export async function perform(stage: Stage, performance: Performance): Promise<Ending | null> {
  const written = await stage.inLane(deviceOf(openOf(stage, performance).command.point), () =>
    write(stage, performance),
  );
  if (written === "sentBefore") return readBack(stage, performance, "; it was sent once, and is not sent twice");
  return written === "written" ? readBack(stage, performance) : written;
}

const openOf = (stage: Stage, { id }: Performance): Open => stage.ledger.book.open.get(id)!;

const over = (result: Outcome["result"], detail: string, seen: number | null = null): Ending => ({
  is: "over",
  result,
  detail,
  ...(seen === null ? {} : { readBack: seen }),
});

async function write(stage: Stage, performance: Performance): Promise<Ending | null | "written" | "sentBefore"> {
  const { ledger, policy, clock } = stage;
  const sight = await lookUntilSeen(stage, performance);
  const now = clock.now();
  const interrupted = interruption(stage, performance);
  if (interrupted !== undefined) return interrupted;
  const open = openOf(stage, performance);
  const before = sight.get(open.command.point) ?? null;
  // What is already so needs no leave to be left so.
  if (before === open.command.value) return "written";
  // It may have arrived before a restart, and showing it takes time: a second one would be a second deed.
  if (open.sentAt !== null && stage.actuators.get(deviceOf(open.command.point))?.once) return "sentBefore";
  const stale = staleToken(ledger.book, open.token);
  if (stale) return open.sentAt === null ? { is: "turnedAway", reason: stale } : over("failed", stale, before);
  const reason = barred(ledger.book, policy, open, { now, values: sight });
  if (reason !== null) return over(open.sentAt === null ? "refused" : "failed", reason, before);
  await ledger.append([{ step: "sent", at: now, id: open.command.id, readBefore: before }]);
  return send(stage, performance);
}

/** A command that was sent before a restart is not sent again until the device says how it stands, or time is up. */
async function lookUntilSeen(stage: Stage, performance: Performance): Promise<Map<PointId, number | null>> {
  for (let wait = firstPause; ; wait = longer(wait)) {
    const sight = await look(stage, performance);
    const { command, sentAt } = openOf(stage, performance);
    const left = elapsed(stage.clock.now(), command.expires);
    const isEnough = sentAt === null || sight.get(command.point) !== null;
    if (isEnough || left <= 0 || performance.stop.aborted) return sight;
    await stage.clock.wait(ms(Math.min(wait, left + 1)), performance.stop);
  }
}

async function look(stage: Stage, performance: Performance): Promise<Map<PointId, number | null>> {
  const { command } = openOf(stage, performance);
  const locks = interlocksOf(stage.policy, command).map(({ point }) => point);
  const points = [...new Set([command.point, ...partnersOf(stage.policy, command), ...locks])];
  if (command.precondition) points.push(command.precondition.point);
  const values = new Map<PointId, number | null>();
  await Promise.all(points.map(async (point) => values.set(point, await read(stage, point, performance.stop))));
  return values;
}

/** Closed or superseded: what that makes of the command; undefined while it may go on. */
function interruption(stage: Stage, performance: Performance): Ending | null | undefined {
  const { supersededBy } = performance;
  if (supersededBy === null) return performance.stop.aborted ? null : undefined;
  const wasSent = openOf(stage, performance).sentAt !== null;
  return over(wasSent ? "failed" : "refused", `${supersededBy} commands the same point`);
}

async function send(stage: Stage, performance: Performance): Promise<Ending | null | "written"> {
  const { command } = openOf(stage, performance);
  const device = deviceOf(command.point);
  const order = { id: command.id, point: pointNameOf(command.point), value: command.value, expires: command.expires };
  for (let wait = firstPause; ; wait = longer(wait)) {
    const interrupted = interruption(stage, performance);
    if (interrupted !== undefined) return interrupted;
    const reason = revoked(stage, performance);
    if (reason !== null) return over("failed", reason);
    const outcome: WriteOutcome = await stage.actuators.get(device)!.write(order, performance.stop);
    if (outcome.result === "refused") return over("failed", `${device} refused: ${outcome.detail}`);
    if (outcome.result !== "again") return "written";
    const left = elapsed(stage.clock.now(), command.expires);
    if (left <= 0) return over("failed", `${device} could not be written to: ${outcome.detail}`);
    await stage.clock.wait(ms(Math.min(wait, left)), performance.stop);
  }
}

/** While the ledger was written, or between two attempts, leave to write may have been taken away. */
function revoked(stage: Stage, performance: Performance): string | null {
  const { book } = stage.ledger;
  const { token, command } = openOf(stage, performance);
  const now = stage.clock.now();
  if (now > command.expires) return "expired before it could be written";
  return withoutLeave(book, stage.policy, command.response, now) ?? staleToken(book, token);
}

async function readBack(stage: Stage, performance: Performance, unshown = ""): Promise<Ending | null> {
  const { command } = openOf(stage, performance);
  const { clock } = stage;
  const deadline = lastLook(clock.now(), command);
  for (let wait = firstPause; ; wait = longer(wait)) {
    const seen = await effect(stage, performance);
    if (seen.shown) return over("done", seen.detail, seen.value);
    const interrupted = interruption(stage, performance);
    if (interrupted !== undefined) return interrupted;
    const left = elapsed(clock.now(), deadline);
    if (left <= 0) return over("failed", `${seen.detail}${unshown}`, seen.value);
    await clock.wait(ms(Math.min(wait, left)), performance.stop);
  }
}

function lastLook(now: Instant, { expect, expires }: Open["command"]): Instant {
  return instant(Math.min(after(now, expect.within), after(expires, graceAfterExpiry)));
}

const longer = (wait: Duration): Duration => ms(Math.min(wait * 1.5, longestPause));

interface Effect {
  readonly shown: boolean;
  readonly detail: string;
  readonly value: number | null;
}

/** Whether the point reads as commanded and the plant shows the effect. An effect out of the gate's sight is left to the core. */
async function effect(stage: Stage, performance: Performance): Promise<Effect> {
  const { point, value, expect } = openOf(stage, performance).command;
  const isElsewhere = expect.point !== point && stage.actuators.has(deviceOf(expect.point));
  const seen = await read(stage, point, performance.stop);
  const shows = isElsewhere ? await read(stage, expect.point, performance.stop) : seen;
  const isSo = seen === value || (seen === null && isElsewhere);
  const isFelt = shows !== null && (expect.point !== point && !isElsewhere ? true : passes(expect, shows));
  const detail = isElsewhere ? `${saying(point, seen)}, ${saying(expect.point, shows)}` : saying(point, seen);
  return { shown: isSo && isFelt, detail, value: seen };
}

const saying = (point: PointId, value: number | null): string =>
  value === null ? `${point} cannot be read` : `${point} reads ${value}`;

function read(stage: Stage, point: PointId, stop: AbortSignal): Promise<number | null> {
  return stage.actuators.get(deviceOf(point))?.read(pointNameOf(point), stop) ?? Promise.resolve(null);
}
