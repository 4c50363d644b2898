import { describe, expect, it } from "vitest";
import type { MqttAddress, PointModel } from "../../src/profiles/index.ts";
import { bindDevice, decodePublished, loadLibrary, valueAt } from "../../src/profiles/index.ts";

const { profiles } = loadLibrary();
const publishing = [...profiles.values()].filter(({ points }) => Object.values(points).some(({ mqtt }) => mqtt));

const placeOf = (at: MqttAddress): string => (at.form === "json" ? `${at.topic} ${at.path}` : at.metric);

describe.each(publishing.map((profile) => [profile.id, profile] as const))("%s over MQTT", (_, profile) => {
  const { points } = bindDevice(profile, { protocol: "mqtt" });

  it("has no two points of one name, and none at another's place", () => {
    expect(points.length).toBeGreaterThan(0);
    expect(new Set(points.map(({ name }) => name)).size).toBe(points.length);
    const places = points.map(({ at }) => (at.protocol === "mqtt" ? placeOf(at) : at.protocol));
    expect(new Set(places).size).toBe(points.length);
  });

  it("reads the ends of every range, and every state, back from what would be published", () => {
    for (const point of points.filter(({ map }) => !map))
      for (const value of point.range)
        expect(decodePublished(point, (value - point.offset) / point.scale)).toMatchObject({ point });
    for (const point of points)
      for (const [raw, place] of point.map ?? []) expect(decodePublished(point, raw)).toEqual({ point, value: place });
  });
});

describe("a Shelly Pro 3EM", () => {
  const { points } = bindDevice(profiles.get("meter/shelly-pro-3em")!);

  /** What is read of a status, as its documentation shows it. */
  const readOf = (component: string, status: object) =>
    Object.fromEntries(
      points.flatMap((point: PointModel) => {
        const { at } = point;
        if (at.protocol !== "mqtt" || at.form !== "json" || at.topic !== `{device}/status/${component}`) return [];
        const sample = decodePublished(point, valueAt(status, at.path).value);
        return [[point.name, "value" in sample ? sample.value : sample.fault]];
      }),
    );

  it("gives its phases and their sum in the units of every meter", () => {
    const status = {
      id: 0,
      a_current: 4.029,
      a_voltage: 236.1,
      a_act_power: 951.2,
      a_aprt_power: 951.9,
      a_pf: 1,
      a_freq: 50,
      b_current: 4.027,
      b_voltage: 236.201,
      b_act_power: -951.1,
      b_aprt_power: 951.8,
      b_pf: 1,
      b_freq: 50,
      c_current: 3.03,
      c_voltage: 236.402,
      c_active_power: 715.4,
      c_aprt_power: 716.2,
      c_pf: 1,
      c_freq: 50,
      n_current: 11.029,
      total_current: 11.083,
      total_act_power: 2484.782,
      total_aprt_power: 2486.7,
    };
    expect(readOf("em:0", status)).toEqual({
      "power.active": 2.484_782,
      "power.apparent": 2.4867,
      "voltage[1]": 236.1,
      "voltage[2]": 236.201,
      "voltage[3]": 236.402,
      "current[1]": 4.029,
      "current[2]": 4.027,
      "current[3]": 3.03,
      "power.active[1]": 0.9512,
      "power.active[2]": -0.9511,
      // Not said under this name: no value, and never zero.
      "power.active[3]": "deviceFailure",
      "power.factor[1]": 1,
      "power.factor[2]": 1,
      "power.factor[3]": 1,
      frequency: 50,
    });
  });

  it("gives its energies in kilowatt-hours", () => {
    expect(readOf("emdata:0", { id: 0, total_act: 1_234_567.89, total_act_ret: 12.5 })).toEqual({
      "energy.active": 1234.567_89,
      "energy.exported": 0.0125,
    });
  });
});
