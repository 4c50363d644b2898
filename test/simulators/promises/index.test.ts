import { describe, expect, test } from "vitest";
import { promiseForms, readPromise } from "../../../simulators/promises/index.ts";
import { ground } from "./held.ts";

const misread = (sentence: string): { wrong: string; meant: string | undefined } => {
  const read = readPromise(sentence, ground);
  if (!("wrong" in read)) throw new Error(`"${sentence}" was read`);
  return read;
};

describe("a promise", () => {
  test.each(promiseForms.map(({ example, text }) => [example, text]))("“%s” is read, as %s", (example) => {
    const withLabel = { ...ground, labels: new Map([["utility fails", ground.starts]]) };
    expect(readPromise(example, withLabel)).toMatchObject({ text: example });
  });

  test("may be written as people write: spaces in durations, ≤, and times without seconds", () => {
    for (const sentence of [
      "≤ 10 primary alarms in any 10 min",
      "at most 10 primary alarms in any 10min",
      "service login moved before 15:27",
      "service login moved within 2.5 min of +90s",
      'alarm utility-lost raised within 30 s of "the spark"',
    ])
      expect(readPromise(sentence, ground), sentence).toMatchObject({ text: sentence });
  });

  test("that fits no form is told the nearest, and mended where a word was mistyped", () => {
    expect(misread("alarm utility-lost raised at 09:00:06")).toEqual({
      wrong: expect.stringContaining("the nearest form is: alarm ALARM raised|normal|acknowledged|blind|seeing WHEN"),
      meant: "alarm utility-lost raised by 09:00:06",
    });
    expect(misread("no comand on feed B").meant).toBe("no command on feed B");
    expect(misread("rack r101 keps power").meant).toBe("rack r101 keeps power");
    expect(misread("the site survives").meant).toBeUndefined();
    expect(misread("service login moved").wrong).toContain("service SERVICE ordered|moved WHEN");
  });

  test.each([
    ["alarm utilty-lost raised by 09:01", 'the site has no alarm "utilty-lost"', "utility-lost"],
    ["response stretch-battery done by 09:01", 'no response "stretch-battery"', undefined],
    ["service loginn moved by 09:01", 'no service "loginn"', "login"],
    ["no command on feed C", 'no feed "C"', undefined],
    ["no command on device pdu-a2", 'no device "pdu-a2"', expect.any(String)],
    ["point ups-a/output.powr stays below 3", 'no point "ups-a/output.powr"', "ups-a/output.power"],
    ["rack r11 keeps power", 'no rack "r11"', expect.any(String)],
    ["alarm utility-lost raised by 25:00:00", '"25:00:00" is no time of day', undefined],
    ['alarm utility-lost raised within 3 s of "the sparc"', 'has the label "the sparc"', "the spark"],
    ["alarm utility-lost raised within 3 s of utility-loss", 'no alarm "utility-loss"', "utility-lost"],
    ["stage pay2 of move-tier-0 ordered by 09:01", 'has no step "pay2"; it has login, message, pay', undefined],
    ["stage login of stretch-batteries ordered by 09:01", "a shed's stages are 1, 2", undefined],
  ])("“%s” is told what the site has not", (sentence, wrong, meant) => {
    expect(misread(sentence)).toEqual({ wrong: expect.stringContaining(wrong), meant });
  });

  test("says which points have to be seen for it, and no others", () => {
    const pointsOf = (sentence: string): readonly string[] => {
      const read = readPromise(sentence, ground);
      return "wrong" in read ? [] : read.points;
    };
    expect(pointsOf("no alarms")).toEqual([]);
    expect(pointsOf("point ups-a/output.power stays below 30")).toEqual(["ups-a/output.power"]);
    expect(pointsOf("rack r101 keeps power")).toEqual(
      expect.arrayContaining(["pdu-a1/outlet[1].state", "pdu-b1/outlet[1].power", "ups-b/output.power"]),
    );
  });
});
