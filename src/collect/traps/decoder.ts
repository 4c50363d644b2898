/**
 * SNMP messages to notifications, by net-snmp's receiver without its socket: it is handed one
 * datagram at a time, what it wants to send is handed back, and whatever it throws stays in here. It
 * checks communities, users and keys; what it lets pass beyond that is refused after it.
 */
import snmp from "net-snmp";
import type { SnmpUser } from "../../profiles/link.ts";
import { discovery, type Envelope } from "./envelope.ts";
import { userOf } from "./user.ts";

const TRAP = 0xa4;
const INFORM = 0xa6;
const TRAP_V2 = 0xa7;
/** SNMPv2-MIB: the object by which a notification says which it is, and the six of version 1. */
const TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0";
const GENERIC_TRAPS = "1.3.6.1.6.3.1.1.5";
const ENTERPRISE_SPECIFIC = 6;
/** We are a new engine, with a new id, after every start: then it may be our first. */
const OUR_BOOTS = 1;

/** Who may notify us. Without a community versions 1 and 2c are refused, without users version 3. */
export interface TrapAccess {
  readonly community?: string;
  readonly users: readonly SnmpUser[];
}

/** What a datagram was, and what its sender is to get for it. */
export interface Decoded {
  /** What happened, as RFC 3584 calls it; null for what is no notification, or not one that we believe. */
  readonly oid: string | null;
  /** An engine that asks for ours says nothing and is still welcome. */
  readonly welcome: boolean;
  readonly reply: Buffer | null;
}

const REFUSED: Decoded = { oid: null, welcome: false, reply: null };

/** The parts of net-snmp's receiver and of its PDUs that its types leave out. */
interface Receiver {
  readonly engine: { readonly engineID: Buffer; engineBoots: number; engineTime: number };
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: snmp.User): void };
}
interface Pdu {
  readonly type: number;
  readonly user?: string;
  readonly enterprise?: unknown;
  readonly generic?: unknown;
  readonly specific?: unknown;
  readonly varbinds?: readonly { readonly oid: string; readonly value: unknown }[];
}
type Take = (datagram: Buffer, from: { readonly address: string; readonly port: number }) => void;

export class Decoder {
  readonly #receiver: Receiver;
  #take: Take = () => {};
  #heard: Pdu | null = null;
  #sent: Buffer | null = null;

  constructor({ community, users }: TrapAccess) {
    const socket = {
      on: (event: string, take: Take) => {
        if (event === "message") this.#take = take;
      },
      bind: () => {},
      send: (bytes: Buffer) => {
        this.#sent = bytes;
      },
    };
    const options = { includeAuthentication: true, dgramModule: { createSocket: () => socket } };
    this.#receiver = snmp.createReceiver(options, (error: unknown, heard?: { readonly pdu: Pdu }) => {
      if (!error && heard) this.#heard = heard.pdu;
    }) as Receiver;
    this.#receiver.engine.engineBoots = OUR_BOOTS;
    const authorizer = this.#receiver.getAuthorizer();
    if (community !== undefined) authorizer.addCommunity(community);
    for (const user of users) authorizer.addUser(userOf(user));
  }

  /** The engine that informs must be meant for. */
  get engine(): Buffer {
    return this.#receiver.engine.engineID;
  }

  /** `sinceStartMs` is our engine's time. It never throws. */
  decode(datagram: Buffer, envelope: Envelope, sinceStartMs: number): Decoded {
    this.#receiver.engine.engineTime = Math.floor(sinceStartMs / 1000);
    const reply = this.#run(datagram);
    const pdu = this.#heard;
    if (!pdu) return { oid: null, welcome: reply !== null && isDiscovery(envelope), reply };
    // The library takes version 3 without a user for a user without a name.
    if (envelope.version === 3 && !pdu.user) return REFUSED;
    if (envelope.version === 3 && pdu.type === INFORM && !envelope.engine.equals(this.engine))
      return { ...REFUSED, reply: this.#run(discovery(envelope.messageId)) };
    const oid = notificationOf(pdu);
    return oid === null ? REFUSED : { oid, welcome: true, reply };
  }

  #run(datagram: Buffer): Buffer | null {
    this.#heard = null;
    this.#sent = null;
    try {
      this.#take(datagram, { address: "", port: 0 });
    } catch {
      // Whatever a datagram does to the library, it is no notification.
      this.#heard = null;
      return null;
    }
    return this.#sent;
  }
}

const isDiscovery = (envelope: Envelope): boolean => envelope.version === 3 && envelope.engine.length === 0;

/** RFC 3584, section 3.1. */
function notificationOf({ type, enterprise, generic, specific, varbinds = [] }: Pdu): string | null {
  if (type === TRAP) {
    if (typeof generic !== "number" || typeof specific !== "number" || typeof enterprise !== "string") return null;
    if (generic === ENTERPRISE_SPECIFIC) return `${enterprise}.0.${specific}`;
    return generic >= 0 && generic < ENTERPRISE_SPECIFIC ? `${GENERIC_TRAPS}.${generic + 1}` : null;
  }
  if (type !== TRAP_V2 && type !== INFORM) return null;
  const named = varbinds.find(({ oid }) => oid === TRAP_OID)?.value;
  return typeof named === "string" ? named : null;
}

/** Lets the library forget the keys that it has made for an engine: it would keep every forged one for ever. */
export function forgetKeys(engine: Buffer): void {
  const { authToKeyCache: keys } = snmp.Authentication;
  const end = engine.toString("base64");
  for (const key of Object.keys(keys)) if (key.endsWith(end)) delete keys[key];
}
