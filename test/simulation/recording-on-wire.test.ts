import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Recording } from "../../simulators/recording/index.ts";
import type { Clock } from "../../src/clock.ts";
import { readOnce } from "../../src/collect/index.ts";
import type { Reading } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import { packagedProfiles } from "../../src/profiles/index.ts";
import { recordingOf } from "../../src/record/recorded.ts";
import { fetchKeys } from "../../src/secrets.ts";
import { openRecordingOnWire } from "../../src/simulation/recording-on-wire.ts";
import { readJournal } from "../../src/store/index.ts";
import { demoKeys, demoSite } from "../simulators/demo-site.ts";
import { journalled } from "../simulators/recording/journalled.ts";

const site = demoSite();
let recording: Recording;
beforeAll(async () => {
  recording = recordingOf(readJournal((await journalled()).journal), { from: null, to: null })!;
});

/** A recording on the wire, and a hand on its time. */
async function onWire(isLooped: boolean) {
  let now = 1e12;
  const clock: Clock = { now: () => instant(now), speed: 100, wait: () => Promise.resolve() };
  const keys = fetchKeys(site, demoKeys);
  if ("missing" in keys) throw new Error(keys.missing.join());
  const { profiles } = packagedProfiles(site.devices.map(({ model }) => model.profile));
  const options = { site, keys, clock, seed: 1, ports: "free", recording, profiles, isLooped } as const;
  const wire = await openRecordingOnWire(options);
  onTestFinished(() => wire.stop());
  const pass = async (seconds: number): Promise<void> => {
    now += seconds * 1000;
    await new Promise<void>((moved) => wire.onMoved(moved));
  };
  return { wire, pass };
}

/** The newest readings at an instant of the recording. */
function newestAt(at: Instant): ReadonlyMap<string, Reading> {
  const newest = new Map<string, Reading>();
  for (const { input } of recording.lines)
    for (const reading of input.readings) if (reading.at <= at) newest.set(reading.point, reading);
  return newest;
}

describe("a recording on the wire", () => {
  test("shows to the collectors what was read at that moment, each device being the one that is meant", async () => {
    const { wire, pass } = await onWire(false);
    expect(wire.recorded).toBeGreaterThan(300);
    await pass(95);
    expect(wire.now()).toBe(recording.starts + 95_000);
    const then = newestAt(wire.now());
    let compared = 0;
    for (const { id, model } of site.devices) {
      const { points, fault } = await readOnce({ id, model, address: wire.served.addresses.get(id)! });
      expect([id, fault]).toEqual([id, null]);
      for (const { name, reading } of points) {
        const before = then.get(`${id}/${name}`);
        if (!before || before.quality === "bad") continue;
        expect(reading.quality === "bad" ? reading.reason : reading.value, `${id}/${name}`).toBe(before.value);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  test("is over at its end and stands there, or begins anew", async () => {
    const lastsS = (recording.ends - recording.starts) / 1000;
    const once = await onWire(false);
    await once.pass(lastsS - 1);
    expect(once.wire.isOver).toBe(false);
    await once.pass(60);
    expect([once.wire.isOver, once.wire.now()]).toEqual([true, recording.ends]);
    const looped = await onWire(true);
    await looped.pass(lastsS + 60);
    expect([looped.wire.isOver, looped.wire.now()]).toEqual([false, recording.starts + 60_000]);
  });

  test("has its services' movers say where each was, and takes no order", async () => {
    const { wire } = await onWire(false);
    const { id } = site.services[0]!;
    expect(await (await fetch(`${wire.services.url}/services/${id}`)).json()).toMatchObject({ site: "demo" });
    expect(wire.access.actuate(id, "service.site", 1)).toBe("refused");
  });
});
