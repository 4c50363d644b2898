/**
 * The user-based security model (RFC 3414) as one user has it with one agent. The agent's engine and
 * clock are found out by the requests themselves: it refuses those that it cannot place by a report,
 * which says what they lack. Nothing in an answer is believed that is less protected than its request,
 * or that is older than what has been heard.
 */
import type { SnmpUser } from "../../profiles/link.ts";
import { LineFault } from "../line.ts";
import { Stopwatch } from "../stopwatch.ts";
import { Malformed, Reader, Writer } from "./ber.ts";
import { authKey, Digests, sameDigest } from "./keys.ts";
import { EMPTY_QUESTION, type Question, REPORT } from "./pdu.ts";
import { type AgentTime, type Privacy, privacyOf } from "./privacy.ts";
import { fateOf, reportIn } from "./reports.ts";
import {
  AUTHENTICATED,
  PRIVATE,
  REPORTABLE,
  readScoped,
  readSecured,
  type Scoped,
  type SecuredMessage,
  writeScoped,
  writeSecured,
} from "./secure.ts";
import type { Unwrapped, Wrapping } from "./wrapping.ts";

/** RFC 3414, 2.2.3: a message is timely within 150 seconds. */
const WINDOW_S = 150;
const LAST_BOOT = 0x7fff_ffff;
const MS_PER_S = 1000;
/** Header and parameters, the user's name apart. */
const ROOM_FOR_THE_REST = 512;
/** DES pads to whole blocks. */
const DES_PADDING = 7;
const NOTHING = Buffer.alloc(0);
const NO_TIME: AgentTime = { boots: 0, seconds: 0 };
const FLAGS: Readonly<Record<SnmpUser["level"], number>> = {
  noAuthNoPriv: 0,
  authNoPriv: AUTHENTICATED,
  authPriv: AUTHENTICATED | PRIVATE,
};

/** An agent's engine, as it has made itself known. */
interface Authority {
  readonly id: Buffer;
  readonly authentic: Authentic | null;
  readonly privacy: Privacy | null;
  time: AgentTime;
  heardMs: number;
  /** Whether the time came with a digest; before that it is a guess that only requests rest on. */
  proven: boolean;
}

interface Authentic {
  readonly digests: Digests;
  /** What stands in a message while its digest is made. */
  readonly blank: Buffer;
}

export class UsmWrapping implements Wrapping {
  readonly renumbers = true;
  readonly #user: SnmpUser;
  readonly #name: Buffer;
  readonly #flags: number;
  readonly #writer = new Writer();
  readonly #scoped = new Writer();
  #authority: Authority | null = null;
  /** Whether the agent has answered at the user's level: then its silence is not for want of a key. */
  #understood = false;

  /** Throws an Error in words for a user who lacks what the level needs. */
  constructor(user: SnmpUser | undefined) {
    this.#user = checked(user);
    this.#name = Buffer.from(this.#user.name);
    this.#flags = FLAGS[this.#user.level];
  }

  wrap(question: Question, number: number): Buffer {
    question.pdu.writeInt32BE(number, question.idAt);
    this.#writer.begin(question.pdu.length + this.#name.length + ROOM_FOR_THE_REST);
    return this.#authority ? this.#secured(this.#authority, question, number) : this.#discovery(number);
  }

