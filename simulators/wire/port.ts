import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { assert } from "../../src/core/assert.ts";
import type { Protocol } from "../../src/profiles/index.ts";

/** A port of the loopback that was free a moment ago, for what a protocol goes over. */
export const freePort = (protocol: Protocol): Promise<number> =>
  protocol === "modbus" ? freeTcpPort() : freeUdpPort();

const freeTcpPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const at = server.address();
      assert(at !== null && typeof at === "object", "a listening server has an address");
      server.close(() => resolve(at.port));
    });
  });

const freeUdpPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket("udp4").once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
