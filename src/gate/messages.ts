/** What is said over the gate's socket: one JSON object a line, in both directions. */
import { z } from "zod";
import type { Command, CommandId, Outcome, ResponseId } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import type { GateState, Seen } from "./gate.ts";

/** A command with all its reasons fits many times over. */
export const lineMaxBytes = 64 * 1024;

/** Points that are looked at at once. */
const pointsMax = 200;

const instant = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const name = z.string().min(1).max(200);
const text = z.string().max(2000);
const point = z
  .string()
  .max(200)
  .regex(/^[^/]+\/.+$/, 'a point is "device/point"');
/** How long something said holds. */
const forMs = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const test = z.strictObject({ point, is: z.enum(["=", "<", ">"]), value: z.number() });

const commandSchema = z.strictObject({
  // It goes out as the header of a request, too.
  id: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[\x20-\x7e]+$/, "an id is printable ASCII"),
  response: name,
  point,
  value: z.number(),
  why: text,
  issued: instant,
  expires: instant,
  due: instant.optional(),
  precondition: test.optional(),
  expect: test.extend({ within: z.number().min(0).max(Number.MAX_SAFE_INTEGER) }),
});

/** What a client may ask of the gate. */
const requestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("command"), command: commandSchema, token: z.number().int().min(0) }),
  z.strictObject({ kind: z.enum(["arm", "disarm"]), response: name, by: name, why: text, forMs: forMs.optional() }),
  z.strictObject({ kind: z.literal("maintenance"), by: name, why: text, forMs }),
  z.strictObject({ kind: z.literal("yes"), what: name, by: name, why: text }),
  z.strictObject({ kind: z.literal("state") }),
  z.strictObject({ kind: z.literal("look"), points: z.array(point).max(pointsMax) }),
]);

/** Who says something to the gate, and why. */
export interface Sayer {
  readonly by: string;
  readonly why: string;
}

export type GateRequest =
  | { readonly kind: "command"; readonly command: Command; readonly token: number }
  | ({ readonly kind: "arm" | "disarm"; readonly response: ResponseId; readonly forMs?: number } & Sayer)
  /** Nothing is written for so long; for 0 ms: no longer. */
  | ({ readonly kind: "maintenance"; readonly forMs: number } & Sayer)
  /** A person's yes to what two must say yes to. */
  | ({ readonly kind: "yes"; readonly what: string } & Sayer)
  | { readonly kind: "state" }
  /** How these points stand: only the gate has what it takes to ask. */
  | { readonly kind: "look"; readonly points: readonly PointId[] };

/** What the gate answers. What is said of arming and maintenance is answered with the state that they leave. */
export type GateAnswer =
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "state"; readonly state: GateState }
  /** The points that were asked for, and the values of those that the gate may look at; null where one gave none. */
  | { readonly kind: "seen"; readonly points: readonly PointId[]; readonly values: Seen }
  /** What was said is not understood; `command` where it was a command that still had its id. */
  | { readonly kind: "error"; readonly error: string; readonly command?: CommandId };

/** A line as a request, or what is wrong with it. */
export function parseRequest(line: string): GateRequest | (GateAnswer & { readonly kind: "error" }) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "error", error: "the line is not JSON" };
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data as unknown as GateRequest;
  const [issue] = parsed.error.issues;
  const error = `${issue?.path.join(".") || "the message"}: ${issue?.message ?? "is not valid"}`;
  const named = z.object({ command: z.object({ id: z.string() }) }).safeParse(value);
  return { kind: "error", error, ...(named.success && { command: named.data.command.id as CommandId }) };
}

/** Cuts a stream of bytes into lines. A line that is too long is dropped whole, and said to be null. */
export function lineCutter(maxBytes: number, take: (line: string | null) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  const keep = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts = [];
  };
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      keep(chunk.subarray(from, end));
      const line = bytes > maxBytes ? null : Buffer.concat(parts).toString();
      from = end + 1;
      parts = [];
      bytes = 0;
      take(line);
    }
    keep(chunk.subarray(from));
  };
}
