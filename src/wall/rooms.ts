/**
 * The rooms as tiles. Every room has its own while there is room for it; then what is in order is
 * put together by kind, and what is not keeps a tile of its own.
 */
import type { AlarmView, PointValue, PointView, Priority, Snapshot, SpaceView } from "../serve/api.ts";
import { worst } from "./diagram/cells.ts";

/** A point with what is known of it. */
export interface Shown extends PointView, PointValue {
  readonly id: string;
}

export interface RoomTile {
  readonly key: string;
  /** One room, or several of a kind. */
  readonly spaces: readonly SpaceView[];
  readonly priority: Priority | null;
  /** An alarm of it has not been acknowledged. */
  readonly isNew: boolean;
  /** The hottest of its temperatures; a bad one only where there is no other. */
  readonly temperature: Shown | null;
  /** Sensors like it in the room that are silent: the hottest may be one of them. */
  readonly silent: number;
  readonly points: readonly Shown[];
}

export interface RoomGrid {
  readonly columns: number;
  readonly rows: number;
  readonly tileW: number;
  readonly tileH: number;
  readonly tiles: readonly RoomTile[];
}

const tileMinW = 7.2;
/** A name that needs more is cut short. */
const tileNameMax = 11;
/** Name and two lines. */
const tileMinH = 3.75;
/** Name and one line. */
const tileTightH = 2.75;
export const tileGap = 0.35;
/** A tile looks best at about this width over its height. */
const tileShape = 2.1;

export interface RoomPanel {
  readonly width: number;
  readonly height: number;
  /** How wide a tile would like to be for its name, rem. */
  readonly wantedW: (space: SpaceView) => number;
}

/** The rooms of a snapshot on a panel of this size, rem. */
export function roomsOf(snapshot: Snapshot, { width, height, wantedW }: RoomPanel): RoomGrid {
  const all = snapshot.site.spaces.map((space) => tileOf([space], snapshot));
  const minW = Math.max(tileMinW, Math.min(tileNameMax, width, Math.max(0, ...snapshot.site.spaces.map(wantedW))));
  const most = fitOf(width, minW) * fitOf(height, tileTightH);
  const tiles = all.length <= most ? all : gathered(all, most, snapshot);
  return { ...gridOf(tiles.length, { width, height, minW }), tiles };
}

const fitOf = (length: number, min: number): number => Math.max(1, Math.floor((length + tileGap) / (min + tileGap)));

/** What is not in order alone, the rest by kind; where even that is too much, the rest in one; then the least bad as well. */
function gathered(all: readonly RoomTile[], most: number, snapshot: Snapshot): readonly RoomTile[] {
  const odd = all.filter(isOdd).sort(byPriority);
  const alone = odd.slice(0, most - 1);
  const left = [...odd.slice(most - 1), ...all.filter((tile) => !isOdd(tile))].flatMap(({ spaces }) => spaces);
  const kinds = [...new Set(left.map(({ kind }) => kind))];
  const isRoomy = odd.length === alone.length && kinds.length <= most - alone.length;
  const groups = isRoomy ? kinds.map((kind) => left.filter((space) => space.kind === kind)) : [left];
  return [...alone, ...groups.filter((spaces) => spaces.length > 0).map((spaces) => tileOf(spaces, snapshot))];
}

const isOdd = ({ priority, points }: RoomTile): boolean => priority !== null || points.some(isAbnormal);

const rank: Readonly<Record<Priority, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
const byPriority = (a: RoomTile, b: RoomTile): number =>
  (a.priority === null ? 4 : rank[a.priority]) - (b.priority === null ? 4 : rank[b.priority]);

/** Columns and rows that give tiles a good shape and waste little. */
function gridOf(n: number, panel: { width: number; height: number; minW: number }): Omit<RoomGrid, "tiles"> {
  const { width, height } = panel;
  const columnsMax = fitOf(width, panel.minW);
  let best = { columns: 1, rows: Math.max(1, n), tileW: width, tileH: tileTightH, badness: Number.POSITIVE_INFINITY };
  for (let columns = 1; columns <= columnsMax; columns += 1) {
    const rows = Math.max(1, Math.ceil(n / columns));
    const tileW = (width - (columns - 1) * tileGap) / columns;
    const tileH = (height - (rows - 1) * tileGap) / rows;
    const tight = tileH < tileTightH ? 1000 : tileH < tileMinH ? 1 : 0;
    const badness = tight + (columns * rows - n) / n + Math.abs(Math.log(tileW / tileH / tileShape));
    if (badness < best.badness) best = { columns, rows, tileW, tileH, badness };
  }
  const { columns, rows, tileW, tileH } = best;
  return { columns, rows, tileW, tileH };
}

function tileOf(spaces: readonly SpaceView[], snapshot: Snapshot): RoomTile {
  const ids = new Set(spaces.map(({ id }) => id));
  const alarms = snapshot.alarms.filter((alarm) => alarm.space !== null && ids.has(alarm.space) && isStanding(alarm));
  const points = pointsIn(ids, snapshot);
  return {
    key: spaces.length === 1 ? spaces[0]!.id : `group-${spaces[0]?.kind ?? ""}`,
    spaces,
    priority: worst(alarms),
    isNew: alarms.some(({ acknowledged }) => !acknowledged),
    ...hottest(points),
    points,
  };
}

const isStanding = ({ status }: AlarmView): boolean => status !== "normal";

const pointsIn = (spaces: ReadonlySet<string>, { site, points }: Snapshot): readonly Shown[] =>
  Object.entries(site.points).flatMap(([id, view]) =>
    view.space !== null && spaces.has(view.space)
      ? [{ id, ...view, ...(points[id] ?? { v: null, q: 2, at: null }) }]
      : [],
  );

/** What stands for a room's temperature, best first. */
const temperatures = [
  "temperature.inlet",
  "temperature.ambient",
  "module.temperature.max",
  "battery.temperature",
  "temperature.supply",
];

function hottest(points: readonly Shown[]): Pick<RoomTile, "temperature" | "silent"> {
  for (const quantity of temperatures) {
    const found = points.filter((point) => point.quantity === quantity);
    const usable = found.filter(({ v }) => v !== null);
    const silent = found.length - usable.length;
    if (usable.length > 0) return { temperature: usable.reduce((a, b) => (b.v! > a.v! ? b : a)), silent };
    if (found[0]) return { temperature: found[0], silent };
  }
  return { temperature: null, silent: 0 };
}

/** Detectors that say that something is there. */
const detections: Readonly<Record<string, true>> = {
  "smoke.level": true,
  "offgas.state": true,
  "flame.state": true,
  "leak.state": true,
  "suppression.released": true,
  "smoke.fault": true,
};

/** Whether a point is a detector that has detected. */
export const isAbnormal = ({ quantity, v }: Shown): boolean => detections[quantity] === true && v !== null && v > 0;
