/** Ranges of addresses on the command line: networks, runs, single hosts, and lists of all these. */
import { exit, Refusal } from "./exit.ts";

/** A network of 16 bits: more is no management network of a site but somebody else's. */
const MOST_HOSTS = 65_536;
/** From this prefix on a network has an address of its own and one for all, which are nobody's. */
const LONGEST_WITH_ENDS = 30;

/** The forms that a range may have. */
export const rangeForms = "10.0.0.0/24, 10.0.0.10-10.0.0.20, 10.0.0.10-20, a host, or several of them with commas";

/** The hosts of a range, each once, in the order in which they stand in it. A refusal where the text is none. */
export function hostsOf(range: string): readonly string[] {
  const hosts = new Set<string>();
  for (const part of range.split(",").map((written) => written.trim())) {
    for (const host of partOf(part)) {
      hosts.add(host);
      if (hosts.size > MOST_HOSTS) throw new Refusal(`"${range}" is more than ${MOST_HOSTS} addresses`, exit.usage);
    }
  }
  return [...hosts];
}

function partOf(part: string): Iterable<string> {
  const [, network, bits] = /^([\d.]+)\/(\d{1,2})$/.exec(part) ?? [];
  if (network !== undefined) return networkOf(part, network, Number(bits));
  const [, from, to] = /^([\d.]+)-([\d.]+)$/.exec(part) ?? [];
  if (from !== undefined && to !== undefined) return runOf(part, from, to);
  if (/^[\d.]+$/.test(part)) return [inWords(numberOf(part, part))];
  if (/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(part)) return [part];
  throw new Refusal(`"${part}" is no range of addresses: write ${rangeForms}`, exit.usage);
}

function networkOf(part: string, network: string, bits: number): Iterable<string> {
  if (bits > 32) throw new Refusal(`"${part}": a network has at most 32 bits`, exit.usage);
  const size = 2 ** (32 - bits);
  if (size > MOST_HOSTS) throw new Refusal(`"${part}" is more than ${MOST_HOSTS} addresses`, exit.usage);
  const first = Math.floor(numberOf(part, network) / size) * size;
  return bits > LONGEST_WITH_ENDS ? counted(first, first + size - 1) : counted(first + 1, first + size - 2);
}

function runOf(part: string, from: string, to: string): Iterable<string> {
  const first = numberOf(part, from);
  const last = to.includes(".") ? numberOf(part, to) : numberOf(part, from.replace(/\d+$/, to));
  if (last < first) throw new Refusal(`"${part}" goes backwards`, exit.usage);
  if (last - first >= MOST_HOSTS) throw new Refusal(`"${part}" is more than ${MOST_HOSTS} addresses`, exit.usage);
  return counted(first, last);
}

function numberOf(part: string, address: string): number {
  const bytes = address.split(".").map(Number);
  const good = bytes.length === 4 && bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
  if (!good || /(^|\.)(\.|$)/.test(address)) throw new Refusal(`"${part}": ${address} is no IPv4 address`, exit.usage);
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

const inWords = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

function* counted(first: number, last: number): Generator<string> {
  for (let address = first; address <= last; address += 1) yield inWords(address);
}
