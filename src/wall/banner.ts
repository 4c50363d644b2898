/** The alarms' strip: the worst lines, and in words how many more there are of which kind. */
import type { AlarmCounts, AlarmView, Snapshot } from "../serve/api.ts";
import type { Words } from "./text.ts";

export interface Banner {
  readonly lines: readonly AlarmView[];
  /** "+5 more · 2 shelved": never left out. */
  readonly rest: string;
}

export function bannerOf({ alarms, counts, flood }: Snapshot, linesMax: number, words: Words): Banner {
  const lines = alarms.slice(0, linesMax);
  const rest = restText(counts, alarms.length - lines.length + counts.more, words);
  const flooded = flood === null ? "" : words.t("cause.flood", { n: flood.count });
  return { lines, rest: [flooded, rest].filter((part) => part !== "").join(" · ") };
}

function restText(counts: AlarmCounts, more: number, words: Words): string {
  const parts = [
    more > 0 ? words.t("alarms.more", { n: more }) : "",
    counts.shelved > 0 ? words.t("alarms.shelved", { n: counts.shelved }) : "",
    counts.suppressed > 0 ? words.t("alarms.suppressed", { n: counts.suppressed }) : "",
    counts.outOfService > 0 ? words.t("alarms.outOfService", { n: counts.outOfService }) : "",
    counts.bypassed > 0 ? words.t("alarms.bypassed", { n: counts.bypassed }) : "",
    counts.degraded > 0 ? words.t("alarms.degraded", { n: counts.degraded }) : "",
    counts.blind > 0 ? words.t("alarms.blindCount", { n: counts.blind }) : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

/** What is to be known of an alarm beside its title: "first out · folds 68". */
export function remarksOf(alarm: AlarmView, words: Words): string {
  const parts = [
    alarm.firstOut ? words.t("alarms.firstOut") : "",
    alarm.under === null ? "" : words.t("alarms.follows"),
    alarm.folds > 0 ? words.t("alarms.folds", { n: alarm.folds }) : "",
    alarm.blind ? words.t("alarms.blind") : "",
    alarm.flapping ? words.t("alarms.flapping") : "",
    alarm.status === "returnedUnacknowledged" ? words.t("alarms.returned") : "",
    alarm.status.startsWith("latched") ? words.t("alarms.latched") : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
