import { afterEach, expect, test } from "vitest";
import { readOnce } from "../../src/collect/index.ts";
import { device, exception, freePort, modbusAt, modbusPoint, type Peer, peer, reply, snmpPoint } from "./fixture.ts";
import { agentThat, answer, OID } from "./snmp/fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const kept = <T extends Pick<Peer, "close">>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

test("a device read by hand shows every point with its source, its raw words and its value", async () => {
  const server = kept(
    await peer((request, socket) => {
      const addr = request.readUInt16BE(8);
      socket.write(addr === 7 ? reply(request, [2305]) : exception(request, 2));
    }),
  );
  const points = [
    modbusPoint("output.voltage", 7, { scale: 0.1 }),
    modbusPoint("missing", 900, { at: modbusAt(900, { table: "input", type: "u32", count: 2 }) }),
  ];
  const result = await readOnce(device("ups-a", server.port, points));
  expect(result.fault).toBeNull();
  expect(result.latencyMs).toBeGreaterThan(0);
  expect(result.points).toMatchObject([
    {
      name: "output.voltage",
      unit: "V",
      source: "holding 7 u16",
      raw: [2305],
      reading: { point: "ups-a/output.voltage", quality: "good" },
    },
    { name: "missing", source: "input 900 u32", raw: null, reading: { quality: "bad", reason: "notFitted" } },
  ]);
  const [first] = result.points;
  expect(first?.reading.quality === "good" && first.reading.value).toBeCloseTo(230.5);
  await expect.poll(() => server.sockets.size).toBe(0);
});

test("an agent read by hand shows the OID and the value it gave", async () => {
  const agent = kept(await agentThat((get) => answer(get, [42])));
  const result = await readOnce(device("ups-a", agent.port, [snmpPoint("battery.charge", `${OID}.0`)]));
  expect(result.points).toMatchObject([{ source: `${OID}.0`, raw: 42, reading: { quality: "good", value: 42 } }]);
});

test("a device that cannot be reached is said to be so, in words, and its points are bad", async () => {
  const result = await readOnce(device("ups-a", await freePort(), [modbusPoint("a", 1)]));
  expect(result.fault).toContain("ECONNREFUSED");
  expect(result.points).toMatchObject([{ raw: null, reading: { quality: "bad", reason: "noCommunication" } }]);
});

test("only the points that are named are read", async () => {
  const server = kept(await peer((request, socket) => socket.write(reply(request, [5]))));
  const points = [modbusPoint("a", 1), modbusPoint("b", 500)];
  const result = await readOnce(device("ups-a", server.port, points), points.slice(0, 1));
  expect(result.points.map(({ name }) => name)).toEqual(["a"]);
  expect(server.requests).toBe(1);
});
