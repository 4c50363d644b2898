/** What is lost in the power tree, one line an event, over the alarms that follow from it. */
import type { CauseView, Snapshot } from "../serve/api.ts";
import { countdownText, quantityText } from "./format.ts";
import type { Words } from "./text.ts";

export interface LossLine {
  readonly key: string;
  readonly since: number;
  readonly title: string;
  readonly text: string;
}

/** The first events, as many as there are lines, and in words how many more there are. */
export function lossesOf(snapshot: Snapshot, linesMax: number, words: Words): { lines: LossLine[]; rest: string } {
  const { causes } = snapshot;
  const lines = causes.slice(0, linesMax).map((cause) => lineOf(snapshot, cause, words));
  const more = causes.length - lines.length;
  return { lines, rest: more > 0 ? words.t("cause.more", { n: more }) : "" };
}

function lineOf({ site }: Snapshot, cause: CauseView, words: Words): LossLine {
  const { node, since, dead, onBattery, runtimeS, alarms } = cause;
  const name = words.of(site.nodes.find(({ id }) => id === node)?.name ?? { en: node });
  const isDead = dead.includes(node as CauseView["dead"][number]);
  const left = runtimeS === null ? "" : countdownText(runtimeS * 1000);
  const below = dead.length - (isDead ? 1 : 0);
  const parts = [
    ...racksTexts(cause, words),
    below > 0 ? words.t("cause.below", { n: below }) : "",
    onBattery.length === 0
      ? ""
      : words.t(runtimeS === null ? "cause.batteriesUnknown" : "cause.batteries", { n: onBattery.length, left }),
    alarms.length > 0 ? words.t("cause.follow", { n: alarms.length }) : "",
  ];
  return {
    key: node,
    since,
    title: words.t(isDead ? "cause.dead" : "cause.battery", { name }),
    text: parts.filter((part) => part !== "").join(" · "),
  };
}

function racksTexts({ racks }: CauseView, words: Words): readonly string[] {
  if (!racks) return [];
  const { count, feeds, on, fillPct, marginKw, dark, unknown } = racks;
  const onText =
    fillPct === null || marginKw === null
      ? words.t("cause.onUnknown", { on: on.join(", ") })
      : words.t("cause.on", { on: on.join(", "), pct: fillPct, margin: quantityText(marginKw, "kW", words) });
  return [
    words.t("cause.racks", { feeds: feeds.join(", "), n: count }),
    on.length > 0 ? onText : "",
    dark > 0 ? words.t("cause.dark", { n: dark }) : "",
    unknown > 0 ? words.t("cause.unknown", { n: unknown }) : "",
  ];
}
