import { afterEach, expect, test } from "vitest";
import { Trunks } from "../../../src/collect/modbus/trunk.ts";
import { freePort, HOST, type Peer, peer, reply, running } from "../fixture.ts";

const servers: Peer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function gateway() {
  const server = await peer((request, socket) => socket.write(reply(request, [request[6]!])));
  servers.push(server);
  return { server, target: { host: HOST, port: server.port, timeoutMs: 1000, afterConnectMs: 0 } };
}

const read = (unit: number) => ({ unit, table: "holding" as const, addr: 0, count: 1, timeoutMs: 1000, gapMs: 0 });

test("the units behind a gateway share its one connection", async () => {
  const { server, target } = await gateway();
  const trunks = new Trunks();
  const uses = await Promise.all([trunks.acquire(target, running()), trunks.acquire(target, running())]);
  const answers = await Promise.all(uses.map(({ client }, unit) => client.read(read(unit))));
  expect(answers.map(({ words }) => words[0])).toEqual([0, 1]);
  expect(server.connections).toBe(1);
  uses[0].release();
  uses[0].release();
  expect(uses[1].client.usable).toBe(true);
  uses[1].release();
  expect(uses[1].client.usable).toBe(false);
});

test("a broken connection is replaced for all of them", async () => {
  const { server, target } = await gateway();
  const trunks = new Trunks();
  const first = await trunks.acquire(target, running());
  first.client.close();
  const second = await trunks.acquire(target, running());
  expect((await second.client.read(read(3))).words).toEqual([3]);
  first.release();
  expect(second.client.usable).toBe(true);
  second.release();
  expect(server.connections).toBe(2);
});

test("a gateway that does not answer is tried anew the next time", async () => {
  const trunks = new Trunks();
  const target = { host: HOST, port: await freePort(), timeoutMs: 1000, afterConnectMs: 0 };
  for (let i = 0; i < 2; i++) {
    await expect(trunks.acquire(target, running())).rejects.toMatchObject({ kind: "broken", asked: false });
  }
});
