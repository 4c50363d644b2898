/**
 * Texts that fit a regular expression, as far as profiles write them: alternatives, groups, classes, escapes and
 * quantifiers. What comes out is a guess; whoever asks holds it against the expression.
 */

/** Alternatives multiply; these are enough to find one that fits. */
const MAX_SAMPLES = 64;

/** Texts that an expression may be meant for; where any number is, `number` stands. */
export function samplesOf(pattern: string, number = 1): readonly string[] {
  const reader = new Reader(pattern, String(number));
  return reader.alternatives().slice(0, MAX_SAMPLES);
}

/** What one character behind a backslash stands for. */
const classes: Readonly<Record<string, string>> = { w: "a", s: " ", b: "", B: "", D: "a", S: "a", W: " " };

class Reader {
  readonly #pattern: string;
  readonly #number: string;
  #at = 0;

  constructor(pattern: string, number: string) {
    this.#pattern = pattern;
    this.#number = number;
  }

  /** Up to a closing bracket or the end. */
  alternatives(): string[] {
    const found: string[] = this.#sequence();
    while (this.#take("|")) found.push(...this.#sequence());
    return found;
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #sequence(): string[] {
    let texts = [""];
    while (this.#at < this.#pattern.length && !")|".includes(this.#pattern[this.#at]!)) {
      const atoms = this.#repeated(this.#atom());
      texts = texts.flatMap((text) => atoms.map((atom) => text + atom)).slice(0, MAX_SAMPLES);
    }
    return texts;
  }

  #atom(): string[] {
    const character = this.#pattern[this.#at++]!;
    if (character === "^" || character === "$") return [""];
    if (character === ".") return ["x"];
    if (character === "[") return [this.#class()];
    if (character === "\\") return [this.#escaped()];
    return character === "(" ? this.#group() : [character];
  }

  #group(): string[] {
    const [opening = ""] = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(this.#pattern.slice(this.#at)) ?? [];
    this.#at += opening.length;
    const found = this.alternatives();
    this.#take(")");
    // What must not follow, or is only looked at, takes no place.
    return /[=!]$/.test(opening) ? [""] : found;
  }

  #escaped(): string {
    const letter = this.#pattern[this.#at++] ?? "";
    const [hex] = letter === "x" ? (/^[0-9a-fA-F]{2}/.exec(this.#pattern.slice(this.#at)) ?? []) : [];
    if (hex !== undefined) {
      this.#at += 2;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    return letter === "d" ? this.#number : (classes[letter] ?? letter);
  }

  #class(): string {
    const end = this.#pattern.indexOf("]", this.#at + 1);
    const within = this.#pattern.slice(this.#at, end);
    this.#at = end + 1;
    if (within.startsWith("^")) return ["x", "1", "-"].find((one) => !within.includes(one)) ?? "";
    if (/^(\\d|0-9)/.test(within)) return this.#number;
    const [first = ""] = within;
    return first === "\\" ? (classes[within[1] ?? ""] ?? within[1] ?? "") : first;
  }

  #repeated(atoms: string[]): string[] {
    const [quantifier = "", least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#pattern.slice(this.#at)) ?? [];
    this.#at += quantifier.length;
    if (least !== undefined) return atoms.map((atom) => atom.repeat(Number(least)));
    if (quantifier.startsWith("*") || quantifier.startsWith("?")) return ["", ...atoms];
    return atoms;
  }
}
