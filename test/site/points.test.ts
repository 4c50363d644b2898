import { describe, expect, test } from "vitest";
import { whereaboutsPeriod } from "../../src/collect/index.ts";
import { pointId } from "../../src/core/reading.ts";
import { siteAfter } from "./fixture.ts";

const site = siteAfter();
const ruleOf = (device: string, point: string) => site.model.points.get(pointId(device, point));
const infoOf = (device: string, point: string) => site.pointInfo.get(pointId(device, point));

describe("the points of a site", () => {
  test("are stale when three polls and the link's patience have passed", () => {
    const model = site.devices.find(({ id }) => id === "bat-a")?.model;
    const period = model?.points.find(({ name }) => name === "battery.voltage")?.period ?? 0;
    expect(period).toBe(1000);
    expect(ruleOf("bat-a", "battery.voltage")).toEqual({
      maxAge: 3 * period + (model?.link.timeout ?? 0),
      states: null,
      unit: "V",
    });
  });

  test("are every point of every device, with what they are and where", () => {
    for (const { id, space, model } of site.devices)
      for (const { name, unit, states } of model.points)
        expect(infoOf(id, name), `${id}/${name}`).toMatchObject({
          device: id,
          class: model.class,
          space,
          unit,
          states,
        });
    expect(infoOf("pdu-a", "outlet[2].power")).toMatchObject({ quantity: "outlet[n].power", unit: "kW" });
  });

  test("include the health of every link", () => {
    for (const { id } of site.devices) {
      expect(infoOf(id, "link.state")).toMatchObject({ quantity: "link.state", unit: null, states: ["down", "up"] });
      for (const name of ["link.latency", "link.misses", "link.period"])
        expect(ruleOf(id, name)?.maxAge, `${id}/${name}`).toBeGreaterThan(0);
    }
  });

  test("include each service's place, which is stale after four polls of its mover", () => {
    expect(infoOf("login", "service.site")).toEqual({
      quantity: "service.site",
      unit: null,
      states: ["here", "there"],
      device: "login",
      class: "service",
      space: null,
    });
    expect(ruleOf("login", "service.site")?.maxAge).toBe(4 * whereaboutsPeriod);
  });

  test("have one rule and one description each", () => {
    expect([...site.pointInfo.keys()]).toEqual([...site.model.points.keys()]);
  });
});
