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

test("a unit that is dead costs the others behind its gateway no more than its own time-outs", async () => {
  const server = await peer((request, socket) => {
    if (request[6] !== 9) socket.write(reply(request, [request[6]!]));
  });
  servers.push(server);
  const target = { host: HOST, port: server.port, timeoutMs: 1000, afterConnectMs: 0 };
  const use = await new Trunks().acquire(target, running());
  const order: string[] = [];
  const ask = (unit: number, name: string) =>
    use.client.read({ ...read(unit), timeoutMs: 60, urgency: "safety" }).then(
      () => order.push(name),
      () => order.push(`${name} silent`),
    );
  const live = Array.from({ length: 20 }, (_, n) => ask(1 + (n % 4), "live"));
  const dead = Array.from({ length: 4 }, () => ask(9, "dead"));
  await Promise.all([...live, ...dead]);
  expect(order.filter((name) => name === "dead silent")).toHaveLength(4);
  // Its second turn and all later ones come when the others have had theirs, or when many of them have.
  expect(order.indexOf("dead silent")).toBeLessThan(8);
  expect(order.slice(0, 16).filter((name) => name === "dead silent").length).toBeLessThanOrEqual(3);
  expect(server.connections).toBe(1);
  use.release();
});

test("an endpoint that cannot be connected to is tried once for all of its units in a while", async () => {
  const trunks = new Trunks(() => 0.5);
  const target = { host: HOST, port: await freePort(), timeoutMs: 1000, afterConnectMs: 0 };
  const attempt = () => trunks.acquire(target, running()).catch((error: unknown) => error);
  await attempt();
  const first = await attempt();
  // The same fault, and not another like it: nothing was tried.
  expect(await attempt()).toBe(first);
  await expect.poll(async () => (await attempt()) === first).toBe(false);
});

test("a gateway that does not answer is tried anew the next time", async () => {
  const trunks = new Trunks();
  const target = { host: HOST, port: await freePort(), timeoutMs: 1000, afterConnectMs: 0 };
  for (let i = 0; i < 2; i++) {
    await expect(trunks.acquire(target, running())).rejects.toMatchObject({ kind: "broken", asked: false });
  }
});
