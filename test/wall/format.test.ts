import { describe, expect, test } from "vitest";
import { ageText, countdownText, dataAgeText, quantityText, stageText } from "../../src/wall/format.ts";
import { wordsIn } from "../../src/wall/text.ts";

const en = wordsIn("en", "Asia/Seoul");
const ko = wordsIn("ko", "Asia/Seoul");

describe("numbers and times", () => {
  test.each([
    [24.64, "Cel", "24.6 °C"],
    [318.4, "kW", "318 kW"],
    [5.26, "kW", "5.3 kW"],
    [0, "kW", "0 kW"],
    [-12.2, "kW", "−12 kW"],
    [71.4, "%", "71 %"],
    [3, "1", "3"],
    [12, null, "12"],
  ])("%f %s is shown as %s", (value, unit, text) => {
    expect(quantityText(value, unit, en)).toBe(text);
  });

  test.each([
    [0, "00:00"],
    [-5000, "00:00"],
    [1, "00:01"],
    [85_000, "01:25"],
    [700_000, "11:40"],
    [3_599_000, "59:59"],
    [3_727_000, "1:02:07"],
  ])("%i ms left counts down as %s", (left, text) => {
    expect(countdownText(left)).toBe(text);
  });

  test.each([
    [-1, "0 s"],
    [12_900, "12 s"],
    [372_000, "6:12"],
    [7_200_000, "2 h"],
    [172_800_000, "2 d"],
  ])("%i ms is %s old", (age, text) => {
    expect(ageText(age, en)).toBe(text);
  });

  test("live data's age has tenths while it is young", () => {
    expect([dataAgeText(340, en), dataAgeText(12_400, en), dataAgeText(340, ko)]).toEqual(["0.3 s", "12 s", "0.3초"]);
  });

  test("a shed's stage is said in words", () => {
    expect([stageText("move batch", en), stageText("drop normal", en), stageText("drop batch", ko)]).toEqual([
      "move batch",
      "shed normal",
      "배치 부하 차단",
    ]);
    expect(stageText("anything else", en)).toBe("anything else");
    expect([stageText("move batch, normal", en), stageText("move batch; drop batch, normal", ko)]).toEqual([
      "move normal",
      "배치 부하 이전; 일반 부하 차단",
    ]);
  });
});
