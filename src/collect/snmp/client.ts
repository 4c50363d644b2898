/**
 * An SNMP agent that is asked questions, each of which always ends: by a proper answer, by the agent's
 * refusal, or by a fault in words. A datagram that cannot be the answer ends nothing: it is dropped and
 * counted, the wait goes on, and should nothing better come then the fault says what was dropped.
 */
import type { RemoteInfo } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP, SocketAddress } from "node:net";
import type { SnmpAccess } from "../../profiles/link.ts";
import type { Varbind } from "../../profiles/snmp.ts";
import { LineFault } from "../line.ts";
import { pause } from "../pause.ts";
import { Stopwatch } from "../stopwatch.ts";
import { Malformed } from "./ber.ts";
import { CommunityWrapping } from "./community.ts";
import { type Answer, behindQuestion, EMPTY_QUESTION, getQuestion, NotAsked, type Question } from "./pdu.ts";
import { type Awaiting, acquireSocket, type SharedSocket, type SocketUse } from "./socket.ts";
import { UsmWrapping } from "./usm.ts";
import type { NextObject } from "./walk.ts";
import { judge, type Wrapping } from "./wrapping.ts";

/** Times that one request may be sent anew because of what a report taught: for the engine, its clock, and one more. */
const MOST_REPORTS = 3;
const USUAL_COMMUNITY = "public";
const PRIVACY_UNKNOWN = "the agent answers without privacy but not with it: its privacy key or protocol is another";

/** Where an agent is and how it is spoken to. `timeoutMs` is for one try, in real time. */
export interface SnmpTarget {
  readonly host: string;
  readonly port: number;
  readonly access: SnmpAccess;
  readonly timeoutMs: number;
  readonly retries: number;
  /** Silence kept between two requests. */
  readonly gapMs?: number;
}

/** What a question brought, and the real time it took. */
export interface SnmpAnswer {
  readonly varbinds: readonly Varbind[];
  readonly tookMs: number;
}

/** The agent answered with an error status (RFC 3416, section 3), for one object if it says for which. */
export class SnmpRefusal extends Error {
  override name = "SnmpRefusal";
  readonly status: number;
  readonly oid: string | null;

  constructor(status: number, oid: string | null) {
    super(`SNMP error status ${status}${oid === null ? "" : ` for ${oid}`}`);
    this.status = status;
    this.oid = oid;
  }
}

export class SnmpClient {
  /** Datagrams with the number of a request in flight that could not be its answer. */
  malformed = 0;
  readonly #target: SnmpTarget;
  readonly #peer: Peer;
  readonly #use: SocketUse;
  readonly #exchanges = new Set<Exchange>();
  readonly #closing = new AbortController();
  #explaining = false;
  #endedMs = Number.NEGATIVE_INFINITY;

  private constructor(target: SnmpTarget, peer: Peer, use: SocketUse) {
    this.#target = target;
    this.#peer = peer;
    this.#use = use;
  }

  /** Finds the agent's address; rejects with a {@link LineFault} where there is none. */
  static async open(target: SnmpTarget): Promise<SnmpClient> {
    const wrapping = wrappingOf(target.access);
    const address = await addressOf(target.host);
    const use = await acquireSocket(isIP(address) === 6 ? "udp6" : "udp4");
    return new SnmpClient(target, { address, port: target.port, wrapping, socket: use.socket }, use);
  }

  get usable(): boolean {
    return !this.#closing.signal.aborted && this.#use.socket.usable;
  }

  /** Values in the order of the OIDs. Rejects with a {@link SnmpRefusal} or a {@link LineFault}. */
  async get(oids: readonly string[]): Promise<SnmpAnswer> {
    return this.ask(getQuestion(oids));
  }

  /** Up to `rows` objects that stand behind one: by GETBULK, which version 1 lacks, or by GETNEXT for one. Rejects as `get` does. */
  async behind(oid: string, rows: number): Promise<readonly NextObject[]> {
    const { varbinds } = await this.ask(behindQuestion(oid, rows));
    return varbinds as readonly NextObject[];
  }

  /** As {@link get}, by a question that is kept: asking it again costs next to nothing. */
  async ask(question: Question): Promise<SnmpAnswer> {
    const restMs = this.#endedMs + (this.#target.gapMs ?? 0) - Stopwatch.nowMs();
    if (restMs > 0) await pause(restMs, this.#closing.signal);
    if (!this.usable) throw new LineFault("broken", "the session is closed", { asked: false });
    try {
      return await this.#exchange(question, this.#peer);
    } catch (error) {
      throw error instanceof LineFault && error.kind === "silent" ? await this.#explained(error) : error;
    } finally {
      this.#endedMs = Stopwatch.nowMs();
    }
  }

  #exchange(question: Question, peer: Peer): Promise<SnmpAnswer> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(question, peer, this.#target);
      this.#exchanges.add(exchange);
      exchange.begin((outcome) => {
        this.#exchanges.delete(exchange);
        this.malformed += exchange.dropped;
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
    });
  }

