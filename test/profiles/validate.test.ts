import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Document, formatProblem } from "../../src/profiles/document.ts";
import { validate } from "../../src/profiles/validate.ts";

const schema = z.strictObject({
  name: z.string(),
  kind: z.enum(["limit", "state"]),
  items: z.array(z.union([z.strictObject({ above: z.number() }), z.strictObject({ among: z.array(z.string()) })])),
  named: z.record(z.string(), z.strictObject({ size: z.number().min(1).max(9).optional() })).optional(),
});

function said(text: string): readonly string[] {
  const result = validate(Document.parse("f.yaml", text), schema);
  return "problems" in result ? result.problems.map(formatProblem) : [];
}

describe("a file held against a schema", () => {
  it("comes out typed where it fits", () => {
    const result = validate(Document.parse("f.yaml", "name: a\nkind: limit\nitems: []"), schema);
    expect(result).toEqual({ value: { name: "a", kind: "limit", items: [] } });
  });

  it("is told all that is wrong at once, each at its place", () =>
    expect(said("nmae: a\nkind: limt\nitems: [{ abov: 1 }]\nnamed:\n  x: { size: 20, sise: 1 }\n")).toEqual([
      "f.yaml:1:1 name: missing: a text is needed",
      'f.yaml:1:1 nmae: unknown key "nmae" (did you mean "name"?)',
      'f.yaml:2:7 kind: must be one of limit, state (did you mean "limit"?)',
      "f.yaml:3:9 items.0.above: missing: a number is needed",
      'f.yaml:3:11 items.0.abov: unknown key "abov" (did you mean "above"?)',
      "f.yaml:5:14 named.x.size: must be at most 9",
      'f.yaml:5:18 named.x.sise: unknown key "sise" (did you mean "size"?)',
    ]));

  it("is told of the branch of a union that it came nearest to", () =>
    expect(said("name: a\nkind: state\nitems: [{ among: [1] }]")).toEqual([
      "f.yaml:3:19 items.0.among.0: a text is needed",
    ]));

  it("is told of its YAML first", () => expect(said("name: [")[0]).toMatch(/^f\.yaml:\d+:\d+: /));

  it("may be no map at all", () => expect(said("- 1")).toEqual(["f.yaml:1:1: a map is needed"]));
});
