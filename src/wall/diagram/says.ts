/** What a box of the one-line diagram says: its name, and lines of which as many are shown as fit. */
import type { NodeState, NodeView, RackGroup, Snapshot, Text } from "../../serve/api.ts";
import { ageText, countdownText, quantityText } from "../format.ts";
import type { Words } from "../text.ts";
import { named } from "../text.ts";
import type { Cell, NodeCell, RackCell } from "./cells.ts";
import { summaryOf } from "./diagram.ts";

export interface Saying {
  readonly title: string;
  readonly lines: readonly string[];
  /** Nobody knows any more: since when stands in the lines. */
  readonly stale: boolean;
  /** known: has power; dead: has none; unknown: nobody can say. */
  readonly power: "live" | "dead" | "unknown";
  readonly outOfOrder: boolean;
  /** Load over rating, for the indicator; null where it has none. */
  readonly ratio: number | null;
}

/** What a cell says at this instant. */
export const sayingOf = (cell: Cell, snapshot: Snapshot, words: Words, now: number): Saying =>
  cell.kind === "racks" ? racks(cell, snapshot, words) : nodes(cell, snapshot, words, now);

function nodes(cell: NodeCell, snapshot: Snapshot, words: Words, now: number): Saying {
  const { live, dead, kw, ratedKw, outOfOrder } = summaryOf(cell, snapshot.nodes);
  const [node] = cell.nodes;
  const power = live > 0 ? "live" : dead === cell.nodes.length ? "dead" : "unknown";
  const ratio = node?.kind === "ups" && kw !== null && ratedKw > 0 ? kw / ratedKw : null;
  if (cell.nodes.length > 1 || !node) {
    const kind = words.t(`power.${node?.kind ?? "pdu"}`);
    const total = kw === null ? "" : quantityText(kw, "kW", words);
    const lines =
      dead > 0 && node?.kind !== "generator"
        ? [words.t("power.down", { n: dead, all: cell.nodes.length }), total]
        : [total];
    return {
      title: words.t("power.group", { n: cell.nodes.length, kind }),
      lines: filled(lines),
      stale: false,
      power,
      outOfOrder,
      ratio,
    };
  }
  const state = snapshot.nodes[node.id];
  const silent = state?.silentSince ?? null;
  const lines =
    state === undefined ? [] : silent !== null ? silentLines(silent, words, now) : nodeLines(node, state, words, now);
  return { title: words.of(node.name), lines: filled(lines), stale: silent !== null, power, outOfOrder, ratio };
}

const filled = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== "");

const silentLines = (since: number, words: Words, now: number): readonly string[] => [
  words.t("power.silent", { age: since > 0 ? ageText(now - since, words) : "" }).trim(),
];

function nodeLines(node: NodeView, state: NodeState, words: Words, now: number): readonly string[] {
  const kw = state.kw === null ? "" : quantityText(state.kw, "kW", words);
  if (state.live === null) return [words.t("power.unknown"), kw];
  switch (node.kind) {
    case "generator":
      return [named(words, "generator", state.mode ?? (state.live ? "running" : "stopped")), state.live ? kw : ""];
    case "ats":
      if (!state.live) return [words.t("power.off")];
      return [state.mode === null ? "" : words.t(state.mode === "generator" ? "power.onGenerator" : "power.onUtility")];
    case "ups":
      return upsLines(node, state, words, now);
    default:
      return state.live ? [kw] : [words.t("power.off")];
  }
}

function upsLines(node: NodeView, state: NodeState, words: Words, now: number): readonly string[] {
  const load = state.kw === null || node.ratedKw === 0 ? "" : quantityText((100 * state.kw) / node.ratedKw, "%", words);
  if (!state.live) return [words.t("power.off")];
  if (state.mode === "battery") {
    const left = state.emptyAt === null ? "" : countdownText(state.emptyAt - now);
    return [words.t("power.battery", { left }).trim(), load];
  }
  const kw = state.kw === null ? "" : quantityText(state.kw, "kW", words);
  return state.mode === "bypass" ? [words.t("power.bypass"), load] : [load, kw];
}

function racks({ groups, feeds }: RackCell, { site }: Snapshot, words: Words): Saying {
  const total = add(groups, "total");
  const [first] = groups;
  const space = site.spaces.find(({ id }) => id === first?.space);
  const name: Text = space?.name ?? { en: first?.space ?? "" };
  const title = groups.length === 1 ? words.of(name) : words.t("racks.spaces", { n: groups.length });
  const [dark, single, unknown] = [add(groups, "dark"), add(groups, "single"), add(groups, "unknown")];
  const lines = [
    dark > 0 ? words.t("racks.dark", { n: dark, all: total }) : "",
    single > 0 ? singleText(groups, feeds, single, words) : "",
    unknown > 0 ? words.t("racks.unknown", { n: unknown }) : "",
  ].filter((line) => line !== "");
  const calm = words.t("racks.fed", {
    n: total,
    feeds: feeds.length <= 3 ? feeds.join("+") : words.t("feeds.all", { n: feeds.length }),
  });
  const power = dark === total ? "dead" : unknown === total ? "unknown" : "live";
  return {
    title,
    lines: lines.length > 0 ? lines : [calm],
    stale: false,
    power,
    outOfOrder: lines.length > 0,
    ratio: null,
  };
}

const add = (groups: readonly RackGroup[], field: "total" | "single" | "dark" | "unknown"): number =>
  groups.reduce((sum, group) => sum + group[field], 0);

function singleText(groups: readonly RackGroup[], feeds: readonly string[], n: number, words: Words): string {
  const carrying = feeds.filter((feed) => groups.some(({ fed }) => (fed[feed] ?? 0) > 0));
  if (carrying.length === 1) return words.t("racks.single", { n, feed: carrying[0]! });
  return words.t("racks.singleMixed", { n });
}
