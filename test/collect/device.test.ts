import { describe, expect, test } from "vitest";
import type { CollectClock } from "../../src/collect/clock.ts";
import { DeviceCollector, readingOf } from "../../src/collect/device.ts";
import { type Line, LineFault, type Poll } from "../../src/collect/line.ts";
import { Load } from "../../src/collect/load.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { PointModel } from "../../src/profiles/model.ts";
import { clockAt, device, modbusPoint, of, steppedClock, take } from "./fixture.ts";

const NOTHING: Poll = { samples: [], heard: false, latencyMs: null, fault: null, rawOf: () => null };

/** A line whose polls the test writes. */
const lineThat = (poll: (points: readonly PointModel[]) => Partial<Poll> | Promise<Partial<Poll>>): Line => ({
  usable: true,
  poll: async (points) => ({ ...NOTHING, ...(await poll(points)) }),
  close: () => {},
});

const answering = (points: readonly PointModel[]): Partial<Poll> => ({
  samples: points.map((point) => ({ point, value: 7 })),
  heard: true,
  latencyMs: 2,
});

const points = [
  modbusPoint("safe", 1, { period: ms(100) }),
  modbusPoint("slow", 2, { scan: "slow", period: ms(1000) }),
];

const collector = (line: Line, clock: CollectClock = steppedClock(), of = points) =>
  new DeviceCollector(device("ups-a", 0, of), { open: async () => line, clock, index: 0, among: 1, random: () => 0 });

