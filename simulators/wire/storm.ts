/**
 * Traps that a device sends for nothing, many a second, as one does whose threshold flutters. They are those that its
 * profile knows, in turn, or "cold start" where it knows none; a receiver has to stay good at everything else meanwhile.
 */
import snmp from "net-snmp";
import { cipherOf, type DeviceModel, type SnmpAccess } from "../../src/profiles/index.ts";
import type { Engine } from "./agent.ts";
import type { Faults } from "./faults.ts";

/** Where traps go, and how they are made out there; by default as the device itself is spoken to. */
export interface TrapReceiver {
  readonly host: string;
  readonly port: number;
  readonly community?: string;
}

/** What it takes to send them. */
export interface StormRules {
  readonly model: DeviceModel;
  readonly access: SnmpAccess | undefined;
  readonly faults: Faults;
  readonly engine: Engine;
  readonly uptimeS: () => number;
  readonly to: TrapReceiver;
}

const coldStart = "1.3.6.1.6.3.1.1.5.1";
const stepMs = 100;
/** After a stall of this process the lost time's traps are not made up for. */
const mostAtOnce = 1000;

type Session = ReturnType<typeof snmp.createSession>;

/** Sends whenever the device's faults say so, until it is closed. */
export function openStorm({ model, access, faults, engine, uptimeS, to }: StormRules): { close(): void } {
  const names = Object.keys(model.traps ?? {});
  let session: Session | null = null;
  let owed = 0;
  let sent = 0;
  const send = (): void => {
    const name = names[sent++ % names.length] ?? coldStart;
    session ??= sessionTo(to, access, engine);
    // Nobody answers a trap; one that could not be sent is lost as others are.
    session.trap(name, [], { upTime: Math.floor(uptimeS() * 100) }, () => undefined);
  };
  const timer = setInterval(() => {
    const perS = faults.stormPerS();
    owed = perS === 0 ? 0 : Math.min(mostAtOnce, owed + (perS * stepMs) / 1000);
    for (; owed >= 1; owed -= 1) send();
  }, stepMs);
  return {
    close() {
      clearInterval(timer);
      session?.close();
    },
  };
}

function sessionTo({ host, port, community }: TrapReceiver, access: SnmpAccess | undefined, engine: Engine): Session {
  const user = access?.user;
  const options = { trapPort: port, engineID: engine.engineID.toString("hex") };
  const session = user
    ? snmp.createV3Session(host, userOf(user), { ...options, version: snmp.Version3 })
    : snmp.createSession(host, community ?? access?.community ?? "public", { ...options, version: versionOf(access) });
  // A receiver that is not there answers with an error of the network.
  session.on("error", () => undefined);
  return session;
}

const versionOf = (access: SnmpAccess | undefined) => (access?.version === "1" ? snmp.Version1 : snmp.Version2c);

const userOf = ({ name, level, authProtocol, authKey, privProtocol, privKey }: NonNullable<SnmpAccess["user"]>) => ({
  name,
  level: snmp.SecurityLevel[level],
  ...(authProtocol && authKey ? { authProtocol: snmp.AuthProtocols[authProtocol], authKey } : {}),
  ...(privProtocol && privKey ? { privProtocol: cipherOf(snmp, privProtocol), privKey } : {}),
});
