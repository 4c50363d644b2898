import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DeviceAddress, ModbusAddress } from "../../../src/profiles/index.ts";
import { folderWith } from "../../cli/folder.ts";
import { describeWith } from "../../setup/available.ts";
import { demoKeys } from "../demo-site.ts";
import type { ShownPoint, ShownSite } from "./shown.ts";
import { showSite, wrongs } from "./shown.ts";

const collectd = "collectd";
const patienceMs = 60_000;

/** What its Modbus plug-in calls a number that is as wide as a point's; it knows no others. */
const kinds: Readonly<Partial<Record<ModbusAddress["type"], string>>> = {
  u16: "uint16",
  i16: "int16",
  u32: "uint32",
  i32: "int32",
  f32: "float",
};

/** Points in the order in which they are told to it, each by a name that it leaves as it is. */
interface Asked {
  readonly points: readonly ShownPoint[];
  readonly config: string;
}

const nameOf = (place: number): string => `p${place}`;

/** Numbers that stand at an address of their own, at which no factor of the device's stands beside them. */
function modbusOf({ points, served }: ShownSite): Asked {
  const asked = points.filter(({ model: { at } }) => {
    const isPlain = at.protocol === "modbus" && at.table === "holding" && at.model === null && at.scaleAt === null;
    return isPlain && kinds[at.type] !== undefined;
  });
  const data = asked.map(({ model }, i) => {
    const at = model.at as ModbusAddress;
    const rest = `RegisterCmd ReadHolding\nType gauge\nInstance "${nameOf(i)}"`;
    return `<Data "${nameOf(i)}">\nRegisterBase ${at.addr}\nRegisterType ${kinds[at.type]}\n${rest}\n</Data>`;
  });
  const hosts = [...new Set(asked.map(({ device }) => device))].map((device) => {
    const { port, unit = 1 } = served.addresses.get(device)!;
    const own = asked.flatMap((point, i) => (point.device === device ? [`Collect "${nameOf(i)}"`] : []));
    const slave = `<Slave ${unit}>\nInstance "s"\n${own.join("\n")}\n</Slave>`;
    return `<Host "${device}">\nAddress "127.0.0.1"\nPort "${port}"\nInterval 1\n${slave}\n</Host>`;
  });
  return { points: asked, config: `<Plugin modbus>\n${[...data, ...hosts].join("\n")}\n</Plugin>` };
}

function accessOf({ snmp }: DeviceAddress, version: 1 | 2): string {
  if (snmp?.version !== "3") return `Version ${version}\nCommunity "public"`;
  const { HAECHI_DEMO_AUTH: auth, HAECHI_DEMO_PRIV: priv } = demoKeys;
  const user = `Version 3\nSecurityLevel authPriv\nUsername "haechi"\nAuthProtocol SHA\nPrivacyProtocol AES`;
  return `${user}\nAuthPassphrase "${auth}"\nPrivacyPassphrase "${priv}"`;
}

const snmpOf =
  (version: 1 | 2) =>
  ({ points, served }: ShownSite): Asked => {
    const data = points.map(({ model: { at } }, i) => {
      const oid = at.protocol === "snmp" ? at.oid : "";
      return `<Data "${nameOf(i)}">\nTable false\nType gauge\nTypeInstance "${nameOf(i)}"\nValues "${oid}"\n</Data>`;
    });
    const hosts = [...new Set(points.map(({ device }) => device))].map((device) => {
      const address = served.addresses.get(device)!;
      const own = points.flatMap((point, i) => (point.device === device ? [`"${nameOf(i)}"`] : []));
      const rest = `${accessOf(address, version)}\nCollect ${own.join(" ")}\nInterval 1`;
      return `<Host "${device}">\nAddress "127.0.0.1:${address.port}"\n${rest}\n</Host>`;
    });
    return { points, config: `<Plugin snmp>\n${[...data, ...hosts].join("\n")}\n</Plugin>` };
  };

/** Runs it until it has sent every value once, and gives them by their names. */
async function collected(plugin: string, { points, config }: Asked): Promise<ReadonlyMap<string, number>> {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  const port = await new Promise<number>((bound) => socket.bind(0, "127.0.0.1", () => bound(socket.address().port)));
  const folder = folderWith();
  const main = `Interval 1\nReadThreads 4\nBaseDir "${folder}"\nPIDFile "${join(folder, "pid")}"
TypesDB "/usr/share/collectd/types.db"
LoadPlugin ${plugin}
LoadPlugin write_influxdb_udp
<Plugin write_influxdb_udp>
  Server "127.0.0.1" "${port}"
</Plugin>
${config}\n`;
  const file = join(folderWith({ "collectd.conf": main }), "collectd.conf");
  const child = spawn(collectd, ["-f", "-C", file], { stdio: "ignore", env: { ...process.env, PATH: searched } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const found = new Map<string, number>();
  const missing = (): readonly string[] =>
    points.flatMap(({ device, model }, i) => (found.has(nameOf(i)) ? [] : [`${device}/${model.name}`]));
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`never came: ${missing().join(", ")}`)), patienceMs);
    child.once("error", reject);
    socket.on("message", (datagram) => {
      for (const [, name, value] of datagram.toString().matchAll(/\b(p\d+) value=(\S+)/g))
        found.set(name!, Number(value));
      if (found.size < points.length) return;
      clearTimeout(late);
      resolve(found);
    });
  });
}

/** Debian keeps it where a user's PATH does not lead. */
const searched = `${process.env["PATH"] ?? ""}:/usr/sbin`;

const plugins = [
  ["Modbus plug-in", "modbus", "modbus", modbusOf],
  ["SNMP plug-in, in version 1 and 3", "snmp", "snmp", snmpOf(1)],
  ["SNMP plug-in, in version 2c and 3", "snmp", "snmp", snmpOf(2)],
] as const;

describeWith(collectd, "collectd agrees with the plant", () => {
  test.each(plugins)(
    "every point that it can read, by its %s",
    async (_, protocol, plugin, ask) => {
      const site = await showSite(protocol);
      onTestFinished(() => site.served.close());
      const asked = ask(site);
      expect(asked.points.length).toBeGreaterThan(40);
      const read = await collected(plugin, asked);
      const places = new Map(asked.points.map((point, i) => [point, nameOf(i)]));
      expect(wrongs(asked.points, (point) => read.get(places.get(point)!))).toEqual([]);
    },
    2 * patienceMs,
  );
});
