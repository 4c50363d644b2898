/**
 * The row of cards. What runs out, what runs, and what begins next, soonest first; the places that
 * are left over show the margins of a calm day.
 */
import type { GateView, ResponseView, Snapshot } from "../../serve/api.ts";
import { quantityText, stageText } from "../format.ts";
import type { Words } from "../text.ts";
import type { Card } from "./card.ts";
import { gateCards } from "./gate.ts";
import { margins } from "./margins.ts";

/** The cards to show, at most this many. */
export function cardsOf(
  snapshot: Snapshot,
  max: number,
  words: Words,
  gate: GateView | "away" | null = null,
): readonly Card[] {
  const events = [...gateCards(gate, snapshot, words), ...batteries(snapshot, words), ...responses(snapshot, words)];
  const taken = events.length > 0 ? events : [];
  // On battery the runtime is counted down already.
  const calm = margins(snapshot, words).filter(
    ({ key }) => key !== "battery" || !taken.some((card) => card.key.startsWith("empty")),
  );
  return [...taken, ...calm].slice(0, max);
}

function batteries({ site, nodes }: Snapshot, words: Words): readonly Card[] {
  const on = site.nodes.filter(({ id, kind }) => kind === "ups" && nodes[id]?.mode === "battery");
  const cards = on.map((node): Card & { until: number } => {
    const state = nodes[node.id]!;
    const name = words.of(node.name);
    const charge =
      state.chargePct === null
        ? ""
        : words.t("card.emptyLine", {
            charge: quantityText(state.chargePct, "%", words),
            kw: state.kw === null ? words.t("card.noAnswer") : quantityText(state.kw, "kW", words),
          });
    const card = { key: `empty-${node.id}`, line: charge, bar: null, marked: true };
    if (state.emptyAt === null) {
      const big = { kind: "unknown", text: words.t("card.runtimeUnknown") } as const;
      return { ...card, until: Number.POSITIVE_INFINITY, title: words.t("card.emptyUnknown", { name }), big };
    }
    const big = { kind: "countdown", until: state.emptyAt } as const;
    return { ...card, until: state.emptyAt, title: words.t("card.empty", { name }), big };
  });
  // One battery is told in full; a second one would take the place of what is being done about it.
  return cards.sort((a, b) => a.until - b.until).slice(0, 1);
}

const phaseOrder: readonly ResponseView["phase"][] = ["advised", "running", "counting", "stopped", "done", "idle"];

function responses(snapshot: Snapshot, words: Words): readonly Card[] {
  return [...snapshot.responses]
    .sort(
      (a, b) =>
        phaseOrder.indexOf(a.phase) - phaseOrder.indexOf(b.phase) || (a.until ?? a.since) - (b.until ?? b.since),
    )
    .map((response) => marked(response, responseCard(response, words), words));
}

/** A drill looks like what it is a drill of, and says what it is. */
const marked = ({ drill }: ResponseView, card: Card, words: Words): Card =>
  drill === true ? { ...card, title: words.t("card.drilled", { title: card.title }) } : card;

function responseCard(response: ResponseView, words: Words): Card {
  const card = { key: response.id, bar: null, marked: false };
  const title = words.of(response.title);
  switch (response.asks === undefined ? response.phase : "advised") {
    case "advised": {
      const line = nextText(response, words);
      return { ...card, title, big: { kind: "text", text: words.t("card.advised") }, line, marked: true };
    }
    case "counting":
      return {
        ...card,
        title: words.t("card.counting", { title }),
        ...countdown(response.until),
        line: countingLine(response, words),
      };
    case "running":
      return response.kind === "failover" ? failoverCard(response, words) : shedCard(response, words);
    case "idle":
    case "done":
    case "stopped":
      return overCard(response, words);
  }
}

const countdown = (until: number | null): Pick<Card, "big"> => ({
  big: until === null ? { kind: "text", text: "…" } : { kind: "countdown", until },
});

function nextText({ next, steps }: ResponseView, words: Words): string {
  if (!next) return "";
  const step = steps.find(({ id }) => id === next.stage);
  if (step) return words.of(step.title);
  const stage = stageText(next.stage, words);
  return next.kw === null
    ? stage
    : words.t("card.countingShed", { stage, kw: words.number(next.kw, next.kw < 10 ? 1 : 0) });
}

function countingLine(response: ResponseView, words: Words): string {
  if (response.kind === "shed") return nextText(response, words);
  const title = nextText(response, words);
  return response.steps.length > 1 ? words.t("card.countingSteps", { n: response.steps.length, title }) : title;
}

function failoverCard({ id, steps, title }: ResponseView, words: Words): Card {
  const confirmed = steps.filter(({ state }) => state === "confirmed").length;
  const current = steps.find(({ state }) => state === "waiting") ?? steps.find(({ state }) => state === "open");
  const n = current ? steps.indexOf(current) + 1 : steps.length;
  const bar = { ratio: confirmed / Math.max(1, steps.length), mark: null };
  const line = words.t("card.stepLine", { n, all: steps.length, confirmed });
  return {
    key: id,
    title: words.of(current?.title ?? title),
    ...countdown(current?.due ?? null),
    line,
    bar,
    marked: false,
  };
}

function shedCard(response: ResponseView, words: Words): Card {
  const { id, steps, next, until } = response;
  const title = words.of(response.title);
  const stage = steps.at(-1);
  if (stage?.state === "waiting" || !next) {
    const { sent = 0, confirmed = 0, due = null } = stage ?? {};
    const line = words.t("card.stageLine", { confirmed, all: sent });
    const bar = { ratio: confirmed / Math.max(1, sent), mark: null };
    return {
      key: id,
      title: words.t("card.stage", { title, n: steps.length }),
      ...countdown(due),
      line,
      bar,
      marked: false,
    };
  }
  const line = words.t("card.nextLine", { kw: words.number(next.kw ?? 0, (next.kw ?? 0) < 10 ? 1 : 0), title });
  return {
    key: id,
    title: words.t("card.next", { stage: stageText(next.stage, words) }),
    ...countdown(until),
    line,
    bar: null,
    marked: false,
  };
}

function overCard({ id, title, phase, mode, steps }: ResponseView, words: Words): Card {
  const failed = steps.filter(({ state }) => state === "failed");
  const confirmed = steps.reduce((sum, step) => sum + step.confirmed, 0);
  const sent = steps.reduce((sum, step) => sum + step.sent, 0);
  const names = failed.map((step) => words.of(step.title) || step.id).join(", ");
  const text = mode === "observe" ? "card.observed" : phase === "done" ? "card.done" : "card.stopped";
  const line =
    failed.length > 0
      ? words.t("card.failedLine", { names })
      : sent === 0
        ? words.t("card.nothing")
        : words.t("card.doneLine", { confirmed, all: sent });
  return {
    key: id,
    title: words.of(title),
    big: { kind: "text", text: words.t(text) },
    line,
    bar: null,
    marked: failed.length > 0,
  };
}

/** How far the failovers are together: steps confirmed of all steps. Null while none is in effect. */
export function progressOf({ responses }: Snapshot): { readonly done: number; readonly all: number } | null {
  const moving = responses.filter(
    ({ kind, phase, mode }) => kind === "failover" && mode !== "observe" && (phase === "running" || phase === "done"),
  );
  const steps = moving.flatMap((response) => response.steps);
  if (steps.length === 0) return null;
  return { done: steps.filter(({ state }) => state === "confirmed").length, all: steps.length };
}
