/**
 * An SNMP session that is asked one GET at a time and always answers: net-snmp's callback, its
 * refusal of a malformed datagram, or our own deadline, whichever is first. Answers that are less
 * protected than the user's level demands are refused, because the library takes them.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import snmp from "net-snmp";
import type { SnmpAccess, SnmpUser } from "../../profiles/link.ts";
import type { Varbind } from "../../profiles/snmp.ts";
import { LineFault } from "../line.ts";
import { Stopwatch } from "../stopwatch.ts";
import { mendDes } from "./des.ts";
import { guardedDgram } from "./socket.ts";
import type { NextObject } from "./walk.ts";

mendDes();

/** Beyond the library's own time-outs: by then its callback is not going to come. */
const DEADLINE_SLACK_MS = 250;
/** Exchanges that one v3 request may take: discovery of the engine, its time, and the request. */
const V3_EXCHANGES = 3;
/** The library leaves the type out for ASN.1's null. */
const NULL_TYPE = 5;
const USUAL_COMMUNITY = "public";

/** Where an agent is and how it is spoken to. `timeoutMs` is for one try, in real time. */
export interface SnmpTarget {
  readonly host: string;
  readonly port: number;
  readonly access: SnmpAccess;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** What a GET brought, and the real time it took. */
export interface SnmpAnswer {
  readonly varbinds: readonly Varbind[];
  readonly tookMs: number;
}

/** What the library calls when a request has ended. */
type Done = (error: unknown, varbinds?: readonly snmp.Varbind[]) => void;

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
  readonly #session: snmp.Session;
  readonly #deadlineMs: number;
  #usable = true;
  #abandon: (fault: LineFault) => void = () => {};
  /** Datagrams that the library could not take. */
  malformed = 0;

  private constructor(target: SnmpTarget, address: string) {
    const exchanges = target.access.version === "3" ? V3_EXCHANGES : 1;
    this.#deadlineMs = target.timeoutMs * (target.retries + 1) * exchanges + DEADLINE_SLACK_MS;
    this.#session = this.#open(target, address);
    // Without a listener, one malformed datagram would be an uncaught exception.
    this.#session.on("error", () => {
      this.malformed += 1;
    });
    refuseUnprotected(this.#session, target.access);
  }

  /** Finds the agent's address and opens a session; rejects with a {@link LineFault} where there is none. */
  static async open(target: SnmpTarget): Promise<SnmpClient> {
    const address = await addressOf(target.host);
    try {
      return new SnmpClient(target, address);
    } catch (error) {
      throw new LineFault("broken", String(error), { asked: false, reason: "configuration" });
    }
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** Values in the order of the OIDs. Rejects with a {@link SnmpRefusal} or a {@link LineFault}. */
  async get(oids: readonly string[]): Promise<SnmpAnswer> {
    const startMs = Stopwatch.nowMs();
    const varbinds = await this.#ask((done) => this.#session.get([...oids], done));
    const tookMs = Stopwatch.nowMs() - startMs;
    return { varbinds: varbinds.map(({ type = NULL_TYPE, value }) => ({ type, value })), tookMs };
  }

  /** Up to `rows` objects that stand behind one: by GETBULK, which version 1 lacks, or by GETNEXT for one. Rejects as `get` does. */
  async behind(oid: string, rows: number): Promise<readonly NextObject[]> {
    const varbinds = await this.#ask((done) => {
      if (rows === 1) this.#session.getNext([oid], done);
      // One object was asked for, so one list of those behind it is what comes.
      else this.#session.getBulk([oid], 0, rows, (error, lists) => done(error, lists?.flat()));
    });
    return varbinds.map(({ oid: found, type = NULL_TYPE, value }) => ({ oid: found, type, value }));
  }

  /** Frees the socket and ends a request in flight. */
  close(): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.#abandon(new LineFault("broken", "the session was closed"));
    this.#session.cancelRequests(new Error("closed"));
    this.#session.close();
  }

  async #ask(send: (done: Done) => void): Promise<readonly snmp.Varbind[]> {
    if (!this.#usable) throw new LineFault("broken", "the session is closed", { asked: false });
    return new Promise<readonly snmp.Varbind[]>((resolve, reject) => {
      const settle: Done = (error, varbinds) => {
        clearTimeout(deadline);
        if (varbinds) resolve(varbinds);
        else reject(translated(error));
      };
      const deadline = setTimeout(() => this.#giveUp(), this.#deadlineMs);
      this.#abandon = settle;
      try {
        send(settle);
      } catch (error) {
        settle(error);
      }
    });
  }

  /** Whatever is still under way is cancelled, so that a late answer finds no request to belong to. */
  #giveUp(): void {
    this.#abandon(new LineFault("silent", "no answer in time"));
    this.#session.cancelRequests(new Error("given up"));
  }

  #open(target: SnmpTarget, address: string): snmp.Session {
    const { port, timeoutMs, retries, access } = target;
    const dgramModule = guardedDgram({
      accepts: (from) => from.port === port && from.address === address,
      failed: (error) => {
        this.malformed += 1;
        this.#abandon(new LineFault("broken", `an answer that is not one: ${String(error)}`));
      },
    });
    const transport = isIP(address) === 6 ? ("udp6" as const) : ("udp4" as const);
    const options = {
      port,
      timeout: timeoutMs,
      retries,
      transport,
      reportOidMismatchErrors: true,
      dgramModule,
      backwardsGetNexts: true,
    };
    if (access.version === "3") return snmp.createV3Session(address, userOf(access.user), options);
    const version = access.version === "1" ? snmp.Version1 : snmp.Version2c;
    return snmp.createSession(address, access.community ?? USUAL_COMMUNITY, { ...options, version });
  }
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new LineFault("broken", String(error), { asked: false });
  }
}

