/**
 * Walking one column of an agent's table, to learn which rows there are and what stands in them.
 * What comes is bounded and has to go forward, so that an agent that answers in circles, or without
 * end, costs no more than any other.
 */
import { MAX_ROWS } from "../../profiles/repeat.ts";
import type { Between } from "../line.ts";

/** An object that stands behind another one, as GETNEXT and GETBULK bring them. */
export interface NextObject {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** Brings objects behind an identifier; none where the agent says that there are no more. */
export type AskBehind = (oid: string) => Promise<readonly NextObject[]>;

/** A column: the index of each row, in the agent's order, and what stands there. */
export type Column = ReadonlyMap<string, NextObject>;

/** noSuchObject, noSuchInstance, endOfMibView. */
const ENDS: ReadonlySet<number> = new Set([128, 129, 130]);

/** A column's rows, `most` at the most. Rejects with what `ask` rejects with. */
export async function walkColumn(
  column: string,
  ask: AskBehind,
  between: Between,
  most: number = MAX_ROWS,
): Promise<Column> {
  const rows = new Map<string, NextObject>();
  let last = column;
  for (;;) {
    const objects = await ask(last);
    if (objects.length === 0) return rows;
    for (const object of objects) {
      const { oid, type } = object;
      if (ENDS.has(type) || !oid.startsWith(`${column}.`) || !stands(oid, last)) return rows;
      rows.set(oid.slice(column.length + 1), object);
      last = oid;
      if (rows.size === most) return rows;
    }
    await between();
  }
}

/** The object under this very identifier, or undefined; by what stands behind the one before it, as no answer is no error then. */
export async function lookUp(oid: string, ask: AskBehind): Promise<NextObject | undefined> {
  const at = oid.lastIndexOf(".");
  const last = Number(oid.slice(at + 1));
  const before = last === 0 ? oid.slice(0, at) : `${oid.slice(0, at)}.${last - 1}`;
  const [object] = await ask(before);
  return object?.oid === oid && !ENDS.has(object.type) ? object : undefined;
}

/** Whether an object stands behind another in the order that agents keep. */
function stands(oid: string, behind: string): boolean {
  const arcs = oid.split(".").map(Number);
  const before = behind.split(".").map(Number);
  for (const [i, arc] of arcs.entries()) {
    const other = before[i];
    if (other === undefined) return true;
    if (arc !== other) return arc > other;
  }
  return false;
}
