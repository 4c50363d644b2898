/**
 * A YAML file that remembers where everything stands in it, so that whatever is wrong with it can
 * be said at its line and column: first what the parser finds, then what a schema finds, then what
 * the references say. Nothing here stops at the first problem.
 */
import type { Node, Pair, ParsedNode, Document as YamlDocument } from "yaml";
import { isMap, isNode, isPair, isSeq, LineCounter, parseDocument } from "yaml";
import { hintAt } from "../core/closest.ts";

/** Where something stands in a file. Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong in a file; `path` is "points.battery.charge.unit". */
export interface Problem extends Place {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string;
}

export type Path = readonly (string | number)[];

/** `file:line:column path: message (did you mean "x"?)`. */
export function formatProblem(problem: Problem): string {
  const about = problem.path === "" ? "" : ` ${problem.path}`;
  return `${formatPlace(problem)}${about}: ${problem.message}${hintAt(problem.suggestion)}`;
}

/** `file:line:column`. */
export const formatPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** A parsed file. `problems` holds what the YAML itself got wrong; `value` is plain data. */
export class Document {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly #text: string;
  readonly #tree: YamlDocument.Parsed<ParsedNode>;
  readonly #lines: LineCounter;

  private constructor(file: string, text: string, instead?: { readonly value: unknown }) {
    this.file = file;
    this.#text = text;
    this.#lines = new LineCounter();
    this.#tree = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const { value, errors } = dataOf(this.#tree);
    this.problems = errors.map(({ offset, message }) => this.#problem(offset, { path: "", message }));
    this.value = instead ? instead.value : value;
  }

  static parse(file: string, text: string): Document {
    return new Document(file, text);
  }

  /** The same file with other data in it; what is wrong with that is said where it stands in the file. */
  withValue(value: unknown): Document {
    return new Document(this.file, this.#text, { value });
  }

  /** A problem at the node of a path, or at its nearest ancestor that the file has. */
  problemAt(path: Path, message: string, suggestion?: string): Problem {
    return this.#problem(offsetOf(this.#tree.contents, path, false), { path: path.join("."), message, suggestion });
  }

  /** As {@link problemAt}, at the last key of the path and not at its value. */
  problemAtKey(path: Path, message: string, suggestion?: string): Problem {
    return this.#problem(offsetOf(this.#tree.contents, path, true), { path: path.join("."), message, suggestion });
  }

  /** Where the last key of a path stands. */
  placeOf(path: Path): Place {
    return this.#place(offsetOf(this.#tree.contents, path, true));
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #problem(offset: number, what: { path: string; message: string; suggestion?: string | undefined }): Problem {
    const { path, message, suggestion } = what;
    const problem = { ...this.#place(offset), path, message };
    return suggestion === undefined ? problem : { ...problem, suggestion };
  }
}

/** Aliases are followed only here: one that stands for nothing, or for too much, shows as a refusal to convert. */
function dataOf(tree: YamlDocument.Parsed<ParsedNode>): {
  value: unknown;
  errors: readonly { offset: number; message: string }[];
} {
  const errors = tree.errors.map(({ pos, message }) => ({ offset: pos[0], message }));
  if (errors.length > 0) return { value: undefined, errors };
  try {
    return { value: tree.toJS(), errors };
  } catch (error) {
    return {
      value: undefined,
      errors: [{ offset: 0, message: error instanceof Error ? error.message : String(error) }],
    };
  }
}

/** Problems in the order in which they stand in their file. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

function offsetOf(root: Node | null, path: Path, atKey: boolean): number {
  let node: unknown = root;
  let offset = startOf(root);
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step);
    if (child === undefined) return offset;
    node = child.value;
    offset = atKey && depth === path.length - 1 ? startOf(child.key) : startOf(child.value, startOf(child.key));
  }
  return offset;
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  return node.items.find((item): item is Pair => isPair(item) && String(item.key) === String(step));
}

function startOf(node: unknown, otherwise = 0): number {
  return isNode(node) && node.range ? node.range[0] : otherwise;
}
