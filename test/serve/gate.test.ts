import { expect, onTestFinished, test } from "vitest";
import type { GateReader } from "../../src/serve/gate.ts";
import { serveDemo } from "./bed.ts";

async function asked(gate?: GateReader): Promise<{ readonly get: () => Promise<{ status: number; body: unknown }> }> {
  const served = await serveDemo(gate && { gate });
  onTestFinished(() => served.close());
  return {
    get: async () => {
      const response = await fetch(`${served.url}/api/v1/gate`);
      return { status: response.status, body: await response.json() };
    },
  };
}

test("how the gate stands is shown, and the gate is not asked for each that looks", async () => {
  let times = 0;
  const { get } = await asked(async () => {
    times += 1;
    return { armed: ["shed"], maintenance: null };
  });
  expect(await get()).toEqual({ status: 200, body: { armed: ["shed"], maintenance: null } });
  await Promise.all([get(), get(), get()]);
  expect(times).toBeLessThan(4);
});

test("a gate that is away is said to be, in its line's own words", async () => {
  const { get } = await asked(() => Promise.reject(new Error("the gate is not connected")));
  expect(await get()).toMatchObject({ status: 503, body: { detail: "the gate is not connected" } });
});

test("a gate that does not answer is not waited for", async () => {
  const { get } = await asked(() => new Promise(() => undefined));
  expect(await get()).toMatchObject({ status: 503, body: { detail: "the gate does not answer" } });
});

test("a service without a gate says so", async () => {
  const { get } = await asked();
  expect(await get()).toMatchObject({ status: 503, body: { detail: "there is no gate" } });
});
