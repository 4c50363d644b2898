/** What a box of the one-line diagram says: its name, and lines of which as many are shown as fit. */
import type { NodeState, NodeView, RackGroup, Snapshot, Text } from "../../serve/api.ts";
import { ageText, countdownText, quantityText } from "../format.ts";
import type { Words } from "../text.ts";
import { named } from "../text.ts";
import type { Cell, NodeCell, RackCell } from "./cells.ts";
import type { Summary } from "./diagram.ts";
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

/** What a cell is asked to say in. */
export interface Asked {
  readonly words: Words;
  readonly now: number;
  /** Lines under the name. */
  readonly room: number;
}

/** What a cell says at this instant. */
export function sayingOf(cell: Cell, snapshot: Snapshot, asked: Asked): Saying {
  const saying = cell.kind === "racks" ? racks(cell, snapshot, asked) : nodes(cell, snapshot, asked);
  // A box of one line that is in order says its name; one that is not must say what is wrong as well.
  if (asked.room > 0 || !saying.outOfOrder) return saying;
  return { ...saying, title: [saying.title, ...saying.lines.slice(0, 1)].join(" ") };
}

function nodes(cell: NodeCell, snapshot: Snapshot, asked: Asked): Saying {
  const sum = summaryOf(cell, snapshot.nodes);
  const { live, dead, kw, ratedKw, outOfOrder } = sum;
  const [node] = cell.nodes;
  const power = live > 0 ? "live" : dead === cell.nodes.length ? "dead" : "unknown";
  const ratio = node?.kind === "ups" && kw !== null && ratedKw > 0 ? kw / ratedKw : null;
  const state = node && snapshot.nodes[node.id];
  const isSilent = cell.nodes.length === 1 && state?.silentSince != null;
  const lines =
    cell.nodes.length > 1 ? groupLines(cell, sum, asked) : node && state ? nodeLines(node, state, asked) : [];
  return { title: titleOf(cell, asked), lines: filled(lines), stale: isSilent, power, outOfOrder, ratio };
}

function titleOf({ nodes, feeds }: NodeCell, { words }: Asked): string {
  const [node] = nodes;
  if (nodes.length === 1 && node) return words.of(node.name);
  const values = { n: nodes.length, kind: words.t(`power.${node?.kind ?? "pdu"}`) };
  return feeds.length === 1 ? words.t("power.groupOf", { ...values, feed: feeds[0]! }) : words.t("power.group", values);
}

/** What is wrong comes first, in numbers; then what they carry together. */
function groupLines({ nodes }: NodeCell, sum: Summary, { words }: Asked): readonly string[] {
  const of = (n: number): { n: number; all: number } => ({ n, all: nodes.length });
  const isDown = sum.dead > 0 && nodes[0]?.kind !== "generator";
  return [
    isDown ? words.t("power.down", of(sum.dead)) : "",
    sum.silent > 0 ? words.t("power.silentSome", of(sum.silent)) : "",
    sum.kw === null ? "" : quantityText(sum.kw, "kW", words),
  ];
}

const filled = (lines: readonly string[]): readonly string[] => lines.filter((line) => line !== "");

function nodeLines(node: NodeView, state: NodeState, asked: Asked): readonly string[] {
  const { words, now } = asked;
  if (state.silentSince !== null) {
    const age = state.silentSince > 0 ? ageText(now - state.silentSince, words) : "";
    return [words.t("power.silent"), age];
  }
  const kw = state.kw === null ? "" : quantityText(state.kw, "kW", words);
  if (state.live === null) return [words.t("power.unknown"), kw];
  switch (node.kind) {
    case "generator":
      return [named(words, "generator", state.mode ?? (state.live ? "running" : "stopped")), state.live ? kw : ""];
    case "ats":
    case "sts":
      if (!state.live) return [words.t("power.off")];
      return [state.mode === null ? "" : words.t(state.mode === "generator" ? "power.generator" : "power.utility")];
    case "ups":
      return upsLines(node, state, asked);
    case "utility":
    case "pdu":
      return state.live ? [kw] : [words.t("power.off")];
  }
}

function upsLines(node: NodeView, state: NodeState, { words, now, room }: Asked): readonly string[] {
  const load = state.kw === null || node.ratedKw === 0 ? "" : quantityText((100 * state.kw) / node.ratedKw, "%", words);
  const kw = state.kw === null ? "" : quantityText(state.kw, "kW", words);
  if (!state.live) return [words.t("power.off")];
  if (state.mode === "bypass") return [words.t("power.bypass"), load];
  if (state.mode !== "battery") return [load, kw];
  const left = state.emptyAt === null ? "" : countdownText(state.emptyAt - now);
  if (left === "") return [words.t("power.battery"), load];
  return room > 1 ? [words.t("power.battery"), left] : [words.t("power.batteryShort", { left })];
}

function racks({ groups, feeds }: RackCell, { site }: Snapshot, { words, room }: Asked): Saying {
  const total = add(groups, "total");
  const [first] = groups;
  const space = site.spaces.find(({ id }) => id === first?.space);
  const name: Text = space?.name ?? { en: first?.space ?? "" };
  const title = groups.length === 1 ? words.of(name) : words.t("racks.spaces", { n: groups.length });
  const [dark, single, unknown] = [add(groups, "dark"), add(groups, "single"), add(groups, "unknown")];
  const isAllSingle = single === total && room > 1;
  const lines = [
    dark > 0 ? words.t("racks.dark", { n: dark, all: total }) : "",
    isAllSingle ? words.t("racks.count", { n: total }) : "",
    single > 0 ? singleText(groups, feeds, isAllSingle ? null : single, words) : "",
    unknown > 0 ? words.t("racks.unknown", { n: unknown }) : "",
  ].filter((line) => line !== "");
  const fed = feeds.length <= 3 ? feeds.join("+") : words.t("feeds.all", { n: feeds.length });
  const calm = [words.t("racks.count", { n: total }), fed];
  const power = dark === total ? "dead" : unknown === total ? "unknown" : "live";
  return {
    title,
    lines: lines.length > 0 ? lines : calm,
    stale: false,
    power,
    outOfOrder: lines.length > 0,
    ratio: null,
  };
}

const add = (groups: readonly RackGroup[], field: "total" | "single" | "dark" | "unknown"): number =>
  groups.reduce((sum, group) => sum + group[field], 0);

/** "8 on B only"; without a number, "on B only". */
function singleText(groups: readonly RackGroup[], feeds: readonly string[], n: number | null, words: Words): string {
  const [only, ...more] = feeds.filter((feed) => groups.some(({ fed }) => (fed[feed] ?? 0) > 0));
  const text =
    only === undefined || more.length > 0 ? words.t("racks.singleMixed") : words.t("racks.single", { feed: only });
  return n === null ? text : words.t("racks.some", { n, text });
}
