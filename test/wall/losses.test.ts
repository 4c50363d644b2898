import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../src/serve/api.ts";
import { view } from "../../src/serve/view.ts";
import { bannerOf, remarksOf } from "../../src/wall/banner.ts";
import { lossesOf } from "../../src/wall/losses.ts";
import { wordsIn } from "../../src/wall/text.ts";
import { again, begin, calmPlant, cycle, info, upsOnBattery, withoutA } from "../serve/plants.ts";

const en = wordsIn("en", "Asia/Seoul");
const ko = wordsIn("ko", "Asia/Seoul");

function seen(values: Readonly<Record<string, number>>, seconds: number): Snapshot {
  const plant = calmPlant();
  for (let s = 1; s <= seconds; s += 1) cycle(plant, begin + 1000 * s, again(values));
  return view(plant, info, { build: "1", hasHistory: false });
}

const outage = {
  "io-switch/ats.on_utility": 0,
  "meter-main/power.active": 0,
  "ups-a/ups.mode": 3,
  "ups-b/ups.mode": 3,
};

describe("what is lost", () => {
  test("is one line with the racks, what carries them and what is to spare, in either language", () => {
    const { lines, rest } = lossesOf(seen(withoutA, 4), 3, en);
    expect(lines.map(({ title, text }) => `${title}: ${text}`)).toEqual([
      "UPS A lost: feed A of 14 racks · on feed B at 64 %, margin 21 kW · 2 more with it",
    ]);
    expect(rest).toBe("");
    expect(lossesOf(seen(withoutA, 4), 3, ko).lines[0]).toMatchObject({
      title: "UPS A 상실",
      text: "랙 14대의 A 계통 · B 계통 64 %, 여유 21 kW · 하위 2곳 함께",
    });
  });

  test("says how long batteries last, and how many alarms follow; the alarms say that they follow", () => {
    const snapshot = seen(outage, 4);
    expect(lossesOf(snapshot, 3, en).lines).toMatchObject([
      {
        key: "utility",
        title: "Utility lost",
        text: "1 more with it · 2 UPS on battery, 11:40 left · alarms following: 1",
      },
    ]);
    const alarm = snapshot.alarms.find(({ id }) => id === upsOnBattery)!;
    expect(remarksOf(alarm, en)).toBe("follows");
  });

  test("takes no more lines than it is given, and says how many there are beyond", () => {
    const snapshot = seen(withoutA, 4);
    const twice = { ...snapshot, causes: [...snapshot.causes, ...snapshot.causes] };
    expect(lossesOf(twice, 1, en)).toMatchObject({ lines: [{ key: "ups-a" }], rest: "+1 more lost" });
  });

  test("is nothing on a calm day, and a flood is said in the alarms' own line", () => {
    const snapshot = seen({}, 4);
    expect(lossesOf(snapshot, 3, en)).toEqual({ lines: [], rest: "" });
    expect(bannerOf({ ...snapshot, flood: { since: begin, count: 14 } }, 3, en).rest).toBe("14 alarms in 10 min");
  });
});
