/** A schema's findings as problems of a file, each at its line and column, with what was probably meant. */
import { z } from "zod";
import { closest } from "../core/closest.ts";
import type { Document, Path, Problem } from "./document.ts";
import { inOrder } from "./document.ts";

type Issue = z.core.$ZodIssue;

/** The value of a document that fits a schema, or all that does not fit. */
export function validate<T extends z.ZodType>(
  document: Document,
  schema: T,
): { value: z.output<T> } | { problems: readonly Problem[] } {
  if (document.problems.length > 0) return { problems: document.problems };
  const result = schema.safeParse(document.value, { reportInput: true });
  if (result.success) return { value: result.data };
  return { problems: inOrder(result.error.issues.flatMap((issue) => problemsOf(document, schema, issue, []))) };
}

function problemsOf(document: Document, schema: z.ZodType, issue: Issue, above: Path): Problem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  if (issue.code === "unrecognized_keys") return unknownKeys(document, schema, issue.keys, path);
  if (issue.code === "invalid_union" && issue.errors.length > 0)
    return nearestBranch(issue.errors).flatMap((inner) => problemsOf(document, schema, inner, path));
  if (issue.code === "invalid_key" || issue.code === "invalid_element")
    return issue.issues.map((inner) => document.problemAtKey(path, sentence(inner)));
  const expected = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const meant = typeof issue.input === "string" ? closest(issue.input, expected) : undefined;
  return [document.problemAt(path, sentence(issue), meant)];
}

function unknownKeys(document: Document, schema: z.ZodType, keys: readonly string[], path: Path): Problem[] {
  const known = keysAt(schema, path);
  return keys.map((key) => document.problemAtKey([...path, key], `unknown key "${key}"`, closest(key, known)));
}

/** The branch of a union that was meant: the one that got deepest into the value, then the one with fewest issues. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));
  return branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

/** What people who write YAML call the schema library's types. */
const inWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a map",
  record: "a map",
};

function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `${issue.input === undefined ? "missing: " : ""}${inWords[issue.expected] ?? issue.expected} is needed`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "too_small":
      return issue.origin === "string" ? "must not be empty" : `must be at least ${issue.minimum}`;
    case "invalid_format":
    case "not_multiple_of":
    case "unrecognized_keys":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return issue.message;
  }
}

/** Keys that a schema knows at a path, over all branches of a union. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const [step, ...rest] = path;
  return unwrap(schema).flatMap((inner) => {
    if (step === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
    const child = childOf(inner, step);
    return child ? keysAt(child, rest) : [];
  });
}

function childOf(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.ZodType>)[step];
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodTuple) return schema.def.items[Number(step)] as z.ZodType | undefined;
  return undefined;
}

/** The schemas inside optionals, defaults, unions and the like. */
function unwrap(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unwrap(option as z.ZodType));
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType);
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap() as z.ZodType);
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly;
  return wrapped ? unwrap(schema.unwrap() as z.ZodType) : [schema];
}
