import { describe, expect, test } from "vitest";
import { Quality, withSeconds } from "../../../src/collect/quality/index.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { Doubts, PointModel, Sample } from "../../../src/profiles/model.ts";
import { modbusPoint } from "../fixture.ts";

const point = (name: string, doubts?: Doubts): PointModel => modbusPoint(name, 1, doubts ? { doubts } : {});

/** Polls of points, one a second; what is believed of each, as value, "value: doubt" or "fault". */
function polls(points: readonly PointModel[], ...said: readonly (readonly (number | "silent")[])[]): string[][] {
  const quality = new Quality();
  const asked = withSeconds(points);
  return said.map((values, i) => {
    const samples = asked.map((one, at): Sample => {
      const value = values[at]!;
      return value === "silent" ? { point: one, fault: "noCommunication" } : { point: one, value };
    });
    return quality.judge(samples, instant(i * 1000)).map(inWords);
  });
}

const inWords = (sample: Sample): string => {
  if ("fault" in sample) return sample.fault;
  return sample.doubt === undefined ? `${sample.value}` : `${sample.value}: ${sample.doubt}`;
};

describe("a value that means something in one state only", () => {
  const mode = point("ups.mode");
  const time = point("battery.time_on_battery", { validWhen: { point: "ups.mode", test: { is: "in", states: [3] } } });

  test("is no value in another state, however well it reads", () => {
    expect(polls([mode, time], [3, 60], [1, 60])).toEqual([
      ["3", "60"],
      ["1", "notApplicable"],
    ]);
  });

  test("is not vouched for while that state is unknown", () => {
    expect(polls([mode, time], ["silent", 60])).toEqual([["noCommunication", "60: notAccurate"]]);
  });

  test("goes by what the state was when another poll asked for it", () => {
    const quality = new Quality();
    quality.judge([{ point: { ...mode, doubts: { nominal: [0, 9] } }, value: 1 }], instant(0));
    expect(quality.judge([{ point: time, value: 5 }], instant(10)).map(inWords)).toEqual(["notApplicable"]);
  });
});

describe("a value that stands still", () => {
  const noisy = point("cell.voltage.min", { frozenAfter: ms(3000) });

  test("is none once it has stood longer than such a value can", () => {
    expect(polls([noisy], [3.31], [3.31], [3.31], [3.31], [3.31]).flat()).toEqual([
      "3.31",
      "3.31",
      "3.31",
      "frozen",
      "frozen",
    ]);
  });

  test("is one again with the first change", () => {
    expect(polls([noisy], [3.31], [3.31], [3.31], [3.31], [3.32]).flat().at(-1)).toBe("3.32");
  });

  test("is not said to stand still for having been out of reach", () => {
    expect(polls([noisy], [3.31], ["silent"], [3.32], [3.32]).flat()).toEqual([
      "3.31",
      "noCommunication",
      "3.32",
      "3.32",
    ]);
  });

  test("speaks for all others where it is the device's heartbeat", () => {
    const heart = point("battery.heartbeat", { heartbeat: ms(1500) });
    const other = point("battery.voltage");
    expect(polls([heart, other], [1, 700], [2, 701], [2, 702], [2, 703], [3, 704])).toEqual([
      ["1", "700"],
      ["2", "701"],
      ["2", "702"],
      ["frozen", "frozen"],
      ["3", "704"],
    ]);
  });
});

describe("a value that jumps", () => {
  const watched = point("module.temperature.max", { confirm: { jump: 20, polls: 3 } });
  const of = (...values: number[]): string[] => polls([watched], ...values.map((value) => [value])).flat();

  test("is told and not vouched for until it was seen as often as it must be", () => {
    expect(of(25, 90, 91, 92, 93)).toEqual(["25", "90: unconfirmed", "91: unconfirmed", "92", "93"]);
  });

  test("was a glitch where it is gone at the next poll", () => {
    expect(of(25, 281, 26, 27)).toEqual(["25", "281: unconfirmed", "26", "27"]);
  });

  test("does not confirm itself by jumping about", () => {
    expect(of(25, 281, 90, 400, 150)).toEqual([
      "25",
      "281: unconfirmed",
      "90: unconfirmed",
      "400: unconfirmed",
      "150: unconfirmed",
    ]);
  });

  test("may rise as fast as a fire makes it, in steps that are none too large", () => {
    expect(of(25, 44, 63, 82, 101)).toEqual(["25", "44", "63", "82", "101"]);
  });
});

describe("two bindings of one point", () => {
  const second = point("battery.charge (second)");
  const charge = point("battery.charge", { agrees: { point: second, within: 2 } });

  test("are one reading while they agree, and a doubtful one while they do not", () => {
    expect(polls([charge], [80, 81], [80, 90])).toEqual([["80"], ["80: disagreeing"]]);
  });

  test("stand in for each other with a doubt, and say nothing when neither does", () => {
    expect(polls([charge], ["silent", 81], [80, "silent"], ["silent", "silent"])).toEqual([
      ["81: notAccurate"],
      ["80"],
      ["noCommunication"],
    ]);
  });
});

describe("a register map that has moved", () => {
  const nominal = (name: string, low: number, high: number) => point(name, { nominal: [low, high] });
  const points = [nominal("a", 0, 10), nominal("b", 200, 250), nominal("c", 45, 65), point("d")];

  test("shows by everything being out of its nominal range at once", () => {
    expect(polls(points, [230, 50, 7, 1])).toEqual([["230: shifted", "50: shifted", "7: shifted", "1: shifted"]]);
  });

  test("is not one value outside, nor two: that is news of the plant", () => {
    expect(polls(points, [5, 0, 0, 1])).toEqual([["5", "0", "0", "1"]]);
  });

  test("needs three values that are judged by it", () => {
    expect(polls(points, [230, 50, "silent", 1])).toEqual([["230", "50", "noCommunication", "1"]]);
  });
});

test("points that nothing is known of are passed on as they are", () => {
  const samples: Sample[] = [{ point: point("a"), value: 1 }];
  expect(new Quality().judge(samples, instant(0))).toBe(samples);
});
