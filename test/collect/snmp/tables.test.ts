import snmp from "net-snmp";
import { afterEach, describe, expect, test } from "vitest";
import type { Line } from "../../../src/collect/line.ts";
import { snmpOpener } from "../../../src/collect/snmp/line.ts";
import type { DeviceLink, SnmpAccess } from "../../../src/profiles/link.ts";
import type { TableModel } from "../../../src/profiles/model.ts";
import { device, freePort, running, snmpPoint } from "../fixture.ts";
import {
  agentThat,
  answer,
  COLUMN,
  GETBULK,
  GETNEXT,
  type Get,
  OID,
  startedAgent,
  tableAnswer,
  USER,
} from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const alone = async (): Promise<void> => {};
const table: TableModel = {
  letter: "n",
  column: COLUMN,
  index: "whole",
  tests: [],
  scales: [],
  rank: 0,
  points: [snmpPoint("outlet[n].state", `${COLUMN}.{n}`)],
};
const ten = Array.from({ length: 10 }, (_, i) => `1.${i + 1}`);
const named = (rows: readonly string[]): string[] => rows.map((row) => `outlet[${row}].state`);

function linkTo(port: number, over = {}, access: SnmpAccess = { version: "2c" }): DeviceLink {
  const link = device("pdu", port, [snmpPoint("power.active", `${OID}.0`)], { oids: 4, ...over });
  return { ...link, address: { ...link.address, snmp: access } };
}

async function open(link: DeviceLink): Promise<Line> {
  const line = await snmpOpener(link)(running());
  closers.push(() => line.close());
  return line;
}

async function agent(respond: (request: Get, number: number) => Buffer | null) {
  const made = await agentThat(respond);
  closers.push(() => made.close());
  return made;
}

const walk = async (line: Line, tables: readonly TableModel[] = [table]) => {
  const { points, fault } = await line.walk!(tables, alone);
  return { names: points.map(({ name }) => name), points, fault };
};

