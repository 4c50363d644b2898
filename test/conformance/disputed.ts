/** Expectations that a maker's own MIB proves wrong; each says what proves it. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { exit, Refusal } from "../../src/cli/exit.ts";
import { Document, formatProblem, validate } from "../../src/profiles/index.ts";

const disputeSchema = z.strictObject({
  /** An object, or a column with all its instances; `*` is any number. As text, or YAML would take 1.3 for a number. */
  oid: z.string().regex(/^\d+(\.(\d+|\*))+$/, "not an object identifier like 1.3.6.1.4.1.318.1.1.12.1"),
  /** Only where this is expected: a sentinel that was taken for a value. */
  value: z.number().optional(),
  /** Only where more than this is expected: what a whole class of agents miscounts. */
  above: z.number().optional(),
  reason: z.string().trim().min(1),
});

export type Dispute = z.output<typeof disputeSchema>;

/** Whether a dispute speaks of an object. */
export function speaksOf({ oid }: Pick<Dispute, "oid">, object: string): boolean {
  const arcs = object.split(".");
  return oid.split(".").every((arc, i) => (arc === "*" ? arcs[i] !== undefined : arc === arcs[i]));
}

/** Reads a file of disputes; an error that says all that is wrong with it, with line and column. */
export function loadDisputed(file: string): readonly Dispute[] {
  const document = Document.parse(file, readFileSync(file, "utf8"));
  const read = validate(document, z.array(disputeSchema));
  if ("problems" in read) throw new Refusal(read.problems.map(formatProblem).join("\n"), exit.config);
  return read.value;
}
