/**
 * Laws 1 and 5, alarm by alarm: nothing is raised or cleared but by what was seen for as long as its
 * delay asks, blindness is announced when it begins and unsaid when it ends, nothing latched or
 * acknowledged is lost, nobody withholds an alarm for longer than was asked, and whatever an alarm
 * does is told.
 */
import type { Alarm } from "../../src/core/alarm/lifecycle.ts";
import type { Request, SiteModel, Transition } from "../../src/core/plant.ts";
import type { Eyes, Possible } from "./eyes.ts";
import type { Move } from "./judge-withholding.ts";
import { WithholdingJudge } from "./judge-withholding.ts";
import type { Breach, Life, Scanned } from "./run.ts";

/** Two scans, ms: what is due may be a scan late. */
const twoScansMs = 200;

/** Since when an alarm's vote may have been, and must have been, of one kind. */
interface Spell {
  mayRiseSince: number | null;
  mustRiseSince: number | null;
  mayFallSince: number | null;
  mustFallSince: number | null;
  mustBeBlindSince: number | null;
  mustSeeSince: number | null;
}

const noSpell = (): Spell => ({
  mayRiseSince: null,
  mustRiseSince: null,
  mayFallSince: null,
  mustFallSince: null,
  mustBeBlindSince: null,
  mustSeeSince: null,
});

export class AlarmJudge {
  readonly #site: SiteModel;
  readonly #eyes: Eyes;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #tell: (law: Breach["law"], at: number, what: string) => void;
  readonly #spells: Spell[];
  readonly #withholding: WithholdingJudge;
  #alarms: Alarm[] = [];

  constructor(site: SiteModel, eyes: Eyes, tell: (law: Breach["law"], at: number, what: string) => void) {
    this.#site = site;
    this.#eyes = eyes;
    this.#tell = tell;
    this.#withholding = new WithholdingJudge(tell);
    this.#numbers = new Map(site.alarms.map(({ id }, at) => [id, at]));
    this.#spells = site.alarms.map(noSpell);
    for (const { id, cause, consequence, response, priority } of site.alarms) {
      if ([cause, consequence, response, priority].some((text) => text.trim() === ""))
        tell(5, 0, `${id} does not say its cause, consequence, response and priority`);
    }
  }

  /** How the alarms stand. */
  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** A life begins: it goes on where the one before ended. */
  open({ at, alarms }: Life): void {
    alarms.forEach((alarm, i) => {
      const before = this.#alarms[i];
      const { id } = this.#site.alarms[i]!;
      if (before && lasting(before) !== lasting(alarm))
        this.#tell(4, at, `${id} stood ${lasting(before)} and came back ${lasting(alarm)}`);
      const spell = this.#spells[i]!;
      Object.assign(spell, { ...noSpell(), mayRiseSince: alarm.active ? null : spell.mayRiseSince });
    });
    this.#alarms = [...alarms];
  }

