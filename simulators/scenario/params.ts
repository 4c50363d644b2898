/**
 * Names in a scenario that stand for values: its parameters, which whoever runs it may set otherwise, and its draws,
 * which its seed decides. `${name}` is put in wherever a text stands, before anything of the file is understood; a text
 * that is nothing else becomes the value itself.
 */
import type { Document, Path, Problem } from "../../src/profiles/index.ts";
import { closest } from "../../src/profiles/index.ts";
import { dice } from "../plant/dice.ts";
import { draw, drawForms } from "./draw.ts";

export type Value = string | number | boolean;
type Values = ReadonlyMap<string, Value>;

export interface Given {
  /** In place of the file's, by name; as they were written. */
  readonly params?: ReadonlyMap<string, string>;
  /** In place of the file's. */
  readonly seed?: number;
}

export interface Filled {
  readonly value: unknown;
  readonly params: Values;
  readonly drawn: Values;
  readonly problems: readonly Problem[];
}

/** Draws are not the plant's dice: a scenario that draws once more must not have another plant. */
const drawingSalt = 0x5eed;
const nameForm = /^[A-Za-z]\w*$/;

/** The data of a scenario's file with everything put in. */
export function fillIn(document: Document, given: Given): Filled {
  const problems: Problem[] = [];
  const source = isMap(document.value) ? { ...document.value } : {};
  if (given.seed !== undefined) source["seed"] = given.seed;
  const params = paramsOf(document, source["params"], { given: given.params ?? new Map(), problems });
  const drawn = new Map<string, Value>();
  const chance = dice(Number(source["seed"] ?? 0) ^ drawingSalt);
  const take = (text: unknown, path: Path): Value | undefined => {
    const words = typeof text === "string" ? putIn(text, params, () => undefined) : "";
    const value = draw(String(words), chance);
    if (value === null)
      problems.push(document.problemAt(path, `"${String(text)}" is no draw; there are: ${drawForms}`));
    return value ?? undefined;
  };
  for (const [name, text] of Object.entries(isMap(source["draw"]) ? source["draw"] : {})) {
    const value = take(text, ["draw", name]);
    if (!nameForm.test(name) || params.has(name))
      problems.push(document.problemAtKey(["draw", name], `"${name}" is taken, or is no name`));
    if (value !== undefined) drawn.set(name, value);
  }
  if (Array.isArray(source["timeline"])) {
    source["timeline"] = source["timeline"].map((entry: unknown, i) => drawEntry(entry, ["timeline", i, "draw"], take));
  }
  const known = new Map([...params, ...drawn]);
  const value = walk(source, [], (text, path) =>
    path[0] === "params" || path[0] === "draw"
      ? text
      : putIn(text, known, (name) => {
          problems.push(document.problemAt(path, `there is no parameter "${name}"`, closest(name, known.keys())));
        }),
  );
  return { value, params, drawn, problems };
}

/** An entry's own draws stand in for its keys: `draw: { at: uniform 1min..5min }`. */
function drawEntry(entry: unknown, path: Path, take: (text: unknown, path: Path) => Value | undefined): unknown {
  if (!isMap(entry) || !isMap(entry["draw"])) return entry;
  const { draw: draws, ...rest } = entry;
  const taken = Object.entries(draws).map(([key, text]) => [key, take(text, [...path, key])] as const);
  return { ...rest, ...Object.fromEntries(taken.filter(([, value]) => value !== undefined)) };
}

function paramsOf(
  document: Document,
  source: unknown,
  { given, problems }: { readonly given: ReadonlyMap<string, string>; readonly problems: Problem[] },
): Map<string, Value> {
  const params = new Map<string, Value>();
  for (const [name, value] of Object.entries(isMap(source) ? source : {})) {
    if (!nameForm.test(name)) problems.push(document.problemAtKey(["params", name], `"${name}" is no name`));
    if (isValue(value)) params.set(name, value);
    else problems.push(document.problemAt(["params", name], "a parameter is a text, a number, or true or false"));
  }
  for (const [name, text] of given) {
    const before = params.get(name);
    if (before === undefined) {
      const near = closest(name, params.keys());
      problems.push(document.problemAt(["params"], `--set ${name}: there is no parameter "${name}"`, near));
      continue;
    }
    const value = asIs(before, text);
    if (value === null) {
      const wants = typeof before === "number" ? "a number" : "true or false";
      problems.push(document.problemAt(["params", name], `--set ${name}=${text}: ${name} is ${wants}`));
    } else params.set(name, value);
  }
  return params;
}

/** A text as a value of the same kind as one that is known; null where it is none. */
function asIs(known: Value, text: string): Value | null {
  if (typeof known === "string") return text;
  if (typeof known === "boolean") return text === "true" || text === "false" ? text === "true" : null;
  return text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
}

/** A text with its names put in; what only looks like one is left as it is. */
function putIn(text: string, values: Values, unknown: (name: string) => void): Value {
  const whole = /^\$\{([A-Za-z]\w*)\}$/.exec(text)?.[1];
  const known = whole === undefined ? undefined : values.get(whole);
  if (known !== undefined) return known;
  return text.replace(/\$\{([A-Za-z]\w*)\}/g, (said, name: string) => {
    const value = values.get(name);
    if (value === undefined) unknown(name);
    return value === undefined ? said : String(value);
  });
}

function walk(value: unknown, path: Path, change: (text: string, path: Path) => Value): unknown {
  if (typeof value === "string") return change(value, path);
  if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i], change));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], change)]));
}

const isValue = (value: unknown): value is Value => ["string", "number", "boolean"].includes(typeof value);
const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
