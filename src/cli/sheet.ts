/** A sheet of comma-separated values as RFC 4180 has it, each cell with the place at which it stands. */

export interface Cell {
  readonly text: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** The rows of a sheet; empty ones are left out. A quote that is never closed ends with the text. */
export function rowsOf(text: string): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [];
  let row: Cell[] = [];
  let [at, line, start] = [text.startsWith("\uFEFF") ? 1 : 0, 1, text.startsWith("\uFEFF") ? 1 : 0];
  while (at < text.length) {
    const [place, lineOfCell] = [at - start + 1, line];
    const cell = cellAt(text, at);
    for (let i = at; i < cell.end; i += 1) if (text[i] === "\n") [line, start] = [line + 1, i + 1];
    row.push({ text: cell.text.trim(), line: lineOfCell, column: place });
    at = cell.end;
    if (text[at] === ",") {
      at += 1;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      row.push({ text: "", line, column: at - start + 1 });
    }
    if (text[at] === "\r") at += 1;
    if (text[at] === "\n") [at, line, start] = [at + 1, line + 1, at + 1];
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.some((cell) => cell.text !== ""));
}

function cellAt(text: string, from: number): { readonly text: string; readonly end: number } {
  const [whole = ""] = /^(?:"(?:[^"]|"")*"?|[^,\r\n]*)/.exec(text.slice(from, from + cellMax)) ?? [];
  const isQuoted = whole.startsWith('"');
  const inner = isQuoted ? whole.replace(/^"|"$/g, "").replaceAll('""', '"') : whole;
  return { text: inner, end: from + whole.length };
}

/** A longer cell is no name and no number. */
const cellMax = 10_000;
