import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { demoSiteFile } from "../../../simulators/plant/index.ts";
import { parseScenario } from "../../../simulators/scenario.ts";
import { junitOf, suiteOf } from "../../../src/cli/report/junit.ts";
import { pageOf } from "../../../src/cli/report/page.ts";
import type { Played } from "../../../src/cli/report/played.ts";
import { assert } from "../../../src/core/assert.ts";
import { rehearse } from "../../../src/simulation/rehearsal.ts";
import { soonDark } from "../scenario-folder.ts";

const kept = 'alarm utility-lost raised within 10 s of "a < b & c"';
const broken = "alarm utility-lost raised by 09:00:03";

const text = soonDark(kept, broken)
  .replace("does: the utility fails", 'label: "a < b & c", does: "the utility <fails> & all"')
  .replace("seed: 1", "seed: 1\nplots: [ups-a/ups.mode, meter-main/power.active]");

let played: Played;
beforeAll(async () => {
  const place = join(dirname(demoSiteFile()), "../scenarios/own/scenario.yaml");
  const parsed = parseScenario(place, text);
  assert("scenario" in parsed, "the test's scenario has no mistakes");
  const { scenario } = parsed;
  const run = await rehearse(scenario.site, scenario, { siteText: scenario.siteText, isPlotted: true });
  played = { scenario, run, on: "core", tookS: 1.5 };
}, 60_000);

describe("a report as a page", () => {
  test("says which promises were kept and which were broken, and why", () => {
    const page = pageOf([played]);
    expect(page).toContain("1 of 2 promises broken");
    expect(page).toContain("within 10 s of &quot;a &lt; b &amp; c&quot;");
    expect(page).toMatch(/<li class="broken">.*raised by 09:00:03<small>it was raised [\d.]+ s too late<\/small>/);
  });

  test("draws what happened, each alarm and each plot, and lets no text of the scenario become markup", () => {
    const page = pageOf([played]);
    expect(page).not.toContain("<fails>");
    expect(page).toContain("the utility &lt;fails&gt; &amp; all");
    expect(page).toMatch(/<text[^>]*>Utility lost<title>/);
    expect(page.match(/<path class="curve" d="M[\d.]+ /g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("is one file that asks for nothing else", () => {
    const page = pageOf([played, played]);
    expect(page).not.toMatch(/<script|<link|<img|@import|src=|url\((?!#hatch)/);
    expect(page.match(/<article /g)).toHaveLength(2);
  });

  test("has no instant outside of its drawing", () => {
    const places = [...pageOf([played]).matchAll(/ (?:x|cx|x1|x2)="([\d.-]+)"/g)].map(([, x]) => Number(x));
    expect(places.length).toBeGreaterThan(20);
    expect(places.filter((x) => x < 0 || x > 1192)).toEqual([]);
  });
});

describe("a report as JUnit's XML", () => {
  test("has a case for each promise, and a failure for each that was broken", () => {
    const xml = junitOf("haechi scenarios", [suiteOf(played)]);
    expect(xml).toContain('<testsuites name="haechi scenarios" tests="2" failures="1">');
    expect(xml).toContain('<testsuite name="own" tests="2" failures="1" time="1.500">');
    expect(xml).toContain('name="alarm utility-lost raised within 10 s of &quot;a &lt; b &amp; c&quot;" time="0"/>');
    expect(xml).toMatch(
      /name="alarm utility-lost raised by 09:00:03" time="0"><failure message="it was raised .* too late"\/>/,
    );
  });
});
