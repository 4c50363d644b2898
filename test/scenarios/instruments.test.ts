import { describe, expect, test } from "vitest";
import { loadScenario } from "../../simulators/scenario.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import type { Cast } from "./rehearsed.ts";
import { castOf, play } from "./rehearsed.ts";

// What is said of signals and instruments, from the plant's physics to the alarm, through profiles, polls and the core.

const known = "cause: c, consequence: d, response: e";

/** Alarms that are put beside those of the demo's site. */
const added = `
alarms:
  power-stands-still:
    { title: { en: Power stands still }, priority: medium, need: 1, ${known}, channels: [
      { point: ups-a/output.power, flatline: { polls: 30, rests: [0], learned: true, peers: [ups-b/output.power, meter-main/power.active] } },
      { point: meter-main/power.active, flatline: { polls: 30, rests: [0], learned: true, peers: [ups-a/output.power, ups-b/output.power] } } ] }
  inlet-near-limit:
    { title: { en: Inlet near its limit }, priority: high, ${known}, offDelay: 60s, point: crac-1/temperature.inlet,
      forecast: { above: 35, within: 10min, window: 2min, resolution: 0.1 } }
  inlet-swings:
    { title: { en: Inlet swings }, priority: medium, need: 1, ${known}, channels: [
      { point: crac-1/temperature.inlet, change: { by: 5, within: 15min } },
      { point: crac-1/temperature.inlet, change: { by: 20, within: 60min } } ] }
  module-beyond-its-normal:
    { title: { en: Module beyond its normal }, priority: medium, ${known}, point: bat-a/module.temperature.max,
      baseline: { side: above, deviations: 6, atLeast: 3, over: 7d, warmUp: 30min } }
  polls-lag:
    { title: { en: Polls lag }, priority: low, need: 1, ${known}, channels: [
      { point: ups-a/link.period, above: 2500 }, { point: bat-a/link.jitter, above: 1500 } ] }
`;

/** A run of the demo's site with those alarms. */
function withAdded(lasts: string, timeline: readonly string[], ...promises: readonly string[]): Cast {
  const text = `
scenario: own
about: Instruments.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: ${lasts}
seed: 1
timeline: [${timeline.join(", ")}]
promises: ${JSON.stringify(promises)}
`;
  const folder = scenarioFolder(text, (site) =>
    site.replace("profileAlarms: none", "profileAlarms: all").replace(/^alarms:$/m, added.trim()),
  );
  const loaded = loadScenario(folder);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return castOf(loaded.scenario);
}

/** What was raised of the alarms named, each as "id after seconds". */
async function raisedIn(actors: Cast): Promise<readonly string[]> {
  const { record } = await play(actors);
  return record.transitions
    .filter(({ from, to }) => from === "normal" && to === "unacknowledged")
    .map(({ alarm, at }) => `${alarm} ${(at - actors.scenario.starts) / 1000}`);
}

describe("the simulated site", () => {
  test("raises none of these alarms while nothing happens", { timeout: 120_000 }, async () => {
    const { record } = await play(withAdded("2h", []));
    expect(record.transitions.filter(({ from, to }) => from !== to)).toEqual([]);
    const blind = record.transitions.filter(({ blind: is }) => is !== undefined);
    // What is learned is not known before it is.
    expect(blind.map(({ alarm, blind: is }) => `${alarm} ${is ? "blind" : "sees"}`)).toEqual([
      "power-stands-still blind",
      "module-beyond-its-normal blind",
      "power-stands-still sees",
      "module-beyond-its-normal sees",
    ]);
  });

  test("calls three polls in a row without an answer a trouble, within five seconds", async () => {
    const raised = await raisedIn(
      withAdded("60s", ["{ at: 20s, does: it goes silent, event: { sensor: bat-a, silent: true } }"]),
    );
    const link = raised.find((one) => one.startsWith("bat-a.link "));
    expect(Number(link?.split(" ")[1]) - 20).toBeLessThanOrEqual(5);
  });

  test("tells a meter that repeats itself from a plant that rests, within 30 of its polls", {
    timeout: 60_000,
  }, async () => {
    const raised = await raisedIn(
      withAdded("15min", ["{ at: 10min, does: it stands still, event: { freeze: ups-a, on: true } }"]),
    );
    const still = raised.filter((one) => one.startsWith("power-stands-still "));
    expect(still).toHaveLength(1);
    expect(Number(still[0]!.split(" ")[1]) - 600).toBeLessThanOrEqual(62);
  });

  test("does not take the meter of a dead supply for a frozen one", { timeout: 60_000 }, async () => {
    const raised = await raisedIn(
      withAdded("15min", ["{ at: 10min, does: the utility fails, event: { utility: fail } }"]),
    );
    expect(raised.some((one) => one.startsWith("utility-lost "))).toBe(true);
    expect(raised.filter((one) => one.startsWith("power-stands-still "))).toEqual([]);
  });

  test("sees a contactor that does not follow its relay, and a cooler that runs and does not blow", async () => {
    const raised = await raisedIn(
      withAdded("4min", [
        '{ at: 60s, does: it shows what is not, event: { reading: "relay-a2/contact[2].state", shows: 0 } }',
        "{ at: 60s, does: it shows what is not, event: { reading: crac-1/airflow, shows: 3 } }",
      ]),
    );
    expect(raised.map((one) => one.split(" ")[0])).toEqual(["contactors-do-not-follow", "coolers-do-not-blow"]);
    const [relay, cooler] = raised.map((one) => Number(one.split(" ")[1]) - 60);
    expect(relay).toBeLessThanOrEqual(13);
    expect(cooler).toBeLessThanOrEqual(82);
  });

  test("foretells the limit of a hall without cooling before any limit is passed", { timeout: 60_000 }, async () => {
    const raised = await raisedIn(
      withAdded("15min", ["{ at: 2min, does: the cooler stops, event: { cooling: crac-1, fail: true } }"]),
    );
    const at = (id: string): number =>
      Number(raised.find((one) => one.startsWith(`${id} `))?.split(" ")[1] ?? Number.NaN);
    expect(at("inlet-near-limit")).toBeLessThan(at("hall-1-hot.HH"));
    expect(at("inlet-swings")).toBeGreaterThan(120);
  });
});
