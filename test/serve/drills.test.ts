import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Plant, Request } from "../../src/core/plant.ts";
import type { Served } from "../../src/serve/server.ts";
import { serveDemo } from "./bed.ts";
import { begin, calmPlant, cycle } from "./plants.ts";

const token = "correct-horse-battery-staple";
let served: Served;
let plant: Plant;
let asked: Request[];

beforeEach(async () => {
  [plant, asked] = [calmPlant(), []];
  served = await serveDemo({
    token,
    ask: (request) => asked.push(request) > 0,
    chain: () => ({
      view: () => ({ site: "demo", p50Ms: 2, p99Ms: 9, silentS: 1, tests: 600, objectiveMs: 500, last: null }),
      run: () => Promise.resolve({ at: 1, asked: 100, answered: 100, p50Ms: 2, p99Ms: 8, worstMs: 9 }),
    }),
  });
  served.publish(plant, cycle(plant, begin, {}));
});

afterEach(() => served.close());

const post = async (path: string, body: object, by = token) => {
  const headers = { authorization: `Bearer ${by}`, "content-type": "application/json" };
  const response = await fetch(`${served.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, said: (await response.json()) as Record<string, unknown> };
};

const moving = (): string => plant.site.responses.find(({ action }) => action.kind === "failover")!.id;
const said = { by: "lead", why: "practice" };

describe("a drill that is asked for", () => {
  test("needs the operator's token, and a form that holds", async () => {
    const path = `/api/v1/responses/${moving()}/drill`;
    expect((await post(path, { ...said, steps: ["login"] }, "a-token-of-somebody-else")).status).toBe(401);
    expect((await post(path, { ...said, steps: [] })).status).toBe(400);
    expect((await post(path, { by: "lead", steps: ["login"] })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  test("is refused in words where it cannot be, and then nothing is asked of the core", async () => {
    const { status, said: problem } = await post(`/api/v1/responses/${moving()}/drill`, {
      ...said,
      steps: ["nothing"],
    });
    expect([status, String(problem["detail"])]).toEqual([409, expect.stringMatching(/./)]);
    expect((await post("/api/v1/responses/nobody/drill", { ...said, steps: ["x"] })).status).toBe(409);
    expect(asked).toEqual([]);
  });

  test("has no outcome before there was one", async () => {
    expect((await fetch(`${served.url}/api/v1/responses/${moving()}/drill`)).status).toBe(404);
  });
});

describe("the chain", () => {
  test("tells how it does to anybody, and is tested for those with the token", async () => {
    expect(await (await fetch(`${served.url}/api/v1/chain`)).json()).toMatchObject({ p99Ms: 9, objectiveMs: 500 });
    expect((await post("/api/v1/chain/test", {}, "a-token-of-somebody-else")).status).toBe(401);
    expect(await post("/api/v1/chain/test", {})).toMatchObject({ status: 200, said: { last: { answered: 100 } } });
  });
});
