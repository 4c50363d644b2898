import { describe, expect, it } from "vitest";
import { bindDevice, formatProblem, parseProfile } from "../../src/profiles/index.ts";
import { profileOf } from "./fixtures.ts";

const FILE = "devices/remote-io/test.yaml";
const textOf = (points: string): string => `profile: remote-io/test
class: remote-io
name: Test
source: a test
evidence: B
scan: { safety: 1s, fast: 2s, normal: 60s, slow: 60s }
points:
${points}`;

const problemsOf = (points: string): readonly string[] => {
  const parsed = parseProfile(FILE, textOf(points));
  return "problems" in parsed ? parsed.problems.map((one) => formatProblem(one).replace(`${FILE}:`, "")) : [];
};
const ambient = (mqtt: string): string => `  temperature.ambient: { unit: Cel, scan: normal, mqtt: { ${mqtt} } }\n`;
const contacts = (mqtt: string): string =>
  `  "contact[n].state": { scan: safety, repeat: { n: { from: 1, to: 2 } }, mqtt: { ${mqtt}, map: { 0: open, 1: closed } } }\n`;

describe("a point that is published", () => {
  it("stands in the JSON under a topic, or is that JSON", () => {
    const [first] = bindDevice(
      profileOf(textOf(ambient('topic: "{device}/t", path: "a.b[0]", at: ts, scale: 0.1')), FILE),
    ).points;
    expect(first).toMatchObject({
      at: { protocol: "mqtt", form: "json", topic: "{device}/t", path: "a.b[0]", at: "ts" },
      scale: 0.1,
      period: 60_000,
    });
    const [bare] = bindDevice(profileOf(textOf(ambient("topic: t")), FILE)).points;
    expect(bare?.at).toEqual({ protocol: "mqtt", form: "json", topic: "t", path: "", at: null });
  });

  it("is a metric of Sparkplug B", () => {
    const [first] = bindDevice(profileOf(textOf(ambient('metric: "Temperature/Supply"')), FILE)).points;
    expect(first?.at).toEqual({ protocol: "mqtt", form: "sparkplug", metric: "Temperature/Supply" });
  });

  it("is there once for every instance, in its topic, its path or its metric", () => {
    const placesOf = (mqtt: string) =>
      bindDevice(profileOf(textOf(contacts(mqtt)), FILE)).points.map(({ name, at }) => [name, at]);
    expect(placesOf('topic: "in/{n}", path: on')).toMatchObject([
      ["contact[1].state", { topic: "in/1", path: "on" }],
      ["contact[2].state", { topic: "in/2", path: "on" }],
    ]);
    expect(placesOf('topic: in, path: "x[{n}]"')).toMatchObject([
      ["contact[1].state", { path: "x[1]" }],
      ["contact[2].state", { path: "x[2]" }],
    ]);
    expect(placesOf('metric: "In/{n}"')).toMatchObject([
      ["contact[1].state", { metric: "In/1" }],
      ["contact[2].state", { metric: "In/2" }],
    ]);
  });

  it("says a state in words", () => {
    const { points } = bindDevice(
      profileOf(
        textOf('  "contact[1].state": { scan: safety, mqtt: { topic: t, texts: { OPEN: open, shut: closed } } }\n'),
        FILE,
      ),
    );
    expect(points[0]?.texts).toEqual(
      new Map([
        ["open", 0],
        ["shut", 1],
      ]),
    );
  });

  it.each([
    [
      ambient("path: a"),
      ["8:57 points.temperature.ambient.mqtt: needs either a topic, for JSON, or a metric, for Sparkplug B"],
    ],
    [
      ambient("topic: t, metric: m, path: a"),
      [
        "8:57 points.temperature.ambient.mqtt: needs either a topic, for JSON, or a metric, for Sparkplug B",
        "8:57 points.temperature.ambient.mqtt: a metric has no path and says itself of what time it is",
      ],
    ],
    [ambient('topic: "a/+/b"'), ["8:66 points.temperature.ambient.mqtt.topic: a topic has no spaces and no wildcards"]],
    [
      ambient('topic: t, path: "a..b"'),
      ["8:75 points.temperature.ambient.mqtt.path: a place in a body is written em.phases[0].power"],
    ],
    [ambient('topic: "t/{n}"'), ["8:57 points.temperature.ambient.mqtt: {n} stands for nothing here"]],
    [ambient('metric: "{device}/x"'), ["8:57 points.temperature.ambient.mqtt: {device} stands in a topic only"]],
    [contacts("topic: t"), ["8:80 points.contact[n].state.mqtt: must hold its instance: {n}"]],
    [
      '  "contact[1].state": { scan: safety, mqtt: { topic: t } }\n',
      ["8:45 points.contact[1].state.mqtt: a state needs a map of raw values to open, closed"],
    ],
    [
      `${ambient("topic: t")}  "contact[1].state": { scan: safety, mqtt: { metric: m, map: { 0: open } } }\n`,
      ['9:45 points.contact[1].state.mqtt: is Sparkplug B, and "temperature.ambient" is JSON'],
    ],
    [
      '  "contact[n].state": { scan: safety, repeat: { n: walk }, mqtt: { topic: "t/{n}", map: { 0: open } } }\n',
      ["8:52 points.contact[n].state.repeat.n: only an SNMP table can be walked"],
    ],
    [ambient("topc: t"), ['8:59 points.temperature.ambient.mqtt.topc: unknown key "topc" (did you mean "topic"?)']],
  ])("is refused as %s", (points, expected) => {
    expect(problemsOf(points)).toEqual(expected);
  });
});
