/** Writes to SNMP agents, and reads back what came of it. A session that has once failed is never used again. */
import type { SocketType } from "node:dgram";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import snmp from "net-snmp";
import type { DeviceModel, SnmpAddress } from "../profiles/index.ts";
import { cipherOf, decodeSnmp, rawSnmp } from "../profiles/index.ts";
import type { DeviceLink, SnmpAccess, SnmpUser } from "../profiles/link.ts";
import type { Actuator, Declaration, Order, WriteOutcome } from "./actuator.ts";
import { oneAtATime, wordsOf } from "./actuator.ts";

/** Beyond the library's own time-outs: by then its callback is not going to come. */
const slackMs = 250;
/** Exchanges that one v3 request may take: the engine's discovery, its time, and the request itself. */
const v3Exchanges = 3;
/** A session that nothing has used for this long is closed. */
const idleMs = 5000;
/** SNMP's null, which the library leaves untyped. */
const nullType = 5;

type Varbinds = readonly snmp.Varbind[];

export const snmpDeclaration: Declaration = {
  writes: "SNMP SET of one object, as the profile's command says",
  twice: "once: values are absolute, and there is no command that toggles",
  timeoutMs: "profile",
  confirmed: "the commanded point, read from the agent",
};

/** The actuator of one SNMP agent. */
export function snmpActuator(link: DeviceLink): Actuator {
  return new SnmpActuator(link);
}

class SnmpActuator implements Actuator {
  readonly #link: DeviceLink;
  readonly #model: DeviceModel;
  readonly #inTurn = oneAtATime();
  #session: snmp.Session | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Ends the request in flight. */
  #abandon: (error: Error) => void = () => undefined;

  constructor(link: DeviceLink) {
    this.#link = link;
    this.#model = link.model;
  }

