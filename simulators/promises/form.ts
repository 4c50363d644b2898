/**
 * A form of promise is written as people read it: "alarm ALARM raised|normal WHEN". Words in capitals are slots, a bar
 * stands between words of which one is said, and square brackets hold an end that may be left out. From that one text
 * come the pattern, the list in the document, and what is said of a sentence that fits none.
 */
import type { SiteModel } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import type { Premises } from "../../src/core/topology/premises.ts";
import type { Promised } from "./record.ts";
import type { When } from "./when.ts";

/** What was said in a sentence's slots: of each kind, in the order in which they stand. */
export interface Said {
  readonly site: SiteModel;
  readonly premises: Premises;
  /** Which of several words. */
  readonly words: readonly string[];
  /** Alarms, responses, points and the like. */
  readonly names: readonly string[];
  readonly numbers: readonly number[];
  readonly times: readonly Instant[];
  readonly durations: readonly Duration[];
  readonly when: When;
}

export interface Form {
  readonly text: string;
  /** What it looks at, in one sentence. */
  readonly about: string;
  /** A sentence of this form about the demo site. */
  readonly example: string;
  /** What is wrong with names that each are known, and do not belong together. */
  readonly objection?: (said: Said) => string | null;
  /** What has to be seen for it. */
  readonly points?: (said: Said) => readonly PointId[];
  readonly check: (said: Said) => Promised["check"];
}

const time = "\\d\\d:\\d\\d(?::\\d\\d)?|\\+\\d+(?:\\.\\d+)?(?:ms|s|min|h|d)";
const duration = "\\d+(?:\\.\\d+)?(?:ms|s|min|h|d)";
const event = '"[^"]+"|\\S+';

/** What may stand in each slot. */
const slots = {
  TIME: time,
  DURATION: duration,
  WHEN: `(?:by|before) (?:${time})|within (?:${duration}) of (?:${event})`,
  COUNT: "\\d+",
  NUMBER: "-?\\d+(?:\\.\\d+)?",
  ALARM: "\\S+",
  RESPONSE: "\\S+",
  STAGE: "\\S+",
  SERVICE: "\\S+",
  DEVICE: "\\S+",
  POINT: "\\S+",
  FEED: "\\S+",
  RACK: "\\S+",
  SPACE: "\\S+",
} as const;

export type Slot = keyof typeof slots;

/** What a piece of a form is: a slot, or the words of which one is said there. */
type Piece = { readonly slot: Slot } | { readonly words: readonly string[] };

const isSlot = (word: string): word is Slot => word in slots;
const pieceOf = (word: string): Piece => (isSlot(word) ? { slot: word } : { words: word.split("|") });
const sourceOf = (piece: Piece): string =>
  "slot" in piece ? `(${slots[piece.slot]})` : piece.words.length > 1 ? `(${piece.words.join("|")})` : piece.words[0]!;

/** A form's text taken apart. */
export interface Compiled {
  readonly form: Form;
  readonly pattern: RegExp;
  /** What each group of the pattern is; null for one of several words. */
  readonly groups: readonly (Slot | null)[];
  /** Every way in which the form may be said, piece by piece. */
  readonly ways: readonly (readonly Piece[])[];
}

export function compile(form: Form): Compiled {
  const [, always = "", tail] = /^([^[]+?)(?: \[(.+)\])?$/.exec(form.text) ?? [];
  const first = always.split(" ").map(pieceOf);
  const last = tail === undefined ? [] : tail.split(" ").map(pieceOf);
  const end = last.length === 0 ? "" : `(?: ${last.map(sourceOf).join(" ")})?`;
  const grouped = [...first, ...last].filter((piece) => "slot" in piece || piece.words.length > 1);
  return {
    form,
    pattern: new RegExp(`^${first.map(sourceOf).join(" ")}${end}$`),
    groups: grouped.map((piece) => ("slot" in piece ? piece.slot : null)),
    ways: (last.length === 0 ? [first] : [first, [...first, ...last]]).flatMap(spellOut),
  };
}

const whens = ["by TIME", "before TIME", "within DURATION of ALARM"].map((text) => text.split(" ").map(pieceOf));

/** "WHEN" is three ways of saying it. */
function spellOut(way: readonly Piece[]): readonly (readonly Piece[])[] {
  const at = way.findIndex((piece) => "slot" in piece && piece.slot === "WHEN");
  return at < 0 ? [way] : whens.map((said) => [...way.slice(0, at), ...said, ...way.slice(at + 1)]);
}

/** Whether a word may stand in a slot. */
export const fits = (slot: Slot, word: string): boolean => new RegExp(`^(?:${slots[slot]})$`).test(word);

/** One way of writing what can be written in several: "≤ 10", "within 25 s". */
export const plainly = (sentence: string): string =>
  sentence
    .trim()
    .replace(/\s+/g, " ")
    .replace(/≤ ?/g, "at most ")
    .replace(/(\d) (ms|s|min|h|d)(?= |$)/g, "$1$2");

/** The words of a sentence; a label in quotes is one. */
export const wordsOf = (sentence: string): readonly string[] => sentence.match(/"[^"]*"|\S+/g) ?? [];
