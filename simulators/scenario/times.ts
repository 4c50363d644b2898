import type { Instant } from "../../src/core/time.ts";
import { after, hours, instant } from "../../src/core/time.ts";
import { parseDuration } from "../../src/profiles/index.ts";
import type { WallTime } from "../promises/index.ts";

/** Wall times are those of the start's own offset, on its day, or on the next where they would lie before it. */
export function wallTimeOf(starts: string): WallTime {
  const begins = Date.parse(starts);
  const [day = ""] = starts.split("T");
  const offset = /(Z|[+-]\d\d:\d\d)$/.exec(starts)?.[0] ?? "Z";
  return (text) => {
    if (!/^\d\d:\d\d(:\d\d)?$/.test(text)) return null;
    const at = Date.parse(`${day}T${text.length === 5 ? `${text}:00` : text}${offset}`);
    if (Number.isNaN(at)) return null;
    return instant(at < begins ? at + hours(24) : at);
  };
}

/** "5min" after the start, or a time of day; null where it is neither. */
export function timeOf(text: string, starts: Instant, wallTime: WallTime): Instant | null {
  const wait = parseDuration(text);
  return wait === null ? wallTime(text) : after(starts, wait);
}
