/**
 * The faults of all devices of a site: which are at work, on whom, and for how long. A fault of a link strikes all devices
 * at one host and port as one, so that a gateway that drops one answer in ten drops one in ten of all of them.
 */
import { assert } from "../../src/core/assert.ts";
import type { DeviceModel } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import type { FaultSaid, TimedFault } from "./fault.ts";
import { faultOf, placeOf } from "./fault.ts";
import type { ChangingFaults, Faults } from "./faults.ts";
import { changingFaults, together } from "./faults.ts";

/** A device that may have faults. Devices of one `link` are reached over the same connection. */
export interface FaultyDevice {
  readonly id: string;
  readonly model: DeviceModel;
  readonly link: string;
}

export interface FaultBoard {
  readonly devices: ReadonlyMap<string, FaultyDevice>;
  /** The faults of a device, those of its link among them. It must be on the board. */
  of(device: string): Faults;
  /** It begins now, and ends by itself where it says for how long. What is wrong with it in words; null where it has begun. */
  begin(said: FaultSaid): string | null;
  /** Faults that begin and end at their own times from now on. None of them may be wrong. */
  plan(faults: readonly TimedFault[]): void;
  /** Begins and ends what is due. What has begun or ended since the last call, in words. */
  move(): readonly string[];
}

/** What is at work on a board, and what is to come. */
interface Work {
  readonly known: ReadonlyMap<string, FaultyDevice>;
  /** Faults of single devices, by their ids, and of links. */
  readonly own: ReadonlyMap<string, ChangingFaults>;
  readonly links: ReadonlyMap<string, ChangingFaults>;
  /** The first of them first. */
  waiting: readonly { readonly said: FaultSaid; readonly at: number; readonly endsAt: number | null }[];
  ending: readonly { readonly said: FaultSaid; readonly at: number; readonly end: () => void }[];
  told: string[];
}

/** No fault at all. `now` is the time that faults begin and end by: that of the plant, ms. */
export function faultBoard(
  devices: readonly FaultyDevice[],
  { seed, now }: { readonly seed: number; readonly now: () => number },
): FaultBoard {
  const links = new Map<string, ChangingFaults>();
  const own = new Map<string, ChangingFaults>();
  const all = new Map<string, Faults>();
  for (const [i, { id, link }] of devices.entries()) {
    const ofLink = links.get(link) ?? changingFaults({ seed: seed + ~i, now });
    links.set(link, ofLink);
    const mine = changingFaults({ seed: seed + i, now });
    own.set(id, mine);
    all.set(id, together(mine, ofLink));
  }
  const known = new Map(devices.map((device) => [device.id, device]));
  const work: Work = { known, own, links, waiting: [], ending: [], told: [] };
  return {
    devices: known,
    of(device) {
      const faults = all.get(device);
      assert(faults !== undefined, `${device} is on the board`);
      return faults;
    },
    begin: (said) => begin(work, said, said.for === undefined ? null : now() + said.for),
    plan: (faults) => plan(work, faults, now()),
    move: () => move(work, now()),
  };
}

function begin(work: Work, said: FaultSaid, endsAt: number | null): string | null {
  const { known, own, links } = work;
  const wrong = faultProblem(said, known);
  if (wrong !== null) return wrong;
  const { model, id, link } = known.get(placeOf(said).device)!;
  const fault = faultOf(said, model.protocol);
  assert(typeof fault !== "string", "a fault without a problem is one");
  const end = (said.link === undefined ? own.get(id)! : links.get(link)!).begin(fault);
  if (endsAt !== null) work.ending = [...work.ending, { said, at: endsAt, end }];
  work.told.push(`begins: ${faultText(said)}`);
  return null;
}

function plan(work: Work, faults: readonly TimedFault[], from: number): void {
  const planned = faults.map(({ said, fromMs, untilMs }) => ({
    said,
    at: from + fromMs,
    endsAt: untilMs === null ? null : from + untilMs,
  }));
  work.waiting = [...work.waiting, ...planned].toSorted((a, b) => a.at - b.at);
}

function move(work: Work, at: number): readonly string[] {
  const due = work.waiting.filter((one) => one.at <= at);
  if (due.length > 0) work.waiting = work.waiting.slice(due.length);
  for (const { said, endsAt } of due) {
    const wrong = begin(work, said, endsAt);
    assert(wrong === null, `a planned fault is one: ${wrong}`);
  }
  for (const over of work.ending.filter((one) => one.at <= at)) {
    over.end();
    work.told.push(`ends: ${faultText(over.said)}`);
  }
  work.ending = work.ending.filter((one) => one.at > at);
  const { told } = work;
  work.told = [];
  return told;
}

/** What is wrong with a fault among these devices, in words; null where nothing is. */
export function faultProblem(said: FaultSaid, devices: ReadonlyMap<string, FaultyDevice>): string | null {
  const { device, point } = placeOf(said);
  const known = devices.get(device);
  if (!known) return `there is no device "${device}"`;
  const fault = faultOf(said, known.model.protocol);
  if (typeof fault === "string") return `${device}: ${fault}`;
  if (point === undefined || known.model.points.some(({ name }) => name === point)) return null;
  return `${device} has no point "${point}"`;
}

/** A mistake of a written fault: the key that it stands at, and what was probably meant. */
export interface FaultObjection {
  readonly key: "fault" | "on" | "link";
  readonly message: string;
  readonly near: string | undefined;
}

/** What is wrong with a fault that a file says, and where in it; null where nothing is. */
export function faultObjection(said: FaultSaid, devices: ReadonlyMap<string, FaultyDevice>): FaultObjection | null {
  const message = faultProblem(said, devices);
  if (message === null) return null;
  const place = said.on === undefined ? "link" : "on";
  const { device, point = "" } = placeOf(said);
  const known = devices.get(device);
  if (!known) return { key: place, message, near: closest(device, [...devices.keys()]) };
  if (typeof faultOf(said, known.model.protocol) === "string") return { key: "fault", message, near: undefined };
  const points = known.model.points.map(({ name }) => name);
  return { key: place, message, near: closest(point, points) };
}

/** A fault in a few words: "drop 0.3 of link ups-a". */
export function faultText({ fault, by, on, link, share, every }: FaultSaid): string {
  const often = share !== undefined ? `, ${share} of all answers` : every === undefined ? "" : `, every ${every} ms`;
  return `${fault}${by === undefined ? "" : ` ${by}`} ${on === undefined ? `of link ${link}` : `on ${on}`}${often}`;
}
