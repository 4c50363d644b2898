/**
 * Which of several sets of records is in force in a zone: one signed UPDATE (RFC 2136) to the zone's primary
 * replaces them all or none, and signed questions to the same server tell what it has. Over TCP, so
 * that nobody off the path can answer for it. Every record that a set names belongs to Haechi alone.
 */
import { randomInt } from "node:crypto";
import { connect } from "node:net";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn, wordsOf } from "./actuator.ts";
import type { Answer, RecordType, Written } from "./dns-message.ts";
import { classes, dataBytes, decode, encode, nameBytes, readName, types } from "./dns-message.ts";
import type { TsigKey } from "./tsig.ts";
import { sign, unbelievable } from "./tsig.ts";

/** The records of one name and type, whole. */
interface RecordSet {
  readonly name: string;
  readonly type: RecordType;
  /** s */
  readonly ttl: number;
  readonly data: readonly string[];
}

export interface DnsSettings {
  readonly host: string;
  readonly port: number;
  readonly zone: string;
  readonly key: TsigKey;
  /** By state; each names the same names and types. */
  readonly sets: Readonly<Record<string, readonly RecordSet[]>>;
}

/** A primary answers from its memory. Real time. */
const timeoutMs = 3000;
const opcodes = { query: 0, update: 5 } as const;
const [authoritative, response] = [0x0400, 0x8000];
const [noError, noName] = [0, 3];
/** Answers to an update that may be different the next time: the server failed, or the records changed in between. */
const passing: readonly number[] = [2, 6, 7, 8];
const rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN"].concat([
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
]);

export const dnsDeclaration: Declaration = {
  writes: "DNS UPDATE (RFC 2136) with TSIG: which set of records is in force",
  twice: "once: the records are named whole, and replace what was there",
  timeoutMs,
  confirmed: "signed questions to the same server give the records of the set",
};

/** The actuator of the records of one zone. `now` is the wall clock that signatures are dated by. */
export function dnsActuator(
  { point, states, settings }: StateLink<DnsSettings>,
  now: () => number = Date.now,
): Actuator {
  const asking = (stop: AbortSignal): Asking => ({ settings, stop, now });
  const inForce = async (using: Asking): Promise<string | null> => {
    const has = await recordsOf(using);
    return states.find((state) => keysOf(settings.sets[state] ?? []).join() === has) ?? null;
  };
  return turnByTurn({
    has: (name) => name === point,
    read: (stop) =>
      inForce(asking(stop)).then(
        (state) => placeIn(states, state),
        () => null,
      ),
    write: (order, stop) => replace(asking(stop), order, { point, states, inForce }),
  });
}

interface Asking {
  readonly settings: DnsSettings;
  readonly stop: AbortSignal;
  readonly now: () => number;
}

async function replace(
  using: Asking,
  order: Order,
  {
    point,
    states,
    inForce,
  }: {
    readonly point: string;
    readonly states: readonly string[];
    readonly inForce: (using: Asking) => Promise<string | null>;
  },
): Promise<WriteOutcome> {
  const { zone, sets } = using.settings;
  const wanted = sets[states[order.value] ?? ""];
  if (order.point !== point || wanted === undefined) return { result: "refused", detail: "no such set of records" };
  try {
    const before = await inForce(using);
    // What was seen must still be so when it is replaced: nobody else's change is lost without a word.
    const required = before === null ? [] : (sets[before] ?? []).flatMap((set) => recordsIn(set, 0));
    const removed = wanted.map(({ name, type }) => ({
      name,
      type: types[type],
      class: classes.ANY,
      ttl: 0,
      data: none,
    }));
    const sections = [required, [...removed, ...wanted.flatMap((set) => recordsIn(set, set.ttl))], []] as const;
    const asks = [{ name: zone, type: types.SOA }];
    const { flags } = await exchange(using, { opcode: opcodes.update, asks, sections });
    return outcomeOf(flags & 0xf);
  } catch (error) {
    if (error instanceof Unbelieved) return { result: "refused", detail: error.message };
    return { result: "again", detail: wordsOf(error) };
  }
}

