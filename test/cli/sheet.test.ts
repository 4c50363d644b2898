import { describe, expect, test } from "vitest";
import { rowsOf } from "../../src/cli/sheet.ts";

const texts = (text: string): readonly (readonly string[])[] => rowsOf(text).map((row) => row.map((cell) => cell.text));
const places = (text: string): readonly (readonly string[])[] =>
  rowsOf(text).map((row) => row.map(({ line, column }) => `${line}:${column}`));

describe("a sheet", () => {
  test("is read with quotes, commas and lines in them, and either kind of line end", () => {
    expect(texts('a,"b, c","say ""d"""\r\n1,"two\nlines",3\r\n')).toEqual([
      ["a", "b, c", 'say "d"'],
      ["1", "two\nlines", "3"],
    ]);
  });

  test("keeps empty cells, the last one of a row too, and leaves empty rows out", () => {
    expect(texts("a,,c\n\n,,\n,b,\nx,")).toEqual([
      ["a", "", "c"],
      ["", "b", ""],
      ["x", ""],
    ]);
  });

  test("tells where each cell stands, behind lines in quotes and a byte order mark", () => {
    expect(places('\uFEFFab,c\n"x\ny",z\nq,r')).toEqual([
      ["1:1", "1:4"],
      ["2:1", "3:4"],
      ["4:1", "4:3"],
    ]);
  });

  test("ends where a quote is never closed", () => {
    expect(texts('a,"b\nc')).toEqual([["a", "b\nc"]]);
    expect(texts("")).toEqual([]);
  });
});
