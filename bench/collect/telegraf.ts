/** Telegraf, where there is one, reading the same values from the same devices and sending them on over UDP. */
import { accessSync, constants, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CollectdWanted } from "./collectd.ts";
import { hostOf } from "./plant.ts";
import { type Program, startProgram } from "./process.ts";

/** Why a path is no program that can be run; null where it is one. */
export function unusable(path: string): string | null {
  try {
    if (!statSync(path).isFile()) return "it is no file";
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "it may not be run" : (error as Error).message;
  }
}

/** Registers that lie together are one request: that is what its plug-in makes of them by itself. */
export const telegrafModbus = (path: string, wanted: CollectdWanted): Program => start(path, wanted, modbusOf(wanted));

/** All objects of a device in as few GETs as its plug-in makes of them. */
export const telegrafSnmp = (path: string, wanted: CollectdWanted): Program => start(path, wanted, snmpOf(wanted));

function start(path: string, { udpPort }: CollectdWanted, inputs: string): Program {
  const dir = mkdtempSync(join(tmpdir(), "haechi-telegraf-"));
  const file = join(dir, "telegraf.conf");
  writeFileSync(
    file,
    `[agent]
  interval = "1s"
  flush_interval = "1s"
  metric_buffer_limit = 100000
  omit_hostname = true
  quiet = true
  snmp_translator = "gosmi"
[[outputs.socket_writer]]
  address = "udp://127.0.0.1:${udpPort}"
  data_format = "influx"
${inputs}`,
  );
  const program = startProgram(path, ["--config", file]);
  return {
    pid: program.pid,
    async end() {
      await program.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function modbusOf({ devices, port, values }: CollectdWanted): string {
  const registers = Array.from(
    { length: values },
    (_, n) => `    { name = "r${n}", byte_order = "AB", data_type = "UINT16", scale = 1.0, address = [${n}] },`,
  ).join("\n");
  const device = (n: number): string => `[[inputs.modbus]]
  name = "d${n}"
  slave_id = 1
  timeout = "1s"
  controller = "tcp://${hostOf(n)}:${port}"
  configuration_type = "register"
  holding_registers = [
${registers}
  ]`;
  return `${Array.from({ length: devices }, (_, n) => device(n)).join("\n")}\n`;
}

function snmpOf({ devices, port, values }: CollectdWanted): string {
  const agents = Array.from({ length: devices }, (_, n) => `"udp://${hostOf(n)}:${port}"`).join(", ");
  const fields = Array.from(
    { length: values },
    (_, n) => `  [[inputs.snmp.field]]\n    name = "v${n}"\n    oid = ".1.3.6.1.4.1.55555.1.${n}.0"`,
  ).join("\n");
  return `[[inputs.snmp]]
  agents = [${agents}]
  version = 2
  community = "public"
  timeout = "1s"
  retries = 1
${fields}
`;
}