const none = Buffer.alloc(0);

function outcomeOf(rcode: number): WriteOutcome {
  if (rcode === noError) return { result: "accepted" };
  return { result: passing.includes(rcode) ? "again" : "refused", detail: `DNS ${rcodes[rcode] ?? rcode}` };
}

const recordsIn = ({ name, type, data }: RecordSet, ttl: number): readonly Written[] =>
  data.map((text) => ({ name, type: types[type], class: classes.IN, ttl, data: dataBytes(type, text) }));

/** A set in words that are the same for the same records, whatever their order. */
const keysOf = (sets: readonly RecordSet[]): readonly string[] =>
  sets.flatMap((set) => recordsIn(set, 0).map(keyOf)).toSorted();

const keyOf = ({ name, type, data }: Pick<Written, "name" | "type" | "data">): string =>
  `${name.toLowerCase()} ${type} ${data.toString("hex")}`;

/** What the server has of the names and types that the sets are about. */
async function recordsOf(using: Asking): Promise<string> {
  const [first = []] = Object.values(using.settings.sets);
  const keys: string[] = [];
  for (const { name, type } of first) keys.push(...(await recordsAt(using, name.toLowerCase(), types[type])));
  return keys.toSorted().join();
}

async function recordsAt(using: Asking, name: string, type: number): Promise<readonly string[]> {
  const { flags, sections, message } = await exchange(using, {
    opcode: opcodes.query,
    asks: [{ name, type }],
    sections: [[], [], []],
  });
  const rcode = flags & 0xf;
  if (rcode !== noError && rcode !== noName) throw new Error(`DNS ${rcodes[rcode] ?? rcode}`);
  if ((flags & authoritative) === 0) throw new Error("the server is not the zone's own");
  return sections[0]
    .filter((found) => found.name === name && found.type === type && found.class === classes.IN)
    .map((found) => {
      const isAlias = type === types.CNAME;
      return keyOf({ name, type, data: isAlias ? nameBytes(readName(message, found.at).name) : found.data });
    });
}

/** An answer that was not signed as it has to be. */
class Unbelieved extends Error {
  override name = "Unbelieved";
}

async function exchange(
  { settings, stop, now }: Asking,
  { opcode, asks, sections }: Pick<Parameters<typeof encode>[0], "asks" | "sections"> & { readonly opcode: number },
): Promise<Answer & { readonly message: Buffer }> {
  const id = randomInt(0x10000);
  const { key } = settings;
  const { signed, mac } = sign(encode({ id, flags: opcode << 11, asks, sections }), key, now() / 1000);
  const message = await overTcp(settings, signed, stop);
  const answer = decode(message);
  const isAnswer = answer.id === id && (answer.flags & response) !== 0 && ((answer.flags >> 11) & 0xf) === opcode;
  if (!isAnswer) throw new Error("an answer to another question");
  const why = unbelievable(message, answer, { key, mac, nowSeconds: now() / 1000 });
  if (why !== null) throw new Unbelieved(why);
  return { ...answer, message };
}

/** One message there and one back, each with its length before it. */
function overTcp({ host, port }: DnsSettings, message: Buffer, stop: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) return reject(new Error("not asked any more"));
    const socket = connect({ host, port, signal: stop });
    let heard: Buffer = Buffer.alloc(0);
    const end = (settle: () => void): void => {
      clearTimeout(deadline);
      socket.destroy();
      settle();
    };
    const deadline = setTimeout(() => end(() => reject(new Error(`no answer within ${timeoutMs} ms`))), timeoutMs);
    socket.on("error", (error) => end(() => reject(error)));
    socket.once("close", () => end(() => reject(new Error("the server closed the connection"))));
    socket.on("data", (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      const length = heard.length < 2 ? Number.POSITIVE_INFINITY : heard.readUInt16BE(0);
      if (heard.length >= length + 2) end(() => resolve(heard.subarray(2, 2 + length)));
    });
    const size = Buffer.alloc(2);
    size.writeUInt16BE(message.length);
    socket.write(Buffer.concat([size, message]));
  });
}
