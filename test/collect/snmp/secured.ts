import { Writer } from "../../../src/collect/snmp/ber.ts";
import { authKey, Digests } from "../../../src/collect/snmp/keys.ts";
import type { Question } from "../../../src/collect/snmp/pdu.ts";
import { privacyOf } from "../../../src/collect/snmp/privacy.ts";
import { writeScoped, writeSecured } from "../../../src/collect/snmp/secure.ts";
import type { SnmpUser } from "../../../src/profiles/link.ts";

export const ENGINE = Buffer.from("80001f8880a1b2c3d4e5f60718", "hex");
const RESPONSE = 0xa2;
export const REPORT = 0xa8;
const NOTHING = Buffer.alloc(0);

/** What a message of the agent says beside its unit; where a test leaves something out, it is right. */
export interface Said {
  readonly number: number;
  readonly boots?: number;
  readonly seconds?: number;
  readonly engine?: Buffer;
  /** The engine whose context the unit is of. */
  readonly context?: Buffer;
  readonly user?: string;
  readonly level?: SnmpUser["level"];
}

/** The other side of the user-based security model: an agent that makes messages and judges none. */
export class SecuredAgent {
  readonly #user: SnmpUser;
  readonly #engine: Buffer;
  readonly #digests: Digests | null;
  readonly #privacy: ReturnType<typeof privacyOf> | null;

  constructor(user: SnmpUser, engine = ENGINE) {
    const { authProtocol, authKey: phrase = "", privProtocol, privKey = "" } = user;
    this.#user = user;
    this.#engine = engine;
    this.#digests = authProtocol ? new Digests(authProtocol, authKey(authProtocol, phrase, engine)) : null;
    this.#privacy =
      authProtocol && privProtocol ? privacyOf(privProtocol, { authProtocol, phrase: privKey }, engine) : null;
  }

  message(unit: Buffer, said: Said): Buffer {
    const { number, boots = 7, seconds = 1000, engine = this.#engine, level = this.#user.level } = said;
    const time = { boots, seconds };
    const user = Buffer.from(said.user ?? this.#user.name);
    const room = unit.length + user.length + 512;
    const writer = new Writer();
    writer.begin(room);
    writeScoped(writer, said.context ?? engine, unit);
    const sealed = level === "authPriv" ? this.#privacy!.seal(Buffer.from(writer.written), time) : null;
    if (sealed) {
      writer.begin(room);
      writer.octets(sealed.bytes);
    }
    const digests = level === "noAuthNoPriv" ? null : this.#digests;
    const at = writeSecured(writer, {
      number,
      flags: (digests ? 1 : 0) + (sealed ? 2 : 0),
      authority: engine,
      time,
      user,
      digest: Buffer.alloc(digests?.length ?? 0),
      salt: sealed?.salt ?? NOTHING,
    });
    if (digests) writer.written.set(digests.of(writer.written), at);
    return Buffer.from(writer.written);
  }

  /** The report about the counter of the user-based model in this place. */
  report(place: number, said: Said): Buffer {
    const counter = Uint8Array.of(0x2b, 6, 1, 6, 3, 15, 1, 1, place, 0);
    return this.message(unitOf([counter], [Buffer.of(0x41, 1, 1)], { number: said.number, tag: REPORT }), said);
  }

  answer({ wires }: Pick<Question, "wires">, values: readonly Buffer[], said: Said): Buffer {
    return this.message(unitOf(wires, values, said), said);
  }
}

/** A unit with values, each the whole of its element, for the first of some objects. */
export function unitOf(
  wires: readonly Uint8Array[],
  values: readonly Buffer[],
  { number, tag = RESPONSE }: { readonly number: number; readonly tag?: number },
): Buffer {
  const writer = new Writer();
  writer.begin(values.reduce((sum, { length }, i) => sum + length + wires[i]!.length + 16, 64));
  for (let i = values.length - 1; i >= 0; i -= 1) {
    const end = writer.at;
    writer.raw(values[i]!);
    writer.raw(wires[i]!);
    writer.header(0x06, wires[i]!.length);
    writer.close(0x30, end);
  }
  writer.close(0x30, writer.end);
  writer.integer(0);
  writer.integer(0);
  writer.integer(number);
  writer.close(tag, writer.end);
  return Buffer.from(writer.written);
}
