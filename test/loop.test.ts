import { describe, expect, test } from "vitest";
import type { Command } from "../src/core/command.ts";
import type { ScanInput } from "../src/core/plant.ts";
import { start } from "../src/core/plant.ts";
import { instant } from "../src/core/time.ts";
import type { Loop } from "../src/loop.ts";
import { openLoop } from "../src/loop.ts";
import { alarm, alarmId, good, input, site, t0 } from "./core/fixture.ts";
import { movesOnFire } from "./whole/small-site.ts";

/** A loop whose outlets write down what came to them, in order. */
function watched(model = site({ alarms: [alarm("hot")] })) {
  const heard: string[] = [];
  const inputs: ScanInput[] = [];
  const commands: Command[] = [];
  let onDisk: () => void = () => undefined;
  const loop: Loop = openLoop(start(model, instant(t0)), {
    journal(scanned) {
      heard.push("journal");
      inputs.push(scanned);
    },
    durable: () => new Promise((resolve) => (onDisk = resolve)),
    command: (command) => commands.push(command),
    scanned: () => heard.push("scanned"),
  });
  return { loop, heard, inputs, commands, sync: () => onDisk() };
}

const at = (after: number) => instant(t0 + after);

describe("the loop", () => {
  test("journals an input before anybody hears of what follows from it", () => {
    const { loop, heard } = watched();
    loop.offer([good("x", 20)]);
    const output = loop.cycle(at(100));
    expect(heard).toEqual(["journal", "scanned"]);
    expect(output?.transitions.map(({ to }) => to)).toEqual(["unacknowledged"]);
  });

  test("gives an input to one scan only, and scans nothing where nothing has come and nothing falls due", () => {
    const { loop, inputs } = watched();
    loop.offer([good("x", 1)]);
    loop.cycle(at(100));
    expect(loop.cycle(at(200))).toBeNull();
    expect(inputs.map(({ readings }) => readings.length)).toEqual([1]);
  });

  test("scans by itself when a reading grows old", () => {
    const { loop } = watched();
    loop.offer([good("x", 1)]);
    loop.cycle(at(0));
    expect(loop.cycle(at(3000))).toBeNull();
    expect(loop.cycle(at(3001))?.transitions).toMatchObject([{ alarm: "hot", blind: true }]);
  });

  test("scans for a person's request, for an outcome, and for a change of leadership", () => {
    const { loop, inputs } = watched();
    loop.request({ to: "alarm", alarm: alarmId("hot"), event: { kind: "acknowledge", by: "operator", why: "seen" } });
    loop.cycle(at(1));
    loop.outcome({ command: "c" as Command["id"], at: at(1), result: "done", detail: "" });
    loop.cycle(at(2));
    loop.lead(true);
    loop.cycle(at(3));
    expect(inputs).toEqual([
      input(1, { leads: false, requests: [expect.anything()] }),
      input(2, { leads: false, outcomes: [expect.anything()] }),
      input(3, { leads: true }),
    ]);
    expect(loop.cycle(at(4))).toBeNull();
  });

  test("lets no command out before what it follows from is on the disk", async () => {
    const { loop, commands, sync } = watched(movesOnFire());
    loop.lead(true);
    loop.offer([good("x", 20)]);
    expect(loop.cycle(at(0))?.commands).toHaveLength(1);
    await Promise.resolve();
    expect(commands).toEqual([]);
    sync();
    await new Promise((resolve) => setImmediate(resolve));
    expect(commands.map(({ point, value }) => [point, value])).toEqual([["login/service.site", 1]]);
  });

  test("keeps the newest reading of each point when a scan comes far too late, and counts the others", () => {
    const { loop, inputs } = watched();
    const batch = Array.from({ length: 100_000 }, (_, i) => good(i % 2 === 0 ? "x" : "y", i, 0));
    loop.offer(batch);
    loop.offer(batch);
    expect(loop.coalesced).toBe(0);
    loop.offer([good("x", -1)]);
    expect(loop.coalesced).toBe(200_001 - 2);
    loop.cycle(at(1));
    expect(inputs[0]?.readings).toEqual([good("x", -1), good("y", 99_999)]);
  });
});
