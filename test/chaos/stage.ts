/**
 * Plays a swarm on a site in virtual time. The core, the loop, the watch with its journal, and the
 * gate are the product's own; around them stands what this folder adds: links that fail, kills in
 * the middle, and operators. Everything that the run is judged by is written down on the way.
 */
import type { Plant as SimulatedPlant } from "../../simulators/plant/index.ts";
import { actuate, advance, apply, demoPlant, measure } from "../../simulators/plant/index.ts";
import { virtualSource } from "../../simulators/wire/virtual.ts";
import type { VirtualClock } from "../../src/clock.ts";
import { virtualClock } from "../../src/clock.ts";
import type { Alarm } from "../../src/core/alarm/lifecycle.ts";
import type { Request, ScanInput, ScanOutput } from "../../src/core/plant.ts";
import type { Reading } from "../../src/core/reading.ts";
import { deviceOf, pointId } from "../../src/core/reading.ts";
import type { Action } from "../../src/core/respond/response.ts";
import { nextDue } from "../../src/core/scan.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Site } from "../../src/site/index.ts";
import type { Watch } from "../../src/watch.ts";
import { openWatch } from "../../src/watch.ts";
import type { Deed } from "./deed.ts";
import { Excursions } from "./excursions.ts";
import { Hand } from "./hand.ts";
import { Links } from "./links.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { Operators } from "./operators.ts";
import { deviation } from "./replayed.ts";
import type { Life, Run, Scanned, Touch } from "./run.ts";
import type { Swarm } from "./swarm.ts";

/** A site to play on. */
export interface Grounds {
  readonly site: Site;
  /** The text of its site file: the plant is built from it. */
  readonly siteText: string;
}

/** When every swarm begins. */
const starts = instant(Date.UTC(2026, 2, 2));
/** The plant moves in steps of this at most. */
const paceMs = 1000;
/** Where services are is asked this often. */
const whereaboutsMs = 5000;

export const playSwarm = (grounds: Grounds, swarm: Swarm): Promise<Run> => new Stage(grounds, swarm).play();

/** The site as the swarm has it. */
export function alteredSite(site: Site, swarm: Swarm): Site {
  const responses = site.model.responses.map((response) => ({
    ...response,
    action: soonRestored(response.action),
    mode: swarm.advised.includes(response.id)
      ? ("advise" as const)
      : swarm.observed.includes(response.id)
        ? ("observe" as const)
        : response.mode,
    ifBlind: swarm.boldInBlindness.includes(response.id) ? ("act" as const) : response.ifBlind,
  }));
  const armed = site.gate.armed.filter((id) => !swarm.unarmed.includes(id));
  const { guarded = [] } = swarm;
  const alarms = site.model.alarms.map((alarm) => (guarded.includes(alarm.id) ? { ...alarm, safety: true } : alarm));
  return { ...site, model: { ...site.model, alarms, responses }, gate: { ...site.gate, armed } };
}

/** A swarm lasts minutes: nobody would live to see a site calm for longer. */
const settlesMs = 20_000;

const soonRestored = (action: Action): Action =>
  action.kind === "failover" && action.restore
    ? { ...action, restore: { ...action.restore, settle: ms(settlesMs) } }
    : action;

class Stage {
  readonly #site: Site;
  readonly #swarm: Swarm;
  readonly #ends: number;
  readonly #clock: VirtualClock = virtualClock(starts);
  readonly #plant: SimulatedPlant;
  readonly #source: ReturnType<typeof virtualSource>;
  readonly #shows: ReturnType<typeof measure>;
  readonly #links = new Links();
  readonly #journal = new MemoryJournal();
  readonly #hand: Hand;
  readonly #operators: Operators;
  readonly #excursions: Excursions;
  readonly #deeds: Deed[];
  readonly #scans: Scanned[] = [];
  readonly #lives: Life[] = [];
  readonly #touches: Touch[] = [];
  #alarms: Alarm[] = [];
  #phases = "";
  #token = 1;
  #leads = true;
  #watch: Watch | null = null;
  #upAt: number | null = null;

