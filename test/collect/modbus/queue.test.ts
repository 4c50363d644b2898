import { describe, expect, test } from "vitest";
import { Queue, type Urgency, WAITING_MOST } from "../../../src/collect/modbus/queue.ts";

interface Item {
  readonly unit: number;
  readonly urgency: Urgency;
  readonly name: string;
}

function queueOf(...items: readonly [name: string, urgency: Urgency, unit?: number][]): Queue<Item> {
  const queue = new Queue<Item>();
  for (const [name, urgency, unit = 1] of items) expect(queue.push({ name, urgency, unit })).toBe(true);
  return queue;
}

function order(queue: Queue<Item>): string {
  const names: string[] = [];
  for (let item = queue.take(); item !== null; item = queue.take()) names.push(item.name);
  return names.join(" ");
}

describe("what waits for a connection", () => {
  test("goes by its class, the most urgent first, and guests last of all", () => {
    const queue = queueOf(
      ["guest", "guest"],
      ["slow", "slow"],
      ["normal", "normal"],
      ["fast", "fast"],
      ["confirmation", "confirmation"],
      ["safety", "safety"],
    );
    expect(order(queue)).toBe("safety confirmation fast normal slow guest");
  });

  test("goes in the order in which it came within a class", () => {
    expect(order(queueOf(["a", "fast"], ["b", "fast"], ["c", "fast"]))).toBe("a b c");
  });

  test("goes by turns between units, however much one of them asks", () => {
    const queue = queueOf(
      ["a1", "fast", 1],
      ["a2", "fast", 1],
      ["a3", "fast", 1],
      ["b1", "fast", 2],
      ["b2", "fast", 2],
      ["c1", "fast", 3],
    );
    expect(order(queue)).toBe("a1 b1 c1 a2 b2 a3");
  });

  test("goes in the end, however much that is more urgent comes", () => {
    const queue = queueOf(["patient", "slow", 9]);
    const taken: string[] = [];
    for (let turn = 0; turn < 100 && !taken.includes("patient"); turn += 1) {
      queue.push({ name: "urgent", urgency: "safety", unit: 1 });
      taken.push(queue.take()!.name);
    }
    expect(taken).toContain("patient");
    expect(taken.length).toBeGreaterThan(10);
  });

  test("lets others go first when its unit fell silent, the longer the more, and then has its turn", () => {
    const turnOf = (silences: number): number => {
      const queue = queueOf(["dead", "safety", 7]);
      for (let n = 0; n < silences; n += 1) queue.fellSilent(7);
      for (let turn = 1; ; turn += 1) {
        queue.push({ name: "live", urgency: "slow", unit: 1 });
        if (queue.take()!.name === "dead") return turn;
      }
    };
    expect([0, 1, 2, 3, 4].map(turnOf)).toEqual([1, 3, 5, 9, 17]);
    expect(turnOf(40)).toBe(33);
  });

  test("goes at once when only a silent unit is asked, or when that has spoken again", () => {
    const queue = queueOf(["dead", "fast", 7]);
    queue.fellSilent(7);
    expect(queue.isSilent(7)).toBe(true);
    expect(queue.take()?.name).toBe("dead");
    queue.push({ name: "back", urgency: "safety", unit: 7 });
    queue.push({ name: "other", urgency: "safety", unit: 1 });
    queue.spoke(7);
    expect(queue.isSilent(7)).toBe(false);
    expect(order(queue)).toBe("other back");
  });

  test("is refused, and not forgotten, when there is no room for it", () => {
    const queue = queueOf();
    const item = { name: "", urgency: "fast", unit: 1 } as const;
    for (let n = 0; n < WAITING_MOST; n += 1) expect(queue.push(item)).toBe(true);
    expect(queue.push(item)).toBe(false);
    expect(queue.size).toBe(WAITING_MOST);
    queue.take();
    expect(queue.push(item)).toBe(true);
  });

  test("is given back whole, in the order in which it came, when the connection ends", () => {
    const queue = queueOf(["a", "slow", 1], ["b", "safety", 2], ["c", "fast", 1]);
    expect(queue.drain().map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect([queue.size, queue.take()]).toEqual([0, null]);
  });
});
