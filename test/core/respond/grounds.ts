import type { Image } from "../../../src/core/image.ts";
import { imageAt } from "../../../src/core/image.ts";
import type { PointId, Reading } from "../../../src/core/reading.ts";
import type { ShedAction } from "../../../src/core/respond/response.ts";
import type { Scene } from "../../../src/core/respond/scene.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { Load, LoadFeed, NodeId, PowerNode, PowerTree } from "../../../src/core/topology/power.ts";
import { fillMax, importances } from "../../../src/core/topology/power.ts";
import type { Chance } from "../../chaos/chance.ts";
import { chance } from "../../chaos/chance.ts";
import { node, powerNode, treeOf } from "../feeds.ts";
import { good, maxAge, point, t0 } from "../fixture.ts";

/** Any plant at all, as it truly is, and what is seen of it. */
export interface Ground {
  readonly tree: PowerTree;
  readonly action: ShedAction;
  /** Outlets that are open. */
  readonly open: ReadonlySet<PointId>;
  /** Outlets to which commands are out: they open or they do not. */
  readonly taken: ReadonlySet<PointId>;
  readonly dead: ReadonlySet<NodeId>;
  /** What each load draws, kW, and how its power supplies share that between the feeds that have power. */
  readonly drawsKw: ReadonlyMap<string, number>;
  readonly shares: ReadonlyMap<LoadFeed, number>;
  readonly scene: Scene;
}

export interface Kind {
  readonly loadsMax: number;
  /** The part of points that say nothing. */
  readonly silent: number;
  /** Of meters, contacts and switches that are not there. */
  readonly lacking: number;
}

const usual: Kind = { loadsMax: 14, silent: 0.08, lacking: 0.12 };

export function groundOf(seed: number, kind: Kind = usual): Ground {
  const by = chance(seed);
  const nodes = nodesOf(by, kind);
  const rows = nodes.filter(({ kind: is }) => is === "pdu");
  const loads = Array.from({ length: by.whole(1, kind.loadsMax) }, (_, i) => loadOf(by, kind, rows, i));
  const tree = treeOf(nodes, loads);
  const outlets = loads.flatMap(({ feeds }) => feeds.flatMap(({ outlet }) => outlet ?? []));
  const dead = new Set(nodes.filter(({ kind: is }) => is === "ups" && by.odds(0.08)).map(({ id }) => id));
  const plain = {
    tree,
    open: new Set(outlets.filter(() => by.odds(0.08))),
    taken: new Set(by.odds(0.3) ? outlets.filter(() => by.odds(0.1)) : []),
    dead,
    drawsKw: new Map(loads.map(({ id, ratedKw }) => [id, ratedKw * (by.whole(2, 10) / 10)])),
    shares: new Map(loads.flatMap(({ feeds }) => feeds.map((feed) => [feed, by.odds(0.15) ? 0.001 : by.whole(1, 4)]))),
  };
  const silent = readingsOf(plain).filter(() => !by.odds(kind.silent));
  const mute = new Set(rows.filter(() => by.odds(0.05)).map(({ id }) => `d-${id}`));
  const scene: Scene = { tree, image: imageOf(silent), taken: plain.taken, mute, writesOf: null };
  return { ...plain, action: actionOf(by, plain), scene };
}

const imageOf = (readings: readonly Reading[]): Image =>
  imageAt(new Map(readings.map((r) => [r.point, r])), new Map(readings.map((r) => [r.point, { maxAge }])), instant(t0));

function nodesOf(by: Chance, { lacking }: Kind): readonly PowerNode[] {
  const metered = (id: string): Partial<PowerNode> =>
    by.odds(lacking) ? { power: null } : { power: point(`${id}/kw`) };
  const sized = (low: number, high: number): Partial<PowerNode> => ({ ratedKw: by.whole(low, high) });
  const mains = by.odds(0.5) ? ["main"] : ["main", "other"];
  const nodes = mains.map((id) => powerNode(id, "utility", [], { ...metered(id), ...sized(60, 300) }));
  const boards = mains.map((id) =>
    powerNode(`board-${id}`, "pdu", [id], { ...metered(`board-${id}`), ...sized(60, 300) }),
  );
  const all = [...nodes, ...boards];
  for (const side of ["a", "b", "c"].slice(0, by.whole(2, 3))) {
    const ups = `ups-${side}`;
    all.push(powerNode(ups, "ups", [by.pick(boards).id], { ...metered(ups), ...sized(30, 120) }));
    for (let n = by.whole(1, 3); n > 0; n -= 1) {
      const row = `row-${side}${n}`;
      all.push(powerNode(row, "pdu", [ups], { ...metered(row), ...sized(10, 80) }));
      if (by.odds(0.2)) all.push(powerNode(`${row}-tap`, "pdu", [row], { ...metered(`${row}-tap`), ...sized(8, 40) }));
    }
  }
  return all;
}