describe("a device's collector", () => {
  test("asks each class at its period, in plant time", async () => {
    const made = collector(lineThat(answering));
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/slow").length === 3,
    );
    expect(of(readings, "ups-a/slow").map(({ at }) => at)).toEqual([0, 1000, 2000]);
    expect(of(readings, "ups-a/safe").map(({ at }) => at)).toEqual(Array.from({ length: 21 }, (_, i) => i * 100));
    expect(readings.every(({ quality }) => quality === "good")).toBe(true);
  });

  test("gives its health as points with every poll of its most urgent class", async () => {
    const made = collector(lineThat(answering));
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/link.period").length === 2,
    );
    const values = (point: string) => of(readings, point).map((reading) => "value" in reading && reading.value);
    expect(values("ups-a/link.state")).toEqual([1, 1, 1]);
    expect(values("ups-a/link.latency")).toEqual([2, 2, 2]);
    expect(values("ups-a/link.misses")).toEqual([0, 0, 0]);
    expect(values("ups-a/link.period")).toEqual([100, 100]);
    expect(values("ups-a/link.jitter")).toEqual([0, 0]);
  });

  test("announces silence at once and again with every poll, and knows that the link is down", async () => {
    const made = collector(lineThat(() => ({ fault: new LineFault("broken", "cut") })));
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/safe").length === 4,
    );
    expect(of(readings, "ups-a/safe")).toEqual(
      [0, 100, 200, 300].map((at) => ({ point: "ups-a/safe", at, quality: "bad", reason: "noCommunication" })),
    );
    expect(of(readings, "ups-a/link.missed").map((reading) => "value" in reading && reading.value)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(of(readings, "ups-a/link.state")[0]).toMatchObject({ quality: "good", value: 0, at: 0 });
    expect(of(readings, "ups-a/link.latency")[0]).toMatchObject({ quality: "bad" });
  });

  test("skips the turns that come while a poll is running, and counts them", async () => {
    const clock = steppedClock();
    const made = collector(
      lineThat((asked) => {
        clock.step(350);
        return answering(asked);
      }),
      clock,
      points.slice(0, 1),
    );
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/safe").length === 3,
    );
    expect(of(readings, "ups-a/safe").map(({ at }) => at)).toEqual([350, 750, 1150]);
    expect(of(readings, "ups-a/link.misses").map((reading) => "value" in reading && reading.value)).toEqual([3, 6, 9]);
  });

  test("asks once when the process has stood still, whatever it has missed, and counts what that was", async () => {
    const clock = steppedClock();
    let polls = 0;
    const made = collector(
      lineThat((asked) => {
        if (asked[0]!.name === "safe") polls += 1;
        return answering(asked);
      }),
      clock,
    );
    let before = 0;
    const readings = await take(
      (stop, sink) =>
        made.collect(stop, (batch) => {
          sink(batch);
          // As if the loop had stood for a minute behind the third poll.
          if (polls === 3 && before === 0) {
            before = polls;
            clock.step(60_000);
          }
        }),
      (got) => of(got, "ups-a/safe").length === 5,
    );
    const ats = of(readings, "ups-a/safe").map(({ at }) => at);
    expect(ats.slice(0, 3)).toEqual([0, 100, 200]);
    expect(ats[4]! - ats[3]!).toBeLessThanOrEqual(100);
    expect(polls).toBe(5);
    // 600 turns of the one class, and 60 of the other.
    const misses = of(readings, "ups-a/link.misses").at(-1) as { value: number };
    expect(misses.value).toBeGreaterThanOrEqual(655);
    expect(misses.value).toBeLessThanOrEqual(660);
  });

  test("leaves out turns of its slow class while the process is hard pressed, counts them, and none that guards safety", async () => {
    const load = new Load();
    const press = (): void => [1, 2, 3].forEach(() => load.look(1));
    press();
    const link = device("ups-a", 0, points);
    const rules = { open: async () => lineThat(answering), clock: steppedClock(), index: 0, among: 1, random: () => 0 };
    const made = new DeviceCollector(link, { ...rules, load });
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => {
        const slow = of(got, "ups-a/slow").length;
        if (slow === 3 && load.stage === 1) press();
        return slow === 5;
      },
    );
    // Every other turn first, then one in four.
    expect(of(readings, "ups-a/slow").map(({ at }) => at)).toEqual([0, 2000, 4000, 8000, 12_000]);
    const safe = of(readings, "ups-a/safe").map(({ at }) => at);
    expect(safe).toEqual(Array.from({ length: safe.length }, (_, i) => i * 100));
    expect(of(readings, "ups-a/link.misses").at(-1)).toMatchObject({ value: 8 });
    expect(of(readings, "ups-a/link.missed").at(-1)).toMatchObject({ value: 0 });
  });

  test("asks for what is hurried however hard pressed the process is", async () => {
    const load = new Load();
    for (let looks = 0; looks < 6; looks += 1) load.look(1);
    const clock = steppedClock();
    const link = device("ups-a", 0, points);
    const rules = { open: async () => lineThat(answering), clock, index: 0, among: 1, random: () => 0 };
    const made = new DeviceCollector(link, { ...rules, load });
    let isHurried = false;
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => {
        if (!isHurried && of(got, "ups-a/safe").length === 12) {
          isHurried = true;
          made.hurry(["slow"]);
        }
        return of(got, "ups-a/slow").length === 2;
      },
    );
    expect(of(readings, "ups-a/slow")[1]!.at).toBeLessThan(2000);
  });

  test("lets a safety poll go between the requests of a long slow one", async () => {
    const clock = steppedClock();
    const order: string[] = [];
    const line: Line = {
      usable: true,
      async poll(asked, between) {
        const name = asked[0]!.name;
        for (let request = 1; request <= (name === "slow" ? 3 : 1); request++) {
          if (request > 1) await between();
          order.push(`${name} ${request}`);
          if (name === "slow") clock.step(60);
        }
        return { ...NOTHING, ...answering(asked) };
      },
      close: () => {},
    };
    const made = collector(line, clock);
    await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/slow").length === 1,
    );
    expect(order).toEqual(["safe 1", "slow 1", "slow 2", "safe 1", "slow 3"]);
  });

  test("says nothing about the plant because of having been stopped", async () => {
    const stop = new AbortController();
    const made = collector(
      lineThat(() => {
        stop.abort();
        return { fault: new LineFault("broken", "closed") };
      }),
    );
    const batches: unknown[] = [];
    await made.collect(stop.signal, (batch) => batches.push(batch));
    expect(batches).toEqual([]);
  });

  test("ends at once when it is stopped before it has begun", async () => {
    const made = collector(lineThat(answering));
    const batches: unknown[] = [];
    await made.collect(AbortSignal.abort(), (batch) => batches.push(batch));
    expect(batches).toEqual([]);
  });

  test("stops asking when its consumer fails, and says so", async () => {
    let polls = 0;
    const made = collector(
      lineThat((asked) => {
        polls += 1;
        return answering(asked);
      }),
    );
    const failing = made.collect(new AbortController().signal, (batch) => {
      expect(batch.length).toBeGreaterThan(0);
      throw new Error("the consumer's");
    });
    await expect(failing).rejects.toThrow("the consumer's");
    const after = polls;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(polls).toBe(after);
  });

  test("asks slow classes more often while the device is in the state for it, and does not forget it for a silence", async () => {
    const mode = modbusPoint("ups.mode", 1, { period: ms(100) });
    const slow = modbusPoint("slow", 2, { scan: "slow", period: ms(1000) });
    const link = device("ups-a", 0, [mode, slow]);
    const boost = { point: "ups.mode", test: { is: "in", states: [3] }, periods: { slow: ms(200) } } as const;
    const clock = steppedClock();
    let polls = 0;
    const line = lineThat((asked) => {
      if (asked.includes(mode)) polls += 1;
      // On battery from the third poll on; the fifth is not answered.
      if (polls === 5 && asked.includes(mode)) return { samples: [], heard: false };
      return { samples: asked.map((one) => ({ point: one, value: polls >= 3 ? 3 : 1 })), heard: true, latencyMs: 1 };
    });
    const rules = { open: async () => line, clock, index: 0, among: 1, random: () => 0 };
    const made = new DeviceCollector({ ...link, model: { ...link.model, boost } }, rules);
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => of(got, "ups-a/slow").length === 5,
    );
    expect(of(readings, "ups-a/slow").map(({ at }) => at)).toEqual([0, 400, 600, 800, 1000]);
  });

  test("throws for a bug of ours", async () => {
    const made = collector(
      lineThat(() => {
        throw new TypeError("ours");
      }),
    );
    await expect(
      take(
        (stop, sink) => made.collect(stop, sink),
        () => false,
      ),
    ).rejects.toThrow("ours");
  });

  test("asks for what is hurried before its turn, and says what was read and nothing else", async () => {
    const asked: string[][] = [];
    const made = collector(
      lineThat((wanted) => {
        asked.push(wanted.map(({ name }) => name));
        return answering(wanted);
      }),
      clockAt(),
      [modbusPoint("safe", 1, { period: ms(600_000) }), modbusPoint("slow", 2, { scan: "slow", period: ms(600_000) })],
    );
    made.hurry(["slow"]);
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => {
        if (of(got, "ups-a/slow").length === 1) made.hurry(["slow"]);
        return of(got, "ups-a/slow").length === 2;
      },
    );
    expect(asked).toEqual([["safe"], ["slow"], ["slow"]]);
    expect(of(readings, "ups-a/slow").map((reading) => "value" in reading && reading.value)).toEqual([7, 7]);
    expect(of(readings, "ups-a/link.state")).toHaveLength(1);
  });

  test("is tried at once when it speaks up while it was being left alone", async () => {
    let polls = 0;
    const made = collector(
      lineThat((wanted) => {
        polls += 1;
        return polls <= 6 ? { fault: new LineFault("broken", "cut") } : answering(wanted);
      }),
      steppedClock(),
      [modbusPoint("safe", 1, { period: ms(20) })],
    );
    let silentAt = 0;
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => {
        if (polls === 6 && silentAt === 0) {
          silentAt = got.at(-1)!.at;
          made.hurry(["safe"]);
        }
        return got.some(({ point, quality }) => point === "ups-a/safe" && quality === "good");
      },
    );
    // Four seconds of silence were agreed with oneself by then.
    expect(of(readings, "ups-a/safe").at(-1)!.at).toBeLessThanOrEqual(silentAt + 100);
  });

  test("without points says nothing until it is stopped", async () => {
    const made = collector(lineThat(answering), steppedClock(), []);
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const batches: unknown[] = [];
    await made.collect(stop.signal, (batch) => batches.push(batch));
    expect(batches).toEqual([]);
  });

  test("runs faster than the machine's time when plant time does", async () => {
    const clock = clockAt(50);
    const made = new DeviceCollector(device("ups-a", 0, points.slice(0, 1)), {
      open: async () => lineThat(answering),
      clock,
      index: 0,
      among: 1,
      random: () => 0,
    });
    const startMs = performance.now();
    const readings = await take(
      (stop, sink) => made.collect(stop, sink),
      (got) => got.some(({ at }) => at >= 5000),
    );
    expect(readings.at(-1)!.at).toBeGreaterThan(performance.now() - startMs);
  });
});

test("a sample with a doubt is an uncertain reading that keeps its value", () => {
  const point = points[0]!;
  expect(readingOf(pointId("ups-a", "safe"), { point, value: 3, doubt: "outOfRange" }, instant(5))).toEqual({
    point: "ups-a/safe",
    at: 5,
    quality: "uncertain",
    value: 3,
    reason: "outOfRange",
  });
});
