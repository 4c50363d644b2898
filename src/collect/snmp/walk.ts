/**
 * Walking one column of an agent's table, to learn which rows there are. What comes is bounded and
 * has to go forward, so that an agent that answers in circles, or without end, costs no more than
 * any other.
 */
import { MAX_ROWS } from "../../profiles/repeat.ts";
import type { Between } from "../line.ts";

/** An object that stands behind another one, as GETNEXT and GETBULK bring them. */
export interface NextObject {
  readonly oid: string;
  readonly type: number;
}

/** Brings objects behind an identifier; none where the agent says that there are no more. */
export type AskBehind = (oid: string) => Promise<readonly NextObject[]>;

/** noSuchObject, noSuchInstance, endOfMibView. */
const ENDS: ReadonlySet<number> = new Set([128, 129, 130]);

/** The indices of a column's rows in the agent's order. Rejects with what `ask` rejects with. */
export async function walkColumn(column: string, ask: AskBehind, between: Between): Promise<readonly string[]> {
  const rows: string[] = [];
  let last = column;
  for (;;) {
    const objects = await ask(last);
    if (objects.length === 0) return rows;
    for (const { oid, type } of objects) {
      if (ENDS.has(type) || !oid.startsWith(`${column}.`) || !stands(oid, last)) return rows;
      rows.push(oid.slice(column.length + 1));
      last = oid;
      if (rows.length === MAX_ROWS) return rows;
    }
    await between();
  }
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
