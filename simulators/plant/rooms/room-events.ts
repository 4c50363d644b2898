/** What can happen to rooms, their air and cooling, to people and to services: the second half of the events' vocabulary. */
import { z } from "zod";
import { assert } from "../../../src/core/assert.ts";
import type { Plant } from "../plant.ts";
import { resetCooler } from "./cooling.ts";
import { chillerAt, cutRoom } from "./harm.ts";
import { moistureAt } from "./moisture.ts";
import { callBrigade, errandKinds, send, usualArrivalS, usualTriesS } from "./people.ts";
import type { Room } from "./room.ts";
import { releaseAgent, resetSuppression } from "./suppression.ts";

const name = z.string().min(1);
const percent = z.number().min(0).max(100);
const share = z.number().min(0).max(1);
const minutes = z.number().min(0).max(10_080);

export const roomEventSchemas = [
  z.strictObject({ cooling: name, fail: z.boolean() }),
  /** Smoke that is made in a room, %/m a minute; 0 ends it. */
  z.strictObject({ smoke: z.strictObject({ room: name, rate: z.number().min(0).max(60) }) }),
  /** Gas let into a room, litres a second; 0 ends it. */
  z.strictObject({
    gas: z.strictObject({ room: name, vapour: z.number().min(0).optional(), hydrogen: z.number().min(0).optional() }),
  }),
  z.strictObject({ humidity: z.strictObject({ room: name, percent }) }),
  z.strictObject({ leak: name, on: z.boolean() }),
  z.strictObject({ airflow: name, percent: z.number().min(0).max(200) }),
  /** An aspirating detector that is taken out of service, or whose chamber has had its day. */
  z.strictObject({ detector: name, isolated: z.boolean().optional(), worn: z.boolean().optional() }),
  z.strictObject({ suppression: z.enum(["release", "reset"]) }),
  /** The abort switch of a room's releasing panel. */
  z.strictObject({ abort: name, held: z.boolean() }),
  z.strictObject({ door: name, open: z.boolean() }),
  /** A day's mean outdoor temperature and how far its afternoon is above it, °C. */
  z.strictObject({
    weather: z.strictObject({ meanC: z.number().min(-40).max(60), swingC: z.number().min(0).max(20) }),
  }),
  /** Hours since midnight. */
  z.strictObject({ clock: z.number().min(0).max(24) }),
  /**
   * What is wrong with a cooler: an inlet sensor that shows this whatever is true ("truth" ends it), a set-point, the cooler whose
   * demand it follows ("itself" ends it), a water valve that stands (null ends it), whether it shuts off on fire or on water.
   */
  z.strictObject({
    cooler: name,
    shows: z.union([z.number(), z.literal("truth")]).optional(),
    setPoint: z.number().min(5).max(60).optional(),
    follows: name.optional(),
    valve: z.union([share, z.null()]).optional(),
    stopsOnFire: z.boolean().optional(),
    stopsOnWater: z.boolean().optional(),
  }),
  /** A chiller trips, fails or is mended; one that is manual stays tripped until somebody goes there. */
  z.strictObject({ chiller: name, does: z.enum(["trip", "fail", "mend"]).optional(), manual: z.boolean().optional() }),
  /** The loop of chilled water: valves of its tank (0 shut), its pumps, the share of air in its pipes, its group controller. */
  z.strictObject({
    chilledWater: z.strictObject({
      valve: share.optional(),
      pumps: z.int().min(0).max(2).optional(),
      air: share.optional(),
      hung: z.boolean().optional(),
    }),
  }),
  /** One room's power, cut by hand. */
  z.strictObject({ cutRoom: name, on: z.boolean() }),
  /** The fire service is called; it demands the cut after its tries, and is obeyed after so long, or not by itself. */
  z.strictObject({
    fireService: name,
    arrivesMin: minutes.default(usualArrivalS / 60),
    triesMin: minutes.default(usualTriesS / 60),
    obeyedMin: minutes.optional(),
    cuts: z.enum(["mains", "site", "room"]).default("site"),
  }),
  /** Somebody of the house goes and does it. */
  z.strictObject({ send: z.enum(errandKinds), to: name }),
  z.strictObject({ crew: z.int().min(0).max(50) }),
  /** Work in a room: hot work makes smoke under isolated detectors, other work leaves its door open. */
  z.strictObject({ permit: name, work: z.enum(["hot-work", "open-door"]), on: z.boolean() }),
  z.strictObject({ service: name, stuck: z.boolean() }),
  /** What the link to another site carries of what is written here: 1 ordinarily, 0 nothing. */
  z.strictObject({ link: name, carries: share }),
  /** Room for services at another site, kW. */
  z.strictObject({ capacity: name, kw: z.number().min(0) }),
  /** Where the tools stand that move services: "here", or another site. */
  z.strictObject({ tools: name }),
] as const;

