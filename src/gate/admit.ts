/**
 * Whether a command may be carried out: a pure decision over plain data, taken twice. Once when the
 * command arrives, and again, with what the devices say now, in the moment before the write.
 */
import type { Command, Outcome } from "../core/command.ts";
import { passes } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { hours } from "../core/time.ts";
import type { Book, Open } from "./book.ts";
import { plannedKey, rateWindow } from "./book.ts";
import { withoutLeave } from "./leave.ts";
import { lackingYes } from "./people.ts";
import type { GatePolicy, Interlock } from "./policy.ts";

export type Admission =
  /** `planned`: a write of its response's own plan, the first of that point within a minute. */
  | { readonly is: "admitted"; readonly planned?: true }
  /** Known and not over: the new asker waits with the first. */
  | { readonly is: "joined" }
  /** Known and over: the earlier outcome is given again. */
  | { readonly is: "known"; readonly outcome: Outcome }
  /** `lasting`: the refusal ends the command, whoever asks for it again. */
  | { readonly is: "refused"; readonly reason: string; readonly lasting: boolean };

/** A command may not stay valid longer than this: what is meant for tomorrow is decided tomorrow. */
const lifeMax = hours(24);
/** More commands than a site has switches are not under way at once. */
const openMax = 1000;
/** The value by which a switch is open. */
const off = 0;

/** Decides about a command as it arrives. */
export function admit(
  book: Book,
  policy: GatePolicy,
  { command, token, now }: { readonly command: Command; readonly token: number; readonly now: Instant },
): Admission {
  const stale = staleToken(book, token);
  if (stale) return { is: "refused", reason: stale, lasting: false };
  const ended = book.ended.get(command.id);
  // Issued after the earlier one had expired, it is a new decision that was given an old id.
  if (ended && command.issued <= ended.expires) return { is: "known", outcome: ended.outcome };
  if (book.open.has(command.id)) return { is: "joined" };
  const isPlanned = isOfPlan(book, policy, command, now);
  const reason =
    notNow(book, policy, command, now) ??
    notThere(policy, command) ??
    lackingYes(book, policy, command, now) ??
    (isPlanned ? null : tooMany(book, policy, now)) ??
    alwaysClosed(book, policy, command);
  if (reason !== null) return { is: "refused", reason, lasting: true };
  return isPlanned ? { is: "admitted", planned: true } : { is: "admitted" };
}

/** What the devices said in the moment before a write. */
export interface Sight {
  readonly now: Instant;
  readonly values: ReadonlyMap<PointId, number | null>;
}

/** Why an admitted command must not be written after all; null when it may. */
export function barred(book: Book, policy: GatePolicy, { command }: Open, sight: Sight): string | null {
  return (
    notNow(book, policy, command, sight.now) ??
    notThere(policy, command) ??
    alwaysClosed(book, policy, command) ??
    lastFeed(book, policy, command, sight) ??
    interlocked(policy, command, sight) ??
    unmet(command, sight)
  );
}

/** Why a token is no longer good; null when it is. */
export function staleToken(book: Book, token: number): string | null {
  return token < book.highWater ? `token ${token} is stale: ${book.highWater} has been seen` : null;
}

/** The outlets that must be looked at before a command opens its own. */
export function partnersOf(policy: GatePolicy, command: Command): readonly PointId[] {
  if (command.value !== off) return [];
  const groups = policy.neverBoth.filter((group) => group.includes(command.point));
  return [...new Set(groups.flat())].filter((point) => point !== command.point);
}

/** The interlocks that forbid what a command writes to, while they hold. */
export const interlocksOf = (policy: GatePolicy, { point }: Command): readonly Interlock[] =>
  policy.interlocks.filter(({ forbids }) => forbids.includes(deviceOf(point)));

function notNow(book: Book, policy: GatePolicy, command: Command, now: Instant): string | null {
  if (now > command.expires) return `expired ${now - command.expires} ms ago`;
  if (command.expires - now > lifeMax) return "expires more than a day from now";
  return withoutLeave(book, policy, command.response, now);
}

function notThere(policy: GatePolicy, command: Command): string | null {
  const device = deviceOf(command.point);
  if (!policy.allow.has(device)) return `${device} is not on the allow-list`;
  const target = policy.targets.get(device);
  if (!target) return `${device} is not known to the gate`;
  if (target.class === "fire") return `${device} is fire equipment, which is only ever read`;
  const values = target.writes.get(command.point.slice(device.length + 1));
  if (!values) return `${command.point} cannot be commanded`;
  return values.includes(command.value) ? null : `${command.point} cannot be commanded to ${command.value}`;
}

/**
 * Whether a command is what its response's plan holds, once: so large a burst may come at once, and no
 * larger one. What comes again within a minute is counted like everything else.
 */
function isOfPlan(book: Book, { plans }: GatePolicy, { response, point }: Command, now: Instant): boolean {
  if (!plans.get(response)?.has(point)) return false;
  const last = book.planned.get(plannedKey(response, point));
  return last === undefined || last <= now - rateWindow;
}

function tooMany(book: Book, policy: GatePolicy, now: Instant): string | null {
  const unplanned = [...book.open.values()].filter((open) => open.planned !== true);
  if (unplanned.length >= openMax) return `${openMax} commands are under way`;
  const sent = book.sends.filter((at) => at > now - rateWindow).length;
  const unsent = unplanned.filter((open) => open.sentAt === null).length;
  return sent + unsent >= policy.writesPerMinute ? `more than ${policy.writesPerMinute} writes a minute` : null;
}

function alwaysClosed(book: Book, policy: GatePolicy, command: Command): string | null {
  if (command.value !== off) return null;
  if (policy.protectedOutlets.has(command.point)) return `${command.point} is never opened`;
  const shut = policy.neverBoth.find((g) => g.includes(command.point) && !g.some((p) => mayStandFor(book, command, p)));
  return shut ? `it would open the last feed of ${shut.join(", ")}` : null;
}

/** Whether another outlet may be what keeps the load alive, as far as the gate's own deeds go. */
function mayStandFor(book: Book, command: Command, point: PointId): boolean {
  if (point === command.point || book.switched.get(point) === off) return false;
  return ![...book.open.values()].some((open) => open.command.point === point && open.command.value === off);
}

function lastFeed(book: Book, policy: GatePolicy, command: Command, sight: Sight): string | null {
  if (command.value !== off) return null;
  for (const group of policy.neverBoth) {
    if (!group.includes(command.point)) continue;
    const other = group.find((point) => mayStandFor(book, command, point) && isOn(sight.values.get(point)));
    if (other === undefined) return `no other feed of ${group.join(", ")} is seen to be closed`;
  }
  return null;
}

const isOn = (value: number | null | undefined): boolean => value !== undefined && value !== null && value !== off;

function interlocked(policy: GatePolicy, command: Command, sight: Sight): string | null {
  for (const lock of interlocksOf(policy, command)) {
    const value = sight.values.get(lock.point) ?? null;
    if (value === null) return `the interlock ${lock.point} cannot be read: ${lock.why}`;
    if (passes(lock, value)) return `the interlock ${lock.point} ${lock.is} ${lock.value} forbids it: ${lock.why}`;
  }
  return null;
}

function unmet({ precondition }: Command, sight: Sight): string | null {
  if (!precondition) return null;
  const value = sight.values.get(precondition.point) ?? null;
  const wanted = `${precondition.point} ${precondition.is} ${precondition.value}`;
  if (value === null) return `the precondition ${wanted} cannot be read`;
  return passes(precondition, value) ? null : `the precondition ${wanted} does not hold: it is ${value}`;
}
