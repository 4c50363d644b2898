/**
 * What is done about alarms: a response begins when it is called for and by nothing else, commands
 * nothing while this node does not lead, and every command that it has put out is confirmed by what
 * the plant shows or given up in sight, in its time.
 */
import { pointsOf } from "../../src/core/alarm/definition.ts";
import type { Command, Outcome, Test } from "../../src/core/command.ts";
import type { Notice, SiteModel } from "../../src/core/plant.ts";
import { deviceOf } from "../../src/core/reading.ts";
import type { Phase } from "../../src/core/respond/campaign.ts";
import type { Response } from "../../src/core/respond/response.ts";
import type { Eyes } from "./eyes.ts";
import type { AlarmJudge } from "./judge-alarms.ts";
import type { Breach, Life, Scanned } from "./run.ts";

/** The gate may take this much longer than a command's own time, and the core a scan or two to say so. ms */
const graceMs = 3500;
/** After a restart the plant is looked at this long before anything is planned or given up. ms */
const lookFirstMs = 5000;
const slackMs = 500;

interface Open {
  readonly command: Command;
  until: number;
}

export class CommandJudge {
  readonly #site: SiteModel;
  readonly #eyes: Eyes;
  readonly #alarms: AlarmJudge;
  readonly #tell: (law: Breach["law"], at: number, what: string) => void;
  readonly #open = new Map<string, Open>();
  readonly #ids = new Set<string>();
  /** Outlets that each run of a shed has switched. */
  readonly #switched = new Set<string>();
  readonly #numbers: ReadonlyMap<string, number>;
  #phases: readonly Phase[] = [];
  #phaseSince: number[] = [];
  /** Since when each response has been called for, this node leading. */
  #calledSince: (number | null)[];
  #heldUntil = 0;

  constructor(
    site: SiteModel,
    eyes: Eyes,
    alarms: AlarmJudge,
    tell: (law: Breach["law"], at: number, what: string) => void,
  ) {
    this.#site = site;
    this.#eyes = eyes;
    this.#alarms = alarms;
    this.#tell = tell;
    this.#numbers = new Map(site.alarms.map(({ id }, at) => [id, at]));
    this.#calledSince = site.responses.map(() => null);
  }

