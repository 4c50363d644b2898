/**
 * Law 3, seen from the plant: every write came through the gate from a command that it was handed,
 * while it was allowed, armed and in time, once; none reached fire equipment or the last feed of
 * what must stay alive; and the gate calls done only what it has read back.
 */
import type { Command, Outcome } from "../../src/core/command.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Breach, GateFacts, Run, Touch } from "./run.ts";

/** The gate looks this much longer at what was written in a command's last moment, and needs a look to say so. ms */
const graceMs = 4500;
const minuteMs = 60_000;

interface Handed {
  readonly command: Command;
  readonly gate: number;
  /** How often the gate had been opened when it was last written for. */
  wroteIn: number | null;
  /** What the point read before the write that is to be judged next; undefined: not read since the gate was opened. */
  endedAs: Outcome | null;
  /** Whether the effect was read back since it was written. */
  isSeen: boolean;
}

export class GateJudge {
  readonly #facts: GateFacts;
  readonly #tell: (law: Breach["law"], at: number, what: string) => void;
  readonly #handed = new Map<string, Handed>();
  readonly #disarmed = new Set<string>();
  /** The newest value that this gate has read of each point. */
  readonly #read = new Map<string, number | null>();
  readonly #written = new Map<string, number>();
  #writes: number[] = [];
  readonly #planned = new Map<string, number>();
  #openedAt = 0;

  constructor(facts: GateFacts, tell: (law: Breach["law"], at: number, what: string) => void) {
    this.#facts = facts;
    this.#tell = tell;
  }

  take(touch: Touch): void {
    switch (touch.did) {
      case "handed":
        if (!this.#handed.has(touch.command.id))
          this.#handed.set(touch.command.id, {
            command: touch.command,
            gate: touch.gate,
            wroteIn: null,
            endedAs: null,
            isSeen: false,
          });
        return;
      case "read":
        this.#read.set(touch.point, touch.value);
        return this.#see(touch.point, touch.value);
      case "wrote":
        return this.#wrote(touch);
      case "ended":
        return this.#ended(touch.outcome, touch.at);
      case "opened":
        this.#openedAt = touch.at;
        return this.#read.clear();
      case "killed":
        return;
      case "armed":
        if (touch.armed) this.#disarmed.delete(touch.response);
        else this.#disarmed.add(touch.response);
    }
  }

  /** What a gate has seen stands in its ledger, and may be told by the next one, which has not looked. */
  #see(point: string, value: number | null): void {
    for (const handed of this.#handed.values())
      if (handed.command.point === point && handed.wroteIn !== null) handed.isSeen ||= value === handed.command.value;
  }

  #wrote(touch: Touch & { readonly did: "wrote" }): void {
    const { at, id, point, value, gate } = touch;
    const flaw = (what: string): void => this.#tell(3, at, `${point} := ${value} was written for ${id}, ${what}`);
    const handed = this.#handed.get(id);
    if (!handed) return flaw("which nobody commanded");
    const { command } = handed;
    const device = deviceOf(point);
    if (command.point !== point || command.value !== value) flaw(`which commands ${command.point} := ${command.value}`);
    if (at > command.expires) flaw("which had expired");
    if (!this.#facts.armed.has(command.response)) flaw("whose response is not armed");
    if (this.#disarmed.has(command.response)) flaw("whose response was disarmed");
    if (!this.#facts.allow.has(device)) flaw("on a device that is not allowed");
    if (this.#facts.fire.has(device)) flaw("on fire equipment");
    if (handed.endedAs !== null) flaw("which was over");
    if (handed.wroteIn === gate) flaw("for the second time");
    if (!this.#read.has(command.point)) flaw("without a look before");
    else if (this.#read.get(command.point) === value) flaw("though it was so already");
    this.#checkFeeds(touch, flaw);
    this.#count(command, at);
    if (this.#writes.length > this.#facts.writesPerMinute) flaw("one more than a minute may have");
    handed.wroteIn = gate;
    this.#written.set(point, value);
    // What was read before the write says nothing of what came of it.
    this.#read.delete(point);
  }

  /** What a response's plan holds is not counted, the first time within a minute. */
  #count({ response, point, issued }: Command, at: number): void {
    const key = `${response} ${point}`;
    const last = this.#planned.get(key) ?? Number.NEGATIVE_INFINITY;
    const isPlanned = this.#facts.plans.get(response)?.has(point) === true && last <= issued - minuteMs;
    if (isPlanned) this.#planned.set(key, issued);
    else this.#writes = [...this.#writes.filter((then) => then > at - minuteMs), at];
  }

  #checkFeeds(
    { point, value }: { readonly point: string; readonly value: number },
    flaw: (what: string) => void,
  ): void {
    if (value !== 0) return;
    if (this.#facts.protectedOutlets.has(point)) flaw("which is never opened");
    for (const group of this.#facts.neverBoth) {
      if (group.includes(point) && group.every((other) => other === point || this.#written.get(other) === 0))
        flaw(`the last feed of ${group.join(", ")}`);
    }
  }

  #ended(outcome: Outcome, at: number): void {
    const handed = this.#handed.get(outcome.command);
    if (!handed) return this.#tell(3, at, `${outcome.command} is over, and was never handed over`);
    const first = handed.endedAs === null;
    handed.endedAs ??= outcome;
    if (!first || outcome.result !== "done") return;
    const { point, value, expect, id } = handed.command;
    if (outcome.at < this.#openedAt && handed.isSeen) return;
    const seen = this.#read.get(point);
    const isElsewhere = expect.point !== point && this.#read.has(expect.point);
    const isFelt = isElsewhere && meets(expect, this.#read.get(expect.point));
    if (seen !== value && !(seen === null && isFelt)) this.#tell(3, at, `${id} is called done, and was not read back`);
    if (isElsewhere && !isFelt) this.#tell(3, at, `${id} is called done, and its effect was not seen`);
  }

  /** Nothing that was handed over long ago may still be open. */
  end(run: Run): void {
    const opened = run.touches.findLast(({ did }) => did === "opened" || did === "killed");
    if (opened?.did !== "opened") return;
    for (const { command, endedAs } of this.#handed.values()) {
      const due = Math.max(command.expires, opened.at) + graceMs;
      if (endedAs === null && run.ends > due && isHandedAgain(run, command, opened.at))
        this.#tell(5, run.ends, `the gate has not said what became of ${command.id}`);
    }
  }
}

/** Whether the gate that is open now knows of a command: it was handed it, or its ledger had it. */
const isHandedAgain = (run: Run, { id }: Command, since: number): boolean =>
  run.touches.some((touch) => touch.did === "handed" && touch.command.id === id && touch.at >= since);

const meets = (expect: Command["expect"], value: number | null | undefined): boolean => {
  if (value === null || value === undefined) return false;
  return expect.is === "=" ? value === expect.value : expect.is === "<" ? value < expect.value : value > expect.value;
};
