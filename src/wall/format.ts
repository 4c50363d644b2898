/** Values in the form in which people read them. */
import type { Words } from "./text.ts";

const unitText: Readonly<Record<string, string>> = { Cel: "°C", "kV.A": "kVA", "kW.h": "kWh", "1": "", "r/min": "rpm" };

/** Digits after the point by unit: what a sensor of that kind can mean. */
const digitsOf = (value: number, unit: string | null): number => {
  if (unit === "Cel") return 1;
  return unit === "kW" && value !== 0 && Math.abs(value) < 10 ? 1 : 0;
};

/** "24.6 °C", "318 kW", "71 %". */
export function quantityText(value: number, unit: string | null, words: Words): string {
  const name = unit === null ? "" : (unitText[unit] ?? unit);
  const number = words.number(value, digitsOf(value, unit));
  return name === "" ? number : `${number} ${name}`;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** A countdown: "01:25", "1:02:07", never below zero. */
export function countdownText(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const minutes = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return s < 3600 ? minutes : `${Math.floor(s / 3600)}:${minutes}`;
}

/** How old something is: "12 s", "6:12", "3 h", "2 d". */
export function ageText(ms: number, words: Words): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return words.t("age.seconds", { n: s });
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  return s < 86_400
    ? words.t("age.hours", { n: Math.floor(s / 3600) })
    : words.t("age.days", { n: Math.floor(s / 86_400) });
}

/** The age of live data: tenths below ten seconds. */
export const dataAgeText = (ms: number, words: Words): string =>
  words.t("age.seconds", { n: words.number(ms / 1000, ms < 10_000 ? 1 : 0) });

/** A shed's stage in words: the server says "drop batch". */
export function stageText(stage: string, words: Words): string {
  return stage
    .split("; ")
    .map((part) => partText(part, words))
    .join("; ");
}

/** "move batch, normal": what is done, and how far up it goes; a line that is read from afar has no room for every class. */
function partText(part: string, words: Words): string {
  const at = part.indexOf(" ");
  const manner = part.slice(0, at);
  if (manner !== "move" && manner !== "drop") return part;
  const dearest = part
    .slice(at + 1)
    .split(", ")
    .at(-1)!;
  const what = importanceText(dearest, words);
  return words.t(manner === "move" ? "stage.move" : "stage.drop", { what });
}

function importanceText(importance: string, words: Words): string {
  const key = `importance.${importance}`;
  const isKnown = key === "importance.batch" || key === "importance.redundant" || key === "importance.normal";
  return isKnown ? words.t(key) : importance;
}
