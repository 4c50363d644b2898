import { describe, expect, test } from "vitest";
import { racks } from "../../../bench/life/normal-life.ts";
import { measure } from "../../../simulators/plant/index.ts";
import { siteText, watched } from "./watched.ts";

/** The demo with smaller UPS: all of its racks at their most load UPS A to 95 of a hundred. */
const ratedKw = 39.5;
/** More of them than one where it is asked for. */
const days = Number(process.env["QUIET_DAYS"] ?? 1);
const onBattery = (ups: string) => ({ point: `${ups}/ups.mode`, at: ["battery"] });
const runtimeOf = (ups: string, bank: string, below: string) => ({
  point: `${ups}/output.power`,
  runtime: {
    below,
    onBattery: onBattery(ups),
    chemistry: "lithium",
    rated: { lasts: "6min", load: ratedKw },
    charge: `${bank}/battery.charge`,
    temperature: `${bank}/module.temperature.mean`,
    told: `${ups}/battery.runtime`,
  },
});
const machines = ["crac-1", "crac-2"].map((id) => ({ point: `${id}/cooling.mode`, at: ["on"] }));
const tolerates = {
  continuous: 102,
  upTo: [
    { load: 110, for: "30min" },
    { load: 130, for: "30s" },
    { load: 150, for: "10s" },
  ],
};

const alarms = {
  "a-low": runtimeOf("ups-a", "bat-a", "45s"),
  "b-low": runtimeOf("ups-b", "bat-b", "45s"),
  "a-over": { point: "ups-a/output.load", overload: { tolerates } },
  "b-over": { point: "ups-b/output.load", overload: { tolerates } },
  late: {
    point: "io-switch/ats.on_utility",
    generatorStart: {
      lost: { at: ["no"] },
      carries: { point: "io-switch/ats.on_generator", at: ["yes"] },
      failed: [{ point: "gen-1/generator.alarm", at: ["shutdown", "trip"] }],
    },
  },
  back: { point: "ups-a/ups.mode", runback: { after: { at: ["battery"] }, machines, within: "3min" } },
};
const devices = ["ups-a", "ups-b", "bat-a", "bat-b", "io-switch", "gen-1", "crac-1", "crac-2"];
const hourS = 3600;

const text = siteText(alarms, {
  "power.ups-a.ratedKw": ratedKw,
  "power.ups-b.ratedKw": ratedKw,
});

describe("days on which nothing is wrong", () => {
  test("raise no alarm of runtime, overload, generator or cooling, with all their tests and swings of load", () => {
    const site = watched(text, devices);
    const shows = measure(site.plant);
    const every = (kw: number) => {
      for (const load of racks) site.happen({ load, kw });
    };
    let highest = 0;
    const run = (forS: number, stepMs = 1000) => {
      for (let s = 0; s < forS; s += 300) {
        site.run(Math.min(300, forS - s), stepMs);
        highest = Math.max(highest, shows("ups-a", "output.load")!, shows("ups-b", "output.load")!);
      }
    };
    const rest = (hours: number) => run(hours * hourS, 2000);
    for (let day = 0; day < days; day++) {
      rest(4);
      // A battery test of two minutes on each UPS, as it is made once a month.
      for (const ups of ["ups-a", "ups-b"]) {
        site.happen({ ups, rectifier: "fail" });
        run(120);
        expect(shows(ups, "battery.charge")!).toBeLessThan(90);
        site.happen({ ups, rectifier: "repair" });
        rest(1);
      }
      // The generator's test with load: the utility is cut for half an hour.
      site.happen({ utility: "fail" });
      run(1800);
      expect(shows("gen-1", "generator.power")!).toBeGreaterThan(40);
      site.happen({ utility: "restore" });
      run(600);
      for (const kw of [5.4, 3, 5.4, 2, 5.4, 3.75]) {
        every(kw);
        rest(2);
      }
      site.happen({ utility: "sag" });
      run(600);
      rest(5);
    }
    expect(highest).toBeGreaterThan(93);
    expect(highest).toBeLessThan(96);
    expect(site.transitions.filter(({ to }) => to === "unacknowledged")).toEqual([]);
  }, 1_200_000);
});