export type RoomEvent = z.infer<(typeof roomEventSchemas)[number]>;

type Named = readonly [said: string | null, known: readonly string[]];
const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

/** The name in an event, with those that the plant knows for it; null where there is none to be known. */
export function roomNamesIn(plant: Plant, event: RoomEvent): Named {
  const rooms = ids(plant.rooms);
  const sites = ids(plant.estate.sites);
  if ("cooling" in event) return [event.cooling, ids(plant.coolers)];
  if ("smoke" in event) return [event.smoke.room, rooms];
  if ("gas" in event) return [event.gas.room, rooms];
  if ("humidity" in event) return [event.humidity.room, rooms];
  if ("airflow" in event) return [event.airflow, ids(plant.samplers)];
  if ("detector" in event) return [event.detector, ids(plant.samplers)];
  if ("cooler" in event) return coolerNames(plant, event);
  if ("chiller" in event) return [event.chiller, chillers(plant)];
  if ("send" in event) return [event.to, [...ids(plant.coolers), ...chillers(plant)]];
  if ("service" in event) return [event.service, ids(plant.services)];
  if ("link" in event) return [event.link, sites];
  if ("capacity" in event) return [event.capacity, sites];
  if ("tools" in event) return [event.tools, ["here", ...sites]];
  return [roomIn(event), rooms];
}

const chillers = ({ loops }: Plant): readonly string[] => loops.flatMap((loop) => ids(loop.chillers));

function coolerNames(plant: Plant, { cooler, follows }: Extract<RoomEvent, { cooler: string }>): Named {
  const known = ids(plant.coolers);
  return known.includes(cooler) && follows !== undefined ? [follows, [...known, "itself"]] : [cooler, known];
}

function roomIn(event: RoomEvent): string | null {
  if ("leak" in event) return event.leak;
  if ("abort" in event) return event.abort;
  if ("door" in event) return event.door;
  if ("cutRoom" in event) return event.cutRoom;
  if ("fireService" in event) return event.fireService;
  return "permit" in event ? event.permit : null;
}

/** It happens, now. Every name in it must be known to the plant. */
export function applyToRooms(plant: Plant, event: RoomEvent): void {
  applyToAir(plant, event);
  applyToCooling(plant, event);
  applyToPeople(plant, event);
  applyToServices(plant, event);
}

function applyToAir(plant: Plant, event: RoomEvent): void {
  if ("smoke" in event) find(plant.rooms, event.smoke.room).smokeRate = event.smoke.rate;
  else if ("gas" in event) letIn(find(plant.rooms, event.gas.room), event.gas);
  else if ("humidity" in event) {
    const room = find(plant.rooms, event.humidity.room);
    room.usualMoistureGkg = moistureAt(room.airC, event.humidity.percent);
  } else if ("leak" in event) find(plant.rooms, event.leak).leaking = event.on;
  else if ("door" in event) find(plant.rooms, event.door).doorOpen = event.open;
  else if ("airflow" in event) find(plant.samplers, event.airflow).usualAirflowPercent = event.percent;
  else if ("detector" in event) {
    const sampler = find(plant.samplers, event.detector);
    sampler.isolated = event.isolated ?? sampler.isolated;
    sampler.worn = event.worn ?? sampler.worn;
  } else if ("abort" in event) find(plant.rooms, event.abort).suppression.held = event.held;
  else if ("suppression" in event) {
    for (const room of plant.rooms) {
      if (room.kind === "battery-room") (event.suppression === "release" ? releaseAgent : resetSuppression)(room);
    }
  }
}

function letIn(room: Room, { vapour, hydrogen }: { vapour?: number | undefined; hydrogen?: number | undefined }): void {
  room.vapourM3s = vapour === undefined ? room.vapourM3s : vapour / 1000;
  room.hydrogenM3s = hydrogen === undefined ? room.hydrogenM3s : hydrogen / 1000;
}

