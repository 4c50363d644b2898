/**
 * The wall's colours. Grey is normal; the four alarm hues are used for alarms and for nothing else,
 * and tell apart by lightness as well as by hue. Contrast and colour blindness are held by tests.
 */
import type { Priority } from "../serve/api.ts";

export const palette = {
  ground: "#25282b",
  panel: "#2e3236",
  box: "#383d42",
  line: "#525960",
  live: "#cfd4d9",
  dead: "#7c848c",
  track: "#4a5056",
  band: "#6b737b",
  text: "#e2e5e8",
  dim: "#b2b9c0",
  ink: "#101214",
} as const;

export const priorityColor: Readonly<Record<Priority, string>> = {
  critical: "#ff4040",
  high: "#ff8a14",
  medium: "#ffec70",
  low: "#cf9bff",
};

/** The digit that says the priority where neither hue nor shape can be made out. */
export const priorityDigit: Readonly<Record<Priority, string>> = { critical: "1", high: "2", medium: "3", low: "4" };

export const priorityOrder: readonly Priority[] = ["critical", "high", "medium", "low"];
