/** A recording as an agent: every object answers for ever as it did when it was recorded. */
import type { DeviceAddress, SnmpValue } from "../../src/profiles/index.ts";
import { serveAgent } from "../wire/agent.ts";
import type { Faults } from "../wire/faults.ts";
import type { SnmpObject } from "../wire/objects.ts";
import type { RecordedLine } from "./recording.ts";

const notWritable = 17;
const octets = 4;
const objectId = 6;
const address = 64;
const opaque = 68;
const counter64 = 70;
const absent: ReadonlySet<number> = new Set([5, 128, 129, 130]);

/** Serves a recording. Rejects where the port is taken. Nothing in it can be written. */
export function serveRecording(
  lines: readonly RecordedLine[],
  at: DeviceAddress,
  faults?: Faults,
): Promise<{ close(): Promise<void> }> {
  const objects: readonly SnmpObject[] = lines.map((line) => {
    const value = valueOf(line);
    return { oid: line.oid, arcs: line.arcs, look: () => value };
  });
  const rules = { objects, answers: () => true, set: () => notWritable, wrote: () => undefined };
  return serveAgent(at, { ...rules, ...(faults ? { faults } : {}) });
}

/** The value of a line as an agent sends it. */
export function valueOf({ type, form, text }: RecordedLine): SnmpValue {
  if (absent.has(type)) return { type, value: "" };
  const bytes = form === "x" ? Buffer.from(text.replace(/^0x/, ""), "hex") : bytesOf(text, form);
  if (type === octets || type === opaque) return { type, value: bytes };
  if (type === address) return { type, value: form === "" && text.includes(".") ? text.trim() : [...bytes].join(".") };
  const plain = form === "" ? text.trim() : bytes.toString("latin1");
  if (type === objectId) return { type, value: plain.replace(/^\./, "") };
  if (type !== counter64) return { type, value: Number(plain) };
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(BigInt(plain));
  return { type, value };
}

const bytesOf = (text: string, form: RecordedLine["form"]): Buffer =>
  Buffer.from(form === "e" ? unescaped(text) : text, "latin1");

/** What a letter behind a backslash stands for, as in C and Python; \x is followed by two hexadecimal digits. */
const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const unescaped = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex: string | undefined, letter: string | undefined) =>
    hex === undefined ? (escapes[letter ?? ""] ?? letter ?? "") : String.fromCharCode(Number.parseInt(hex, 16)),
  );