  constructor({ site, siteText }: Grounds, swarm: Swarm) {
    this.#site = alteredSite(site, swarm);
    this.#swarm = swarm;
    this.#ends = starts + swarm.lastsMs;
    this.#plant = demoPlant(swarm.seed, siteText);
    this.#shows = measure(this.#plant);
    this.#source = virtualSource(this.#plant, this.#site.devices);
    this.#deeds = [...swarm.deeds];
    this.#operators = new Operators(this.#site.model, swarm.operator);
    this.#excursions = new Excursions(this.#site, this.#plant, swarm);
    this.#hand = new Hand({
      site: this.#site,
      plant: this.#plant,
      clock: this.#clock,
      touches: this.#touches,
      outcome: (outcome) => this.#watch?.loop.outcome(outcome),
    });
    this.#wake();
  }

  async play(): Promise<Run> {
    const { model, gate, devices } = this.#site;
    while (this.#clock.now() < this.#ends) await this.#moveTo(this.#nextInstant());
    this.#excursions.end(this.#clock.now());
    return {
      swarm: this.#swarm,
      site: model,
      gate: {
        ...gate,
        allow: new Set(gate.allow),
        armed: new Set(gate.armed),
        protectedOutlets: new Set<string>(gate.protectedOutlets),
        fire: new Set(devices.filter((device) => device.model.class === "fire").map(({ id }) => id)),
      },
      starts,
      ends: this.#ends,
      lives: this.#lives,
      scans: this.#scans,
      touches: this.#touches,
      journal: this.#journal.kept,
      excursions: this.#excursions.found,
      replayed: deviation(this.#journal.kept, this.#scans, model),
    };
  }

  #nextInstant(): number {
    const now = this.#clock.now();
    const plant = this.#watch?.loop.plant;
    const step = now + paceMs - ((now - starts) % paceMs);
    const others = [
      plant && nextDue(plant),
      this.#clock.next(),
      this.#links.next(),
      this.#hand.next(),
      this.#operators.next(),
      this.#upAt,
    ];
    let next = Math.min(this.#ends, step);
    const deed = this.#deeds[0];
    if (deed) next = Math.min(next, Math.max(now, starts + deed.atMs));
    for (const at of others) if (at !== null && at !== undefined) next = Math.min(next, Math.max(now + 1, at));
    return next;
  }

  async #moveTo(at: number): Promise<void> {
    const now = instant(at);
    advance(this.#plant, ms(at - this.#clock.now()));
    this.#clock.moveTo(now);
    this.#hand.moveTo(at);
    while (this.#deeds[0] && starts + this.#deeds[0].atMs <= at) await this.#doIt(this.#deeds.shift()!);
    if (this.#upAt !== null && this.#upAt <= at) this.#wake();
    if (this.#hand.isBusy) await rest();
    this.#excursions.look(at);
    const arrived = this.#links.carry(this.#source.readings(now), at);
    const loop = this.#watch?.loop;
    if (!loop) return;
    loop.offer(arrived);
    loop.offer(this.#whereabouts(now));
    for (const request of this.#operators.ask(at)) loop.request(request);
    const output = loop.cycle(now);
    if (output && output.commands.length > 0) await rest();
  }

  /** The service begins, or goes on where it was killed. */
  #wake(): void {
    this.#upAt = null;
    const watch = openWatch({
      site: this.#site.model,
      timezone: this.#site.timezone,
      clock: this.#clock,
      journal: this.#journal,
      command: (command) => this.#hand.hand(command, this.#token),
      scanned: (input, output) => this.#scanned(input, output),
    });
    this.#watch = watch;
    const { plant } = watch.loop;
    this.#alarms = plant.alarms.map(({ alarm }) => alarm);
    const phases = plant.campaigns.map(({ phase }) => phase);
    this.#phases = phases.join();
    this.#lives.push({ at: plant.now, alarms: [...this.#alarms], phases });
    watch.loop.lead(this.#leads);
    if (this.#lives.length > 1) this.#token += 1;
    for (const command of watch.unfinished) this.#hand.hand(command, this.#token);
  }

  #scanned(input: ScanInput, output: ScanOutput): void {
    const { plant } = this.#watch!.loop;
    const moved: [number, Alarm][] = [];
    plant.alarms.forEach(({ alarm }, i) => {
      if (alarm === this.#alarms[i]) return;
      moved.push([i, alarm]);
      this.#alarms[i] = alarm;
    });
    let phases = null;
    const now = plant.campaigns.map(({ phase }) => phase);
    const joined = now.join();
    if (joined !== this.#phases) [phases, this.#phases] = [now, joined];
    this.#scans.push({ life: this.#lives.length - 1, input, output, alarms: moved, phases });
    this.#operators.see(output, input.at);
    // Now and then in the middle, as a journal's segment fills up.
    if (this.#scans.length % (701 + (this.#swarm.seed % 499)) === 0) this.#journal.full = true;
  }

  async #doIt(deed: Deed): Promise<void> {
    const now = this.#clock.now();
    switch (deed.does) {
      case "event":
        return apply(this.#plant, deed.event);
      case "link":
        return this.#links.disturb(deed.fault, now);
      case "ask":
        return this.#operators.plan(deed.ask, now);
      case "lead":
        return this.#lead(deed.leads);
      case "killCore":
        return this.#kill(now + deed.downMs);
      case "killGate":
        return this.#hand.kill(deed.touches, deed.downMs);
      case "hand":
        return void actuate(this.#plant, deed.device, deed.point, deed.value);
      case "putBack":
        return this.#putBack();
      case "arm":
        this.#hand.arm(deed.response, deed.armed);
        return rest();
      case "resend":
        this.#hand.resend();
        return rest();
    }
  }

  #putBack(): void {
    for (const { feeds } of this.#site.model.power.loads) {
      for (const { outlet } of feeds) {
        const device = outlet === null ? null : deviceOf(outlet);
        if (device !== null) actuate(this.#plant, device, outlet!.slice(device.length + 1), 1);
      }
    }
  }

  /** Where each service is, as often as its mover is asked. */
  #whereabouts(at: Instant): readonly Reading[] {
    if ((at - starts) % whereaboutsMs !== 0) return [];
    return this.#site.services.flatMap(({ id }): Reading[] => {
      const value = this.#shows(id, "service.site");
      return value === null ? [] : [{ point: pointId(id, "service.site"), at, quality: "good", value }];
    });
  }

  #lead(leads: boolean): void {
    if (leads && !this.#leads) this.#token += 1;
    this.#leads = leads;
    this.#watch?.loop.lead(leads);
  }

  #kill(until: number): void {
    if (this.#watch === null) return;
    this.#watch = null;
    this.#hand.forget();
    this.#upAt = until;
  }
}

/** Lets all that waits for a promise, and not for time, come to rest. */
const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Requests that were made, as they were heard. */
export const requestsOf = (run: Run): readonly { readonly at: number; readonly request: Request }[] =>
  run.scans.flatMap(({ input }) => input.requests.map((request) => ({ at: input.at, request })));
