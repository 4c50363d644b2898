/**
 * A sheet of rooms, power and racks. Its first row names the columns, in any order; `what` says what
 * a row is: a space, a node or a load. `from` names one or more nodes, apart by blanks. All that is
 * wrong is told at once, at its line and column.
 */
import { importances, nodeKinds } from "../core/topology/power.ts";
import type { Problem } from "../profiles/index.ts";
import { closest } from "../profiles/index.ts";
import { spaceKinds } from "../site/index.ts";
import type { Fragment, FragmentLoad, FragmentNode, FragmentSpace } from "./fragment.ts";
import type { Cell } from "./sheet.ts";
import { rowsOf } from "./sheet.ts";

const columns = [
  "what",
  "id",
  "name",
  "kind",
  "space",
  "compartment",
  "plenum",
  "from",
  "feed",
  "kw",
  "importance",
] as const;
type Column = (typeof columns)[number];
const kinds = ["space", "node", "load"] as const;

type Row = Readonly<Record<Column, Cell>>;

interface Reading {
  readonly problems: Problem[];
  readonly ids: Readonly<Record<(typeof kinds)[number], ReadonlySet<string>>>;
  readonly say: (cell: Cell, column: Column, message: string, suggestion?: string) => void;
}

export function fromCsv(file: string, text: string): Fragment | { readonly problems: readonly Problem[] } {
  const [head = [], ...body] = rowsOf(text);
  const problems: Problem[] = [];
  const say: Reading["say"] = ({ line, column }, path, message, suggestion) =>
    void problems.push({ file, line, column, path, message, ...(suggestion === undefined ? {} : { suggestion }) });
  checkHead(head, say);
  if (problems.length > 0) return { problems };
  const rows = body.map((cells) => rowOf(head, cells));
  const idsOf = (what: string): ReadonlySet<string> =>
    new Set(rows.filter((row) => row.what.text === what).map(({ id }) => id.text));
  const reading = { problems, say, ids: { space: idsOf("space"), node: idsOf("node"), load: idsOf("load") } };
  for (const row of rows) checkRow(reading, row);
  checkTwice(reading, rows);
  const of = (what: string): readonly Row[] => rows.filter((row) => row.what.text === what);
  const fragment = {
    spaces: of("space").map((row) => spaceOf(reading, row)),
    nodes: of("node").map((row) => nodeOf(reading, row)),
    loads: of("load").map((row) => loadOf(reading, row)),
    devices: [],
    notes: [],
  };
  return problems.length > 0 ? { problems: inPlace(problems) } : fragment;
}

const inPlace = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

function checkHead(head: readonly Cell[], say: Reading["say"]): void {
  const first = head[0] ?? { text: "", line: 1, column: 1 };
  for (const [i, cell] of head.entries()) {
    if (!columns.includes(cell.text as Column))
      say(
        cell,
        "what",
        `there is no column "${cell.text}"; there are: ${columns.join(", ")}`,
        closest(cell.text, columns),
      );
    else if (head.findIndex(({ text }) => text === cell.text) !== i)
      say(cell, "what", `there is a column "${cell.text}" already`);
  }
  for (const needed of ["what", "id"] as const)
    if (!head.some(({ text }) => text === needed)) say(first, needed, "missing: every row needs it");
}

/** A row by its columns; a cell that it has not got stands at its last one. */
function rowOf(head: readonly Cell[], cells: readonly Cell[]): Row {
  const { line, column } = cells.at(-1)!;
  const cellOf = (name: Column): Cell =>
    cells[head.findIndex(({ text }) => text === name)] ?? { text: "", line, column };
  return Object.fromEntries(columns.map((name) => [name, cellOf(name)])) as Row;
}

function checkRow({ say }: Reading, { what, id }: Row): void {
  if (!kinds.includes(what.text as (typeof kinds)[number]))
    say(what, "what", `must be one of ${kinds.join(", ")}`, closest(what.text, kinds));
  if (!isId(id.text)) say(id, "id", idForm);
}

function checkTwice({ say }: Reading, rows: readonly Row[]): void {
  const taken = new Set<string>();
  for (const { what, id } of rows) {
    const key = `${what.text} ${id.text}`;
    if (taken.has(key)) say(id, "id", `there is a ${key} already`);
    taken.add(key);
  }
}

const isId = (text: string): boolean => /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text);
const idForm = "an id is small letters, digits, - and _";

/** A cell that is left empty, or has the form that a site file wants. */
function shaped({ say }: Reading, row: Row, column: "compartment" | "plenum" | "feed"): string | null {
  const { text } = row[column];
  if (text === "") return null;
  const isFeed = column === "feed";
  if (isFeed ? !/^[A-Z][A-Z0-9]{0,3}$/.test(text) : !isId(text))
    say(row[column], column, isFeed ? "a feed is a capital letter, as in A" : idForm);
  return text;
}

function oneOf(reading: Reading, row: Row, column: "kind" | "importance", among: readonly string[]): string {
  const cell = row[column];
  if (!among.includes(cell.text))
    reading.say(cell, column, `must be one of ${among.join(", ")}`, closest(cell.text, among));
  return cell.text;
}

function kwOf({ say }: Reading, { kw }: Row): number {
  const value = Number(kw.text);
  if (kw.text === "" || !(value > 0)) say(kw, "kw", "a number above 0 is needed, in kW");
  return value;
}

function idIn({ say, ids }: Reading, cell: Cell, column: Column, what: "space" | "node"): string | null {
  if (cell.text === "") return null;
  if (!ids[what].has(cell.text)) say(cell, column, `there is no ${what} "${cell.text}"`, closest(cell.text, ids[what]));
  return cell.text;
}

function nodesIn(reading: Reading, { from }: Row): readonly string[] {
  return [...from.text.matchAll(/\S+/g)].map(({ 0: text, index }) => {
    idIn(reading, { ...from, text, column: from.column + index }, "from", "node");
    return text;
  });
}

const spaceOf = (reading: Reading, row: Row): FragmentSpace => ({
  id: row.id.text,
  name: row.name.text || row.id.text,
  kind: row.kind.text === "" ? "other" : oneOf(reading, row, "kind", spaceKinds),
  compartment: shaped(reading, row, "compartment"),
  plenum: shaped(reading, row, "plenum"),
});

function nodeOf(reading: Reading, row: Row): FragmentNode {
  const kind = oneOf(reading, row, "kind", nodeKinds);
  const from = nodesIn(reading, row);
  const isSource = kind === "utility" || kind === "generator";
  if (isSource === from.length > 0)
    reading.say(row.from, "from", isSource ? `a ${kind} is where power comes from` : "say from what it is supplied");
  const space = idIn(reading, row.space, "space", "space");
  return { id: row.id.text, kind, space, from, feed: shaped(reading, row, "feed"), ratedKw: kwOf(reading, row) };
}

function loadOf(reading: Reading, row: Row): FragmentLoad {
  const from = nodesIn(reading, row);
  if (from.length === 0) reading.say(row.from, "from", "say on which nodes it hangs");
  const space = idIn(reading, row.space, "space", "space");
  if (space === null) reading.say(row.space, "space", "say in which room it stands");
  const importance = row.importance.text === "" ? "normal" : oneOf(reading, row, "importance", importances);
  return { id: row.id.text, space: space ?? "", ratedKw: kwOf(reading, row), importance, from };
}
