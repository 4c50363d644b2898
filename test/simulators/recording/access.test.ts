import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recording } from "../../../simulators/recording/index.ts";
import { recordedAccess } from "../../../simulators/recording/index.ts";
import type { Served } from "../../../simulators/wire/index.ts";
import { serveDevices } from "../../../simulators/wire/index.ts";
import { readOnce } from "../../../src/collect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import type { Instant } from "../../../src/core/time.ts";
import { recordingOf } from "../../../src/record/recorded.ts";
import { readJournal } from "../../../src/store/index.ts";
import { demoDevices } from "../demo-site.ts";
import type { Journalled } from "./journalled.ts";
import { atSecond, journalled } from "./journalled.ts";

const devices = demoDevices();
let was: Journalled;
let recording: Recording;
let served: Served;
let now: Instant;

beforeAll(async () => {
  was = await journalled();
  recording = recordingOf(readJournal(was.journal), { from: null, to: null })!;
  now = recording.starts;
  served = await serveDevices(
    devices,
    recordedAccess(recording, () => now),
    { ports: "free" },
  );
});
afterAll(() => served.close());

/** The newest readings of a device's points at an instant of the recording. */
function recorded(device: string, at: Instant): ReadonlyMap<string, Reading> {
  const newest = new Map<string, Reading>();
  for (const { input } of recording.lines)
    for (const reading of input.readings)
      if (reading.at <= at && reading.point.startsWith(`${device}/`)) newest.set(reading.point, reading);
  return newest;
}

describe("a recorded site in place of a plant", () => {
  test.each([30, 66, 95, 300])(
    "shows over the wire, %d s after its start, what was read then of every device",
    async (second) => {
      now = atSecond(was, second);
      const present = devices.filter(({ id }) => second < 120 || id !== "meter-a2");
      let compared = 0;
      for (const { id, model } of present) {
        const { points, fault } = await readOnce({ id, model, address: served.addresses.get(id)! });
        expect(fault).toBeNull();
        const then = recorded(id, now);
        for (const { name, reading } of points) {
          const before = then.get(`${id}/${name}`);
          if (!before || before.quality === "bad") continue;
          expect(reading.quality === "bad" ? reading.reason : reading.value, `${id}/${name}`).toBe(before.value);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(300);
    },
  );

  test("is silent where a device was, and answers again where it did", async () => {
    const meter = devices.find(({ id }) => id === "meter-a2")!;
    const link = { ...meter.model.link, timeout: 200 as typeof meter.model.link.timeout, retries: 0 };
    const read = () =>
      readOnce({ id: meter.id, model: { ...meter.model, link }, address: served.addresses.get(meter.id)! });
    now = atSecond(was, 200);
    expect((await read()).points.every(({ reading }) => reading.quality === "bad")).toBe(true);
    now = atSecond(was, 50);
    expect((await read()).points.every(({ reading }) => reading.quality === "good")).toBe(true);
  });

  test("follows no write", () => {
    const access = recordedAccess(recording, () => now);
    expect(access.actuate("relay-a2", "outlet[1].state", 0)).toBe("refused");
  });
});
