import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../src/core/alarm/definition.ts";
import type { DetectorSpec } from "../../src/core/detect/index.ts";
import { canBeActive, isDiverse } from "../../src/site/effects.ts";
import { loadSiteFile } from "../../src/sitefile.ts";
import { above, alarm, point } from "../core/fixture.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

const below = (limit: number): DetectorSpec => ({ kind: "limit", side: "below", limit, deadband: 0 });
const at = (...among: number[]): DetectorSpec => ({ kind: "state", among });

const voted = (
  need: number,
  ...channels: readonly (readonly [point: string, detect: DetectorSpec])[]
): AlarmDefinition => ({
  ...alarm("voted", { need }),
  channels: channels.map(([name, detect]) => ({ point: point(name), detect })),
});

describe("a vote is of diverse sensors", () => {
  const quantity = (name: string) => ({ quantity: name.slice(name.indexOf("/") + 1) });
  const of = (need: number, ...names: string[]): boolean =>
    isDiverse(voted(need, ...names.map((name) => [name, above(1)] as const)), quantity);

  test.each([
    [2, ["a/smoke", "a/heat"], true],
    [2, ["a/smoke", "b/smoke", "a/heat"], false],
    [3, ["a/smoke", "b/smoke", "a/heat"], true],
    [1, ["a/smoke", "a/heat"], false],
    [2, ["a/smoke", "b/smoke"], false],
    [1, ["a/smoke"], false],
  ])("needing %i of %j: %s", (need, names, is) => {
    expect(of(need, ...names)).toBe(is);
  });
});

describe("an alarm can never be active", () => {
  test("where channels of one point exclude each other and it needs both", () => {
    expect(canBeActive(voted(2, ["a/mode", at(0)], ["a/mode", at(1)]))).toBe(false);
    expect(canBeActive(voted(2, ["a/mode", at(0, 1)], ["a/mode", at(1, 2)]))).toBe(true);
    expect(canBeActive(voted(2, ["a/t", above(30)], ["a/t", below(20)]))).toBe(false);
    expect(canBeActive(voted(2, ["a/t", above(30)], ["a/t", below(40)]))).toBe(true);
    expect(canBeActive(voted(2, ["a/t", above(30)], ["a/t", below(30)]))).toBe(false);
  });

  test("and can where enough others are left, or where a value does not decide", () => {
    expect(canBeActive(voted(2, ["a/t", above(30)], ["a/t", below(20)], ["b/t", above(30)]))).toBe(true);
    const rising: DetectorSpec = { kind: "rate", side: "rising", perMinute: 1, window: 60_000 as never };
    expect(canBeActive(voted(2, ["a/t", rising], ["a/t", below(20)]))).toBe(true);
  });
});

describe("a shed that acts", () => {
  const shedOn = (alarmName: string): readonly [string, string] => ["when: [low]", `when: [${alarmName}]`];
  const shedding = "    mode: act\n    after: 30s";

  test("is not taken on the word of one sensor", () => {
    expect(problemsAfter(shedOn("hot.HH"))).toEqual([
      "99:12 responses.shed.when.0: hot.HH can be raised by temperature.inlet alone, and loads would go dark for it: let channels of two quantities agree, let it advise, or say why in accept",
    ]);
    expect(problemsAfter(shedOn("fire"))[0]).toMatch(/^99:12 .*fire can be raised by smoke\.level alone/);
  });

  test("is taken on a vote of diverse sensors, with a person, or for a reason that is written down", () => {
    expect(siteAfter().model.responses[1]?.accept).toBeUndefined();
    expect(problemsAfter(shedOn("hot.HH"), [shedding, shedding.replace("act", "advise")])).toEqual([]);
    const reasoned = siteAfter(shedOn("hot.HH"), [shedding, `    accept: three minutes are left\n${shedding}`]);
    expect(reasoned.model.responses[1]?.accept).toBe("three minutes are left");
  });

  test("accepts nothing where there is nothing to accept; a move may give a reason for how far it goes", () => {
    expect(problemsAfter([shedding, `    accept: because\n${shedding}`])).toEqual([
      "101:13 responses.shed.accept: there is nothing to accept: each of its alarms is a vote of diverse sensors",
    ]);
    expect(problemsAfter(["    when: [fire]\n", "    when: [fire]\n    accept: because\n"])).toEqual([]);
  });

  test("waits for no alarm that can never be active, and is reached by one at least", () => {
    const never: readonly [string, string] = [
      "      - { point: ups-a/battery.runtime, below: 300, deadband: 60 }\n",
      "      - { point: ups-a/ups.mode, at: [online] }\n",
    ];
    expect(problemsAfter(never)).toEqual(
      [
        "99:12 responses.shed.when.0: low can never be active: channels of one point exclude each other, so that it never has 2 of its 2",
        "99:11 responses.shed.when: no cause reaches this: none of its alarms can ever be active",
      ].toSorted(),
    );
  });
});

test("every site of the simulators keeps the matrix's rules", () => {
  const folder = fileURLToPath(new URL("../../simulators/sites", import.meta.url));
  const files = readdirSync(folder)
    .filter((name) => !name.endsWith(".rules.yaml"))
    .map((name) => `${folder}/${name}`);
  expect(files.length).toBeGreaterThanOrEqual(8);
  for (const file of files) expect(loadSiteFile(file), file).toHaveProperty("site");
  const accepted = files.filter((file) => readFileSync(file, "utf8").includes("    accept: "));
  expect(accepted.map((file) => file.slice(folder.length + 1))).toEqual([
    "chilled.yaml",
    "clichy.yaml",
    "daejeon.yaml",
    "demo.yaml",
    "direct.yaml",
    "loyang.yaml",
    "strasbourg.yaml",
  ]);
});
