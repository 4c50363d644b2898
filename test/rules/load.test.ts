import { describe, expect, test } from "vitest";
import { wrongIn } from "./rules.ts";

const one = (test: string): string => `site: demo.yaml\ntests:\n  - name: a\n${test}`;

describe("a file of rule tests", () => {
  test("is told every mistake at its line and column, with what was meant", () => {
    const text = [
      "site: demo.yaml",
      "tests:",
      "  - name: a",
      "    inputs:",
      "      crac-1/temperature.inlett: 20",
      "      ups-a/ups.mode: onlinex3 bttery",
      "    timeline:",
      "      - { at: 3s, asks: { acknowledge: hall-1-hot, by: a, why: b } }",
      "      - { at: 3s, asks: { arm: move-tier-0, by: a, why: b } }",
      "    expect:",
      "      - alarm hall-1-hott.H raised by +3s",
      "    transitions:",
      "      - +3s hall-1-hot.H normal → loud",
      "  - name: a",
      "    lasts: 1s",
    ].join("\n");
    expect(wrongIn(text)).toEqual([
      expect.stringContaining(
        'rules.yaml:5:7 tests.0.inputs.crac-1/temperature.inlett: the site has no point "crac-1/',
      ),
      expect.stringContaining('rules.yaml:6:23 tests.0.inputs.ups-a/ups.mode: "bttery" is nothing that ups-a/ups.mode'),
      expect.stringContaining(
        'rules.yaml:8:25 tests.0.timeline.0.asks: the site has no alarm "hall-1-hot" (did you mean',
      ),
      expect.stringContaining("rules.yaml:9:25 tests.0.timeline.1.asks: there is no gate in a test of rules"),
      expect.stringContaining(
        'rules.yaml:11:9 tests.0.expect.0: the site has no alarm "hall-1-hott.H" (did you mean "hall-',
      ),
      expect.stringContaining('rules.yaml:13:9 tests.0.transitions.0: "loud" is no state of an alarm'),
      expect.stringContaining("rules.yaml:14:5 tests.1: expects nothing"),
      expect.stringContaining('rules.yaml:14:11 tests.1.name: there is a test "a" already'),
    ]);
  });

  test("names a site or a profile that there is", () => {
    expect(wrongIn("tests: [{ name: a, lasts: 1s, expect: [no alarms] }]")).toEqual([
      expect.stringContaining("needs a site or a profile"),
    ]);
    expect(wrongIn("site: nowhere.yaml\ntests: [{ name: a, lasts: 1s, expect: [no alarms] }]")).toEqual([
      expect.stringContaining("rules.yaml:1:7 site: there is no site file"),
    ]);
    expect(wrongIn("profile: ups/ietf-ups-mibb\ntests: [{ name: a, lasts: 1s, expect: [no alarms] }]")).toEqual([
      expect.stringContaining('there is no profile "ups/ietf-ups-mibb" (did you mean "ups/ietf-ups-mib"?)'),
    ]);
  });

  test("whose site is wrong is told so at the site file's own lines", () => {
    const site = { "broken.yaml": "version: 1\nsite: 3\n" };
    expect(wrongIn("site: broken.yaml\ntests: [{ name: a, lasts: 1s, expect: [no alarms] }]", site)[0]).toMatch(
      /^broken\.yaml:\d+:\d+/,
    );
  });

  test("is told what is wrong with a trace, at the trace's own line", () => {
    const text = one("    trace: t.csv\n    expect: [no alarms]");
    const trace = "time,point,value,quality\n0s,ups-a/ups.mode,online,good\n1s,ups-a/ups.mode,gone,good\n";
    expect(wrongIn(text, { "t.csv": trace })).toEqual(['t.csv:3:1: "gone" is no value of ups-a/ups.mode']);
    expect(wrongIn(text)).toEqual([expect.stringContaining("rules.yaml:4:12 tests.0.trace: there is no file")]);
  });

  test("in which nothing happens has to say until when", () => {
    expect(wrongIn(one("    expect: [no alarms]"))).toEqual([expect.stringContaining("nothing happens in it")]);
  });
});
