/** Tests of a value as files write them: "> 40", "< 3.1", "== battery", "in [fire1, fire2]". */
export type Condition =
  | { readonly is: ">" | "<"; readonly limit: number }
  | { readonly is: "in"; readonly states: readonly string[] };

/** A written test; null where the text is none. Whether its states exist is for the caller to say. */
export function parseCondition(text: string): Condition | null {
  const trimmed = text.trim();
  const [, sign, limit] = /^([<>])\s*(-?\d+(?:\.\d+)?)$/.exec(trimmed) ?? [];
  if (sign !== undefined) return { is: sign === ">" ? ">" : "<", limit: Number(limit) };
  const [, state] = /^==\s*'?([a-z]\w*)'?$/i.exec(trimmed) ?? [];
  if (state !== undefined) return { is: "in", states: [state] };
  const [, list] = /^in\s*\[([^\]]+)\]$/.exec(trimmed) ?? [];
  return list === undefined ? null : { is: "in", states: list.split(",").map((name) => name.trim()) };
}

/** A point and a test of it: "ups.mode == battery". Null where the text is no such thing. */
export function parsePointCondition(text: string): { readonly point: string; readonly test: Condition } | null {
  const [, point, rest] = /^\s*([a-z][\w.[\]]*)\s+(.+)$/.exec(text) ?? [];
  const test = rest === undefined ? null : parseCondition(rest);
  return point === undefined || test === null ? null : { point, test };
}
