import { describe, expect, test } from "vitest";
import { namedKinds } from "../../src/site/judgement.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const detectAfter = (from: string, to: string, id: string) =>
  siteAfter([from, to]).model.alarms.find((alarm) => alarm.id === id)?.channels[0]?.detect;

const heating = "rising: 0.5\n    window: 60s";

describe("a point is judged", () => {
  test.each([
    ["above a limit", "above: 30\n    deadband: 2", { kind: "limit", side: "above", limit: 30, deadband: 2 }],
    [
      "below a limit, by default without a deadband",
      "below: 3",
      { kind: "limit", side: "below", limit: 3, deadband: 0 },
    ],
    [
      "by how fast it rises",
      "rising: 0.5\n    window: 1min",
      { kind: "rate", side: "rising", perMinute: 0.5, window: 60_000 },
    ],
    [
      "by how fast it falls",
      "falling: 2\n    window: 30s",
      { kind: "rate", side: "falling", perMinute: 2, window: 30_000 },
    ],
    ["by its silence", "stale: true", { kind: "stale" }],
    [
      "by how far it lies from its peers",
      "deviation: { from: [crac/temperature.supply, crac/temperature.return], above: 5 }",
      { kind: "deviation", from: ["crac/temperature.supply", "crac/temperature.return"], above: 5, deadband: 0 },
    ],
    [
      "by what of its overload tolerance is left",
      "overload: { tolerates: { upTo: [{ load: 125, for: 10min }] }, before: 30s }",
      { kind: "overload", tolerates: { upTo: [{ load: 125, for: 600_000 }] }, left: 0.2, before: 30_000 },
    ],
    ["by its not moving", "flatline: { window: 2h, band: 0.2 }", { kind: "flatline", window: 7_200_000, band: 0.2 }],
    [
      "by its not moving though it is noisy and its peers move",
      "flatline: { polls: 20, learned: true, peers: [crac/temperature.supply] }",
      { kind: "flatline", polls: 20, band: 0, learned: true, peers: ["crac/temperature.supply"] },
    ],
    [
      "by its own normal",
      "baseline: { side: above, deviations: 6, atLeast: 1.5, over: 14d, warmUp: 2d }",
      {
        kind: "baseline",
        side: "above",
        deviations: 6,
        atLeast: 1.5,
        deadband: 0,
        over: 1_209_600_000,
        warmUp: 172_800_000,
      },
    ],
    [
      "by the time to a limit",
      "forecast: { above: 35, within: 10min, window: 2min, resolution: 0.1 }",
      { kind: "forecast", above: 35, within: 600_000, window: 120_000, confidence: 95, resolution: 0.1 },
    ],
    [
      "by how far it moves within a time",
      "change: { by: 5, within: 15min }",
      { kind: "change", side: "either", by: 5, within: 900_000, deadband: 0 },
    ],
    [
      "by what follows it",
      "mismatch: { above: 20, follows: [{ point: bat-a/battery.voltage, above: 300 }], within: 30s }",
      {
        kind: "mismatch",
        above: 20,
        follows: [{ point: "bat-a/battery.voltage", above: 300 }],
        otherwise: [],
        within: 30_000,
      },
    ],
  ])("%s", (_, written, detect) => {
    expect(detectAfter(heating, written, "heating")).toEqual(detect);
  });

  test.each([
    [
      "in no way at all",
      heating,
      "",
      `68:5 alarms.heating: says of no value that it is wrong: give it one of at, above, below, rising, falling, stale, ${namedKinds.join(", ")}`,
    ],
    [
      "in two ways",
      heating,
      "above: 1\n    below: 0",
      "68:5 alarms.heating: is judged in one way only, not by above and below",
    ],
    [
      "by a slope without a window",
      heating,
      "rising: 1",
      '71:13 alarms.heating.rising: "rising" needs a window, such as 60s',
    ],
    [
      "by a limit with a window",
      heating,
      "above: 1\n    window: 1s",
      '72:13 alarms.heating.window: a window belongs to rising or falling, not to "above"',
    ],
    [
      "by a slope with a deadband",
      heating,
      `${heating}\n    deadband: 1`,
      '73:15 alarms.heating.deadband: a deadband belongs to a limit, not to "rising"',
    ],
    [
      "with a deadband below 0",
      "deadband: 60",
      "deadband: -1",
      "51:63 alarms.low.channels.0.deadband: must be at least 0",
    ],
    [
      "within too short a window",
      "window: 60s",
      "window: 3s",
      "72:13 alarms.heating.window: a window of 3 s judges nothing: it must hold 3 readings, and crac/temperature.inlet is asked every 2 s",
    ],
    [
      "not to move within too short a window",
      "window: 1h",
      "window: 2s",
      "82:61 alarms.blind.channels.1.flatline.window: a window of 2 s judges nothing: it must hold 3 readings, and bat-a/battery.voltage is asked every 1 s",
    ],
    [
      "from peers without a word of how far",
      heating,
      "deviation: { from: [crac/temperature.supply, crac/temperature.return] }",
      "71:16 alarms.heating.deviation: needs above, below or both: how far from its peers is too far",
    ],
    [
      "from peers that are not there, are itself or are states",
      heating,
      "deviation: { from: [crac/temperature.suply, crac/temperature.inlet, ups-a/ups.mode], above: 5 }",
      '71:25 alarms.heating.deviation.from.0: crac (cooling/apc-inrow) has no point "temperature.suply" (did you mean "temperature.supply"?)',
      "71:49 alarms.heating.deviation.from.1: crac/temperature.inlet is the point itself that is judged",
      "71:73 alarms.heating.deviation.from.2: ups-a/ups.mode is one of off, online, bypass, battery, boost, buck, other; this needs a number",
    ],
    [
      "not to move, in two measures of how long",
      "flatline: { window: 1h, band: 0.1 }",
      "flatline: { window: 1h, polls: 9 }",
      "82:51 alarms.blind.channels.1.flatline: needs window or polls, one of the two: how long a standstill is too long",
    ],
    [
      "by its own normal before that can be known",
      heating,
      "baseline: { deviations: 6, atLeast: 1, over: 1d, warmUp: 30s }",
      "71:62 alarms.heating.baseline.warmUp: a window of 30 s judges nothing: it must hold 16 readings, and crac/temperature.inlet is asked every 2 s",
    ],
    [
      "by its own normal that is forgotten while it is learned",
      heating,
      "baseline: { deviations: 6, atLeast: 1, over: 1h, warmUp: 2h }",
      "71:62 alarms.heating.baseline.warmUp: must not be longer than over, or it forgets what it learns",
    ],
    [
      "by its own normal, to come back further than it went",
      heating,
      "baseline: { deviations: 6, atLeast: 1, deadband: 1, over: 2h, warmUp: 1h }",
      "71:54 alarms.heating.baseline.deadband: must be less than atLeast (1)",
    ],
    [
      "by the time to two limits",
      heating,
      "forecast: { above: 35, below: 5, within: 10min, window: 2min }",
      "71:15 alarms.heating.forecast: needs above or below, one of the two: the limit to which the time is told",
    ],
    [
      "by the time to a limit from too few readings",
      heating,
      "forecast: { above: 35, within: 10min, window: 10s }",
      "71:51 alarms.heating.forecast.window: a window of 10 s judges nothing: it must hold 6 readings, and crac/temperature.inlet is asked every 2 s",
    ],
    [
      "by the time to a limit, as certainly as can be",
      heating,
      "forecast: { above: 35, within: 10min, window: 2min, confidence: 100 }",
      "71:69 alarms.heating.forecast.confidence: must be one of 80, 90, 95, 99",
    ],
    [
      "by a change over more than a day",
      heating,
      "change: { by: 5, within: 2d }",
      "71:30 alarms.heating.change.within: must be at most 86400 s",
    ],
    [
      "by a change that never clears",
      heating,
      "change: { by: 5, within: 15min, deadband: 5 }",
      "71:47 alarms.heating.change.deadband: must be less than 5, or it never clears",
    ],
    [
      "by what follows it where it commands nothing",
      heating,
      "mismatch: { follows: [{ point: bat-a/battery.voltage, above: 300 }], within: 30s }",
      "71:15 alarms.heating.mismatch: needs at, above or below, one of the three: when the point commands",
    ],
    [
      "by what follows it where nothing does",
      heating,
      "mismatch: { above: 20, within: 30s }",
      "71:15 alarms.heating.mismatch: needs follows, otherwise or both: what is to be seen of it",
    ],
    [
      "by what follows a state that it has not got",
      heating,
      "mismatch: { at: [open], follows: [{ point: bat-a/battery.voltage, above: 300 }], within: 30s }",
      "71:15 alarms.heating.mismatch: crac/temperature.inlet is a number; this needs one that knows open",
    ],
    [
      "by its being followed by itself",
      heating,
      "mismatch: { above: 20, follows: [{ point: crac/temperature.inlet, above: 300 }], within: 30s }",
      "71:47 alarms.heating.mismatch.follows.0.point: crac/temperature.inlet is the point itself that is judged",
    ],
    [
      "by a state that it has not got",
      "at: [battery]",
      "at: [batery]",
      '52:39 alarms.low.channels.1.at.0: "batery" is no state of ups-a/ups.mode: off, online, bypass, battery, boost, buck, other (did you mean "battery"?)',
    ],
    [
      "by a state where it is a number",
      "below: 300, deadband: 60",
      "at: [low]",
      "51:45 alarms.low.channels.0.at: ups-a/battery.runtime is a number and has no states; judge it with above or below",
    ],
    [
      "by a limit where it is a state",
      "at: [battery]",
      "above: 2",
      '52:41 alarms.low.channels.1.above: ups-a/ups.mode is a state and has no "above"; it is one of off, online, bypass, battery, boost, buck, other: judge it with at',
    ],
    [
      "by a limit it never passes",
      "below: 300",
      "below: 0",
      "51:48 alarms.low.channels.0.below: ups-a/battery.runtime is never below 0: it lies within 0 and 86400 s",
    ],
    [
      "though its device lacks it",
      "ups-a/battery.runtime",
      "ups-a/battery.runtim",
      '51:18 alarms.low.channels.0.point: ups-a (ups/eaton-xups) has no point "battery.runtim" (did you mean "battery.runtime"?)',
    ],
    [
      "though there is no such device",
      "ups-a/battery.runtime",
      "ups-q/battery.runtime",
      '51:18 alarms.low.channels.0.point: there is no device "ups-q" (did you mean "ups-a/battery.runtime"?)',
    ],
    [
      "though it is not written as one",
      "ups-a/battery.runtime",
      "battery.runtime",
      "51:18 alarms.low.channels.0.point: a point is written device/point, as in ups-a/ups.mode",
    ],
    [
      "to be silent: false",
      "flatline: { window: 1h, band: 0.1 }",
      "stale: false",
      "82:48 alarms.blind.channels.1.stale: must be true",
    ],
    [
      "with a key that is none",
      "deadband: 60 }",
      "deadbant: 60 }",
      '51:53 alarms.low.channels.0.deadbant: unknown key "deadbant" (did you mean "deadband"?)',
    ],
    [
      "over no duration",
      "window: 60s",
      "window: 60 seconds",
      '72:13 alarms.heating.window: "60 seconds" is no duration; write one like 800ms, 1s, 5min or 2h',
    ],
    ["over a duration of nothing", "window: 60s", "window: 0s", "72:13 alarms.heating.window: must be more than 0"],
    ["over more than a day", "window: 60s", "window: 2d", "72:13 alarms.heating.window: must be at most 86400 s"],
  ])("not %s", (_, from, to, ...problems) => {
    expect(problemsAfter([from, to])).toEqual(problems);
  });
});

describe("the overload of a device whose profile knows what it bears", () => {
  const galaxy =
    "  ups-g: { profile: ups/mge-galaxy, space: hall, snmp: { host: 10.0.0.9, version: 2c, community: public }, fitted: { n: 3 } }";
  const judged = (settings: string) =>
    siteAfter(
      ["  crac: {", `${galaxy}\n  crac: {`],
      [`point: crac/temperature.inlet\n    ${heating}`, `point: "ups-g/output.load[1]"\n    overload: ${settings}`],
    ).model.alarms.find(({ id }) => id === "heating")?.channels[0]?.detect;

  test("is judged by the profile's curve", () => {
    expect(judged("{}")).toMatchObject({
      tolerates: {
        continuous: 105,
        upTo: [
          { load: 125, for: 600_000 },
          { load: 150, for: 60_000 },
        ],
      },
    });
  });

  test("is judged by the site file's curve where it has one, and by nothing of the profile's", () => {
    const detect = judged("{ tolerates: { through: [{ load: 130, for: 20s }] } }");
    expect(detect).toMatchObject({ tolerates: { through: [{ load: 130, for: 20_000 }] } });
    expect(detect).not.toHaveProperty("tolerates.continuous");
  });
});
