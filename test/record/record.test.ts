import { describe, expect, test } from "vitest";
import { resume } from "../../src/core/checkpoint.ts";
import type { Plant, ScanInput, ScanOutput } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { scan } from "../../src/core/scan.ts";
import { instant } from "../../src/core/time.ts";
import type { RecordedScan } from "../../src/record/record.ts";
import { Deviation, isEmpty, recordState, replay, reviveState } from "../../src/record/record.ts";
import { good, input, t0 } from "../core/fixture.ts";
import { movesOnFire } from "../whole/small-site.ts";

type Recorded = Parameters<typeof replay>[0] extends Iterable<infer R> ? R : never;

/** Keeps a record of a plant as the service does, through JSON as on the disk. */
class Recorder {
  readonly plant: Plant;
  readonly records: Recorded[] = [];
  #before: ScanOutput | null = null;

  constructor(plant: Plant) {
    this.plant = plant;
    this.checkpoint();
  }

  checkpoint(): void {
    const state = recordState(this.plant, "Asia/Seoul", this.#before);
    this.#keep({ kind: "checkpoint", state });
    this.#before = null;
  }

  scan(scanned: ScanInput): void {
    const record: RecordedScan = this.#before ? { scanned, before: this.#before } : { scanned };
    this.#keep({ kind: "scan", input: record });
    const output = scan(this.plant, scanned);
    this.#before = isEmpty(output) ? null : output;
  }

  #keep(record: Recorded): void {
    this.records.push(JSON.parse(JSON.stringify(record)) as Recorded);
  }
}

/** A fire on the smallest site that acts, and its end. */
function fire(recorder = new Recorder(start(movesOnFire(), instant(t0)))): Recorder {
  const values = [1, 20, 20, 1, 1, 1];
  values.forEach((value, i) => {
    recorder.scan(input(1000 * (i + 1), { readings: [good("x", value, 1000 * (i + 1))] }));
  });
  return recorder;
}

const replayed = (records: Iterable<Recorded>) => [...replay(records)];

describe("a record", () => {
  test("replayed gives the same outputs, with the site and the time zone that it was made in", () => {
    const recorder = fire();
    recorder.checkpoint();
    const scans = replayed(recorder.records);
    expect(scans).toHaveLength(6);
    expect(scans[1]?.output.commands).toHaveLength(1);
    expect(scans[0]).toMatchObject({ timezone: "Asia/Seoul", site: { id: "test" } });
  });

  test("begun in the middle goes on from the first checkpoint in it", () => {
    const recorder = fire();
    const first = recorder.records.length;
    recorder.checkpoint();
    fireAgain(recorder);
    // What stands before the checkpoint lacks the state that it would be scanned upon.
    const scans = replayed(recorder.records.slice(first - 2));
    expect(scans.map(({ input: { at } }) => at - t0)).toEqual([11_000, 12_000]);
  });

  test("in which an output is not what the inputs give is a deviation, and both are shown", () => {
    const { records } = fire();
    const altered = records.map((record) =>
      JSON.parse(JSON.stringify(record).replace('"to":"unacknowledged"', '"to":"acknowledged"')),
    ) as Recorded[];
    expect(() => replayed(altered)).toThrow(Deviation);
    expect(() => replayed(altered)).toThrow(/recorded: .*"to":"acknowledged".*\n {2}replayed: .*"to":"unacknowledged"/);
  });

  test("in which an output is missing or made up is a deviation", () => {
    const { records } = fire();
    const spoilt = (change: (scanned: { before?: unknown }, i: number) => void): Recorded[] =>
      structuredClone(records).map((record, i) => {
        if (record.kind === "scan") change(record.input as { before?: unknown }, i);
        return record;
      });
    const missing = spoilt((recorded) => delete recorded.before);
    const madeUp = spoilt((recorded, i) => {
      if (i === 2) recorded.before = { transitions: [], commands: [], notices: [{ text: "hello" }] };
    });
    expect(() => replayed(missing)).toThrow(Deviation);
    expect(() => replayed(madeUp)).toThrow(Deviation);
  });

  test("whose last output stands in the checkpoint after it is held to that one too", () => {
    const recorder = new Recorder(start(movesOnFire(), instant(t0)));
    recorder.scan(input(1000, { readings: [good("x", 20, 1000)] }));
    recorder.checkpoint();
    expect(replayed(recorder.records)).toHaveLength(1);
    const altered = JSON.parse(
      JSON.stringify(recorder.records).replace('"to":"unacknowledged"', '"to":"normal"'),
    ) as Recorded[];
    expect(() => replayed(altered)).toThrow(Deviation);
  });

  test("of a service that was killed after a scan, and taken up again, replays: nobody wrote down what that scan gave", () => {
    const recorder = new Recorder(start(movesOnFire(), instant(t0)));
    recorder.scan(input(1000, { readings: [good("x", 20, 1000)] }));
    const next = new Recorder(reviveState(recordState(recorder.plant, "UTC", null)));
    resume(next.plant, instant(t0 + 60_000));
    const taken = new Recorder(next.plant);
    fireAgain(taken, 60_000);
    expect(replayed([...recorder.records, ...taken.records])).toHaveLength(3);
  });

  test("from whose middle the ring has dropped a part replays on both sides of the gap", () => {
    const recorder = new Recorder(start(movesOnFire(), instant(t0)));
    recorder.scan(input(1000, { readings: [good("x", 20, 1000)] }));
    const kept = recorder.records.length;
    fireAgain(recorder);
    const dropped = recorder.records.length;
    recorder.checkpoint();
    recorder.scan(input(20_000));
    const records = [...recorder.records.slice(0, kept), ...recorder.records.slice(dropped)];
    expect(replayed(records)).toHaveLength(2);
  });

  test("without any checkpoint has nothing to scan upon, and gives nothing", () => {
    expect(replayed(fire().records.slice(1))).toEqual([]);
  });
});

function fireAgain(recorder: Recorder, from = 10_000): void {
  recorder.scan(input(from + 1000, { readings: [good("x", 20, from + 1000)] }));
  recorder.scan(input(from + 2000, { readings: [good("x", 1, from + 2000)] }));
}
