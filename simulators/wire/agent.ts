/**
 * An SNMP agent of versions 1, 2c and 3 over any sorted list of objects. net-snmp's agent does the messages and their
 * security; which object comes with which value is decided here, at the moment of the request.
 */
import type { RemoteInfo, Socket } from "node:dgram";
import snmp from "net-snmp";
import { cipherOf, type DeviceAddress, type SnmpAccess } from "../../src/profiles/index.ts";
import type { Faults, Mishap } from "./faults.ts";
import { noMishap } from "./faults.ts";
import type { SnmpObject } from "./objects.ts";
import { nextAfter } from "./objects.ts";
import { quickAnswers } from "./quick-answers.ts";

export interface Varbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** What is asked of an agent and how it answers. */
export interface AgentRules {
  /** In the order of their identifiers. */
  readonly objects: readonly SnmpObject[];
  /** A silent agent does not answer at all, discovery included. */
  answers(): boolean;
  /** What a SET makes of one object: 0 where it was done, or the error status. */
  set(varbind: Varbind): number;
  /** A SET was asked for, whatever comes of it. */
  wrote(): void;
  /** The age of the agent, by its own clock; default: the time since it was opened. */
  uptimeS?(): number;
  readonly faults?: Faults;
}

/** An agent that is served. Its engine is what it is known by, and where its clock stands, in version 3. */
export interface ServedAgent {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** A version 3 engine. The time is in s since it was booted. */
export interface Engine {
  readonly engineID: Buffer;
  engineBoots: number;
  engineTime: number;
}

interface Pdu {
  readonly type: number;
  id: number;
  varbinds: Varbind[];
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
  errorStatus: number;
  errorIndex: number;
  getResponsePduForRequest(): Pdu;
}

interface Message {
  readonly version: number;
  readonly pdu: Pdu;
  readonly user?: { readonly name: string };
  readonly msgSecurityParameters?: { msgAuthoritativeEngineBoots: number; msgAuthoritativeEngineTime: number };
  hasAuthentication(): boolean;
  createReportResponseMessage(engine: Engine, context: string, error: string): Outgoing;
}

interface Outgoing {
  user?: { readonly name: string };
  msgSecurityParameters?: { msgUserName: string };
  setAuthentication(isOn: boolean): void;
  toBuffer(): Buffer;
}

type Handle = (socket: Socket, message: Message, from: RemoteInfo) => void;

/** net-snmp's agent as far as it is stepped into: its hooks for each kind of request, and its sockets. */
interface Agent {
  readonly engine: Engine;
  readonly listener: {
    readonly sockets: Readonly<Record<string, Socket>>;
    send(message: Outgoing, to: RemoteInfo, socket: Socket): void;
  };
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: object): void };
  onMsg(socket: Socket, datagram: Buffer, from: RemoteInfo): void;
  sendResponse(socket: Socket, from: RemoteInfo, request: Message, response: Pdu): void;
  getRequest: Handle;
  getNextRequest: Handle;
  getBulkRequest: Handle;
  setRequest: Handle;
}

const endOfMib = 130;
const noSuchInstance = 129;
const nothing = 5;
const tooBig = 1;
const noSuchName = 2;
const version1 = 0;
const version3 = 3;
const counter64 = 70;
/** What version 1 cannot say. */
const unsayable: ReadonlySet<number> = new Set([endOfMib, noSuchInstance, counter64]);
/** A datagram holds no more of these objects. */
const mostVarbinds = 100;
/** Of objects in one answer: UDP carries 65,507, and an object costs some bytes beside its value. */
const mostBytes = 60_000;
const bytesBesideValue = 16;

/** RFC 3414, 2.2.3: a message that is further from the engine's time is not of now. s */
const timeWindowS = 150;
/** The last number of usmStatsNotInTimeWindows. */
const notInTimeWindows = "2";
/** As an engine that was booted once and was told so. */
const firstBoots = 1;

/** Serves objects at an address. Rejects where the port is taken. */
export function serveAgent(address: DeviceAddress, rules: AgentRules): Promise<ServedAgent> {
  return new Promise((resolve, reject) => {
    const agent = agentAt(address, (error) => {
      // Requests that are not for it, or not in order, are nothing to a device; a socket that fails is.
      if (error && "syscall" in error) reject(error);
    });
    allow(agent, address);
    const wire = new Wire(agent, rules, address.snmp);
    const sockets = Object.values(agent.listener.sockets);
    for (const socket of sockets) {
      wire.listen(socket);
      socket.once("listening", () => resolve({ engine: agent.engine, close: () => wire.close(sockets) }));
    }
  });
}

const agentAt = ({ host, port }: DeviceAddress, onError: (error: Error | null) => void): Agent =>
  snmp.createAgent({ address: host, port, disableAuthorization: false }, onError) as Agent;

