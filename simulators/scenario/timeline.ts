import type { Request } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import { after } from "../../src/core/time.ts";
import type { Document, Problem } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import type { Plant, PlantEvent } from "../plant/index.ts";
import { strangerIn } from "../plant/index.ts";
import type { WallTime } from "../promises/index.ts";
import type { Arming } from "./asks.ts";
import { askedOf, strangerAsked } from "./asks.ts";
import { courseOf, devicesOf } from "./fault.ts";
import type { EntrySource } from "./schema.ts";
import { holds } from "./schema.ts";
import { timeOf } from "./times.ts";

/** One thing of the timeline at its instant. */
export interface Happening {
  readonly at: Instant;
  readonly does: string | null;
  readonly event: PlantEvent | null;
  readonly asks: Request | null;
  readonly arming: Arming | null;
}

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
  const happenings = entries.flatMap((entry, i) => {
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
    return happeningsOf(
      entry,
      at ?? ground.starts,
      (key, message, near) => {
        problems.push(ground.document.problemAt([...path, key], message, near));
      },
      ground,
    );
  });
  return { happenings: happenings.toSorted((a, b) => a.at - b.at), labels, problems };
}

type Say = (key: string, message: string, near?: string) => void;

const quiet = { does: null, event: null, asks: null, arming: null };

function happeningsOf(entry: EntrySource, at: Instant, say: Say, ground: TimelineGround): readonly Happening[] {
  const event = entry.event ?? null;
  const wrong = event && objectionTo(event, ground);
  if (wrong) say("event", wrong.message, wrong.near);
  const asked = entry.asks ? askedOf(entry.asks, at) : null;
  const unknown = asked && strangerAsked(asked, ground.site.model);
  if (unknown) say("asks", `the site has no ${unknown.kind} "${unknown.name}"`, closest(unknown.name, unknown.known));
  const own: Happening = {
    at,
    does: entry.does ?? null,
    event: wrong ? null : event,
    asks: asked && "request" in asked ? asked.request : null,
    arming: asked && "arming" in asked ? asked.arming : null,
  };
  return [own, ...faultsOf(entry, at, say, ground)];
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

function faultsOf(entry: EntrySource, at: Instant, say: Say, { site }: TimelineGround): readonly Happening[] {
  const { fault, lasts } = entry;
  if (!fault) return [];
  const devices = devicesOf(fault, site);
  const known = site.devices.map(({ id }) => id);
  const stranger = devices.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    say("fault", `the site has no device "${stranger}"`, closest(stranger, known));
    return [];
  }
  const course = courseOf(fault, site);
  if (typeof course === "string") {
    say("fault", course);
    return [];
  }
  const begins = course.begins.map((event, i) => ({
    ...quiet,
    at,
    does: i === 0 && entry.does === undefined ? `${devices.join(", ")}: ${fault.is}` : null,
    event,
  }));
  if (lasts === undefined) return begins;
  const ends = course.ends.map((event, i) => ({
    ...quiet,
    at: after(at, lasts),
    does: i === 0 ? `${devices.join(", ")}: ${fault.is} no longer` : null,
    event,
  }));
  return [...begins, ...ends];
}
