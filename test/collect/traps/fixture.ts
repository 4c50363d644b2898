import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import snmp from "net-snmp";
import type { TrapRules } from "../../../src/collect/traps/receive.ts";
import { userOf } from "../../../src/collect/traps/user.ts";
import type { SnmpUser } from "../../../src/profiles/link.ts";
import { HOST } from "../fixture.ts";

const run = promisify(execFile);

/** An engine id as a sender of traps has one. */
export const ENGINE = "0x80001f88040102030405";
export const ON_BATTERY = "1.3.6.1.2.1.33.2.1";
const UPTIME = "1.3.6.1.2.1.1.3.0";

/** A UDP port that was free a moment ago. */
export async function freeUdpPort(): Promise<number> {
  const probe = createSocket("udp4");
  probe.bind(0, HOST);
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise<void>((closed) => probe.close(closed));
  return port;
}

export const rulesAt = (port: number, over: Partial<TrapRules> = {}): TrapRules => ({
  device: "haechi",
  bind: HOST,
  port,
  community: "right",
  users: [],
  ...over,
});

/** Hashes of SNMPv3 by the names that Debian's programs give them. */
export const authNames = {
  md5: "MD5",
  sha: "SHA",
  sha224: "SHA-224",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
} as const;
/** Its ciphers by those names. */
export const privNames = {
  des: "DES",
  aes: "AES",
  aes192b: "AES-192",
  aes192r: "AES-192-C",
  aes256b: "AES-256",
  aes256r: "AES-256-C",
} as const;

/** The options by which Debian's programs speak as a user. */
export function asUser({ name, level, authProtocol, authKey, privProtocol, privKey }: SnmpUser): readonly string[] {
  return [
    "-v",
    "3",
    "-u",
    name,
    "-l",
    level,
    ...(authProtocol && authKey ? ["-a", authNames[authProtocol], "-A", authKey] : []),
    ...(privProtocol && privKey ? ["-x", privNames[privProtocol], "-X", privKey] : []),
  ];
}

/** What one of Debian's programs said and how it ended; it keeps its boots in a folder that goes with it. */
async function ended(program: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-snmp-"));
  try {
    const { stdout, stderr } = await run(program, [...args], {
      env: { ...process.env, SNMP_PERSISTENT_DIR: dir, MIBS: "" },
    });
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A notification of version 2c or 3 by `snmptrap` or `snmpinform`; `claim` is an object, its type and its value. */
export async function notify(
  program: "snmptrap" | "snmpinform",
  port: number,
  who: readonly string[],
  ...[oid = ON_BATTERY, claim = [UPTIME, "t", "1"]]: [oid?: string, claim?: readonly string[]]
): Promise<{ code: number; said: string }> {
  return ended(program, [...who, "-t", "1", "-r", "0", `${HOST}:${port}`, "", oid, ...claim]);
}

/** A version 1 trap by `snmptrap`. */
export const trapV1 = (
  port: number,
  community: string,
  [enterprise, generic, specific]: readonly [string, number, number],
): Promise<{ code: number; said: string }> =>
  ended("snmptrap", [
    "-v",
    "1",
    "-c",
    community,
    `${HOST}:${port}`,
    enterprise,
    HOST,
    String(generic),
    String(specific),
    "1",
  ]);

/** The first datagram that comes to a port of its own. */
async function datagramOf(send: (port: number) => unknown): Promise<Buffer> {
  const socket = createSocket("udp4");
  socket.bind(0, HOST);
  await once(socket, "listening");
  const heard = once(socket, "message");
  const sent = send(socket.address().port);
  const [datagram] = (await heard) as [Buffer];
  await sent;
  await new Promise<void>((closed) => socket.close(closed));
  return datagram;
}

const trapOf = (session: snmp.Session, oid: string): Promise<void> =>
  new Promise((sent) => {
    session.trap(oid, [], () => {
      session.close();
      sent();
    });
  });

/** A version 2c trap as it is on the wire. */
export const trapFrom = (community: string, oid = ON_BATTERY): Promise<Buffer> =>
  datagramOf((trapPort) => trapOf(snmp.createSession(HOST, community, { trapPort, version: snmp.Version2c }), oid));

/** A version 3 trap of an engine, as it is on the wire. */
export function userTrapFrom(user: SnmpUser, engineID: string): Promise<Buffer> {
  const own = user.name === "" ? { name: "", level: snmp.SecurityLevel.noAuthNoPriv } : userOf(user);
  return datagramOf((trapPort) => trapOf(snmp.createV3Session(HOST, own, { trapPort, engineID }), ON_BATTERY));
}

/** An inform for an engine that is not ours, by `snmpinform`: as a sender has it who knew us before our last start. */
export const informFor = (user: SnmpUser, engine: string): Promise<Buffer> =>
  datagramOf((port) => notify("snmpinform", port, [...asUser(user), "-e", engine]));
