/**
 * Simulated devices behind SNMP v1, v2c and v3. net-snmp's agent does the messages and their security; which object
 * comes with which value is decided here, at the moment of the request. A silent device does not answer at all,
 * discovery included.
 */
import type { Socket } from "node:dgram";
import snmp from "net-snmp";
import type { DeviceAddress, SnmpValue } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import type { ServedDevice } from "./modbus.ts";
import type { SnmpObject } from "./objects.ts";
import { nextAfter, objectsOf } from "./objects.ts";

interface Varbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

interface Pdu {
  readonly type: number;
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
}

type Handle = (socket: Socket, message: Message, from: unknown) => void;

/** net-snmp's agent as far as it is stepped into: its hooks for each kind of request, and its sockets. */
interface Agent {
  readonly listener: { readonly sockets: Readonly<Record<string, Socket>> };
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: object): void };
  onMsg(socket: Socket, datagram: Buffer, from: unknown): void;
  sendResponse(socket: Socket, from: unknown, request: Message, response: Pdu): void;
  getRequest: Handle;
  getNextRequest: Handle;
  getBulkRequest: Handle;
  setRequest: Handle;
  close(): void;
}

const endOfMib = 130;
const noSuchInstance = 129;
const nothing = 5;
const noSuchName = 2;
const notWritable = 17;
const wrongValue = 10;
const genErr = 5;
const version1 = 0;
/** A datagram holds no more of these objects. */
const mostVarbinds = 100;

/** Serves one device at its address. Rejects where the port is taken. */
export function serveSnmp(
  device: ServedDevice,
  address: DeviceAddress,
  { plant, uptimeS }: { readonly plant: PlantAccess; readonly uptimeS: () => number },
): Promise<{ close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const agent = agentAt(address, (error) => {
      // Requests that are not for it, or not in order, are nothing to a device; a socket that fails is.
      if (error && "syscall" in error) reject(error);
    });
    allow(agent, address);
    answerFrom(agent, device, { plant, objects: objectsOf(device, plant, uptimeS) });
    const sockets = Object.values(agent.listener.sockets);
    for (const socket of sockets) {
      listenOnlyWhen(() => plant.answers(device.id), agent, socket);
      socket.once("listening", () => resolve({ close: () => closeAll(sockets) }));
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
    ...(user.privProtocol ? { privProtocol: snmp.PrivProtocols[user.privProtocol], privKey: user.privKey } : {}),
  });
}

function listenOnlyWhen(answers: () => boolean, agent: Agent, socket: Socket): void {
  socket.removeAllListeners("message");
  socket.on("message", (datagram, from) => {
    if (!answers()) return;
    try {
      agent.onMsg(socket, datagram, from);
    } catch (error) {
      // A datagram that the library cannot make sense of must not end the simulator.
      if (!(error instanceof Error)) throw error;
    }
  });
}

const closeAll = async (sockets: readonly Socket[]): Promise<void> => {
  await Promise.all(sockets.map((socket) => new Promise<void>((closed) => socket.close(closed))));
};

function answerFrom(
  agent: Agent,
  device: ServedDevice,
  { plant, objects }: { readonly plant: PlantAccess; readonly objects: readonly SnmpObject[] },
): void {
  const known = new Map(objects.map((object) => [object.oid, object]));
  const answering =
    (answer: (request: Message) => Varbind[]): Handle =>
    (socket, request, from) => {
      const response = request.pdu.getResponsePduForRequest();
      response.varbinds = answer(request);
      refuseInVersion1(request, response);
      agent.sendResponse(socket, from, request, response);
    };
  agent.getRequest = answering(({ pdu }) => pdu.varbinds.map(({ oid }) => found(oid, known.get(oid)?.look() ?? null)));
  agent.getNextRequest = answering(({ pdu }) => pdu.varbinds.map(({ oid }) => next(objects, oid)));
  agent.getBulkRequest = answering(({ pdu }) => bulk(objects, pdu));
  agent.setRequest = (socket, request, from) => {
    device.writes += 1;
    const response = request.pdu.getResponsePduForRequest();
    response.varbinds = request.pdu.varbinds;
    const errors = request.pdu.varbinds.map((varbind) => set(device, plant, varbind));
    const first = errors.findIndex((error) => error !== 0);
    if (first >= 0) {
      response.errorStatus = errors[first]!;
      response.errorIndex = first + 1;
    }
    agent.sendResponse(socket, from, request, response);
  };
}

const found = (oid: string, value: SnmpValue | null): Varbind => ({
  oid,
  type: value?.type ?? noSuchInstance,
  value: value?.value ?? null,
});

function next(objects: readonly SnmpObject[], oid: string): Varbind {
  const after = nextAfter(objects, oid);
  return after ? { oid: after.oid, ...after.value } : { oid, type: endOfMib, value: null };
}

function bulk(objects: readonly SnmpObject[], pdu: Pdu): Varbind[] {
  const once = pdu.varbinds.slice(0, pdu.nonRepeaters ?? 0).map(({ oid }) => next(objects, oid));
  let row = pdu.varbinds.slice(pdu.nonRepeaters ?? 0);
  const answer = [...once];
  for (let i = 0; i < (pdu.maxRepetitions ?? 0) && row.length > 0 && answer.length < mostVarbinds; i++) {
    row = row.map(({ oid }) => next(objects, oid));
    answer.push(...row);
    if (row.every(({ type }) => type === endOfMib)) break;
  }
  return answer;
}

/** Version 1 has no exceptions: one object that is not there makes the whole answer an error. */
function refuseInVersion1({ version, pdu }: Message, response: Pdu): void {
  if (version !== version1) return;
  const at = response.varbinds.findIndex(({ type }) => type === endOfMib || type === noSuchInstance);
  if (at < 0) return;
  response.varbinds = pdu.varbinds.map(({ oid }) => ({ oid, type: nothing, value: null }));
  response.errorStatus = noSuchName;
  response.errorIndex = at + 1;
}

/** What a SET makes of one object: 0 where it was done, or the error status. */
function set({ id, model }: ServedDevice, plant: PlantAccess, { oid, value }: Varbind): number {
  const there = model.commands.filter(({ write: { at } }) => at.protocol === "snmp" && at.oid === oid);
  if (there.length === 0) return notWritable;
  const command = there.find(({ write }) => write.raw === value);
  if (!command) return wrongValue;
  return plant.actuate(id, command.point, command.value) === "done" ? 0 : genErr;
}