function allow(agent: Agent, { snmp: access }: DeviceAddress): void {
  const authorizer = agent.getAuthorizer();
  if (access?.version !== "3") authorizer.addCommunity(access?.community ?? "public");
  const user = access?.user;
  if (!user) return;
  authorizer.addUser({
    name: user.name,
    level: snmp.SecurityLevel[user.level],
    ...(user.authProtocol ? { authProtocol: snmp.AuthProtocols[user.authProtocol], authKey: user.authKey } : {}),
    ...(user.privProtocol ? { privProtocol: cipherOf(snmp, user.privProtocol), privKey: user.privKey } : {}),
  });
}

/** The way from a datagram to its answer, with what befalls it on the way out. */
class Wire {
  readonly #agent: Agent;
  readonly #rules: AgentRules;
  readonly #known: ReadonlyMap<string, SnmpObject>;
  readonly #late = new Set<NodeJS.Timeout>();
  readonly #quick: ((datagram: Buffer) => Buffer | null) | null;
  readonly #begun = performance.now();
  /** Of the request in hand; a request is taken and answered within one call. */
  #mishap: Mishap = noMishap;

  constructor(agent: Agent, rules: AgentRules, access?: SnmpAccess) {
    this.#agent = agent;
    this.#quick = access?.version === "3" ? null : quickAnswers(rules.objects, access?.community ?? "public");
    agent.engine.engineBoots = firstBoots;
    this.#rules = rules;
    this.#known = new Map(rules.objects.map((object) => [object.oid, object]));
    const { objects } = rules;
    agent.getRequest = this.#answering(({ pdu }) => pdu.varbinds.map(({ oid }) => this.#found(oid)));
    agent.getNextRequest = this.#answering(({ version, pdu }) =>
      pdu.varbinds.map(({ oid }) => (version === version1 ? nextInVersion1(objects, oid) : next(objects, oid))),
    );
    agent.getBulkRequest = this.#answering(({ pdu }) => bulk(objects, pdu));
    agent.setRequest = (socket, request, from) => this.#set(socket, request, from);
    agent.listener.send = (message, to, socket) => this.#ship(message.toBuffer(), to, socket);
  }

  listen(socket: Socket): void {
    socket.removeAllListeners("message");
    socket.on("message", (datagram, from) => {
      if (!this.#rules.answers()) return;
      this.#mishap = this.#rules.faults?.next() ?? noMishap;
      const { refusal, isOfAnother } = this.#mishap;
      const quick = refusal === null && !isOfAnother ? this.#quick?.(datagram) : null;
      if (quick) return this.#ship(quick, from, socket);
      this.#windClock();
      try {
        this.#agent.onMsg(socket, datagram, from);
      } catch (error) {
        // A datagram that the library cannot make sense of must not end the simulator.
        if (!(error instanceof Error)) throw error;
      }
    });
  }

  /** A clock that begins anew has been booted once more. */
  #windClock(): void {
    const { engine } = this.#agent;
    const shift = this.#rules.faults?.clock();
    const ageS = this.#rules.uptimeS?.() ?? (performance.now() - this.#begun) / 1000;
    engine.engineBoots = firstBoots + (shift?.restarts ?? 0);
    engine.engineTime = Math.max(0, Math.floor(ageS));
  }

  async close(sockets: readonly Socket[]): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    await Promise.all(sockets.map((socket) => new Promise<void>((closed) => socket.close(closed))));
  }

  #answering(answer: (request: Message) => Varbind[]): Handle {
    return (socket, request, from) => {
      if (this.#isOfAnotherTime(request)) return this.#sayTime(socket, request, from);
      const response = request.pdu.getResponsePduForRequest();
      response.varbinds = answer(request);
      refuseInVersion1(request, response);
      refuseTooBig(request, response);
      this.#send(socket, { request, response, from });
    };
  }

  #found(oid: string): Varbind {
    const value = this.#known.get(oid)?.look() ?? null;
    return { oid, type: value?.type ?? noSuchInstance, value: value?.value ?? null };
  }

  /** Whether a message of version 3 is outside of the engine's time window. The library does not look. */
  #isOfAnotherTime(request: Message): boolean {
    const { engine } = this.#agent;
    const said = request.msgSecurityParameters;
    if (request.version !== version3 || !said || !request.hasAuthentication()) return false;
    const isNow =
      said.msgAuthoritativeEngineBoots === engine.engineBoots &&
      Math.abs(said.msgAuthoritativeEngineTime - engine.engineTime) <= timeWindowS;
    // The answer bears the engine's time and not that of whoever asked.
    said.msgAuthoritativeEngineBoots = engine.engineBoots;
    said.msgAuthoritativeEngineTime = engine.engineTime;
    return !isNow;
  }

  /** A report of the engine's time, in the name of the user, who would not believe it otherwise. */
  #sayTime(socket: Socket, request: Message, from: RemoteInfo): void {
    const report = request.createReportResponseMessage(this.#agent.engine, "", notInTimeWindows);
    if (request.user && report.msgSecurityParameters) {
      report.user = request.user;
      report.msgSecurityParameters.msgUserName = request.user.name;
      report.setAuthentication(true);
    }
    this.#ship(report.toBuffer(), from, socket);
  }

  #set(socket: Socket, request: Message, from: RemoteInfo): void {
    this.#rules.wrote();
    if (this.#isOfAnotherTime(request)) return this.#sayTime(socket, request, from);
    const response = request.pdu.getResponsePduForRequest();
    response.varbinds = request.pdu.varbinds;
    const errors = request.pdu.varbinds.map((varbind) => this.#rules.set(varbind));
    const first = errors.findIndex((error) => error !== 0);
    if (first >= 0) refuse(response, errors[first]!, first);
    this.#send(socket, { request, response, from });
  }

  #send(
    socket: Socket,
    { request, response, from }: { readonly request: Message; readonly response: Pdu; readonly from: RemoteInfo },
  ): void {
    const { refusal, isOfAnother } = this.#mishap;
    if (refusal !== null) {
      response.varbinds = emptied(request.pdu.varbinds);
      refuse(response, refusal, 0);
    }
    if (isOfAnother) response.id = (response.id + 1) & 0x7fff_ffff;
    this.#agent.sendResponse(socket, from, request, response);
  }

  #ship(datagram: Buffer, { port, address }: RemoteInfo, socket: Socket): void {
    const { isLost, isReset, isHalf, delayMs } = this.#mishap;
    if (isLost || isReset) return;
    const bytes = isHalf ? datagram.subarray(0, datagram.length >> 1) : datagram;
    // Whoever asked may be gone: to a device that is nothing.
    const send = (): void => socket.send(bytes, port, address, () => undefined);
    if (delayMs === 0) return send();
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      send();
    }, delayMs);
    this.#late.add(timer);
  }
}

