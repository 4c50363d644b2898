/**
 * A room's releasing panel, cross-zoned. The first detector (smoke, or flame and heat) is a pre-alarm; with one of the other
 * kind air handling stops, dampers close and 30 s are counted, which an abort switch that is held pauses and does not begin
 * anew; then the agent is let go. It holds 85 % of its concentration for the ten minutes of NFPA 2001, c = c0·exp(-t/3,692 s),
 * and two minutes with a door open. While it holds there are no flames; cells go on heating each other, and when it
 * has leaked away they burn again. Released is not out.
 */
import { flameDelayS } from "./detectors.ts";
import type { Room } from "./room.ts";

const countdownS = 30;
const designPercent = 5.6;
/** Least share of the design concentration that keeps flames out. */
const holdingShare = 0.85;
const leakS = 3692;
const doorS = 120;
/** Level of an aspirating detector that counts as a knock: fire 1. */
const knockLevel = 3;

/** Whether enough agent is in the room for there to be no flames. */
export const isInert = ({ suppression }: Room): boolean => suppression.agentPercent >= designPercent * holdingShare;

/** Whether anybody may go in. */
export const isSafeToEnter = (room: Room): boolean =>
  !room.suppression.released && room.flameS === 0 && room.fireKw === 0 && room.smoke < 10;

/** A second of the panel of a room that has one. */
export function runSuppression(room: Room): void {
  const { suppression, spots } = room;
  const flame = room.flameS >= flameDelayS || spots.heat;
  const smoke = spots.level >= knockLevel || spots.smoke;
  // A knock stands until the panel is reset.
  suppression.knocks = Math.max(suppression.knocks, (flame ? 1 : 0) + (smoke ? 1 : 0));
  if (suppression.knocks >= 2) suppression.fireSignal = true;
  if (suppression.fireSignal && !suppression.released && !suppression.held) {
    suppression.countS += 1;
    if (suppression.countS >= countdownS) releaseAgent(room);
  }
  suppression.agentPercent -= suppression.agentPercent / (room.doorOpen ? doorS : leakS);
}

/** The agent goes, by the panel or by hand, and its room's dampers close with it. */
export function releaseAgent({ suppression }: Room): void {
  suppression.released = true;
  suppression.fireSignal = true;
  suppression.agentPercent = designPercent;
}

/** The panel is reset; the agent that is in the room stays there. */
export function resetSuppression({ suppression }: Room): void {
  suppression.released = false;
  suppression.fireSignal = false;
  suppression.knocks = 0;
  suppression.countS = 0;
}
