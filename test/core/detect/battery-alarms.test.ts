import { expect, test } from "vitest";
import type { PlantEvent } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import { loadScenario } from "../../../simulators/scenario.ts";
import { virtualSource } from "../../../simulators/wire/virtual.ts";
import type { Transition } from "../../../src/core/plant.ts";
import { start } from "../../../src/core/plant.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { scan } from "../../../src/core/scan.ts";
import { instant, seconds } from "../../../src/core/time.ts";
import { scenarioFolder } from "../../cli/scenario-folder.ts";
import { play } from "../../scenarios/rehearsed.ts";
import { t0 } from "../fixture.ts";
import { demoTextWith, lithiumAlarms, siteOf } from "./battery-alarms.ts";

// The plant's three ways in which a lithium cell fails, seen through the demo's own devices and their profiles.

const longMs = 240_000;

/** The demo site in which a demand to stop charging moves tier 0, and the off-gas alarm does not. */
const text = demoTextWith(lithiumAlarms("a", "b") + lithiumAlarms("b", "a"), (demo) =>
  demo.replace(
    /when:\n {6}\[battery-room-fire, battery-off-gas, battery-a-runaway, battery-b-runaway, /,
    "when:\n      [rack-a-charge-stop, ",
  ),
);
const site = siteOf(text);

test(
  "a module that heats itself over hours is warned of more than half an hour before its cabinet trips at 75 Cel",
  () => {
    const plant = demoPlant(1, text);
    const shows = measure(plant);
    const core = start(site.model, instant(t0));
    const watched = site.devices.filter(({ space }) => space === "battery-room");
    const source = virtualSource(plant, watched);
    const secondsUntil = (holds: (second: number) => boolean): number => {
      for (let second = 1; second < 36_000; second++) {
        advance(plant, seconds(1));
        if (holds(second)) return second;
      }
      return Number.NaN;
    };
    apply(plant, { battery: "bat-a", archetype: "drift" });
    const raised: Transition[] = [];
    const warnedS = secondsUntil((second) => {
      const at = instant(t0 + second * 1000);
      const said = { at, readings: source.readings(at), requests: [], outcomes: [], leads: true };
      raised.push(...scan(core, said).transitions.filter(({ alarm, to }) => isLithium(alarm) && to !== "normal"));
      return raised.length > 0;
    });
    expect(raised.map(({ alarm }) => alarm)).toEqual(["rack-a-warning"]);
    expect(warnedS).toBeLessThan(2 * 3600);
    expect(secondsUntil(() => shows("bat-a", "module.temperature.max")! >= 75)).toBeGreaterThan(1800);
  },
  longMs,
);

test(
  "an overcharged cell that vents: stop charging within 5 s of the first off-gas, tier 0 on its way within 30 s",
  async () => {
    const { first, raisedAt, orders } = await played({ battery: "bat-a", archetype: "vent" });
    const gasAt = first("io-battery/offgas.state", (value) => value === 1);
    expect(raisedAt("rack-a-charge-stop") - gasAt).toBeLessThanOrEqual(5000);
    expect(orders[0]?.point).toBe("login/service.site");
    expect(orders[0]!.at - gasAt).toBeLessThanOrEqual(30_000);
    expect(raisedAt("rack-b-critical"), "the rack beside it").toBeNaN();
  },
  longMs,
);

const blindRoom: readonly PlantEvent[] = [
  { reading: "asd-battery/smoke.level", shows: 0 },
  { reading: "io-battery/flame.state", shows: 0 },
  { reading: "io-battery/offgas.state", shows: 0 },
];

test.each([
  ["with the room's sensors", []],
  ["without any sensor in the room", blindRoom],
])(
  "a cell that shorts inside, %s: critical within 2 s of the first reading that shows it",
  async (_, before) => {
    const { first, raisedAt } = await played({ battery: "bat-a", archetype: "short" }, before);
    const steppedAt = first("bat-a/cell.voltage.min", (value) => value < 4);
    const flameAt = first("io-battery/flame.state", (value) => value === 1);
    const seenAt = Math.min(...[flameAt, steppedAt].filter(Number.isFinite));
    expect(raisedAt("rack-a-critical") - seenAt).toBeLessThanOrEqual(2000);
    expect(raisedAt("rack-b-critical"), "the rack beside it").toBeNaN();
  },
  longMs,
);

const isLithium = (alarm: string): boolean => /^rack-[ab]-(warning|charge-stop|critical)$/.test(alarm);

/** Two minutes of the site, a minute before something happens and a minute after, as it was read, told and ordered. */
async function played(event: PlantEvent, before: readonly PlantEvent[] = []) {
  const happens = [...before.map((one) => ({ at: "0s", event: one })), { at: "60s", event }];
  const loaded = loadScenario(
    scenarioFolder(`
scenario: own
about: A cell of string A fails.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 2min
seed: 1
timeline: ${JSON.stringify(happens.map((one) => ({ ...one, does: "something" })))}
promises: []
`),
  );
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const readings: Reading[] = [];
  const orders: { readonly at: number; readonly point: string }[] = [];
  const { record } = await play(
    { scenario: loaded.scenario, site, siteText: text },
    {
      onScan: (input, output) => {
        if (output === null) readings.push(...input.readings);
        else orders.push(...output.commands.map(({ point }) => ({ at: input.at, point })));
      },
    },
  );
  const first = (point: string, is: (value: number) => boolean): number =>
    readings.find((one) => one.point === point && one.quality !== "bad" && is(one.value))?.at ?? Number.NaN;
  const raisedAt = (alarm: string): number =>
    record.transitions.find((one) => one.alarm === alarm && one.to === "unacknowledged")?.at ?? Number.NaN;
  return { first, raisedAt, orders };
}