describe("the rows of an agent's table", () => {
  test("come as many at a time as a GET may have objects, and can be read", async () => {
    const { port, seen } = await agent((request) => tableAnswer(request, ten));
    const line = await open(linkTo(port));
    const { names, points, fault } = await walk(line);
    expect([names, fault]).toEqual([named(ten), null]);
    expect(seen.map(({ type, rows }) => [type, rows])).toEqual(Array.from({ length: 3 }, () => [GETBULK, 4]));
    const { samples } = await line.poll(points, alone);
    expect(samples).toEqual(points.map((point) => ({ point, value: 1 })));
  });

  test("come one by one from an agent of version 1, which says at the end that there is no more", async () => {
    const { port, seen } = await agent((request) => {
      const at = ten.indexOf(request.oids[0]!.slice(COLUMN.length + 1));
      return at === 9 ? answer(request, [], { status: 2, index: 1 }) : tableAnswer(request, ten);
    });
    const { names, fault } = await walk(await open(linkTo(port, {}, { version: "1" })));
    expect([names, fault]).toEqual([named(ten), null]);
    expect(new Set(seen.map(({ type }) => type))).toEqual(new Set([GETNEXT]));
  });

  test("are asked for by half as many when an answer would be too big, which is remembered over a reconnect", async () => {
    const { port, seen } = await agent((request) =>
      request.rows > 2 ? answer(request, [], { status: 1 }) : tableAnswer(request, ten),
    );
    const opener = snmpOpener(linkTo(port, { oids: 8 }));
    for (const first of [[8, 4, 2], [2]]) {
      seen.length = 0;
      const line = await opener(running());
      expect((await walk(line)).names).toEqual(named(ten));
      expect(seen.map(({ rows }) => rows).slice(0, first.length)).toEqual(first);
      expect(new Set(seen.slice(first.length).map(({ rows }) => rows))).toEqual(new Set([2]));
      expect(line.learned!()).toEqual(["its tables are walked 2 rows at a time: more would be too big"]);
      line.close();
    }
  });

  test.each([
    ["by silence", () => null],
    ["by an error", (request: Get) => answer(request, [], { status: 5, index: 1 })],
    ["with nothing", (request: Get) => answer(request, [], { oids: [] })],
  ])("are found one by one of an agent that answers GETBULK %s", async (_, respond) => {
    const { port, seen } = await agent((request) =>
      request.type === GETBULK ? respond(request) : tableAnswer(request, ten),
    );
    const line = await open(linkTo(port));
    expect(await walk(line)).toMatchObject({ names: named(ten), fault: null });
    expect(line.learned!()).toEqual(["its tables are walked row by row: it does not take GETBULK"]);
    seen.length = 0;
    await walk(line);
    expect(seen.every(({ type }) => type === GETNEXT)).toBe(true);
  });

  test("are the same points as before while the rows are the same", async () => {
    let rows = ten;
    const { port } = await agent((request) => tableAnswer(request, rows));
    const line = await open(linkTo(port));
    const [before, after] = [(await walk(line)).points, (await walk(line)).points];
    expect(after.every((point, i) => point === before[i])).toBe(true);
    rows = ten.slice(1);
    expect((await walk(line)).names).toEqual(named(rows));
  });

  test("are kept when the agent falls silent in the middle, or refuses the table", async () => {
    let respond = (request: Get): Buffer | null => tableAnswer(request, ten);
    const { port, seen } = await agent((request) => respond(request));
    const line = await open(linkTo(port));
    await walk(line);
    respond = (request) => (seen.length > 5 ? null : tableAnswer(request, ten));
    expect(await walk(line)).toMatchObject({ names: named(ten), fault: { kind: "silent" } });
    respond = (request) => answer(request, [], { status: 16, index: 1 });
    expect(await walk(line)).toMatchObject({ names: named(ten), fault: null });
  });

  test("end where an agent goes in circles", async () => {
    const { port, seen } = await agent((request) => answer(request, [1, 1], { oids: [`${COLUMN}.2`, `${COLUMN}.1`] }));
    expect((await walk(await open(linkTo(port)))).names).toEqual(named(["2"]));
    expect(seen).toHaveLength(1);
  });

  test.each<SnmpAccess>([{ version: "1" }, { version: "2c" }, { version: "3", user: USER }])(
    "are found of a real agent, with their indices of two parts, over $version",
    async (access) => {
      const { port, close } = await tableAgent();
      closers.push(close);
      const line = await open(linkTo(port, { timeout: 2000 }, access));
      const { names, points, fault } = await walk(line);
      expect([names, fault]).toEqual([named(["1.3", "1.12", "2.1"]), null]);
      const { samples } = await line.poll(points, alone);
      expect(samples.map((sample) => "value" in sample && sample.value)).toEqual([30, 40, 50]);
    },
  );
});

/** net-snmp's own agent, with a table under the column's parent whose rows have two indices. */
async function tableAgent(): Promise<{ port: number; close: () => Promise<void> }> {
  const port = await freePort();
  const made = await startedAgent(port);
  made.getAuthorizer().addCommunity("public");
  made.getAuthorizer().addUser({
    name: USER.name,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha,
    authKey: USER.authKey,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: USER.privKey,
  });
  const column = (number: number, name: string) => ({
    number,
    name,
    type: snmp.ObjectType.Integer,
    maxAccess: snmp.MaxAccess["read-only"],
  });
  made.registerProvider({
    name: "outlets",
    type: snmp.MibProviderType.Table,
    oid: COLUMN.slice(0, COLUMN.lastIndexOf(".")),
    maxAccess: snmp.MaxAccess["not-accessible"],
    tableColumns: [column(1, "strip"), column(2, "outlet"), column(4, "state")],
    tableIndex: [{ columnName: "strip" }, { columnName: "outlet" }],
  });
  for (const row of [
    [1, 3, 30],
    [1, 12, 40],
    [2, 1, 50],
  ])
    made.getMib().addTableRow("outlets", row);
  return { port, close: () => new Promise((resolve) => made.close(() => resolve())) };
}
