import { expect, test } from "vitest";
import { Outbox } from "../../src/collect/outbox.ts";
import { pointId, type Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";

const reading = (name: string, at: number): Reading => ({
  point: pointId("ups-a", name),
  at: instant(at),
  quality: "good",
  value: at,
});

test("a slow consumer gets the newest reading of each point, in the order of time, and the rest is counted", async () => {
  const outbox = new Outbox();
  outbox.put([reading("a", 1), reading("b", 1)]);
  outbox.put([reading("a", 2)]);
  outbox.close();
  const batches: (readonly Reading[])[] = [];
  for await (const batch of outbox.batches()) batches.push(batch);
  expect(batches).toEqual([[reading("b", 1), reading("a", 2)]]);
  expect(outbox.coalesced).toBe(1);
});

test("a consumer that keeps up gets every batch as it was put", async () => {
  const outbox = new Outbox();
  const batches = outbox.batches();
  for (const at of [1, 2, 3]) {
    const next = batches.next();
    outbox.put([reading("a", at)]);
    expect((await next).value).toEqual([reading("a", at)]);
  }
  expect(outbox.coalesced).toBe(0);
});

test("closing ends a consumer that is waiting", async () => {
  const outbox = new Outbox();
  const next = outbox.batches().next();
  outbox.close();
  expect((await next).done).toBe(true);
});
