/** tshark over a capture: what its dissectors call malformed or an error, and how many messages they made out. */
import { program } from "../wire/program.ts";

/** What the capture holds. */
export interface Dissected {
  /** Ports at which Modbus TCP is served, and at which SNMP is. */
  readonly modbus: readonly number[];
  readonly snmp: readonly number[];
  /** An SNMP user, so that what is encrypted is looked into. */
  readonly user?: { readonly name: string; readonly authKey: string; readonly privKey: string };
}

/** What tshark made of it. */
export interface Dissection {
  /** One line a packet that is malformed or an error. */
  readonly bad: readonly string[];
  /** Packets in which the protocol was made out to its end. */
  readonly modbus: number;
  readonly snmp: number;
}

/** A million packets take minutes. */
const timeoutMs = 1_800_000;
const bad = "_ws.malformed || _ws.expert.severity == error || _ws.unreassembled";

/** Runs the dissectors over a capture. Rejects where tshark itself fails. */
export async function dissect(file: string, held: Dissected): Promise<Dissection> {
  const words = [
    `-nr${file}`,
    ...held.modbus.flatMap((port) => ["-d", `tcp.port==${port},mbtcp`]),
    ...held.snmp.flatMap((port) => ["-d", `udp.port==${port},snmp`]),
    // By these it tells a question from its answer.
    ...(held.modbus.length > 0 ? ["-o", `mbtcp.tcp.port:${held.modbus.join(",")}`] : []),
    ...usersOf(held),
  ];
  const [wrong, modbus, snmp] = await Promise.all([
    shown([...words, "-Y", bad]),
    counted([...words, "-Y", "modbus.func_code"]),
    counted([...words, "-Y", "snmp.data"]),
  ]);
  return { bad: wrong.split("\n").filter(Boolean), modbus, snmp };
}

const usersOf = ({ user }: Dissected): readonly string[] =>
  user ? ["-o", `uat:snmp_users:"","${user.name}","SHA1","${user.authKey}","AES","${user.privKey}",""`] : [];

async function shown(words: readonly string[]): Promise<string> {
  const { code, text } = await program("tshark", words, { timeoutMs, outputOnly: true });
  if (code !== 0) throw new Error(`tshark failed: ${text.slice(-1000)}`);
  return text;
}

const counted = async (words: readonly string[]): Promise<number> =>
  (await shown([...words, "-T", "fields", "-e", "frame.number"])).split("\n").filter(Boolean).length;
