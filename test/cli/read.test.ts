import { afterEach, describe, expect, test } from "vitest";
import { type ReadWords, read } from "../../src/cli/read.ts";
import { exception, freePort, HOST, type Peer, peer, reply } from "../collect/fixture.ts";
import { agentThat, answer, OID, realAgent } from "../collect/snmp/fixture.ts";
import { told } from "./told.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const kept = <T extends { close(): Promise<void> }>(server: T): T => {
  closers.push(() => server.close());
  return server;
};

const plain: ReadWords = { community: "public", table: "holding", count: 2 };
const reading = (address: string, words: Partial<ReadWords> = {}, oid?: string) =>
  told(() => read(address, oid, { ...plain, ...words }));

const meter = async (words: readonly number[]): Promise<Peer> =>
  kept(await peer((request, socket) => socket.write(words.length > 0 ? reply(request, words) : exception(request, 2))));

describe("haechi read", () => {
  test("shows registers in every byte order side by side", async () => {
    const { port } = await meter([0x8000, 0x4366]);
    const { code, out } = await reading(`modbus://${HOST}:${port}/1`, { addr: 130 });
    expect(code).toBe(0);
    expect(out).toMatch(/^130 +32768 +0x8000$/m);
    expect(out).toMatch(/^from +type +ABCD +CDAB +BADC +DCBA$/m);
    expect(out).toMatch(/^130 +i16 +-32768 /m);
    expect(out).toMatch(/^130 +f32 +\S+ +230\.5 /m);
    expect(out).toMatch(/^131 +u16 +17254 /m);
  });

  test("says the same to programs, and what is no number in words", async () => {
    const { port } = await meter([0x7fc0, 0]);
    const { out } = await reading(`modbus://${HOST}:${port}`, { addr: 0, json: true });
    const { words, values } = JSON.parse(out) as { words: number[]; values: Record<string, unknown>[] };
    expect(words).toEqual([0x7fc0, 0]);
    expect(values.find(({ type }) => type === "f32")).toMatchObject({ addr: 0, ABCD: "NaN" });
  });

  test("shows bits as they are", async () => {
    const server = kept(
      await peer((request, socket) => {
        const bits = Buffer.from([...request.subarray(0, 4), 0, 4, request[6]!, request[7]!, 1, 0b101]);
        socket.write(bits);
      }),
    );
    const { code, out } = await reading(`modbus://${HOST}:${server.port}`, { table: "coil", addr: 7, count: 3 });
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split(/ +/))).toEqual([
      ["coil", "raw"],
      ["7", "1"],
      ["8", "0"],
      ["9", "1"],
    ]);
  });

  test("shows an object of an agent, and text as text", async () => {
    const { port } = kept(await realAgent());
    const address = `snmp://${HOST}:${port}`;
    expect(await reading(address, {}, `.${OID}.0`)).toMatchObject({ code: 0, out: `${OID}.0 = 42` });
    expect(JSON.parse((await reading(address, { json: true }, `${OID}.0`)).out)).toEqual({
      source: `${OID}.0`,
      raw: 42,
    });
  });

  test("ends with 1 where the device has nothing there, over either protocol and of version 1 too", async () => {
    const [modbus, agent, first] = [
      await meter([]),
      kept(await realAgent()),
      kept(await agentThat((request) => answer(request, [], { status: 2, index: 1 }))),
    ];
    const ends = [
      await reading(`modbus://${HOST}:${modbus.port}`, { addr: 9 }),
      await reading(`snmp://${HOST}:${agent.port}`, {}, `${OID}.7.0`),
      await reading(`snmp://${HOST}:${first.port}`, { v1: true }, `${OID}.7.0`),
    ];
    for (const { code, err } of ends) {
      expect(code).toBe(1);
      expect(err).toContain("notFitted");
    }
  });

  test("ends with 69 where nothing answers", async () => {
    const port = await freePort();
    const modbus = await reading(`modbus://${HOST}:${port}`, { addr: 0 });
    const snmp = await reading(`snmp://${HOST}:${port}`, {}, OID);
    expect([modbus.code, snmp.code]).toEqual([69, 69]);
    expect(modbus.err).toContain("ECONNREFUSED");
  });

  test.each<[string, Partial<ReadWords>, string | undefined, string]>([
    ["modbus://h", {}, undefined, "say which registers"],
    ["modbus://h", { addr: 1 }, "1.3.6", "say which registers"],
    ["modbus://h", { addr: 1, count: 126 }, undefined, "at most 125"],
    ["modbus://h", { addr: 1, count: 1.5 }, undefined, "at most 125"],
    ["modbus://h", { addr: 65_535 }, undefined, "up to address 65535"],
    ["snmp://h", {}, undefined, "say which object"],
    ["snmp://h", {}, "sysDescr", "say which object"],
  ])("ends with 2 for %s %j %s", async (address, words, oid, message) => {
    const { code, err } = await reading(address, words, oid);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
