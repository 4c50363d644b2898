/**
 * A response rehearsed with its outputs inhibited: in which order the core would give its commands, what the gate
 * would send for each, what would be waited for, and what stands in the way. Whatever is known of the site comes in
 * as data; nothing is asked from here, and nothing goes out.
 */
import type { Command, CommandId, Test } from "../core/command.ts";
import { passes } from "../core/command.ts";
import type { Image } from "../core/image.ts";
import { imageAt } from "../core/image.ts";
import type { PointId, Reading } from "../core/reading.ts";
import { deviceOf } from "../core/reading.ts";
import type { FailoverStep, Response } from "../core/respond/response.ts";
import { isCalled } from "../core/respond/steps.ts";
import type { Instant } from "../core/time.ts";
import { after } from "../core/time.ts";
import type { DryGate, DryWrite, GateState, Reaches } from "../gate/index.ts";
import { dryGate, policyOf } from "../gate/index.ts";
import { moversOf } from "../movers.ts";
import type { Site } from "../site/index.ts";
import type { Walk, Walked } from "./walk.ts";
import { walk } from "./walk.ts";

/** What a running service says of the site. */
export interface Live {
  readonly now: Instant;
  readonly readings: readonly Reading[];
  /** How its gate stands, or why nobody knows. */
  readonly gate: GateState | { readonly unknown: string };
}

export interface Rehearsed {
  readonly stage: string;
  /** From the alarm on; null for what is done only in another's place. */
  readonly startsMs: number | null;
  readonly lastsMs: number;
  /** Of which step it takes the place, where it does. */
  readonly instead: readonly string[];
  readonly command: Command;
  /** What goes out. */
  readonly sends: string | null;
  /** What shows that it is done. */
  readonly waitsFor: string;
  /** What must hold before it is written, and whether it does; null where nobody has looked. */
  readonly precondition: { readonly says: string; readonly holds: boolean | null } | null;
  /** Why it could not be sent. */
  readonly wrong: readonly string[];
  /** What people have to do before it can be. */
  readonly notes: readonly string[];
}

export interface Rehearsal {
  readonly steps: readonly Rehearsed[];
  readonly endsMs: number;
  readonly end: string;
}

/** Walks a response of a site through. `assumed` stands for the readings where nobody was asked. */
export function rehearse(
  site: Site,
  response: Response,
  { live, assumed }: { readonly live: Live | null; readonly assumed: readonly Reading[] },
): Rehearsal {
  const readings = live?.readings ?? assumed;
  const walked = walk(site.model, response, { readings, lasts: ({ usual, within }) => usual ?? within });
  const ground: Ground = {
    site,
    response,
    live,
    image: live && imageAt(new Map(live.readings.map((one) => [one.point, one])), site.model.points, live.now),
    gate: dryGateOf(site),
  };
  const steps = [...walked.commands, ...uncalled(response, walked)].map((one) => rehearsed(ground, one));
  return { steps, endsMs: walked.endsMs, end: walked.end };
}

interface Ground {
  readonly site: Site;
  readonly response: Response;
  readonly live: Live | null;
  readonly image: Image | null;
  readonly gate: DryGate;
}

/** The gate of a site as it would be opened, without hands. */
function dryGateOf(site: Site): DryGate {
  const allowed = new Set(site.gate.allow);
  const devices = site.devices.filter(({ id }) => allowed.has(id));
  const services = site.services.filter(({ id }) => allowed.has(id));
  const used = new Set(services.flatMap(({ by }) => by?.target ?? []));
  const targets = site.targets.filter(({ id }) => allowed.has(id) || used.has(id)) as Reaches["targets"];
  const movers = moversOf(site, services, new Map());
  return dryGate(policyOf(site.gate, devices, movers, targets), { devices, services: movers, targets });
}

type Ordered = Omit<Walked, "startsMs"> & { readonly startsMs: number | null };