function refuse(response: Pdu, status: number, at: number): void {
  response.errorStatus = status;
  response.errorIndex = at + 1;
}

const emptied = (varbinds: readonly Varbind[]): Varbind[] =>
  varbinds.map(({ oid }) => ({ oid, type: nothing, value: null }));

function next(objects: readonly SnmpObject[], oid: string): Varbind {
  const after = nextAfter(objects, oid);
  return after ? { oid: after.oid, ...after.value } : { oid, type: endOfMib, value: null };
}

/** Version 1 has no counters of 64 bits: they are passed over (RFC 3584, 4.2.2.1). */
function nextInVersion1(objects: readonly SnmpObject[], oid: string): Varbind {
  let found = next(objects, oid);
  while (found.type === counter64) found = next(objects, found.oid);
  return found;
}

/** As many as fit into one answer. */
function bulk(objects: readonly SnmpObject[], pdu: Pdu): Varbind[] {
  const answer = pdu.varbinds.slice(0, pdu.nonRepeaters ?? 0).map(({ oid }) => next(objects, oid));
  let row = pdu.varbinds.slice(pdu.nonRepeaters ?? 0);
  let bytes = sizeOf(answer);
  for (let i = 0; i < (pdu.maxRepetitions ?? 0) && row.length > 0 && answer.length < mostVarbinds; i++) {
    row = row.map(({ oid }) => next(objects, oid));
    bytes += sizeOf(row);
    if (bytes > mostBytes && answer.length > 0) break;
    answer.push(...row);
    if (row.every(({ type }) => type === endOfMib)) break;
  }
  return answer;
}

const sizeOf = (varbinds: readonly Varbind[]): number =>
  varbinds.reduce((sum, { oid, value }) => sum + oid.length + bytesBesideValue + lengthOf(value), 0);

const lengthOf = (value: unknown): number => (typeof value === "string" || Buffer.isBuffer(value) ? value.length : 0);

function refuseTooBig({ pdu }: Message, response: Pdu): void {
  if (sizeOf(response.varbinds) <= mostBytes) return;
  response.varbinds = emptied(pdu.varbinds);
  response.errorStatus = tooBig;
}

/** Version 1 has no exceptions: one object that is not there makes the whole answer an error. */
function refuseInVersion1({ version, pdu }: Message, response: Pdu): void {
  if (version !== version1) return;
  const at = response.varbinds.findIndex(({ type }) => unsayable.has(type));
  if (at < 0) return;
  response.varbinds = emptied(pdu.varbinds);
  refuse(response, noSuchName, at);
}
