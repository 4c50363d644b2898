import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import { exit, Refusal } from "./exit.ts";

/** The instant that an option says; null where it is left out. A refusal where it is none. */
export function instantOf(text: string | undefined, option: string): Instant | null {
  if (text === undefined) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new Refusal(`${option} ${text} is no instant such as 2026-03-02T09:00:00+09:00`, exit.usage);
  return instant(at);
}
