import { describe, expect, test } from "vitest";
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
    ["by its not moving", "flatline: { window: 2h, band: 0.2 }", { kind: "flatline", window: 7_200_000, band: 0.2 }],
  ])("%s", (_, written, detect) => {
    expect(detectAfter(heating, written, "heating")).toEqual(detect);
  });

  test.each([
    [
      "in no way at all",
      heating,
      "",
      "68:5 alarms.heating: says of no value that it is wrong: give it one of at, above, below, rising, falling, stale, flatline, deviation, leadAcidRunaway, lostWith, runaway",
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
