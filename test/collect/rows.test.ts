import { afterEach, describe, expect, test } from "vitest";
import type { Endpoint } from "../../src/collect/endpoint.ts";
import { makeCollector } from "../../src/collect/index.ts";
import { Rows } from "../../src/collect/rows.ts";
import { instant, minutes, ms, seconds } from "../../src/core/time.ts";
import type { PointModel, TableModel } from "../../src/profiles/model.ts";
import { clockAt, device, of, snmpPoint, take } from "./fixture.ts";
import { agentThat, COLUMN, GET, OID, tableAnswer } from "./snmp/fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const alone = async (): Promise<void> => {};
const table: TableModel = {
  letter: "n",
  column: COLUMN,
  index: "whole",
  tests: [],
  scales: [],
  rank: 0,
  points: [snmpPoint("outlet[n].state", `${COLUMN}.{n}`, { period: ms(1000) })],
};
const [one, two] = [snmpPoint("outlet[1].state", `${COLUMN}.1`), snmpPoint("outlet[2].state", `${COLUMN}.2`)] as const;

/** Rows over an endpoint whose every walk finds what the test has put there. */
function rows(tables: readonly TableModel[] = [table]) {
  const state: { opened: number; found: readonly PointModel[] | null } = { opened: 1, found: [one] };
  const endpoint = {
    get opened() {
      return state.opened;
    },
    walk: async () => state.found,
  } as unknown as Endpoint;
  return { state, made: new Rows(tables, endpoint) };
}

describe("a device's rows", () => {
  test("are looked for at once, every ten minutes, and over every new line", async () => {
    const { state, made } = rows();
    expect(made.due(instant(0))).toBe(true);
    expect(await made.walk(instant(0), alone)).toEqual({ points: [one], gone: [] });
    expect(made.due(instant(minutes(10) - 1))).toBe(false);
    expect(made.untilNext(instant(minutes(4)))).toBe(minutes(6));
    expect(made.due(instant(minutes(10)))).toBe(true);
    state.opened += 1;
    expect(made.due(instant(1))).toBe(true);
  });

  test("are no news while they are the same, and those that are gone are named", async () => {
    const { state, made } = rows();
    state.found = [one, two];
    await made.walk(instant(0), alone);
    expect(await made.walk(instant(1), alone)).toBeNull();
    state.found = [two];
    expect(await made.walk(instant(2), alone)).toEqual({ points: [two], gone: [one] });
  });

  test("are kept, and looked for again soon, when they cannot be found out", async () => {
    const { state, made } = rows();
    await made.walk(instant(0), alone);
    state.found = null;
    expect(await made.walk(instant(1000), alone)).toBeNull();
    expect(made.untilNext(instant(1000))).toBe(seconds(10));
    state.found = [one];
    expect(await made.walk(instant(2000), alone)).toBeNull();
  });

  test("are not looked for on a device without tables", () => {
    const { made } = rows([]);
    expect(made.due(instant(0))).toBe(false);
    expect(made.untilNext(instant(0))).toBeNull();
  });
});

describe("a device with a table", () => {
  const link = (port: number, points: readonly PointModel[]) => {
    const plain = device("pdu", port, [snmpPoint("power.active", `${OID}.0`, { period: ms(1000) })], { timeout: 1000 });
    return { ...plain, model: { ...plain.model, points, tables: [table] } };
  };

  test.each([
    ["beside its other points", [snmpPoint("power.active", `${OID}.0`, { period: ms(1000) })]],
    ["that has no other points", []],
  ])("is read row by row, %s", async (_, points) => {
    const agent = await agentThat((request) => tableAnswer(request, ["1.3", "2.1"]));
    closers.push(() => agent.close());
    const collector = makeCollector(link(agent.port, points), clockAt(10));
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (seen) => of(seen, "pdu/outlet[2.1].state").length > 1,
    );
    expect(of(readings, "pdu/outlet[1.3].state")[0]).toMatchObject({ quality: "good", value: 1 });
    expect(readings.some(({ point }) => point.includes("[n]"))).toBe(false);
  });

  test("says once of a row that is gone that it is not fitted, and finds a new one", async () => {
    let rows = ["1", "2"];
    const agent = await agentThat((request) => {
      if (request.type === GET && request.oids.includes(`${COLUMN}.2`)) rows = ["1", "3"];
      return tableAnswer(request, rows);
    });
    closers.push(() => agent.close());
    // Ten minutes of the plant are a fifth of a second here.
    const collector = makeCollector(link(agent.port, []), clockAt(3000));
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (seen) => of(seen, "pdu/outlet[3].state").length > 3,
    );
    expect(of(readings, "pdu/outlet[2].state").at(-1)).toMatchObject({ quality: "bad", reason: "notFitted" });
    const last = readings.findLastIndex(({ point }) => point === "pdu/outlet[2].state");
    expect(readings.findIndex(({ point }) => point === "pdu/outlet[3].state")).toBeGreaterThan(last);
  });

  test("is blind in every row it had when it falls silent", async () => {
    let silent = false;
    const agent = await agentThat((request) => {
      if (silent) return null;
      silent = request.type === GET;
      return tableAnswer(request, ["1", "2"]);
    });
    closers.push(() => agent.close());
    const silentLink = link(agent.port, []);
    const rules = { ...silentLink.model.link, timeout: ms(50) };
    const collector = makeCollector({ ...silentLink, model: { ...silentLink.model, link: rules } }, clockAt(1));
    const bad = (seen: Parameters<typeof of>[0], point: string): boolean =>
      of(seen, point).some(({ quality }) => quality === "bad");
    const readings = await take(
      (stop, sink) => collector.collect(stop, sink),
      (seen) => bad(seen, "pdu/outlet[1].state") && bad(seen, "pdu/outlet[2].state"),
    );
    expect(of(readings, "pdu/outlet[1].state").map(({ quality }) => quality)).toContain("good");
  });
});