  take({ input, output, alarms }: Scanned): void {
    const now = input.at;
    const moved = new Map(alarms);
    const asked = new Map<number, Request[]>();
    for (const request of input.requests) {
      const at = request.to === "alarm" ? this.#numbers.get(request.alarm) : undefined;
      if (at !== undefined) asked.set(at, [...(asked.get(at) ?? []), request]);
    }
    const after = this.#alarms.map((alarm, i) => moved.get(i) ?? alarm);
    this.#site.alarms.forEach((definition, i) => {
      const move: Move = { definition, now, before: this.#alarms[i]!, after: after[i]!, asked: asked.get(i) ?? [] };
      const { bypassed } = move.after;
      const possible = this.#eyes.possible(i, bypassed && now < bypassed.until ? bypassed.channel : null);
      this.#follow(this.#spells[i]!, possible, move);
      this.#checkMove(this.#spells[i]!, possible, move);
      this.#checkPeople(move);
      this.#checkSuppressed(move, after);
      this.#withholding.take(i, move);
    });
    for (const transition of output.transitions) {
      const i = this.#numbers.get(transition.alarm);
      if (i === undefined) this.#tell(5, now, `${transition.alarm} is told of, and is no alarm of this site`);
      else if (transition.at !== now)
        this.#tell(2, now, `${transition.alarm} is told with another time than its scan's`);
    }
    this.#checkTold(now, output.transitions, after);
    this.#alarms = after;
  }

  #follow(spell: Spell, possible: Possible, { now, before }: Move): void {
    const only = (what: "abnormal" | "normal" | "unknown"): boolean =>
      possible[what] && Number(possible.abnormal) + Number(possible.normal) + Number(possible.unknown) === 1;
    const since = (was: number | null, is: boolean): number | null => (is ? (was ?? now) : null);
    // An on-delay runs on in blindness; only what is seen to be normal ends it.
    spell.mayRiseSince =
      only("normal") || before.active
        ? null
        : since(spell.mayRiseSince, spell.mayRiseSince !== null || possible.abnormal);
    spell.mustRiseSince = since(spell.mustRiseSince, only("abnormal") && !before.active);
    spell.mayFallSince = since(spell.mayFallSince, possible.normal && before.active);
    spell.mustFallSince = since(spell.mustFallSince, only("normal") && before.active);
    const isBlind = only("unknown") && !possible.early;
    spell.mustBeBlindSince = since(spell.mustBeBlindSince, isBlind && !before.blind);
    spell.mustSeeSince = since(spell.mustSeeSince, !possible.unknown && before.blind);
  }

  #checkMove(spell: Spell, possible: Possible, { definition, now, before, after }: Move): void {
    const { id, onDelay, offDelay, latch } = definition;
    const age = (since: number | null): number => (since === null ? -1 : now - since);
    if (!before.active && after.active) {
      if (!possible.abnormal) this.#tell(1, now, `${id} was raised, and not by what is seen`);
      else if (age(spell.mayRiseSince) < onDelay) this.#tell(5, now, `${id} was raised before its on-delay was over`);
      if (latch && !after.latched) this.#tell(5, now, `${id} was raised and is not latched`);
      if (after.acknowledged) this.#tell(5, now, `${id} was raised as one that is acknowledged`);
    }
    if (before.active && !after.active) {
      if (!possible.normal) this.#tell(1, now, `${id} was cleared, and not by what is seen`);
      else if (age(spell.mayFallSince) < offDelay)
        this.#tell(5, now, `${id} was cleared before its off-delay was over`);
    }
    if (!after.active && age(spell.mustRiseSince) > onDelay + twoScansMs)
      this.#tell(5, now, `${id} has not been raised though it was due`);
    if (after.active && age(spell.mustFallSince) > offDelay + twoScansMs)
      this.#tell(5, now, `${id} has not been cleared though it was due`);
    if (!before.blind && after.blind && !possible.unknown) this.#tell(1, now, `${id} is called blind, and is not`);
    if (before.blind && !after.blind && !possible.abnormal && !possible.normal)
      this.#tell(1, now, `${id} is said to be seen again, and is not`);
    if (!after.blind && age(spell.mustBeBlindSince) > twoScansMs)
      this.#tell(1, now, `${id} is blind, and nobody says so`);
    if (after.blind && age(spell.mustSeeSince) > twoScansMs) this.#tell(1, now, `${id} is seen, and is called blind`);
  }

  #checkPeople({ definition, now, before, after, asked }: Move): void {
    const { id } = definition;
    const wasAsked = (kind: string): boolean => asked.some((r) => r.to === "alarm" && r.event.kind === kind);
    const wasRaised = !before.active && after.active;
    if (!before.acknowledged && after.acknowledged && !wasAsked("acknowledge"))
      this.#tell(5, now, `${id} is acknowledged, and nobody did it`);
    const isReleased = isWithheld(before) && !isWithheld(after) && after.active;
    if (isReleased && after.acknowledged && !wasAsked("acknowledge"))
      this.#tell(5, now, `${id} comes back as acknowledged, and nobody has seen it`);
    if (before.acknowledged && !after.acknowledged && !wasRaised && !isReleased)
      this.#tell(5, now, `${id} has lost its acknowledgement`);
    if (wasAsked("acknowledge") && !after.acknowledged && !wasRaised && !isReleased)
      this.#tell(5, now, `${id} was acknowledged, and does not say so`);
    if (before.latched && !after.latched) {
      if (!wasAsked("reset")) this.#tell(5, now, `${id} has lost its latch`);
      else if (after.active || before.active) this.#tell(5, now, `${id} was reset while it was active`);
    }
  }

  #checkSuppressed({ definition, now, after }: Move, all: readonly Alarm[]): void {
    const { id, suppressedBy } = definition;
    const shouldBe = suppressedBy.some((other) => all[this.#numbers.get(other)!]!.active);
    if (after.suppressed !== shouldBe)
      this.#tell(5, now, `${id} is ${shouldBe ? "not suppressed beside" : "suppressed without"} what it follows from`);
  }

  /** Whatever changes in sight of people is told as it is, step after step; what does not is not told. */
  #checkTold(now: number, transitions: readonly Transition[], after: readonly Alarm[]): void {
    const told = new Map<string, Transition[]>();
    for (const transition of transitions)
      told.set(transition.alarm, [...(told.get(transition.alarm) ?? []), transition]);
    this.#site.alarms.forEach(({ id, priority }, i) => {
      const [before, is] = [this.#alarms[i]!, after[i]!];
      const steps = told.get(id) ?? [];
      if (before === is && steps.length === 0) return;
      const [from, to] = [standing(before), standing(is)];
      const path = [from, ...steps.flatMap((step) => [step.from, step.to]), to];
      const isWhole = path.every((state, at) => at % 2 === 1 || state === path[at + 1]);
      if (!isWhole) this.#tell(5, now, `${id} went from ${from} to ${to}, and is told otherwise`);
      const sight = steps.findLast(({ blind }) => blind !== undefined)?.blind ?? before.blind;
      if (sight !== is.blind) this.#tell(1, now, `${id} ${is.blind ? "went blind" : "is seen again"}, untold`);
      if (steps.some((step) => step.from === step.to && step.blind === undefined))
        this.#tell(5, now, `${id} is told of, and has not changed`);
      if (steps.some((step) => step.priority !== priority))
        this.#tell(5, now, `${id} is told with another priority than its own`);
    });
  }
}

const isWithheld = ({ shelved, suppressed, outOfService }: Alarm): boolean =>
  shelved !== null || suppressed || outOfService !== null;

/** What no restart may change. */
const lasting = (alarm: Alarm): string => {
  const { active, acknowledged, latched, shelved, suppressed, outOfService, bypassed, raisedAt } = alarm;
  return JSON.stringify({ active, acknowledged, latched, shelved, suppressed, outOfService, bypassed, raisedAt });
};

/** The standard's name (ISA-18.2) of how an alarm stands. */
function standing(alarm: Alarm): string {
  if (alarm.outOfService !== null) return "outOfService";
  if (alarm.suppressed) return "suppressedByDesign";
  if (alarm.shelved !== null) return "shelved";
  const read = alarm.acknowledged ? "Acknowledged" : "Unacknowledged";
  if (alarm.active) return read.toLowerCase();
  if (alarm.latched) return `latched${read}`;
  return alarm.acknowledged ? "normal" : "returnedUnacknowledged";
}
