import { readdirSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { VirtualClock } from "../src/clock.ts";
import { virtualClock } from "../src/clock.ts";
import type { Command } from "../src/core/command.ts";
import type { ScanOutput, SiteModel } from "../src/core/plant.ts";
import { instant, minutes } from "../src/core/time.ts";
import { replay } from "../src/record/record.ts";
import type { Journal } from "../src/store/index.ts";
import { journalLimits, openJournal, readJournal } from "../src/store/index.ts";
import type { Watch } from "../src/watch.ts";
import { openWatch } from "../src/watch.ts";
import { folderWith } from "./cli/folder.ts";
import { alarmId, good, t0 } from "./core/fixture.ts";
import { movesOnFire } from "./whole/small-site.ts";

interface Run {
  readonly watch: Watch;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly commands: Command[];
  readonly outputs: ScanOutput[];
  /** One cycle of the loop, `after` the beginning, with what "x" reads. */
  cycle(after: number, x?: number): ScanOutput | null;
}

/** A run over a state folder, from an instant on. It is left as it stands, as a killed one is, unless it is closed. */
function run(dir: string, from = 0, model: SiteModel = movesOnFire()): Run {
  const clock = virtualClock(instant(t0 + from));
  const journal = openJournal(dir, journalLimits(16));
  onTestFinished(() => journal.close());
  const [commands, outputs]: [Command[], ScanOutput[]] = [[], []];
  const watch = openWatch({
    site: model,
    timezone: "Asia/Seoul",
    clock,
    journal,
    command: (command) => commands.push(command),
    scanned: (_, output) => outputs.push(output),
  });
  watch.loop.lead(true);
  const cycle = (after: number, x?: number): ScanOutput | null => {
    clock.moveTo(instant(t0 + after));
    if (x !== undefined) watch.loop.offer([good("x", x, after)]);
    return watch.loop.cycle(clock.now());
  };
  return { watch, clock, journal, commands, outputs, cycle };
}

const hot = ({ watch }: Run) => watch.loop.plant.alarms[0]!.alarm;
const scansIn = (dir: string): number => [...replay(readJournal(dir))].length;

/** The alarm is raised and acknowledged, and a service is being moved. */
function burning(dir: string): Run {
  const first = run(dir);
  first.cycle(6000, 1);
  first.cycle(7000, 20);
  first.watch.loop.request({
    to: "alarm",
    alarm: alarmId("hot"),
    event: { kind: "acknowledge", by: "operator", why: "seen" },
  });
  first.cycle(8000);
  return first;
}

describe("a watch that is begun again on the same state", () => {
  test("has every alarm as it stood, latched and acknowledged", () => {
    const dir = folderWith();
    burning(dir);
    const second = run(dir, 60_000);
    expect(hot(second)).toMatchObject({ active: true, acknowledged: true, latched: true });
  });

  test("gives back the commands of which nobody knows what became, under the ids that they had", () => {
    const dir = folderWith();
    const first = burning(dir);
    const sent = first.outputs.flatMap(({ commands }) => commands);
    expect(sent).toHaveLength(1);
    const second = run(dir, 9000);
    expect(second.watch.unfinished).toEqual(sent);
    second.cycle(16_000, 20);
    expect(second.outputs.flatMap(({ commands }) => commands)).toEqual([]);
  });

  test("looks at the plant first: an alarm that has gone in the meantime starts nothing", () => {
    const dir = folderWith();
    const first = run(dir);
    first.cycle(1000, 20);
    expect(first.outputs.flatMap(({ commands }) => commands)).toEqual([]);
    const second = run(dir, 60_000);
    second.cycle(61_000, 1);
    second.cycle(66_000, 1);
    expect(second.outputs.flatMap(({ commands }) => commands)).toEqual([]);
  });

  test("leaves a journal that replays to the byte over the kill and the restart", () => {
    const dir = folderWith();
    burning(dir);
    // The scan before the kill put something out, and no scan after it has recorded that.
    const second = run(dir, 60_000);
    second.cycle(61_000, 1);
    const third = run(dir, 70_000);
    third.cycle(71_000, 20);
    third.cycle(72_000, 20);
    expect(scansIn(dir)).toBe(6);
  });

  test("goes on where time has stood when the wall clock was set back, and its journal replays", () => {
    const dir = folderWith();
    const first = burning(dir);
    const second = run(dir, -3_600_000);
    expect(second.watch.loop.plant.now).toBe(first.watch.loop.plant.now);
    expect(hot(second)).toMatchObject({ active: true });
    expect(scansIn(dir)).toBe(3);
  });

  test("begins anew where the folder is another site's", () => {
    const dir = folderWith();
    burning(dir);
    const second = run(dir, 60_000, { ...movesOnFire(), id: "elsewhere" });
    expect(hot(second)).toMatchObject({ active: false, latched: false });
    expect(second.watch.unfinished).toEqual([]);
  });
});

describe("a watch", () => {
  test("makes a checkpoint at least every five minutes, so that a restart replays little", () => {
    const dir = folderWith();
    const only = run(dir);
    const before = readdirSync(dir).length;
    for (let at = 0; at <= minutes(11); at += 30_000) only.cycle(at, 1);
    expect(readdirSync(dir).filter((name) => name.endsWith("-c.seg")).length).toBe(before + 2);
  });

  test("pins the time around a raised alarm", () => {
    const dir = folderWith();
    const only = run(dir);
    only.cycle(1000, 1);
    expect(only.journal.health().pinned).toBe(0);
    only.cycle(2000, 20);
    expect(only.journal.health().pinned).toBe(1);
  });

  test("turns by itself until it is stopped, and then leaves nothing to be replayed", async () => {
    const dir = folderWith();
    const only = run(dir);
    const stop = new AbortController();
    only.watch.loop.offer([good("x", 20)]);
    const turning = only.watch.run(stop.signal);
    while (only.watch.pace.scans === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await turning;
    expect(hot(only)).toMatchObject({ active: true });
    expect([...openJournal(dir, journalLimits(16)).recover().inputs]).toEqual([]);
    expect(scansIn(dir)).toBeGreaterThan(0);
  });
});
