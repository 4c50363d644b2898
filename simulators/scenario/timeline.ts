import type { Request } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import type { Document, Problem } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import type { Plant, PlantEvent } from "../plant/index.ts";
import { strangerIn } from "../plant/index.ts";
import type { WallTime } from "../promises/index.ts";
import type { FaultSaid } from "../wire/index.ts";
import type { Arming } from "./asks.ts";
import { askedOf, strangerAsked } from "./asks.ts";
import type { FaultGround } from "./fault.ts";
import { faultIn, faultWrong, faultyDevices } from "./fault.ts";
import type { EntrySource } from "./schema.ts";
import { holds } from "./schema.ts";
import { timeOf } from "./times.ts";

/** One thing of the timeline at its instant. */
export interface Happening {
  readonly at: Instant;
  readonly does: string | null;
  readonly event: PlantEvent | null;
  /** It ends by itself where it says for how long. */
  readonly fault: FaultSaid | null;
  readonly asks: Request | null;
  readonly arming: Arming | null;
}

/** A fault that begins, and nothing else. */
export const faultAlone = (fault: FaultSaid, at: Instant): Happening => ({
  at,
  does: null,
  event: null,
  fault,
  asks: null,
  arming: null,
});

/** What a timeline is read against. */
export interface TimelineGround {
  readonly document: Document;
  readonly site: Site;
  /** Null where the site is alive. */
  readonly plant: Plant | null;
  readonly starts: Instant;
  readonly wallTime: WallTime;
}

export interface Timeline {
  /** In the order of time. */
  readonly happenings: readonly Happening[];
  readonly labels: ReadonlyMap<string, Instant>;
  readonly problems: readonly Problem[];
}

/** The entries of a timeline at their instants, faults with their ends, and all that is wrong with them. */
export function timelineOf(entries: readonly EntrySource[], ground: TimelineGround): Timeline {
  const problems: Problem[] = [];
  const labels = new Map<string, Instant>();
  const faults = faultGround(ground);
  const happenings = entries.flatMap((entry, i): readonly Happening[] => {
    const path = ["timeline", i];
    const at = timeOf(entry.at, ground.starts, ground.wallTime);
    if (at === null)
      problems.push(ground.document.problemAt([...path, "at"], `"${entry.at}" is neither 5min nor "15:19:00"`));
    if (entry.label !== undefined) {
      if (labels.has(entry.label))
        problems.push(ground.document.problemAt([...path, "label"], `there are two entries "${entry.label}"`));
      labels.set(entry.label, at ?? ground.starts);
    }
    if (entry.only !== undefined && !holds(entry.only)) return [];
    const say: Say = (key, message, near) => {
      problems.push(ground.document.problemAt([...path, key], message, near));
    };
    const fault = faultIn(entry);
    const wrong = fault && faultWrong(fault, path, faults);
    if (wrong) problems.push(wrong);
    return [{ ...happeningOf(entry, at ?? ground.starts, say, ground), fault: wrong ? null : fault }];
  });
  return { happenings: happenings.toSorted((a, b) => a.at - b.at), labels, problems };
}

/** What the faults of a site are read against. */
export const faultGround = ({ document, site, plant }: TimelineGround): FaultGround => ({
  document,
  devices: new Map(faultyDevices(site).map((device) => [device.id, device])),
  isLive: plant === null,
});

type Say = (key: string, message: string, near?: string) => void;

type Apart = Omit<Happening, "fault">;

function happeningOf(entry: EntrySource, at: Instant, say: Say, ground: TimelineGround): Apart {
  const event = entry.event ?? null;
  const wrong = event && objectionTo(event, ground);
  if (wrong) say("event", wrong.message, wrong.near);
  const asked = entry.asks ? askedOf(entry.asks, at) : null;
  const unknown = asked && strangerAsked(asked, ground.site.model);
  if (unknown) say("asks", `the site has no ${unknown.kind} "${unknown.name}"`, closest(unknown.name, unknown.known));
  return {
    at,
    does: entry.does ?? null,
    event: wrong ? null : event,
    asks: asked && "request" in asked ? asked.request : null,
    arming: asked && "arming" in asked ? asked.arming : null,
  };
}

/** Why an event cannot happen there, and what was probably meant; null where it can. */
function objectionTo(event: PlantEvent, { plant, site }: TimelineGround): { message: string; near?: string } | null {
  if (plant) {
    const stranger = strangerIn(plant, event);
    if (!stranger) return null;
    return withNear(`the site's plant has no "${stranger.name}"`, closest(stranger.name, stranger.known));
  }
  const said =
    "reading" in event ? event.reading : "sensor" in event ? event.sensor : "freeze" in event && event.freeze;
  if (said === false || said === undefined)
    return {
      message: "nothing can happen to a live site: only reading, sensor and freeze can be laid over what it says",
    };
  const known: readonly string[] =
    "reading" in event ? [...site.model.points.keys()] : site.devices.map(({ id }) => id);
  return known.includes(said) ? null : withNear(`the site has no "${said}"`, closest(said, known));
}

const withNear = (message: string, near: string | undefined): { message: string; near?: string } =>
  near === undefined ? { message } : { message, near };
