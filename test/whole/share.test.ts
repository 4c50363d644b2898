import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ModbusClient } from "../../src/collect/modbus/client.ts";
import { folderWith } from "../cli/folder.ts";
import { start } from "../cli/haechi.ts";
import { freePort, HOST, modbusServer, peer, running } from "../collect/fixture.ts";

const siteOf = (port: number, share: number): string => `version: 1
site: { id: here, name: { en: Here }, timezone: UTC }
profileAlarms: none
spaces:
  hall: { kind: hall, name: { en: Hall } }
devices:
  meter: { profile: meter/schneider-iem3000, space: hall, modbus: { host: ${HOST}, port: ${port}, share: { port: ${share} } } }
serve: { port: 0 }
`;

/** A service starts, on a busy machine. */
const longMs = 60_000;

test("a running site opens the port at which its device is shared, and reads by the same connection", {
  timeout: longMs,
}, async () => {
  const server = await modbusServer({ getHoldingRegister: (addr: number) => addr & 0xff });
  onTestFinished(() => server.close());
  const share = await freePort();
  const folder = folderWith({ "site.yaml": siteOf(server.port, share) });
  const it = start(["run", join(folder, "site.yaml"), "--state", join(folder, "state"), "--json"]);
  await it.says(/^\{"url"/);
  const target = { host: HOST, port: share, timeoutMs: 5000, afterConnectMs: 0 };
  const client = await ModbusClient.connect(target, running());
  onTestFinished(() => client.close());
  const read = { unit: 1, table: "holding", addr: 100, count: 3, timeoutMs: 5000, gapMs: 0 } as const;
  expect((await client.read(read)).words).toEqual([100, 101, 102]);
  it.kill("SIGTERM");
  expect((await it.ended).code).toBe(0);
  await expect(ModbusClient.connect(target, running())).rejects.toThrow("ECONNREFUSED");
});

test("a site whose port to share is taken is not started", { timeout: longMs }, async () => {
  const taken = await peer(() => {});
  onTestFinished(() => taken.close());
  const folder = folderWith({ "site.yaml": siteOf(await freePort(), taken.port) });
  const { code, stderr } = await start(["run", join(folder, "site.yaml"), "--state", join(folder, "state")]).ended;
  expect(stderr).toContain("EADDRINUSE");
  expect(code).toBe(69);
});