/** A user as the library takes it; throws where a level lacks what it needs. */
export function userOf(user: SnmpUser | undefined): snmp.User {
  if (!user) throw new Error("SNMPv3 needs a user");
  const level = snmp.SecurityLevel[user.level];
  if (user.level !== "noAuthNoPriv" && !(user.authProtocol && user.authKey)) {
    throw new Error(`${user.level} needs an authentication protocol and key`);
  }
  if (user.level === "authPriv" && !(user.privProtocol && user.privKey)) {
    throw new Error("authPriv needs a privacy protocol and key");
  }
  return {
    name: user.name,
    level,
    ...(user.authProtocol && { authProtocol: snmp.AuthProtocols[user.authProtocol] }),
    ...(user.authKey && { authKey: user.authKey }),
    ...(user.privProtocol && { privProtocol: snmp.PrivProtocols[user.privProtocol] }),
    ...(user.privKey && { privKey: user.privKey }),
  };
}

/** RFC 3414, 3.2: an answer must have the security level of its request. */
function refuseUnprotected(session: snmp.Session, access: SnmpAccess): void {
  const level = access.version === "3" ? access.user?.level : undefined;
  if (level === undefined || level === "noAuthNoPriv") return;
  const take = session.onSimpleGetResponse.bind(session);
  session.onSimpleGetResponse = (req, message) => {
    const enough = message.hasAuthentication() && (level === "authNoPriv" || message.hasPrivacy());
    if (enough) take(req, message);
    else req.responseCb(new snmp.ResponseInvalidError("an answer without the protection that was asked for", 0));
  };
}

/** Net-snmp names the object in the text only: "NoSuchName: 1.3.6.1.2.1.1.1.0". */
const OID_IN_MESSAGE = /: ([0-9.]+)$/;

function translated(error: unknown): Error {
  if (error instanceof LineFault) return error;
  if (error instanceof Error && error.name === "RequestTimedOutError")
    return new LineFault("silent", "no answer in time");
  if (error instanceof snmp.RequestFailedError) {
    return new SnmpRefusal(Number(error.status), OID_IN_MESSAGE.exec(error.message)?.[1] ?? null);
  }
  if (isUsmRefusal(error)) return new LineFault("broken", error.message, { reason: "configuration" });
  return new LineFault("broken", error instanceof Error ? error.message : String(error));
}

/** The agent does not know the user, or not by this key or protocol; a matter of clocks or engines heals by itself. */
const isUsmRefusal = (error: unknown): error is Error =>
  error instanceof snmp.ResponseInvalidError &&
  error.code === snmp.ResponseInvalidCode.EAuthFailure &&
  !/time window|engine id/i.test(error.message);