function applyToCooling(plant: Plant, event: RoomEvent): void {
  if ("cooling" in event) {
    const cooler = find(plant.coolers, event.cooling);
    cooler.failed = event.fail;
    if (!event.fail) resetCooler(cooler);
  } else if ("cooler" in event) setCooler(plant, event);
  else if ("chiller" in event) setChiller(plant, event);
  else if ("chilledWater" in event) for (const loop of plant.loops) setWater(loop, event.chilledWater);
  else if ("weather" in event) Object.assign(plant.weather, event.weather);
  else if ("clock" in event) plant.weather.timeS = (event.clock * 3600) % 86_400;
}

function setCooler(plant: Plant, event: Extract<RoomEvent, { cooler: string }>): void {
  const cooler = find(plant.coolers, event.cooler);
  if (event.shows !== undefined) cooler.liesC = event.shows === "truth" ? null : event.shows;
  if (event.follows !== undefined) cooler.leader = plant.coolers.findIndex(({ id }) => id === event.follows);
  if (event.valve !== undefined) cooler.valveStuck = event.valve;
  cooler.setC = event.setPoint ?? cooler.setC;
  cooler.stopsOnFire = event.stopsOnFire ?? cooler.stopsOnFire;
  cooler.stopsOnWater = event.stopsOnWater ?? cooler.stopsOnWater;
}

function setChiller(plant: Plant, event: Extract<RoomEvent, { chiller: string }>): void {
  const [, chiller] = chillerAt(plant, event.chiller);
  assert(chiller !== undefined, `the plant has ${event.chiller}`);
  chiller.manual = event.manual ?? chiller.manual;
  if (event.does === "trip") chiller.state = "tripped";
  else if (event.does === "fail") chiller.state = "failed";
  else if (event.does === "mend" && chiller.state === "failed") chiller.state = "tripped";
}

function setWater(
  loop: Plant["loops"][number],
  event: Extract<RoomEvent, { chilledWater: object }>["chilledWater"],
): void {
  loop.valveOrdered = event.valve ?? loop.valveOrdered;
  loop.airShare = event.air ?? loop.airShare;
  loop.hung = event.hung ?? loop.hung;
  if (event.pumps !== undefined) loop.pumps.forEach((_, at) => (loop.pumps[at] = at < event.pumps!));
}

function applyToPeople(plant: Plant, event: RoomEvent): void {
  const { people } = plant;
  if ("cutRoom" in event) cutRoom(plant, placeOf(plant, event.cutRoom), event.on);
  else if ("send" in event) send(people, event.send, event.to);
  else if ("crew" in event) people.crew = event.crew;
  else if ("permit" in event) permit(plant, event);
  else if ("fireService" in event) {
    callBrigade(people, {
      room: placeOf(plant, event.fireService),
      leftS: event.arrivesMin * 60,
      triesS: event.triesMin * 60,
      obeyedS: event.obeyedMin === undefined ? null : event.obeyedMin * 60,
      scope: event.cuts,
    });
  }
}

/** Dust and fume of a grinder or a torch, %/m a minute. */
const hotWorkSmoke = 0.05;

function permit(plant: Plant, { permit: id, work, on }: Extract<RoomEvent, { permit: string }>): void {
  const at = placeOf(plant, id);
  const { permits } = plant.people;
  const held = permits.findIndex((one) => one.room === at && one.work === work);
  if (on && held < 0) permits.push({ room: at, work });
  if (!on && held >= 0) permits.splice(held, 1);
  const room = plant.rooms[at]!;
  if (work === "open-door") room.doorOpen = on;
  else {
    room.smokeRate = on ? hotWorkSmoke : 0;
    for (const sampler of plant.samplers) if (sampler.room === at) sampler.isolated = on;
  }
}

function applyToServices(plant: Plant, event: RoomEvent): void {
  const { sites } = plant.estate;
  if ("service" in event) find(plant.services, event.service).stuck = event.stuck;
  else if ("link" in event) find(sites, event.link).link = event.carries;
  else if ("capacity" in event) find(sites, event.capacity).capacityKw = event.kw;
  else if ("tools" in event) plant.estate.toolSite = 1 + sites.findIndex(({ id }) => id === event.tools);
}

const placeOf = ({ rooms }: Plant, id: string): number => rooms.findIndex((room) => room.id === id);

function find<T extends { readonly id: string }>(list: readonly T[], id: string): T {
  const found = list.find((one) => one.id === id);
  assert(found !== undefined, `the plant has ${id}`);
  return found;
}
