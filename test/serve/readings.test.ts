import { afterEach, describe, expect, test } from "vitest";
import type { Reading } from "../../src/core/reading.ts";
import type { Served } from "../../src/serve/server.ts";
import { quiet, serveDemo } from "./bed.ts";
import { again, begin, calmPlant, cycle, site } from "./plants.ts";

const opened: Served[] = [];
afterEach(async () => {
  for (const served of opened.splice(0)) await served.close();
});

async function open(): Promise<Served> {
  const served = await serveDemo();
  opened.push(served);
  return served;
}

describe("the readings of all points", () => {
  test("are given whole to whoever begins to follow, and then those that are newer", async () => {
    const served = await open();
    const plant = calmPlant();
    served.publish(plant, quiet);
    const ask = async (query = ""): Promise<{ now: number; readings: Reading[] }> =>
      (await fetch(`${served.url}/api/v1/readings${query}`)).json() as Promise<{ now: number; readings: Reading[] }>;
    const whole = await ask();
    expect(whole.now).toBe(plant.now);
    expect(whole.readings).toHaveLength(site.points.size);
    for (const reading of whole.readings) expect(reading).toEqual(plant.newest.get(reading.point));
    expect((await ask(`?since=${begin + 1}`)).readings).toEqual([]);
    cycle(plant, begin + 1000, again({}));
    expect((await ask(`?since=${begin + 1}`)).readings.every(({ at }) => at > begin)).toBe(true);
  });

  test("are refused before the first scan, and to a question that is none", async () => {
    const served = await open();
    expect((await fetch(`${served.url}/api/v1/readings`)).status).toBe(503);
    expect((await fetch(`${served.url}/api/v1/readings?since=yesterday`)).status).toBe(400);
  });
});