  unwrap(datagram: Buffer): Unwrapped {
    const message = readSecured(datagram);
    const timely = (message.flags & AUTHENTICATED) !== 0 && this.#verified(datagram, message);
    const scoped = this.#opened(datagram, message);
    if (scoped.reader.tag(scoped.end) === REPORT) return this.#report(message, scoped, timely);
    this.#demand(message, scoped);
    if (!timely && this.#flags !== 0) throw new Malformed("an answer from outside the time window");
    this.#understood = true;
    return scoped;
  }

  /**
   * The same user without privacy, where an agent that has been met is silent to the user with it: some
   * agents say nothing to what they can not decrypt.
   */
  withoutPrivacy(): UsmWrapping | null {
    if (this.#understood || this.#authority === null || this.#user.level !== "authPriv") return null;
    return new UsmWrapping({ ...this.#user, level: "authNoPriv" });
  }

  /** RFC 3414, section 4: a request for nobody, which says nothing of what will be asked, and is answered by a report. */
  #discovery(number: number): Buffer {
    const writer = this.#writer;
    EMPTY_QUESTION.pdu.writeInt32BE(number, EMPTY_QUESTION.idAt);
    writeScoped(writer, NOTHING, EMPTY_QUESTION.pdu);
    const plain = { number, flags: REPORTABLE, authority: NOTHING, time: NO_TIME };
    writeSecured(writer, { ...plain, user: NOTHING, digest: NOTHING, salt: NOTHING });
    return writer.written;
  }

  #secured(authority: Authority, { pdu }: Question, number: number): Buffer {
    const writer = this.#writer;
    const time = timeOf(authority);
    const salt = this.#writeUnit(authority, pdu, time);
    const { id, authentic } = authority;
    const flags = this.#flags | REPORTABLE;
    const digest = authentic?.blank ?? NOTHING;
    const digestAt = writeSecured(writer, { number, flags, authority: id, time, user: this.#name, digest, salt });
    const message = writer.written;
    if (authentic) message.set(authentic.digests.of(message), digestAt);
    return message;
  }

  /** Gives the salt that the unit is encrypted with. */
  #writeUnit({ id, privacy }: Authority, pdu: Buffer, time: AgentTime): Buffer {
    if (!privacy) {
      writeScoped(this.#writer, id, pdu);
      return NOTHING;
    }
    this.#scoped.begin(pdu.length + ROOM_FOR_THE_REST);
    writeScoped(this.#scoped, id, pdu);
    const { bytes, salt } = privacy.seal(this.#scoped.written, time);
    this.#writer.octets(bytes);
    return salt;
  }

  /** RFC 3414, 3.2, steps 3 to 7, for an answer with a digest: whether it is timely. Throws where it is not authentic. */
  #verified(datagram: Buffer, message: SecuredMessage): boolean {
    const authority = this.#authority;
    if (!authority?.authentic || !authority.id.equals(message.authority)) {
      throw new Malformed("an answer of another engine");
    }
    if (!this.#name.equals(message.user)) throw new Malformed("an answer for another user");
    const { digest } = message;
    const given = Buffer.from(digest);
    digest.fill(0);
    const right = authority.authentic.digests.of(datagram);
    given.copy(digest);
    if (!sameDigest(given, right)) throw new Malformed("an answer with a wrong digest");
    return heard(authority, message.time);
  }

  #opened(datagram: Buffer, { flags, from, end, salt, time }: SecuredMessage): Scoped {
    if ((flags & PRIVATE) === 0) return readScoped(new Reader(datagram, from), end, 0);
    const privacy = this.#authority?.privacy;
    if (!privacy) throw new Malformed("an encrypted answer to a request that was not");
    const plain = privacy.open({ bytes: datagram.subarray(from, end), salt }, time);
    const padding = this.#user.privProtocol === "des" ? DES_PADDING : 0;
    return readScoped(new Reader(plain), plain.length, padding);
  }

  /** RFC 3412, 7.2.10 to 12: an answer has its request's protection, user and context. */
  #demand({ flags, authority, user }: SecuredMessage, scoped: Scoped): void {
    const protection = flags & (AUTHENTICATED | PRIVATE);
    if (protection !== this.#flags) throw new Malformed("an answer without the protection that was asked for");
    const id = this.#authority?.id;
    if (!id?.equals(authority) || !id.equals(scoped.authority)) throw new Malformed("an answer of another engine");
    if (!this.#name.equals(user)) throw new Malformed("an answer for another user");
    if (scoped.context.length > 0) throw new Malformed("an answer of another context");
  }

  #report(message: SecuredMessage, { reader, end }: Scoped, timely: boolean): Unwrapped {
    const fate = fateOf(reportIn(reader, end), this.#user);
    if (typeof fate !== "string") return new LineFault("broken", fate.words, { reason: fate.reason });
    if (fate === "engine") this.#meet(message.authority, message.time);
    // A time without a digest is believed of nobody, and a clock that went back is no clock; but agents that have
    // restarted say it so. As the report does bear the request's number, everything is found out anew.
    else if (!timely) this.#authority = null;
    return "again";
  }

  #meet(id: Buffer, time: AgentTime): void {
    if (id.length === 0) throw new Malformed("a report of no engine");
    const { level, authProtocol, authKey: phrase = "", privProtocol, privKey = "" } = this.#user;
    const own = Buffer.from(id);
    const authenticates = level !== "noAuthNoPriv" && authProtocol;
    const digests = authenticates ? new Digests(authProtocol, authKey(authProtocol, phrase, own)) : null;
    this.#authority = {
      id: own,
      authentic: digests && { digests, blank: Buffer.alloc(digests.length) },
      privacy:
        level === "authPriv" && authProtocol && privProtocol
          ? privacyOf(privProtocol, { authProtocol, phrase: privKey }, own)
          : null,
      time,
      heardMs: Stopwatch.nowMs(),
      proven: false,
    };
  }
}

/** RFC 3414, 3.2, step 7b: false for an old message; a newer one sets the clock. */
function heard(authority: Authority, time: AgentTime): boolean {
  const known = timeOf(authority);
  if (authority.proven && !isTimely(time, known)) return false;
  const later = time.boots > known.boots || (time.boots === known.boots && time.seconds > authority.time.seconds);
  if (authority.proven && !later) return true;
  authority.time = time;
  authority.heardMs = Stopwatch.nowMs();
  authority.proven = true;
  return true;
}

/** The agent's clock by now. */
function timeOf({ time, heardMs }: Authority): AgentTime {
  return { boots: time.boots, seconds: time.seconds + Math.floor((Stopwatch.nowMs() - heardMs) / MS_PER_S) };
}

const isTimely = (time: AgentTime, known: AgentTime): boolean =>
  known.boots < LAST_BOOT &&
  (time.boots > known.boots || (time.boots === known.boots && time.seconds >= known.seconds - WINDOW_S));

function checked(user: SnmpUser | undefined): SnmpUser {
  if (!user) throw new Error("SNMPv3 needs a user");
  if (user.level !== "noAuthNoPriv" && !(user.authProtocol && user.authKey)) {
    throw new Error(`${user.level} needs an authentication protocol and key`);
  }
  if (user.level === "authPriv" && !(user.privProtocol && user.privKey)) {
    throw new Error("authPriv needs a privacy protocol and key");
  }
  return user;
}
