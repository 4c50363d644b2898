/**
 * What runs in the racks, and its move to another site. A move takes as long as the service's tier says (40 s,
 * 90 s, 15 min, ±20 % by seed). A service whose racks are all dark before it has moved has failed, and cannot be
 * moved any more: the tools to do so are as dark as the racks, as at Pangyo. It is back when a rack has been live for 5 minutes.
 */
export interface MovableService {
  readonly id: string;
  /** Its racks: places in the plant's list. One that names none is spread over all of them. */
  readonly racks: readonly number[];
  readonly moveS: number;
  state: "here" | "moving" | "moved" | "failed";
  /** Where it is, and where it is going: 0 is this site, 1 the first of the others. */
  site: number;
  to: number;
  leftS: number;
  liveS: number;
  /** Takes orders and never arrives. */
  stuck: boolean;
}

export const moveTimesS: readonly number[] = [40, 90, 900];
const returnS = 300;

/** An order to be at a site; false where it cannot be followed. */
export function orderMove(service: MovableService, to: number): boolean {
  if (service.state === "failed") return false;
  if (service.site === to && service.state !== "moving") return true;
  if (service.state === "moving" && service.to === to) return true;
  service.state = "moving";
  service.to = to;
  service.leftS = service.moveS;
  return true;
}

/** A second; `live` says whether any of its racks is. */
export function runService(service: MovableService, live: boolean): void {
  service.liveS = live ? service.liveS + 1 : 0;
  if (service.state === "failed" && service.liveS >= returnS) service.state = "here";
  // What runs elsewhere does not depend on the racks here.
  if (service.site === 0 && !live && service.state !== "failed") service.state = "failed";
  if (service.state !== "moving" || service.stuck) return;
  service.leftS -= 1;
  if (service.leftS > 0) return;
  service.site = service.to;
  service.state = service.to === 0 ? "here" : "moved";
}
