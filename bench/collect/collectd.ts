/** collectd as Debian ships it, reading the same values from the same devices and sending them on over UDP. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostOf } from "./plant.ts";
import { type Program, startProgram } from "./process.ts";

const PATH = "/usr/sbin/collectd";
/** Threads that read, as it comes. */
const THREADS = 8;

/** What collectd is to read. */
export interface CollectdWanted {
  readonly devices: number;
  readonly port: number;
  readonly values: number;
  /** Where its UDP goes. */
  readonly udpPort: number;
}

/** An SNMP user as collectd's configuration has it; null for version 2c. */
export interface CollectdUser {
  readonly name: string;
  readonly authKey: string;
  readonly privKey: string;
}

/** Reads every register by itself: its plug-in knows no blocks. */
export const collectdModbus = (wanted: CollectdWanted): Program => start(wanted, "modbus", modbusOf(wanted));

/** Reads every object by itself: a GET carries what one data block names. */
export const collectdSnmp = (wanted: CollectdWanted, user: CollectdUser | null): Program =>
  start(wanted, "snmp", snmpOf(wanted, user));

function start({ udpPort }: CollectdWanted, plugin: string, config: string): Program {
  const dir = mkdtempSync(join(tmpdir(), "haechi-collectd-"));
  const file = join(dir, "collectd.conf");
  writeFileSync(
    file,
    `Interval 1
ReadThreads ${THREADS}
BaseDir "${dir}"
PIDFile "${dir}/pid"
TypesDB "/usr/share/collectd/types.db"
LoadPlugin ${plugin}
LoadPlugin write_influxdb_udp
<Plugin write_influxdb_udp>
  Server "127.0.0.1" "${udpPort}"
</Plugin>
${config}`,
  );
  const program = startProgram(PATH, ["-f", "-C", file]);
  return {
    pid: program.pid,
    async end() {
      await program.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const counted = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");

function modbusOf({ devices, port, values }: CollectdWanted): string {
  const data = counted(
    values,
    (n) =>
      `<Data "r${n}">\nRegisterBase ${n}\nRegisterType uint16\nRegisterCmd ReadHolding\nType gauge\nInstance "r${n}"\n</Data>`,
  );
  const collect = counted(values, (n) => `Collect "r${n}"`);
  const hosts = counted(
    devices,
    (n) =>
      `<Host "d${n}">\nAddress "${hostOf(n)}"\nPort "${port}"\nInterval 1\n<Slave 1>\nInstance "s"\n${collect}\n</Slave>\n</Host>`,
  );
  return `<Plugin modbus>\n${data}\n${hosts}\n</Plugin>\n`;
}

function snmpOf({ devices, port, values }: CollectdWanted, user: CollectdUser | null): string {
  const data = counted(
    values,
    (n) =>
      `<Data "v${n}">\nTable false\nType gauge\nTypeInstance "v${n}"\nValues "1.3.6.1.4.1.55555.1.${n}.0"\n</Data>`,
  );
  const collect = Array.from({ length: values }, (_, n) => `"v${n}"`).join(" ");
  const access = user
    ? `Version 3\nSecurityLevel authPriv\nUsername "${user.name}"\nAuthProtocol SHA\nAuthPassphrase "${user.authKey}"\nPrivacyProtocol AES\nPrivacyPassphrase "${user.privKey}"`
    : 'Version 2\nCommunity "public"';
  const hosts = counted(
    devices,
    (n) => `<Host "d${n}">\nAddress "${hostOf(n)}:${port}"\n${access}\nCollect ${collect}\nInterval 1\n</Host>`,
  );
  return `<Plugin snmp>\n${data}\n${hosts}\n</Plugin>\n`;
}
