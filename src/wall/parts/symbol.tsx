import type { Priority } from "../../serve/api.ts";
import { palette, priorityColor, priorityDigit } from "../palette.ts";
import type { Words } from "../text.ts";

const shapes: Readonly<Record<Priority, string>> = {
  critical: "M4 4H96V96H4Z",
  high: "M50 0L100 96H0Z",
  medium: "M0 4H100L50 100Z",
  low: "M50 -4L104 50L50 104L-4 50Z",
};

/** Where the digit stands in each shape: its baseline, out of 100. */
const baselines: Readonly<Record<Priority, number>> = { critical: 76, high: 86, medium: 62, low: 76 };

interface Props {
  readonly priority: Priority;
  /** Nobody has acknowledged it yet: the symbol blinks, never the text beside it. */
  readonly isNew: boolean;
  readonly words: Words;
}

/** A priority by hue, shape and digit at once. */
export function PrioritySymbol({ priority, isNew, words }: Props) {
  const label = words.t(`priority.${priority}`) + (isNew ? `, ${words.t("alarms.unacknowledged")}` : "");
  return (
    <svg class={isNew ? "symbol new" : "symbol"} viewBox="0 0 100 100" role="img" aria-label={label}>
      <path d={shapes[priority]} fill={priorityColor[priority]} />
      <text x="50" y={baselines[priority]} text-anchor="middle" fill={palette.ink}>
        {priorityDigit[priority]}
      </text>
    </svg>
  );
}
