import { describe, expect, test } from "vitest";
import { walkColumn } from "../../../src/collect/snmp/walk.ts";
import { MAX_ROWS } from "../../../src/profiles/repeat.ts";

const COLUMN = "1.3.6.1.4";
const alone = async (): Promise<void> => {};
const objects = (...oids: string[]) => oids.map((oid) => ({ oid: `${COLUMN}${oid}`, type: 2, value: 1 }));

/** The rows found in answers that come one after the other; the last is given for ever. */
async function rowsOf(...answers: ReturnType<typeof objects>[]) {
  const asked: string[] = [];
  const rows = await walkColumn(
    COLUMN,
    async (oid) => {
      asked.push(oid);
      return answers.length > 1 ? answers.shift()! : answers[0]!;
    },
    alone,
  );
  return { rows: [...rows.keys()], asked };
}

describe("the walk of a column", () => {
  test("goes on behind the last row, and ends where another column begins", async () => {
    const { rows, asked } = await rowsOf(objects(".1", ".2.9", ".2.10"), objects(".7"), [
      { oid: "1.3.6.1.5.1", type: 2, value: 1 },
    ]);
    expect(rows).toEqual(["1", "2.9", "2.10", "7"]);
    expect(asked).toEqual([COLUMN, `${COLUMN}.2.10`, `${COLUMN}.7`]);
  });

  test("does not take a column for its own whose number only begins alike", async () => {
    expect((await rowsOf(objects(".1", "0.1"))).rows).toEqual(["1"]);
  });

  test("ends at the end of the agent's objects", async () => {
    expect((await rowsOf(objects(".1"), [{ oid: `${COLUMN}.1`, type: 130, value: 0 }])).rows).toEqual(["1"]);
    expect((await rowsOf([])).rows).toEqual([]);
  });

  test.each([
    ["stands still", [".1", ".1"]],
    ["goes back", [".1", ".3", ".2"]],
    ["goes in circles", [".1", ".2", ".1", ".2"]],
    ["goes up to what it was in", [".1.1", ".1"]],
  ])("ends where the agent %s", async (_, oids) => {
    const { rows, asked } = await rowsOf(objects(...oids));
    expect(rows.length).toBeLessThan(oids.length);
    expect(asked).toHaveLength(1);
  });

  test("takes a bounded number of rows of an agent without end", async () => {
    let row = 0;
    const ask = async () => objects(...Array.from({ length: 7 }, () => `.${row++}`));
    const rows = await walkColumn(COLUMN, ask, alone);
    expect(rows.size).toBe(MAX_ROWS);
  });

  test("lets more urgent polls in between its requests", async () => {
    let turns = 0;
    const answers = [objects(".1"), objects(".2"), []];
    await walkColumn(
      COLUMN,
      async () => answers.shift()!,
      async () => {
        turns += 1;
      },
    );
    expect(turns).toBe(2);
  });
});