/** Steps that are taken in another's place, and so in no walk in which all goes well. */
function uncalled({ id, action }: Response, { commands }: Walk): readonly Ordered[] {
  if (action.kind === "shed") return [];
  const issued = commands[0]?.command.issued ?? (0 as Instant);
  return action.steps
    .filter((step) => !isCalled(action.steps, step, new Map()))
    .map((step) => {
      const { point, value, within, when, usual } = step;
      const command: Command = {
        id: `${id}#1/${step.id}/${point}=${value}` as CommandId,
        response: id,
        point,
        value,
        why: "a drill: rehearsed",
        issued,
        expires: after(issued, within),
        ...(when && { precondition: when }),
        expect: { point, is: "=", value, within },
      };
      return { stage: step.id, startsMs: null, lastsMs: usual ?? within, command };
    });
}

function rehearsed(ground: Ground, { stage, startsMs, lastsMs, command }: Ordered): Rehearsed {
  const { response, gate, image } = ground;
  const steps = response.action.kind === "failover" ? response.action.steps : [];
  const dry = gate.take(command);
  const { precondition, expect } = command;
  const step = steps.find(({ id }) => id === stage);
  const effects = [expect, ...(step?.shows ? [step.shows] : [])].map((test) => inWords(ground, test));
  const holds = precondition && image ? holdsIn(image, precondition) : null;
  return {
    stage,
    startsMs,
    lastsMs,
    instead: steps.filter(({ fallback }) => fallback === stage).map(({ id }) => id),
    command,
    sends: "sends" in dry ? dry.sends : null,
    waitsFor: `${effects.join(" and ")} within ${expect.within / 1000} s`,
    precondition: precondition ? { says: inWords(ground, precondition), holds } : null,
    wrong: [...wrongOf(ground, command, dry), ...unmet(ground, step, holds)],
    notes: notesOf(ground, command),
  };
}

const holdsIn = (image: Image, test: Test): boolean => {
  const value = image.valueOf(test.point);
  return value !== null && passes(test, value);
};

/** A point and a value in the words of people. */
const inWords = ({ site }: Ground, { point, is, value }: Test): string =>
  `${point} ${is} ${valueIn(site, point, value)}`;

export const valueIn = ({ model }: Pick<Site, "model">, point: PointId, value: number): string =>
  model.points.get(point)?.states?.[value] ?? String(value);

/** What does not hold at the beginning may hold by the time that a later step comes to it. */
function unmet(ground: Ground, step: FailoverStep | undefined, holds: boolean | null): readonly string[] {
  if (!step?.when || holds !== false || step.needs.length > 0) return [];
  return [`its precondition ${inWords(ground, step.when)} does not hold now`];
}

function wrongOf({ response, live, image }: Ground, { point }: Command, dry: DryWrite): readonly string[] {
  const refused = "refused" in dry ? [dry.refused] : [];
  if (!live || !image) return refused;
  const reading = image.readingOf(point);
  const unseen =
    reading.quality === "bad" ? [`${point} is not seen (${reading.reason}): what it is of does not answer`] : [];
  return [...refused, ...unseen, ...gateWrongs(live.gate, response)];
}

function gateWrongs(gate: Live["gate"], { id }: Response): readonly string[] {
  if ("unknown" in gate) return [`nobody knows how the gate stands: ${gate.unknown}`];
  const said = gate.disarmed.find((one) => one.response === id);
  return [
    ...(gate.broken === null ? [] : [`the gate can write nothing: ${gate.broken}`]),
    ...(gate.maintenance ? [`maintenance by ${gate.maintenance.by}: ${gate.maintenance.why}`] : []),
    ...(said ? [`${id} was disarmed by ${said.by}: ${said.why}`] : []),
  ];
}

/** What must still be done by people, and what is so already. */
function notesOf({ site, response, live, image }: Ground, { point, value }: Command): readonly string[] {
  const { armed, armable, twoPeople } = site.gate;
  const gate = live && !("unknown" in live.gate) ? live.gate : null;
  const isArmed = gate ? gate.armed.includes(response.id) : armed.includes(response.id);
  const marked = [response.id, deviceOf(point)].filter((name) => twoPeople.includes(name));
  return [
    ...(!isArmed && armable.includes(response.id) ? [`${response.id} must be armed at the gate first`] : []),
    ...marked.map((name) => `${name} needs the yes of two people`),
    ...(image?.valueOf(point) === value ? [`${point} is ${valueIn(site, point, value)} already`] : []),
  ];
}