  /** The silence, or the fault of configuration that it turns out to be. */
  async #explained(silence: LineFault): Promise<LineFault> {
    const wrapping = this.usable && !this.#explaining ? this.#peer.wrapping.withoutPrivacy?.() : null;
    if (!wrapping) return silence;
    // Once: an agent that is away is not to be waited for twice at each question.
    this.#explaining = true;
    try {
      await this.#exchange(EMPTY_QUESTION, { ...this.#peer, wrapping });
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) return silence;
    }
    return new LineFault("broken", PRIVACY_UNKNOWN, { reason: "configuration" });
  }

  /** Gives the socket back and ends what is in flight. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    for (const exchange of this.#exchanges) exchange.fail(new LineFault("broken", "the session was closed"));
    this.#use.release();
  }
}

/** The other side of an exchange. */
interface Peer {
  readonly address: string;
  readonly port: number;
  readonly wrapping: Wrapping;
  readonly socket: SharedSocket;
}

type Done = (outcome: SnmpAnswer | Error) => void;

/** One question on its way: sent as often as it takes, until it is over. */
class Exchange implements Awaiting {
  dropped = 0;
  readonly #question: Question;
  readonly #peer: Peer;
  readonly #timeoutMs: number;
  readonly #startMs = Stopwatch.nowMs();
  /** Every number under which an answer may still come. */
  #numbers: number[] = [];
  #triesLeft: number;
  #reportsLeft = MOST_REPORTS;
  #timer: NodeJS.Timeout | undefined;
  #flaw: string | null = null;
  #done: Done | null = null;

  constructor(question: Question, peer: Peer, { timeoutMs, retries }: SnmpTarget) {
    this.#question = question;
    this.#peer = peer;
    this.#timeoutMs = timeoutMs;
    this.#triesLeft = retries;
  }

  begin(done: Done): void {
    this.#done = done;
    this.#send();
  }

  fail(fault: LineFault): void {
    this.#end(fault);
  }

  take(datagram: Buffer, from: RemoteInfo, number: number): void {
    if (from.port !== this.#peer.port || from.address !== this.#peer.address)
      return this.#drop("an answer from elsewhere");
    try {
      this.#judge(datagram, number);
    } catch (error) {
      if (error instanceof Malformed) this.#drop(error.message);
      else if (error instanceof NotAsked) this.#end(new LineFault("broken", error.message));
      else throw error;
    }
  }

  #judge(datagram: Buffer, number: number): void {
    const answer = judge(datagram, { wrapping: this.#peer.wrapping, question: this.#question, number });
    if (answer === "again") this.#again();
    else this.#end(answer instanceof LineFault ? answer : this.#outcome(answer));
  }

  #outcome({ status, spoiler, varbinds }: Answer): SnmpAnswer | Error {
    if (status === 0) return { varbinds, tookMs: Stopwatch.nowMs() - this.#startMs };
    return new SnmpRefusal(status, spoiler === null ? null : this.#question.oids[spoiler]!);
  }

  /** What the report answered is over: a copy of it is to teach nothing a second time. */
  #again(): void {
    this.#forget();
    this.#reportsLeft -= 1;
    if (this.#reportsLeft >= 0) this.#send();
    else this.#end(new LineFault("broken", "the agent answers by nothing but reports"));
  }

  #send(): void {
    const { wrapping, socket } = this.#peer;
    if (wrapping.renumbers || this.#numbers.length === 0) this.#numbers.push(socket.await(this));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#late, this.#timeoutMs);
    socket.send(wrapping.wrap(this.#question, this.#numbers.at(-1)!), this.#peer, this.#sent);
  }

  readonly #sent = (error: Error | null): void => {
    if (error) this.#end(new LineFault("broken", error.message));
  };

  readonly #late = (): void => {
    const late = this.#timer;
    // When it was this process that was late, the answer may be here already, and is read before then.
    setImmediate(() => {
      if (this.#done === null || late !== this.#timer) return;
      this.#triesLeft -= 1;
      if (this.#triesLeft >= 0) this.#send();
      else
        this.#end(new LineFault("silent", this.#flaw === null ? "no answer in time" : `no answer but ${this.#flaw}`));
    });
  };

  #drop(flaw: string): void {
    this.dropped += 1;
    this.#flaw = flaw;
  }

  #end(outcome: SnmpAnswer | Error): void {
    clearTimeout(this.#timer);
    this.#forget();
    const done = this.#done;
    this.#done = null;
    done?.(outcome);
  }

  #forget(): void {
    for (const number of this.#numbers) this.#peer.socket.forget(number);
    this.#numbers = [];
  }
}

async function addressOf(host: string): Promise<string> {
  try {
    const address = isIP(host) === 0 ? (await lookup(host)).address : host;
    // As the system writes the address that an answer is from.
    return isIP(address) === 6 && !address.includes("%")
      ? new SocketAddress({ address, family: "ipv6" }).address
      : address;
  } catch (error) {
    throw new LineFault("broken", String(error), { asked: false });
  }
}

function wrappingOf({ version, community = USUAL_COMMUNITY, user }: SnmpAccess): Wrapping {
  try {
    return version === "3" ? new UsmWrapping(user) : new CommunityWrapping(version, community);
  } catch (error) {
    throw new LineFault("broken", String(error), { asked: false, reason: "configuration" });
  }
}