  read(point: string, stop: AbortSignal): Promise<number | null> {
    const model = this.#model.points.find(({ name }) => name === point);
    if (model?.at.protocol !== "snmp") return Promise.resolve(null);
    const { oid } = model.at;
    return this.#inTurn(async () => {
      if (stop.aborted) return null;
      const varbinds = await this.#ask((session, done) => session.get([oid], done)).catch(() => []);
      const [varbind] = varbinds;
      const sample = decodeSnmp(model, varbind && { type: varbind.type ?? nullType, value: varbind.value });
      return "value" in sample ? sample.value : null;
    });
  }

  write(order: Order): Promise<WriteOutcome> {
    const command = this.#model.commands.find((c) => c.point === order.point && c.value === order.value);
    if (command?.write.at.protocol !== "snmp") {
      return Promise.resolve({ result: "refused", detail: "the profile has no such command" });
    }
    const { at, raw } = { at: command.write.at, raw: command.write.raw };
    return this.#inTurn(() => this.#set(at, raw));
  }

  close(): void {
    clearTimeout(this.#idle);
    const session = this.#session;
    this.#session = null;
    this.#abandon(new Error("the session was closed"));
    session?.cancelRequests(new Error("closed"));
    session?.close();
  }

  async #set(at: SnmpAddress, raw: number): Promise<WriteOutcome> {
    const varbind = { oid: at.oid, ...rawSnmp(at, raw) } as snmp.Varbind;
    try {
      await this.#ask((session, done) => session.set([varbind], done));
      return { result: "accepted" };
    } catch (error) {
      if (error instanceof snmp.RequestFailedError) {
        return { result: "refused", detail: `SNMP error status ${snmp.ErrorStatus[error.status] ?? error.status}` };
      }
      if (error instanceof NotSent) return { result: "again", detail: error.message };
      return { result: "unsure", detail: wordsOf(error) };
    }
  }

  async #ask(send: (session: snmp.Session, done: snmp.GetSetCallback) => void): Promise<Varbinds> {
    const session = await this.#opened();
    try {
      const varbinds = await this.#answer(session, send);
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.close(), idleMs).unref();
      return varbinds;
    } catch (error) {
      if (!(error instanceof snmp.RequestFailedError)) this.close();
      throw error;
    }
  }

  #answer(session: snmp.Session, send: (session: snmp.Session, done: snmp.GetSetCallback) => void): Promise<Varbinds> {
    const { timeout, retries } = this.#model.link;
    const exchanges = accessOf(this.#link).version === "3" ? v3Exchanges : 1;
    return new Promise<Varbinds>((resolve, reject) => {
      const settle = (error: Error | null, varbinds: Varbinds = []): void => {
        clearTimeout(deadline);
        if (error) reject(error);
        else resolve(varbinds);
      };
      const deadline = setTimeout(
        () => settle(new Error("no answer in time")),
        timeout * (retries + 1) * exchanges + slackMs,
      );
      this.#abandon = settle;
      send(session, settle);
    });
  }

  async #opened(): Promise<snmp.Session> {
    clearTimeout(this.#idle);
    if (this.#session) return this.#session;
    const { host, port } = this.#link.address;
    const { timeout, retries } = this.#model.link;
    try {
      const { address, family } = await lookup(host);
      const session = openSession(accessOf(this.#link), address, {
        port,
        timeout,
        retries,
        transport: family === 6 ? "udp6" : "udp4",
        reportOidMismatchErrors: true,
        dgramModule: guarded(address, port, (error) => this.#abandon(error)),
      });
      // Without a listener a malformed datagram would be an uncaught exception.
      session.on("error", (error: Error) => this.#abandon(error));
      this.#session = session;
      return session;
    } catch (error) {
      throw new NotSent(wordsOf(error));
    }
  }
}

/** The request has not left this machine. */
class NotSent extends Error {
  override name = "NotSent";
}

const accessOf = (link: DeviceLink): SnmpAccess => link.address.snmp ?? { version: "2c" };

function openSession(access: SnmpAccess, address: string, options: snmp.SessionOptionsV3): snmp.Session {
  const { version: _, ...rest } = options;
  if (access.version !== "3") {
    const version = access.version === "1" ? snmp.Version1 : snmp.Version2c;
    return snmp.createSession(address, access.community ?? "public", { ...rest, version });
  }
  if (!access.user) throw new Error("SNMPv3 needs a user");
  const session = snmp.createV3Session(address, userOf(access.user), rest);
  refuseUnprotected(session, access.user);
  return session;
}

function userOf(user: SnmpUser): snmp.User {
  const { name, level, authProtocol, authKey, privProtocol, privKey } = user;
  if (level !== "noAuthNoPriv" && !(authProtocol && authKey)) throw new Error(`${level} needs authentication`);
  if (level === "authPriv" && !(privProtocol && privKey)) throw new Error("authPriv needs privacy");
  return {
    name,
    level: snmp.SecurityLevel[level],
    ...(authProtocol && authKey && { authProtocol: snmp.AuthProtocols[authProtocol], authKey }),
    ...(privProtocol && privKey && { privProtocol: cipherOf(snmp, privProtocol), privKey }),
  };
}

/** The library takes answers that are less protected than the user's level demands (RFC 3414, 3.2); a read-back must not. */
function refuseUnprotected(session: snmp.Session, { level }: SnmpUser): void {
  if (level === "noAuthNoPriv") return;
  const take = session.onSimpleGetResponse.bind(session);
  session.onSimpleGetResponse = (req, message) => {
    if (message.hasAuthentication() && (level === "authNoPriv" || message.hasPrivacy())) take(req, message);
    else req.responseCb(new snmp.ResponseInvalidError("an answer without the protection that was asked for", 0));
  };
}

/**
 * Sockets for net-snmp that drop datagrams from elsewhere than the agent, and hold in whatever its
 * listener throws over one: no single datagram may end the one process that can write.
 */
function guarded(address: string, port: number, failed: (error: Error) => void): object {
  return {
    createSocket(type: SocketType) {
      const socket = createSocket(type);
      const on = socket.on.bind(socket);
      return Object.assign(socket, {
        on(event: string, listener: (...args: unknown[]) => void) {
          if (event !== "message") return on(event, listener);
          return on("message", (datagram, from) => {
            if (from.address !== address || from.port !== port) return;
            try {
              listener(datagram, from);
            } catch (error) {
              failed(new Error(`an answer that is not one: ${wordsOf(error)}`));
            }
          });
        },
      });
    },
  };
}
