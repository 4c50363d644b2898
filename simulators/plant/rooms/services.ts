/**
 * What runs in the racks, and its move to another site. A move takes as long as the service's tier says (40 s, 90 s,
 * 15 min, ±20 % by seed): for the first three quarters connections fall as exp(-t/tau), to 2 %, then the replica over
 * there is promoted. It follows by half a second; while the link carries less than is written it falls behind, and a
 * move waits for it. A service whose racks are all dark before it has moved has failed. The tools that move services stand
 * at this site, as at Pangyo in 2022, and then nothing that is dark can be moved any more; where they stand elsewhere
 * the replica is promoted, and what it was behind is lost. It is back when a rack has been live for 5 minutes.
 */
export interface MovableService {
  readonly id: string;
  /** Its racks: places in the plant's list. One that names none is spread over all of them. */
  readonly racks: readonly number[];
  readonly moveS: number;
  /** What it needs of another site, kW of racks. */
  readonly needKw: number;
  state: "here" | "moving" | "moved" | "failed";
  /** Where it is, and where it is going: 0 is this site, 1 the first of the others. */
  site: number;
  to: number;
  leftS: number;
  liveS: number;
  /** Takes orders and never arrives. */
  stuck: boolean;
  /** Clients still at the site that it leaves, 0 to 1. */
  connections: number;
  /** How far its replicas elsewhere are behind, s, and all that was lost with them, s of writing. */
  lagS: number;
  lostS: number;
  /** Why its last order was not followed. */
  refusal: "none" | "tools" | "capacity";
}

/** Another site as seen from here. */
export interface OtherSite {
  readonly id: string;
  /** Room for services, kW of racks, and what has been taken of it. */
  capacityKw: number;
  takenKw: number;
  /** What the link to it carries of what is written: 1 is an ordinary day, with four times as much to spare. */
  link: number;
}

/** Where services can go, and the tools that take them there. */
export interface Estate {
  readonly sites: readonly OtherSite[];
  /** Where the tools stand: 0 is this site. */
  toolSite: number;
  /** Whether any rack of this site is live. */
  siteLive: boolean;
}

export const moveTimesS: readonly number[] = [40, 90, 900];
const returnS = 300;
const drainPart = 0.75;
/** Four time constants leave 2 % of the connections. */
const drainConstants = 4;
const usualLagS = 0.5;
const lagLimitS = 1;
const linkSpare = 4;
/** Room that others have unless somebody says otherwise, kW. */
const ampleKw = 1e6;

export const makeEstate = (sites: readonly string[]): Estate => ({
  sites: sites.map((id) => ({ id, capacityKw: ampleKw, takenKw: 0, link: 1 })),
  toolSite: 0,
  siteLive: true,
});

export const makeService = (
  id: string,
  { racks, moveS, needKw }: Pick<MovableService, "racks" | "moveS" | "needKw">,
): MovableService => ({
  id,
  racks,
  moveS,
  needKw,
  state: "here",
  site: 0,
  to: 0,
  leftS: 0,
  liveS: 0,
  stuck: false,
  connections: 1,
  lagS: usualLagS,
  lostS: 0,
  refusal: "none",
});

/** An order to be at a site; false where it cannot be followed. */
export function orderMove(service: MovableService, to: number, estate: Estate): boolean {
  const failed = service.state === "failed";
  service.refusal = failed && (estate.toolSite === 0 || to === 0) ? "tools" : "none";
  if (estate.toolSite === 0 && !estate.siteLive) service.refusal = "tools";
  if (service.refusal !== "none") return false;
  if (!failed && service.site === to && service.state !== "moving") return true;
  if (service.state === "moving" && service.to === to) return true;
  const target = estate.sites[to - 1];
  if (target && target.takenKw + service.needKw > target.capacityKw) {
    service.refusal = "capacity";
    return false;
  }
  service.state = "moving";
  service.to = to;
  // What is dark has no clients to wait for.
  if (failed) service.connections = 0;
  service.leftS = failed ? service.moveS * (1 - drainPart) : service.moveS;
  return true;
}

/** A second; `live` says whether any of its racks is. */
export function runService(service: MovableService, live: boolean, estate: Estate): void {
  service.liveS = live ? service.liveS + 1 : 0;
  if (service.state === "failed" && service.liveS >= returnS) service.state = "here";
  // What runs elsewhere does not depend on the racks here; what is promoted over there is past them.
  const promoting = service.state === "moving" && estate.toolSite !== 0 && service.connections < 0.02;
  if (service.site === 0 && !live && service.state !== "failed" && !promoting) service.state = "failed";
  replicate(service, live, estate);
  if (service.state !== "moving") {
    service.connections = service.state === "failed" ? 0 : 1;
    return;
  }
  if (service.stuck) return;
  service.connections *= 1 - drainConstants / Math.max(drainConstants, drainPart * service.moveS);
  service.leftS -= 1;
  if (service.leftS > 0 || (live && service.to !== 0 && service.lagS > lagLimitS)) return;
  arrive(service, live, estate);
}

function replicate(service: MovableService, live: boolean, { sites }: Estate): void {
  // Nothing is written where nothing runs, and what was not sent stays behind.
  if (service.site !== 0 || !live) return;
  const link = sites[Math.max(0, service.to - 1)]?.link ?? 1;
  service.lagS = Math.max(usualLagS, service.lagS + 1 - linkSpare * link);
}

function arrive(service: MovableService, live: boolean, { sites }: Estate): void {
  const [left, target] = [sites[service.site - 1], sites[service.to - 1]];
  if (target && target.takenKw + service.needKw > target.capacityKw) {
    service.state = live ? "here" : "failed";
    service.refusal = "capacity";
    return;
  }
  if (left) left.takenKw -= service.needKw;
  if (target) target.takenKw += service.needKw;
  if (service.site === 0 && !live) service.lostS += service.lagS;
  service.site = service.to;
  service.state = service.to === 0 ? "here" : "moved";
}
