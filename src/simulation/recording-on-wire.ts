/**
 * A recorded site on the wire: each of its devices shows what was read of it at that moment of the recording, from the
 * beginning on, at the pace of the clock. It knows no physics, takes no orders, and is over when the recording is.
 */
import { madeWhole } from "../../simulators/device/index.ts";
import type { Recording } from "../../simulators/recording/index.ts";
import { recordedAccess } from "../../simulators/recording/index.ts";
import type { PointId } from "../core/reading.ts";
import { deviceOf, pointId } from "../core/reading.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { Profile } from "../profiles/index.ts";
import type { SiteOnWire, SiteOnWireOptions } from "./site-on-wire.ts";
import { openSiteOnWire, withKeys } from "./site-on-wire.ts";

export interface RecordingOnWireOptions extends SiteOnWireOptions {
  readonly recording: Recording;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** It begins anew when it is over, and never ends. */
  readonly isLooped: boolean;
}

export interface RecordingOnWire extends SiteOnWire {
  /** Points of its devices that something was read of. */
  readonly recorded: number;
  /** The moment of the recording that is shown. */
  now(): Instant;
  readonly isOver: boolean;
}

/** Puts a recording on the wire. Rejects, with nothing left open, where a port is taken. */
export async function openRecordingOnWire(options: RecordingOnWireOptions): Promise<RecordingOnWire> {
  const { site, keys, recording, profiles, isLooped } = options;
  const { starts, ends } = recording;
  let playedMs = 0;
  const lastsMs = ends - starts;
  const now = (): Instant =>
    instant(starts + (isLooped && lastsMs > 0 ? playedMs % lastsMs : Math.min(playedMs, lastsMs)));
  const rows = rowsIn(recording);
  const devices = withKeys(site, keys).map((device) => madeWhole(device, { profiles, rows: rows.get(device.id) ?? 0 }));
  const move = (byMs: number): void => {
    playedMs += byMs;
  };
  const wire = await openSiteOnWire(options, { devices, access: recordedAccess(recording, now), move });
  const points = pointsIn(recording);
  const known = devices.map(({ id, model }) => model.points.filter(({ name }) => points.has(pointId(id, name))).length);
  return {
    ...wire,
    recorded: known.reduce((sum, count) => sum + count, 0),
    now,
    get isOver() {
      return !isLooped && playedMs >= lastsMs;
    },
  };
}

const pointsIn = ({ lines }: Recording): ReadonlySet<PointId> =>
  new Set(lines.flatMap(({ input }) => input.readings.map(({ point }) => point)));

/** The highest row that anything was read of, by device. Rows that nothing was read of show nothing. */
function rowsIn(recording: Recording): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const point of pointsIn(recording)) {
    const device = deviceOf(point);
    for (const [, row] of point.matchAll(/\[(\d+)\]/g)) rows.set(device, Math.max(rows.get(device) ?? 0, Number(row)));
  }
  return rows;
}
