import type { Duration, Instant } from "./time.ts";
import { elapsed } from "./time.ts";

/** `device/point`, as in "ups-a/battery.runtime" or "pdu-a1/outlet[3].state". A device's id is unique in its site. */
export type PointId = string & { readonly brand: "PointId" };

/**
 * The id of a device's point, as one text: a template's would be kept as the two that it was made of, and a large site has
 * two hundred thousand of them.
 */
export const pointId = (device: string, point: string): PointId => [device, point].join("/") as PointId;

/** The device part of a point's id. */
export const deviceOf = (point: PointId): string => point.slice(0, point.indexOf("/"));

/** The rest of it: the point's name on its device, as the device's profile has it. */
export const pointNameOf = (point: PointId): string => point.slice(point.indexOf("/") + 1);

/**
 * What one point said at one instant, with OPC's three qualities. A bad reading has no value, so
 * silence cannot be mistaken for zero. The value of a state point is its state's place in the
 * quantity's list of states.
 */
export type Reading =
  | { readonly point: PointId; readonly at: Instant; readonly quality: "good"; readonly value: number }
  | {
      readonly point: PointId;
      readonly at: Instant;
      readonly quality: "uncertain";
      readonly value: number;
      readonly reason: Doubt;
    }
  | { readonly point: PointId; readonly at: Instant; readonly quality: "bad"; readonly reason: Fault };

/**
 * Why a value is used with care. `unconfirmed`: it has jumped and was not seen often enough yet; `disagreeing`: a second
 * binding of the same point says otherwise; `shifted`: everything that has a nominal range lies outside of it.
 */
export type Doubt =
  | "outOfRange"
  | "unknownState"
  | "lastUsable"
  | "notAccurate"
  | "unconfirmed"
  | "disagreeing"
  | "shifted";

/**
 * Why there is no value. `notApplicable`: it means nothing in the state that the device is in; `frozen`: the device has
 * said the same for longer than it can be so; `wrongDevice`: another device answers than the one that is meant.
 */
export type Fault =
  | "noCommunication"
  | "stale"
  | "deviceFailure"
  | "sensorFailure"
  | "notFitted"
  | "configuration"
  | "notApplicable"
  | "frozen"
  | "wrongDevice"
  | "waitingForFirst";

/** The reading itself while it is young enough; a bad one in its place when it is older than its point allows. */
export function fresh(reading: Reading, now: Instant, maxAge: Duration): Reading {
  if (reading.quality === "bad" || elapsed(reading.at, now) <= maxAge) return reading;
  return { point: reading.point, at: reading.at, quality: "bad", reason: "stale" };
}

/** The value, or null where there is none. */
export const valueOf = (reading: Reading): number | null => (reading.quality === "bad" ? null : reading.value);
