/** The cards of a calm day: how far it is to the edge. */
import type { NodeView, Snapshot } from "../../serve/api.ts";
import { countdownText, quantityText } from "../format.ts";
import type { Words } from "../text.ts";
import type { Big, Card } from "./card.ts";

/** A supply is not meant to carry more than this part of its rating. */
export const fillMax = 0.9;

export function margins(snapshot: Snapshot, words: Words): readonly Card[] {
  return [load(snapshot, words), battery(snapshot, words), cooling(snapshot, words), drill(snapshot, words)];
}

/** What stands for a feed's supply: its UPS, or where it has none the first nodes that are its own. */
export function suppliesOf(nodes: readonly NodeView[], feed: string): readonly NodeView[] {
  const own = nodes.filter((node) => node.feed === feed);
  const ups = own.filter(({ kind }) => kind === "ups");
  const ids = new Set(own.map(({ id }) => id));
  return ups.length > 0 ? ups : own.filter(({ from }) => !from.some((id) => ids.has(id)));
}

interface Feed {
  readonly name: string;
  readonly ratedKw: number;
  readonly kw: number | null;
  readonly live: boolean;
}

/** Each feed's load and rating. */
export function feedsOf({ site, nodes }: Snapshot): readonly Feed[] {
  const names = [...new Set(site.nodes.flatMap(({ feed }) => feed ?? []))].sort();
  return names.map((name) => {
    const supplies = suppliesOf(site.nodes, name);
    const kws = supplies.map(({ id }) => nodes[id]?.kw ?? null);
    const known = kws.filter((kw) => kw !== null);
    const up = supplies.filter(({ id }) => nodes[id]?.live !== false);
    return {
      name,
      ratedKw: up.reduce((sum, { ratedKw }) => sum + ratedKw, 0),
      kw: known.length === kws.length && kws.length > 0 ? known.reduce((a, b) => a + b, 0) : null,
      live: up.length > 0,
    };
  });
}

const text = (value: string): Big => ({ kind: "text", text: value });

/** Nothing is measured that would tell, or what would tell does not answer: two different things. */
const untold = (isWatched: boolean, words: Words): Pick<Card, "big" | "line"> =>
  isWatched
    ? { big: { kind: "unknown", text: words.t("card.noAnswer") }, line: "" }
    : { big: text("–"), line: words.t("card.notWatched") };

function load(snapshot: Snapshot, words: Words): Card {
  const feeds = feedsOf(snapshot);
  const up = feeds.filter(({ live }) => live);
  const allUp = up.length === feeds.length && up.length > 1;
  const title = words.t(allUp ? "card.marginOne" : up.length < feeds.length ? "card.marginNow" : "card.margin");
  const empty = { key: "margin", title, line: "", bar: null, marked: false };
  if (up.length === 0 || up.some(({ kw }) => kw === null)) {
    return { ...empty, ...untold(feeds.length > 0, words) };
  }
  const total = up.reduce((sum, { kw }) => sum + kw!, 0);
  const rated = up.reduce((sum, { ratedKw }) => sum + ratedKw, 0);
  // The largest feed is the one whose loss hurts most.
  const capacity = allUp ? rated - Math.max(...up.map(({ ratedKw }) => ratedKw)) : rated;
  const margin = capacity * fillMax - total;
  const line = words.t("card.loadLine", { load: words.number(total, 0), capacity: words.number(capacity, 0) });
  const bar = { ratio: total / capacity, mark: fillMax };
  return { ...empty, big: text(quantityText(margin, "kW", words)), line, bar, marked: margin < 0 };
}

function battery({ site, nodes }: Snapshot, words: Words): Card {
  const all = site.nodes
    .filter(({ id, kind }) => kind === "ups" && nodes[id]?.live !== false)
    .map((node) => ({ node, runtimeS: nodes[node.id]?.runtimeS ?? null }));
  const known = all.filter(({ runtimeS }) => runtimeS !== null).sort((a, b) => a.runtimeS! - b.runtimeS!);
  const title = words.t("card.battery");
  const card = { key: "battery", title, bar: null, marked: false };
  const first = known[0];
  if (!first) return { ...card, ...untold(all.length > 0, words) };
  const line =
    all.length > 1 ? words.t("card.batteryLine", { name: words.of(first.node.name) }) : words.of(first.node.name);
  return { ...card, big: text(countdownText(first.runtimeS! * 1000)), line };
}

function cooling({ site, points }: Snapshot, words: Words): Card {
  const watched = Object.entries(site.points).filter(
    ([, { unit, high, quantity }]) => unit === "Cel" && high !== null && quantity.startsWith("temperature."),
  );
  const title = words.t("card.cooling");
  const card = { key: "cooling", title, bar: null, marked: false };
  const known = watched
    .map(([id, view]) => ({ view, v: points[id]?.v ?? null }))
    .filter((one): one is typeof one & { v: number } => one.v !== null)
    .sort((a, b) => a.view.high! - a.v - (b.view.high! - b.v));
  const first = known[0];
  if (!first) return { ...card, ...untold(watched.length > 0, words) };
  const { view, v } = first;
  const space = site.spaces.find(({ id }) => id === view.space);
  const values = { value: quantityText(v, "Cel", words), limit: words.number(view.high!, 0) };
  const line = words.t("card.coolingLine", { space: space ? words.of(space.name) : "", ...values }).trim();
  return { ...card, big: text(`${words.number(view.high! - v, 1)} K`), line, marked: v > view.high! };
}

function drill({ site }: Snapshot, words: Words): Card {
  const next = site.nextDrill;
  const big = text(next ? words.day(next.at) : "–");
  return {
    key: "drill",
    title: words.t("card.drill"),
    big,
    line: next ? words.of(next.title) : words.t("card.noDrill"),
    bar: null,
    marked: false,
  };
}
