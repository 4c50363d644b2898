/** Object identifiers as text and as the content of their BER element (X.690, 8.19). */
import { LineFault } from "../line.ts";
import { Malformed } from "./ber.ts";

/** Identifiers have at most 128 numbers (RFC 2578, section 3.5), of five bytes each. */
const MOST_ARCS = 128;
const WRITTEN = /^\d+(\.\d+)+$/;
const MORE = 0x80;
const LOW_BITS = 0x7f;
const ARC_MAX = 0xffff_ffff;
/** Children of the first two roots; the third has no such end. */
const ROOT_CHILDREN = 40;

/** The bytes of an identifier that a profile or a person wrote; throws a {@link LineFault} for what is none. */
export function oidBytes(text: string): Uint8Array {
  const arcs = text.split(".").map(Number);
  const [root = 0, child = 0, ...rest] = arcs;
  const arcsFit = WRITTEN.test(text) && arcs.every((arc) => arc <= ARC_MAX);
  if (!arcsFit || arcs.length > MOST_ARCS || root > 2 || (root < 2 && child >= ROOT_CHILDREN)) {
    throw new LineFault("broken", `${text} is no object identifier`, { asked: false, reason: "configuration" });
  }
  const bytes: number[] = [];
  for (const arc of [root * ROOT_CHILDREN + child, ...rest]) pushArc(bytes, arc);
  return Uint8Array.from(bytes);
}

function pushArc(bytes: number[], arc: number): void {
  for (let unit = 128 ** 4; unit > 1; unit /= 128) {
    if (arc >= unit) bytes.push((Math.floor(arc / unit) & LOW_BITS) | MORE);
  }
  bytes.push(arc % 128);
}

/** The text of the identifier whose content stands there. Throws {@link Malformed}. */
export function oidText(bytes: Uint8Array, from: number, end: number): string {
  if (from >= end || bytes[end - 1]! >= MORE) throw new Malformed("an object identifier that is cut off");
  let text = "";
  let arc = 0;
  let arcs = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at]!;
    if (arc === 0 && byte === MORE) throw new Malformed("an object identifier with a number that begins with nought");
    arc = arc * 128 + (byte & LOW_BITS);
    if (arc > ARC_MAX + 2 * ROOT_CHILDREN) throw new Malformed("an object identifier with too large a number");
    if (byte >= MORE) continue;
    text += arcs === 0 ? roots(arc) : `.${arc}`;
    arcs += 1;
    arc = 0;
  }
  if (arcs >= MOST_ARCS) throw new Malformed("an object identifier without end");
  return text;
}

function roots(first: number): string {
  const root = Math.min(2, Math.floor(first / ROOT_CHILDREN));
  return `${root}.${first - root * ROOT_CHILDREN}`;
}
