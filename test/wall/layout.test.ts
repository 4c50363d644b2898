import { describe, expect, test } from "vitest";
import { alarmLineH, gap, layoutOf, margin } from "../../src/wall/layout.ts";

describe("the layout", () => {
  test.each([16.7, 20, 25, 31.1, 40, 50])("divides a screen of %f lines without a rest", (height) => {
    const { headerH, mainH, cardsH, alarmLines, diagramW, roomsW } = layoutOf((height * 16) / 9, height);
    expect(headerH + mainH + cardsH + alarmLines * alarmLineH + 3 * gap + 2 * margin).toBeCloseTo(height);
    expect(diagramW + roomsW + gap + 2 * margin).toBeCloseTo((height * 16) / 9);
    expect(alarmLines).toBeGreaterThanOrEqual(2);
    expect(mainH).toBeGreaterThan(2.7);
  });

  test("shows more alarms and cards where more can be read", () => {
    const [near, far] = [layoutOf(88, 50), layoutOf(36, 20.5)];
    expect(near.alarmLines).toBeGreaterThan(far.alarmLines);
    expect([near.cards, far.cards]).toEqual([4, 3]);
  });
});