function loadOf(by: Chance, { lacking }: Kind, rows: readonly PowerNode[], at: number): Load {
  const id = `l${at}`;
  const hangsOn = Array.from({ length: by.pick([1, 2, 2, 2, 3]) }, () => by.pick(rows).id);
  const feeds = [...new Set(hangsOn)].map((row): LoadFeed => {
    const part = (name: string): PointId | null => (by.odds(lacking) ? null : point(`d-${row}/${name}.${id}`));
    return { node: row, outlet: part("outlet"), closed: part("closed"), power: part("power") };
  });
  const spread = by.odds(0.3) ? { spread: by.pick(["web", "db"]) } : {};
  return { id, space: "hall", ratedKw: by.whole(1, 20), importance: by.pick(importances), feeds, ...spread };
}

type Plain = Pick<Ground, "tree" | "open" | "dead" | "drawsKw" | "shares">;

/** The nodes that power passes on its way to one, itself first; none where a supply is dead. */
function passes({ tree, dead }: Plain, id: NodeId): readonly NodeId[] {
  const above = tree.nodes.get(id)!.from[0];
  if (dead.has(id)) return [];
  if (above === undefined) return [id];
  const way = passes({ tree, dead } as Plain, above);
  return way.length === 0 ? [] : [id, ...way];
}

const isClosed = ({ open }: Plain, { outlet }: LoadFeed): boolean => outlet === null || !open.has(outlet);

/** What each feed truly draws. */
export function drawOf(plain: Plain, { id, feeds }: Load, feed: LoadFeed): number {
  const lit = feeds.filter((one) => isClosed(plain, one) && passes(plain, one.node).length > 0);
  const all = lit.reduce((sum, one) => sum + plain.shares.get(one)!, 0);
  return lit.includes(feed) ? (plain.drawsKw.get(id)! * plain.shares.get(feed)!) / all : 0;
}

/** What every node truly carries, kW. */
export function carriedIn(plain: Plain): ReadonlyMap<NodeId, number> {
  const carried = new Map<NodeId, number>([...plain.tree.nodes.keys()].map((id) => [id, 0]));
  for (const load of plain.tree.loads)
    for (const feed of load.feeds) {
      const kw = drawOf(plain, load, feed);
      for (const id of passes(plain, feed.node)) carried.set(id, carried.get(id)! + kw);
    }
  return carried;
}

export const isLit = (plain: Plain, load: Load): boolean => load.feeds.some((feed) => drawOf(plain, load, feed) > 0);

function readingsOf(plain: Plain): readonly Reading[] {
  const carried = carriedIn(plain);
  const meters = [...plain.tree.nodes.values()].flatMap(({ id, power }) =>
    power ? [good(power, carried.get(id)!)] : [],
  );
  const own = plain.tree.loads.flatMap((load) =>
    load.feeds.flatMap((feed) => [
      ...(feed.closed ? [good(feed.closed, Number(isClosed(plain, feed)))] : []),
      ...(feed.power ? [good(feed.power, drawOf(plain, load, feed))] : []),
    ]),
  );
  return [...meters, ...own];
}

function actionOf(by: Chance, plain: Plain): ShedAction {
  const carried = carriedIn(plain);
  const loaded = [...carried.keys()].filter((id) => carried.get(id)! > 1 && id !== node("main"));
  const nodes = new Set(
    Array.from({ length: by.pick([1, 1, 1, 2]) }, () => by.pick(loaded.length > 0 ? loaded : [node("ups-a")])),
  );
  const relieve = [...nodes].map((id) => ({ node: id, toKw: (carried.get(id)! * by.whole(0, 9)) / 10 }));
  return { kind: "shed", relieve, within: ms(60_000), settle: ms(2000) };
}

/** Nodes that carry more than they may because of outlets that were opened, whether commands that are out take effect or not. */
export function overloadedBy(ground: Ground, opened: readonly PointId[]): readonly string[] {
  return [[], [...ground.taken]].flatMap((alreadyOut) => {
    const before = carriedIn({ ...ground, open: new Set([...ground.open, ...alreadyOut]) });
    const after = carriedIn({ ...ground, open: new Set([...ground.open, ...alreadyOut, ...opened]) });
    return [...ground.tree.nodes.values()].flatMap(({ id, ratedKw }) => {
      const most = Math.max(before.get(id)!, ratedKw * fillMax);
      return after.get(id)! > most + 1e-6 ? [`${id}: ${after.get(id)} of ${ratedKw} kW, ${before.get(id)} before`] : [];
    });
  });
}