  open({ at, phases }: Life): void {
    if (this.#phases.length > 0 && this.#phases.join() !== phases.join())
      this.#tell(4, at, `responses stood ${this.#phases.join()} and came back ${phases.join()}`);
    this.#phases = phases;
    this.#phaseSince = phases.map(() => at);
    this.#calledSince = phases.map(() => null);
    this.#heldUntil = at + lookFirstMs;
    for (const open of this.#open.values()) open.until = Math.max(open.until, this.#heldUntil + slackMs);
  }

  /** After the alarms of the same scan have been judged. */
  take({ input, output, phases }: Scanned): void {
    const now = input.at;
    this.#checkPhases(phases ?? this.#phases, now, { output, input });
    for (const notice of output.notices) this.#checkNotice(notice, now, input.outcomes);
    for (const command of output.commands) this.#checkCommand(command, now, input.leads);
    for (const { command, until } of this.#open.values()) {
      if (now <= until) continue;
      this.#tell(5, now, `${command.id} was neither confirmed nor given up`);
      this.#open.delete(command.id);
    }
  }

  #checkCommand(command: Command, now: number, leads: boolean): void {
    const { id, point, response: by } = command;
    const response = this.#site.responses.find((one) => one.id === by);
    if (!leads) this.#tell(3, now, `${id} was commanded by a node that does not lead`);
    if (now < this.#heldUntil && this.#heldUntil > lookFirstMs)
      this.#tell(3, now, `${id} was commanded before the plant was looked at`);
    if (command.issued !== now) this.#tell(2, now, `${id} was issued at another time than its scan's`);
    if (!(command.expires > now)) this.#tell(3, now, `${id} has no time to be carried out`);
    if (this.#ids.has(id)) this.#tell(3, now, `${id} is an id that was given before`);
    if (!response || response.mode === "observe") this.#tell(3, now, `${id} is of no response that may act`);
    for (const { command: other } of this.#open.values())
      if (other.point === point) this.#tell(3, now, `${id} commands what ${other.id} has not done with`);
    const once = `${id.slice(0, id.indexOf("/"))} ${point}`;
    if (response?.action.kind === "shed" && this.#switched.has(once)) this.#tell(3, now, `${id} sheds ${point} twice`);
    this.#switched.add(once);
    this.#ids.add(id);
    this.#open.set(id, { command, until: command.expires + graceMs });
  }

  #checkNotice({ id, event, text, at }: Notice, now: number, outcomes: readonly Outcome[]): void {
    if (at !== now) this.#tell(2, now, `${id} speaks with another time than its scan's`);
    if (event !== "confirmed" && event !== "failed") return;
    const open = [...this.#open.values()].find(
      ({ command: c }) => c.response === id && text.startsWith(`${c.point} := ${c.value}: `),
    );
    if (!open) return this.#tell(3, now, `${id} says what came of a command that is not open: ${text}`);
    this.#open.delete(open.command.id);
    if (event === "confirmed" && !this.#isShown(open.command, outcomes))
      this.#tell(3, now, `${open.command.id} is called confirmed, and the plant has not shown it`);
  }

  #isShown({ id, expect, point, issued }: Command, outcomes: readonly Outcome[]): boolean {
    const meets = (value: number): boolean => isMet(expect, value);
    const readBack = outcomes.find(({ command }) => command === id)?.readBack;
    if (readBack !== undefined && expect.point === point && meets(readBack)) return true;
    const seen = this.#eyes.valueOf(expect.point);
    return seen !== null && seen.at > issued && meets(seen.value);
  }

  /** A blind alarm takes load only beside a witness that is seen, on a device that the alarm does not look at. */
  #isCalling({ ifBlind, action, witness }: Response, alarm: number): boolean {
    const { active, blind, outOfService } = this.#alarms.alarms[alarm]!;
    if (outOfService !== null || !(active || (blind && ifBlind === "act"))) return false;
    if (active || (action.kind === "failover" && witness === undefined)) return true;
    const own = new Set(this.#site.alarms[alarm]!.channels.flatMap(pointsOf).map(deviceOf));
    return (witness ?? []).some((test) => {
      const seen = own.has(deviceOf(test.point)) ? null : this.#eyes.valueOf(test.point);
      return seen !== null && !seen.isInDoubt && isMet(test, seen.value);
    });
  }

  #checkPhases(phases: readonly Phase[], now: number, { input, output }: Pick<Scanned, "input" | "output">): void {
    this.#site.responses.forEach((response, i) => {
      const [was, is] = [this.#phases[i], phases[i]];
      const asked = input.requests.flatMap((r) => (r.to === "response" && r.response === response.id ? [r.event] : []));
      const isCalled = response.when.some((id) => this.#isCalling(response, this.#numbers.get(id)!));
      if (was !== is) this.#phaseSince[i] = now;
      const began = was === "idle" && is !== "idle";
      const isTakenUp = asked.includes("start") || asked.includes("restore");
      if (began && !isCalled && !isTakenUp) this.#tell(1, now, `${response.id} began, and nothing calls for it`);
      const hasActed = output.commands.some((c) => c.response === response.id);
      if (
        response.mode === "advise" &&
        was !== "running" &&
        hasActed &&
        !asked.includes("approve") &&
        !asked.includes("restore")
      )
        this.#tell(3, now, `${response.id} acts without the yes that it waits for`);
      if (was === "stopped" && hasActed && !isTakenUp) this.#tell(3, now, `${response.id} acts though it was stopped`);
      const isDue = isCalled && input.leads && now >= this.#heldUntil;
      const since = isDue ? (this.#calledSince[i] ?? now) : null;
      this.#calledSince[i] = since;
      const waitedMs = since === null ? 0 : now - since;
      if (is === "idle" && waitedMs > slackMs) this.#tell(5, now, `${response.id} is called for and does not begin`);
      if (
        is === "counting" &&
        waitedMs > response.after + slackMs &&
        now - this.#phaseSince[i]! > response.after + slackMs
      )
        this.#tell(5, now, `${response.id} has counted down and does not go on`);
    });
    this.#phases = phases;
  }
}

const isMet = ({ is, value: bound }: Test, value: number): boolean =>
  is === "=" ? value === bound : is === "<" ? value < bound : value > bound;
