import { spawn } from "node:child_process";
import { once } from "node:events";
import { HOST } from "../fixture.ts";

/** Sends what has fallen due every five milliseconds; says how many it sent. In JavaScript, for a process of its own. */
const sender = `
const [port, datagram, perSecond, seconds] = process.argv.slice(1);
const socket = require("node:dgram").createSocket("udp4");
const bytes = Buffer.from(datagram, "base64");
const start = performance.now();
let sent = 0;
const timer = setInterval(() => {
  const passed = Math.min((performance.now() - start) / 1000, Number(seconds));
  for (; sent < passed * perSecond; sent += 1) socket.send(bytes, Number(port), "${HOST}", () => {});
  if (passed < Number(seconds)) return;
  clearInterval(timer);
  setTimeout(() => { console.log(sent); socket.close(); }, 100);
}, 5);
`;

/** Datagrams to a port of the loopback, out of another process, at a pace and for a while; returns how many went out. */
export async function storm(
  port: number,
  datagram: Buffer,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number> {
  const args = ["-e", sender, String(port), datagram.toString("base64"), String(perSecond), String(seconds)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, "close");
  return Number(said);
}
