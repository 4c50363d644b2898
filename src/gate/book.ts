/**
 * What the gate knows of its own deeds: plain data, changed only by steps. The ledger is the list of
 * steps on disk; the book is what they add up to. The same steps always make the same book, so a
 * gate that was killed opens the book where it was.
 */
import type { Command, CommandId, Outcome, ResponseId } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { hours, minutes } from "../core/time.ts";
import { isSamePerson } from "./person.ts";

/** A command that was admitted and is not over. */
export interface Open {
  readonly command: Command;
  /** The newest token it was sent with. */
  readonly token: number;
  /** When the write was first begun; null while nothing can have reached the device. */
  readonly sentAt: Instant | null;
  readonly readBefore: number | null;
  /** It is of its response's own plan, and not counted among the writes of a minute. */
  readonly planned?: true;
}

/** A command that is over. */
interface Ended {
  readonly outcome: Outcome;
  readonly expires: Instant;
}

/** Who said so, why and when; and until when it holds, where that was said. */
export interface Said {
  readonly by: string;
  readonly why: string;
  readonly at: Instant;
  readonly until?: Instant;
}

export type Step =
  | {
      readonly step: "admitted";
      readonly at: Instant;
      readonly token: number;
      readonly command: Command;
      readonly planned?: true;
    }
  /** A known command came again with a newer token. */
  | { readonly step: "joined"; readonly at: Instant; readonly token: number; readonly id: CommandId }
  /** The write is about to be made. */
  | { readonly step: "sent"; readonly at: Instant; readonly id: CommandId; readonly readBefore: number | null }
  | { readonly step: "ended"; readonly at: Instant; readonly expires: Instant; readonly outcome: Outcome }
  /** Refused for its stale token: its id stays free, because the node that now leads may decide the same. */
  | {
      readonly step: "turnedAway";
      readonly at: Instant;
      readonly token: number;
      readonly id: CommandId;
      readonly reason: string;
    }
  | ({ readonly step: "disarmed" | "armed"; readonly response: ResponseId } & Said)
  /** Nothing is written until it ends; one whose end is its beginning ends the one before. */
  | ({ readonly step: "maintenance" } & Said)
  /** A person's yes to what two must say yes to. */
  | ({ readonly step: "yes"; readonly what: string } & Said)
  /** What a compacted ledger starts from. */
  | {
      readonly step: "base";
      readonly highWater: number;
      readonly switched: readonly (readonly [PointId, number])[];
      readonly sends: readonly Instant[];
      /** Not in ledgers of before there were plans. */
      readonly planned?: readonly (readonly [string, Instant])[];
    };

export interface Book {
  /** The highest fencing token seen; a lower one is stale. */
  highWater: number;
  readonly open: Map<CommandId, Open>;
  /** Oldest first. */
  readonly ended: Map<CommandId, Ended>;
  readonly disarmed: Map<ResponseId, Said>;
  /** Armed by a person for a time. */
  readonly armed: Map<ResponseId, Said>;
  maintenance: Said | null;
  /** Who has said yes to what, each person's last word, oldest first. */
  readonly yes: Map<string, readonly Said[]>;
  /** What the gate last wrote to each point. */
  readonly switched: Map<PointId, number>;
  /** When writes beside those of plans were begun, within the last minute. */
  sends: Instant[];
  /** When a write of a plan was last admitted, by response and point; of the last minute, oldest first. */
  readonly planned: Map<string, Instant>;
}

/** What a response's write of a point goes by among those of plans. */
export const plannedKey = (response: ResponseId, point: PointId): string => `${response} ${point}`;

/** The window of the rate limit. */
export const rateWindow = minutes(1);

/** Outcomes are kept for the record this long and this many, and always until their commands expire. */
const endedAge = hours(30 * 24);
const endedMax = 10_000;

export const emptyBook = (): Book => ({
  highWater: 0,
  open: new Map(),
  ended: new Map(),
  disarmed: new Map(),
  armed: new Map(),
  maintenance: null,
  yes: new Map(),
  switched: new Map(),
  sends: [],
  planned: new Map(),
});

