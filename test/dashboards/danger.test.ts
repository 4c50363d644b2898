import { describe, expect, test } from "vitest";
import type { Limit } from "../../dashboards/danger.ts";
import { dangerOf, stepsOf } from "../../dashboards/danger.ts";
import { quantityOf } from "../../src/core/quantity.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import { demoSite } from "../simulators/demo-site.ts";

const { profiles } = loadLibrary();
const danger = dangerOf(profiles.values());

describe("what dashboards draw as dangerous", () => {
  test("are the limits of the profiles' alarms, whichever instance they speak of", () => {
    expect(danger.limitsOf("battery.runtime")).toContainEqual({ side: "below", limit: 300, priority: "critical" });
    expect(danger.limitsOf("output.load[n]")).toEqual(danger.limitsOf("output.load"));
  });

  test("are the states that the profiles have alarms for", () => {
    expect(danger.priorityOf("smoke.level", "fire2")).toBe("critical");
    expect(danger.priorityOf("smoke.level", "normal")).toBeNull();
    expect(danger.priorityOf("ups.mode", "battery")).toBe("high");
  });

  test("invents no limit where no profile has one", () => {
    expect(danger.limitsOf("temperature.ambient")).toEqual([]);
    expect(danger.priorityOf("link.state", "down")).toBeNull();
  });

  test.each(["offgas.state", "flame.state", "suppression.released"])(
    "agrees with the demo's site file on %s",
    (name) => {
      const [alarm, ...others] = demoSite().model.alarms.filter(({ channels }) =>
        channels.some(({ point, detect }) => point === `io-battery/${name}` && detect.kind === "state"),
      );
      expect(others).toEqual([]);
      expect(quantityOf(name)?.states?.[1]).toBe("alarm");
      expect(danger.priorityOf(name, "alarm")).toBe(alarm?.priority);
    },
  );

  test("takes the more important of two profiles that disagree, in either order", () => {
    const states = (priority: "low" | "critical") => {
      const [first] = [...profiles.values()].filter(({ id }) => id === "fire/honeywell-faast-8100");
      return { ...first!, alarms: first!.alarms.map((alarm) => ({ ...alarm, priority })) };
    };
    for (const both of [
      [states("low"), states("critical")],
      [states("critical"), states("low")],
    ]) {
      expect(dangerOf(both).priorityOf("smoke.level", "alert")).toBe("critical");
    }
  });
});

describe("the staircase of limits", () => {
  const above = (limit: number, priority: Limit["priority"]): Limit => ({ side: "above", limit, priority });
  const below = (limit: number, priority: Limit["priority"]): Limit => ({ side: "below", limit, priority });

  test("is flat without limits", () => expect(stepsOf([])).toEqual([{ from: null, priority: null }]));

  test("goes up with values that must not be too high", () =>
    expect(stepsOf([above(55, "critical"), above(45, "high")])).toEqual([
      { from: null, priority: null },
      { from: 45, priority: "high" },
      { from: 55, priority: "critical" },
    ]));

  test("goes down to values that must not be too low", () =>
    expect(stepsOf([below(300, "critical"), below(600, "high")])).toEqual([
      { from: null, priority: "critical" },
      { from: 300, priority: "high" },
      { from: 600, priority: null },
    ]));

  test("has its ground between a low limit and a high one", () =>
    expect(stepsOf([above(30, "high"), below(10, "low")])).toEqual([
      { from: null, priority: "low" },
      { from: 10, priority: null },
      { from: 30, priority: "high" },
    ]));

  test("has one step for one limit of two profiles, with the more important priority", () =>
    expect(stepsOf([above(90, "medium"), above(90, "high")])).toEqual([
      { from: null, priority: null },
      { from: 90, priority: "high" },
    ]));
});
