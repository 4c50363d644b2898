import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { influx2 } from "../../src/store/influx2.ts";
import { linesOf } from "../../src/store/lines.ts";
import { describeWith } from "../setup/available.ts";
import type { Running } from "../setup/services.ts";
import { freePort, startVictoria } from "../setup/services.ts";
import { databaseThatAnswers } from "./http.ts";

const target = { org: "site", bucket: "haechi", token: "secret" };

describe("a write to InfluxDB 2", () => {
  const answered = async (status: number, headers = {}) => {
    const url = await databaseThatAnswers(() => ({ status, headers, body: "no" }));
    return influx2({ url, ...target })(linesOf(["m value=1 1"]));
  };

  test.each([400, 413, 422])("answered with %i is refused for its lines", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "reject" });
  });

  test.each([401, 403, 404, 500])("answered with %i is tried again", async (status) => {
    expect(await answered(status)).toMatchObject({ kind: "retry" });
  });

  test.each([429, 503])("answered with %i is tried again when the server says", async (status) => {
    expect(await answered(status, { "retry-after": "3" })).toMatchObject({ kind: "retry", waitMs: 3000 });
  });

  test("sends nothing of a refused batch along with the next one", async () => {
    const bodies: string[] = [];
    const url = await databaseThatAnswers((body) => {
      bodies.push(body);
      return { status: bodies.length === 1 ? 500 : 204 };
    });
    const send = influx2({ url, ...target });
    expect(await send(linesOf(["first v=1 1"]))).toMatchObject({ kind: "retry" });
    expect(await send(linesOf(["second v=1 1"]))).toEqual({ kind: "sent" });
    expect(bodies).toEqual(["first v=1 1", "second v=1 1"]);
  });

  test("that nobody answers is tried again", async () => {
    const send = influx2({ url: `http://127.0.0.1:${await freePort()}`, ...target });
    expect(await send(linesOf(["m value=1 1"]))).toMatchObject({ kind: "retry" });
  });
});

describeWith("victoria-metrics", "a real server that takes InfluxDB 2's lines", () => {
  let victoria: Running;
  beforeAll(async () => {
    victoria = await startVictoria();
  });
  afterAll(() => victoria.stop());

  test("has every sample afterwards, and once", async () => {
    const send = influx2({ url: victoria.url, ...target });
    const now = 1_700_000_000_000;
    const lines = Array.from({ length: 3000 }, (_, i) => `power,point=a value=${i},quality=0i ${now + i * 1000}`);
    for (let i = 0; i < 2; i++) expect(await send(linesOf(lines))).toEqual({ kind: "sent" });
    const query = `${victoria.url}/api/v1/export?match[]=power_value&reduce_mem_usage=0`;
    await fetch(`${victoria.url}/internal/force_flush`);
    const { values, timestamps } = (await (await fetch(query)).json()) as { values: number[]; timestamps: number[] };
    expect(values.reduce((a, b) => a + b)).toBe((2999 * 3000) / 2);
    expect([timestamps[0], timestamps.length]).toEqual([now, 3000]);
  });
});
