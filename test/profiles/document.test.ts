import { describe, expect, it } from "vitest";
import { Document, formatProblem } from "../../src/profiles/document.ts";

describe("a file that is read", () => {
  const text = "a: 1\nlist:\n  - name: x\n    sizes: { big: 2, small: }\n";
  const document = Document.parse("site.yaml", text);

  it("is plain data", () =>
    expect(document.value).toEqual({ a: 1, list: [{ name: "x", sizes: { big: 2, small: null } }] }));

  it("knows the line and column of every value", () => {
    expect(document.problemAt(["a"], "m")).toMatchObject({ line: 1, column: 4, path: "a" });
    expect(document.problemAt(["list", 0, "sizes", "big"], "m")).toMatchObject({ line: 4, column: 19 });
  });

  it("points at a key where the key is what is wrong", () =>
    expect(document.problemAtKey(["list", 0, "sizes"], "m")).toMatchObject({ line: 4, column: 5 }));

  it("points at the nearest thing above what is not there", () =>
    expect(document.problemAt(["list", 0, "missing", "deeper"], "m")).toMatchObject({ line: 3, column: 5 }));

  it("says where, what and what was probably meant", () =>
    expect(formatProblem(document.problemAt(["list", 0, "name"], "is bad", "y"))).toBe(
      'site.yaml:3:11 list.0.name: is bad (did you mean "y"?)',
    ));

  it("reads off, on, yes and no as the words they are", () =>
    expect(Document.parse("f", "s: [off, on, no, yes]").value).toEqual({ s: ["off", "on", "no", "yes"] }));
});

describe("a file that is no YAML", () => {
  it("gives every error its place, and no value", () => {
    const document = Document.parse("f.yaml", "a: 1\na: 2\nb: [1, 2\n");
    expect(document.value).toBeUndefined();
    expect(document.problems[0]).toMatchObject({ file: "f.yaml", line: 2, column: 1, path: "" });
    expect(document.problems.length).toBeGreaterThan(1);
  });

  it("is not read where an alias stands for nothing", () =>
    expect(Document.parse("f.yaml", "a: *none").problems).toHaveLength(1));

  it("may be empty", () => {
    const document = Document.parse("f.yaml", "");
    expect(document.value).toBeNull();
    expect(document.problemAt(["x"], "missing")).toMatchObject({ line: 1, column: 1 });
  });
});
