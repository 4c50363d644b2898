import { once } from "node:events";
import { connect as tlsConnect } from "node:tls";
import modbusSerial from "modbus-serial";
import type { DeviceAddress } from "../profiles/index.ts";
import { plainTcp, tlsOptions } from "../profiles/index.ts";

const ModbusRTU = modbusSerial.default;
export type Client = InstanceType<typeof ModbusRTU>;

/** Why the gate does not speak to devices on a serial line. */
export const held = "a device on a serial line is read and never written to: one process can hold the port";

/** Connects to a Modbus device over whatever its address says; rejects where that fails or takes too long. */
export async function connectModbus(address: DeviceAddress, timeoutMs: number): Promise<Client> {
  const client = new ModbusRTU();
  client.on("error", () => client.destroy(() => undefined));
  const limit = new AbortController();
  const deadline = setTimeout(() => limit.abort(), timeoutMs);
  const late = once(limit.signal, "abort").then(() => Promise.reject(new Error("no connection in time")));
  try {
    await Promise.race([opened(client, address, limit.signal), late]);
    return client;
  } catch (error) {
    client.destroy(() => undefined);
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

async function opened(client: Client, address: DeviceAddress, limit: AbortSignal): Promise<void> {
  const { host, port, transport = plainTcp } = address;
  switch (transport.kind) {
    case "tcp":
      return await client.connectTCP(host, { port });
    // What modbus-serial calls telnet is the frames of a serial line over TCP and nothing else.
    case "rtu":
      return await client.connectTelnet(host, { port });
    case "tls": {
      const socket = tlsConnect(tlsOptions(address, transport));
      limit.addEventListener("abort", () => socket.destroy(), { once: true });
      await once(socket, "secureConnect", { signal: limit });
      return await client.linkTCP(socket, { port });
    }
    case "serial":
      throw new Error(held);
  }
}
