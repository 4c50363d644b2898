import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import type { ScanInput, ScanOutput } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { instant } from "../../src/core/time.ts";
import type { Loop } from "../../src/loop.ts";
import { openLoop } from "../../src/loop.ts";
import type { Chain } from "../../src/self/chain.ts";
import { givenUpMs, openChain } from "../../src/self/chain.ts";
import { alarm, good, site, t0 } from "../core/fixture.ts";
import { movesOnFire } from "../whole/small-site.ts";

interface Bed {
  readonly chain: Chain;
  readonly loop: Loop;
  readonly inputs: ScanInput[];
  readonly outputs: ScanOutput[];
  readonly commands: Command[];
  /** Wall time, ms. */
  wall: number;
  /** The disk says that all is on it. */
  synced(): Promise<void>;
}

/** A loop of a small site with the chain beside it, over a disk that answers when it is told to. */
function bed(model = site({ alarms: [alarm("hot")] })): Bed {
  const [inputs, outputs, commands]: [ScanInput[], ScanOutput[], Command[]] = [[], [], []];
  const waiting: (() => void)[] = [];
  const time = { wall: 0 };
  const chain = openChain(instant(t0), () => time.wall);
  const made = Object.assign(time, {
    chain,
    inputs,
    outputs,
    commands,
    async synced() {
      for (const done of waiting.splice(0)) done();
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  const outlets = {
    journal: (input: ScanInput) => void inputs.push(input),
    durable: () => new Promise<void>((resolve) => waiting.push(resolve)),
    command: (command: Command) => void commands.push(command),
    scanned: (_: ScanInput, output: ScanOutput) => void outputs.push(output),
  };
  return Object.assign(made, { loop: openLoop(start(model, instant(t0)), outlets, chain) });
}

const at = (after: number) => instant(t0 + after);

function begin({ chain, loop }: Bed, after: number): boolean {
  const reading = chain.begin(at(after));
  if (reading) loop.test(reading);
  return reading !== null;
}

describe("the chain's test", () => {
  test("takes from the reading's arrival until a command that follows from it could go out, the disk in it", async () => {
    const b = bed();
    begin(b, 0);
    b.wall = 30;
    b.loop.cycle(at(100));
    await Promise.resolve();
    expect(b.chain.figures().tests).toBe(0);
    b.wall = 42;
    await b.synced();
    expect(b.chain.figures()).toEqual({ p50Ms: 42, p99Ms: 42, silentS: 0, tests: 1 });
  });

  test("leaves no trace of itself: not in the journal, not among alarms, commands or notices, not in the site", async () => {
    const b = bed(movesOnFire());
    b.loop.lead(true);
    for (let n = 0; n < 50; n += 1) {
      begin(b, n * 1000);
      b.loop.offer([good("x", 1, n * 1000)]);
      b.loop.cycle(at(n * 1000 + 10));
      await b.synced();
    }
    expect(b.chain.figures().tests).toBeGreaterThan(40);
    expect(new Set(b.inputs.flatMap(({ readings }) => readings.map(({ point }) => point)))).toEqual(new Set(["x"]));
    expect(
      b.outputs.flatMap(({ transitions, commands, notices }) => [...transitions, ...commands, ...notices]),
    ).toEqual([]);
    expect(b.commands).toEqual([]);
    expect([...b.loop.plant.site.points.keys()].filter((point) => point.startsWith("haechi/"))).toEqual([]);
  });

  test("does not touch what arrives with it: the same readings are scanned as without it", async () => {
    const [with_, without] = [bed(movesOnFire()), bed(movesOnFire())];
    begin(with_, 0);
    for (const b of [with_, without]) {
      b.loop.lead(true);
      b.loop.offer([good("x", 20)]);
      b.loop.cycle(at(10));
      await b.synced();
    }
    expect([with_.inputs, with_.outputs, with_.commands]).toEqual([without.inputs, without.outputs, without.commands]);
    expect(with_.commands).toHaveLength(1);
    expect(with_.chain.figures().tests).toBe(1);
  });

  test("wakes the loop as a change of the site does", () => {
    const b = bed();
    let woken = 0;
    b.loop.onPressing = () => {
      woken += 1;
    };
    begin(b, 0);
    expect([b.loop.isPressing, woken]).toEqual([true, 1]);
  });

  test("of a loop that stands still is given up, counts as slow, and is silent for ever longer", () => {
    const b = bed();
    expect(begin(b, 0)).toBe(true);
    b.wall = 1000;
    expect(begin(b, 1000)).toBe(false);
    b.wall = 12_000;
    expect(begin(b, 12_000)).toBe(true);
    expect(b.chain.figures()).toEqual({ p50Ms: givenUpMs, p99Ms: givenUpMs, silentS: 12, tests: 1 });
  });

  test("forgets its first times, which are those of beginning", async () => {
    const b = bed();
    for (const tookMs of [900, 800, 700, 5, 6]) {
      begin(b, b.wall);
      const began = b.wall;
      b.loop.cycle(at(began));
      b.wall = began + tookMs;
      await b.synced();
    }
    expect(b.chain.figures()).toMatchObject({ p99Ms: 6, tests: 2 });
  });
});