/** Enters a step. */
export function enter(book: Book, step: Step): void {
  switch (step.step) {
    case "admitted":
      book.highWater = Math.max(book.highWater, step.token);
      book.ended.delete(step.command.id);
      return enterAdmitted(book, step);
    case "joined":
      book.highWater = Math.max(book.highWater, step.token);
      return change(book, step.id, { token: step.token });
    case "sent":
      return enterSent(book, step);
    case "ended":
      return enterEnded(book, step);
    case "turnedAway":
      book.open.delete(step.id);
      return;
    case "disarmed":
      book.armed.delete(step.response);
      book.disarmed.set(step.response, saidOf(step));
      return;
    case "armed":
      book.disarmed.delete(step.response);
      // Without an end it only takes a disarming back.
      if (step.until === undefined) book.armed.delete(step.response);
      else book.armed.set(step.response, saidOf(step));
      return;
    case "maintenance":
      book.maintenance = saidOf(step);
      return;
    case "yes":
      return enterYes(book, step);
    case "base":
      book.highWater = Math.max(book.highWater, step.highWater);
      step.switched.forEach(([point, value]) => {
        book.switched.set(point, value);
      });
      book.sends = [...step.sends];
      for (const [key, at] of step.planned ?? []) book.planned.set(key, at);
      return;
  }
}

function enterAdmitted(book: Book, { at, token, command, planned }: Step & { readonly step: "admitted" }): void {
  const open = { command, token, sentAt: null, readBefore: null };
  book.open.set(command.id, planned ? { ...open, planned } : open);
  if (!planned) return;
  const key = plannedKey(command.response, command.point);
  book.planned.delete(key);
  book.planned.set(key, at);
  for (const [oldest, then] of book.planned) {
    if (then > at - rateWindow) break;
    book.planned.delete(oldest);
  }
}

/** Two are needed; a few more may say it. */
const yesMax = 8;

function enterYes(book: Book, { what, ...said }: Step & { readonly step: "yes" }): void {
  const others = (book.yes.get(what) ?? []).filter(({ by }) => !isSamePerson(by, said.by));
  book.yes.set(what, [...others, saidOf(said)].slice(-yesMax));
}

const saidOf = ({ by, why, at, until }: Said): Said => ({ by, why, at, ...(until === undefined ? {} : { until }) });

function change(book: Book, id: CommandId, to: Partial<Open>): void {
  const open = book.open.get(id);
  if (open) book.open.set(id, { ...open, ...to });
}

function enterSent(book: Book, { at, id, readBefore }: Step & { readonly step: "sent" }): void {
  const open = book.open.get(id);
  if (!open) return;
  // A write made again after a restart is still the write of the first time.
  book.open.set(id, { ...open, sentAt: open.sentAt ?? at, readBefore: open.sentAt ? open.readBefore : readBefore });
  book.switched.set(open.command.point, open.command.value);
  if (!open.planned) book.sends = [...book.sends.filter((send) => send > at - rateWindow), at];
}

function enterEnded(book: Book, { at, expires, outcome }: Step & { readonly step: "ended" }): void {
  book.open.delete(outcome.command);
  book.ended.delete(outcome.command);
  book.ended.set(outcome.command, { outcome, expires });
  for (const [id, oldest] of book.ended) {
    const isSurplus = book.ended.size > endedMax || at - oldest.outcome.at > endedAge;
    if (!isSurplus || oldest.expires >= at) break;
    book.ended.delete(id);
  }
}

/** Steps that make an empty book into this one. */
export function stepsOf(book: Book): readonly Step[] {
  const steps: Step[] = [];
  book.ended.forEach(({ outcome, expires }) => {
    steps.push({ step: "ended", at: outcome.at, expires, outcome });
  });
  book.open.forEach(({ command, token, sentAt, readBefore, planned }) => {
    const admitted = { step: "admitted", at: command.issued, token, command } as const;
    steps.push(planned ? { ...admitted, planned } : admitted);
    if (sentAt !== null) steps.push({ step: "sent", at: sentAt, id: command.id, readBefore });
  });
  book.disarmed.forEach((said, response) => {
    steps.push({ step: "disarmed", response, ...said });
  });
  book.armed.forEach((said, response) => {
    steps.push({ step: "armed", response, ...said });
  });
  book.yes.forEach((people, what) => {
    for (const said of people) steps.push({ step: "yes", what, ...said });
  });
  if (book.maintenance) steps.push({ step: "maintenance", ...book.maintenance });
  // Last, because its figures replace what the steps before it add up to.
  const { highWater, sends } = book;
  const planned = book.planned.size > 0 ? { planned: [...book.planned] } : {};
  steps.push({ step: "base", highWater, switched: [...book.switched], sends, ...planned });
  return steps;
}
