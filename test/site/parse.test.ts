import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { ScanInput } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { pointId } from "../../src/core/reading.ts";
import { scan } from "../../src/core/scan.ts";
import { instant } from "../../src/core/time.ts";
import { formatProblem } from "../../src/profiles/index.ts";
import { loadSite, parseSite } from "../../src/site/index.ts";
import { changed, library, problemsAfter, problemsOf, siteAfter, siteText } from "./fixture.ts";

const demoFile = fileURLToPath(new URL("../../simulators/sites/demo.yaml", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "haechi-site-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the demo site", () => {
  const loaded = loadSite(demoFile, library());

  test("holds together", () => {
    expect("problems" in loaded ? loaded.problems.map(formatProblem) : []).toEqual([]);
  });

  test("has what its file says", () => {
    if (!("site" in loaded)) throw new Error("the demo site does not load");
    const { site } = loaded;
    expect(site.id).toBe("demo");
    expect(site.sites).toEqual(["demo", "anyang"]);
    expect(site.devices).toHaveLength(20);
    expect(site.model.power.loads).toHaveLength(14);
    expect(site.model.responses.map(({ id }) => id)).toContain("move-tier-0");
    expect(site.model.alarms.map(({ id }) => id)).toContain("hall-1-hot.HH");
    expect(site.pointInfo.get(pointId("io-battery", "offgas.state"))).toMatchObject({
      quantity: "offgas.state",
      states: ["normal", "alarm"],
      class: "remote-io",
      space: "battery-room",
    });
  });

  test("is a plant that the core can start and scan", () => {
    if (!("site" in loaded)) throw new Error("the demo site does not load");
    const plant = start(loaded.site.model, instant(0));
    const readings = [
      { point: pointId("asd-battery", "smoke.level"), at: instant(100), quality: "good", value: 4 } as const,
    ];
    const input: ScanInput = { at: instant(100), readings, requests: [], outcomes: [], leads: true };
    const { transitions } = scan(plant, input);
    expect(transitions.map(({ alarm, because }) => `${alarm}: ${because}`)).toContain(
      "battery-room-fire: asd-battery/smoke.level = fire2",
    );
  });
});

const mistaken = `version: 1
site: { id: here, name: { en: Here }, timezone: Asia/Soul, elsewhere: [there] }
spaces:
  hall: { kind: hal, name: { en: Hall } }
  vault: { kind: battery-room, name: { ko: 배터리실 } }
devices:
  ups-a: { profile: ups/eaton-xup, space: vault, snmp: { host: 10.0.0.1, version: 2c, community: public } }
  ups-b: { profile: ups/eaton-xups, space: volt, snmp: { host: 10.0.0.2, version: 3, user: x, level: authNoPriv, auth: { protocol: sha, key: hunter22 } } }
  bat-a: { profile: battery/sunspec-802-803, space: hall, modbus: { host: 10.0.0.3 }, periods: { safety: 30s } }
  bat-b: { profile: battery/sunspec-802-803, space: hall, modbus: { host: 10.0.0.3 }, fited: { n: 1 } }
  pdu-a: { profile: pdu/apc-rpdu2, space: hall, modbus: { host: 10.0.0.5 } }
  asd: { profile: fire/honeywell-faast-8100, space: hall, modbus: { host: 10.0.0.6 } }
power:
  mains: { kind: utility, ratedKw: 100 }
  row: { kind: pdu, ratedKw: 10, from: [main] }
loads:
  rack: { space: hall, ratedKw: 5, importance: important, feeds: [{ node: row }] }
services:
  login: { tier: 0, name: { en: Login }, loads: [rak], move: { url: "ftp://x/", secret: "\${env:S}" } }
alarms:
  fire: { title: { en: Fire }, priority: urgent, point: asd/smoke.level, at: [fire1], cause: c, consequence: d }
  smoke: { title: { en: Smoke }, priority: high, point: asd/smoke.level, at: [fire3], cause: c, consequence: d, response: e }
  deaf: { title: { en: Deaf }, priority: low, point: asd/smoke.level, stale: true, cause: c, consequence: d, response: e }
responses:
  move:
    title: { en: Move }
    when: [fire, deaf]
    ifBlind: perhaps
    mode: act
    after: 0s
    failover: { steps: [{ id: one, service: login, to: there, within: 90s, ifFailed: stop }] }
  shed:
    title: { en: Shed }
    when: [deaf, smok]
    ifBlind: hold
    mode: act
    after: 10 minutes
    shed: { relieve: [{ node: rows, toKw: 1 }], within: 1s, settle: 1s }
  late:
    title: { en: Late }
    when: [deaf, smok]
    ifBlind: hold
    mode: act
    after: 10min
    shed: { relieve: [{ node: rows, toKw: 1 }], within: 1s, settle: 1s }
gate:
  allow: [asd, pdu-a, login]
  armed: [moove]
serve: { port: 80800 }
`;

describe("a site file with many mistakes", () => {
  test("is told all of them at once, each at its line and column, in order", () => {
    expect(problemsOf(mistaken)).toMatchInlineSnapshot(`
      [
        "2:49 site.timezone: no time zone: write one like Asia/Seoul",
        "4:17 spaces.hall.kind: must be one of hall, battery-room, ups-room, switch-room, transformer-room, generator-yard, cooling-plant, network-room, control-room, corridor, other (did you mean "hall"?)",
        "5:38 spaces.vault.name: needs an English text (en)",
        "7:21 devices.ups-a.profile: there is no profile "ups/eaton-xup" (did you mean "ups/eaton-xups"?)",
        "8:142 devices.ups-b.snmp.auth.key: a secret does not stand in this file: write \${env:NAME} or \${file:/path}",
        "9:106 devices.bat-a.periods.safety: safety points are read every 1000 ms and may not be read more slowly",
        "10:87 devices.bat-b.fited: unknown key "fited" (did you mean "fitted"?)",
        "11:57 devices.pdu-a.modbus: it does not speak modbus, but snmp",
        "15:41 power.row.from.0: there is no node of the power tree "main" (did you mean "mains"?)",
        "17:48 loads.rack.importance: must be one of batch, redundant, normal, protected",
        "19:69 services.login.move.url: must be an http or https address without a password in it",
        "21:9 alarms.fire.response: missing: a text is needed",
        "21:42 alarms.fire.priority: must be one of critical, high, medium, low",
        "22:79 alarms.smoke.at.0: "fire3" is no state of asd/smoke.level: normal, alert, action, fire1, fire2 (did you mean "fire1"?)",
        "28:14 responses.move.ifBlind: must be one of act, hold",
        "37:12 responses.shed.after: "10 minutes" is no duration; write one like 800ms, 1s, 5min or 2h",
        "41:12 responses.late.when.0: deaf can be raised by silence alone (of asd): nothing is done to the plant because an instrument fails",
        "41:18 responses.late.when.1: there is no alarm "smok" (did you mean "smoke"?)",
        "43:11 responses.late.mode: "act" must be armed: name late in gate.armed, or let it advise",
        "45:31 responses.late.shed.relieve.0.node: there is no node of the power tree "rows" (did you mean "row"?)",
        "47:11 gate.allow.0: asd is fire equipment, which is read and never written to",
        "48:11 gate.armed.0: there is no response "moove" (did you mean "move"?)",
        "49:16 serve.port: must be at most 65535",
      ]
    `);
  });

  test("is told no secret that was written into it", () => {
    expect(problemsOf(mistaken).join("\n")).not.toContain("hunter22");
  });
});

describe("a site file", () => {
  test("gives the same site whenever it is read", () => {
    // Tests and factors of looked-up points are functions, which are no two times the same to toEqual.
    const whole = (site: unknown) => inspect(site, { depth: null, maxArrayLength: null, maxStringLength: null });
    expect(whole(siteAfter())).toBe(whole(siteAfter()));
  });

  test("that is no file is a problem", () => {
    const missing = join(folder, "missing.yaml");
    expect(loadSite(missing, library())).toEqual({
      problems: [{ file: missing, line: 1, column: 1, path: "", message: "cannot be read: ENOENT" }],
    });
    expect(loadSite(folder, library())).toMatchObject({ problems: [{ message: "cannot be read: EISDIR" }] });
  });

  test("of more than 2 MB is not parsed, from disk or from memory", () => {
    const large = `${siteText}#${"x".repeat(2 * 1024 * 1024)}`;
    writeFileSync(join(folder, "large.yaml"), large);
    expect(loadSite(join(folder, "large.yaml"), library())).toMatchObject({
      problems: [{ message: "is larger than 2 MB" }],
    });
    expect(problemsOf(large)).toEqual(["1:1: is larger than 2 MB"]);
  });

  test.each([
    ["that is empty", "", ["1:1: a map is needed"]],
    ["that is a list", "- site", ["1:1: a map is needed"]],
    ["that is one word", "site", ["1:1: a map is needed"]],
  ])("%s is told so", (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  test("with tabs is told where", () => {
    expect(problemsAfter(["  allow: [", "\tallow: ["])[0]).toBe("105:1: Tabs are not allowed as indentation");
  });

  test("with a key written twice is told where", () => {
    expect(problemsAfter(["version: 1\n", "version: 1\nversion: 1\n"])).toEqual(["2:1: Map keys must be unique"]);
  });

  test("with a second document in it is refused", () => {
    expect(problemsOf(`${siteText}---\nversion: 1\n`).join()).toMatch(/multiple documents/);
  });

  test("whose aliases multiply without end is refused", () => {
    const nine = (name: string): string => Array.from({ length: 9 }, () => `*${name}`).join(", ");
    const bomb = `a: &a [x, x]\nb: &b [${nine("a")}]\nc: &c [${nine("b")}]\nd: &d [${nine("c")}]\n`;
    expect(problemsOf(bomb).join()).toMatch(/alias/i);
  });

  test("whose brackets nest without end is refused, with few words", () => {
    const problems = problemsOf("[".repeat(100_000));
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(10);
  });

  test("may use an alias where it saves writing", () => {
    const text = changed(
      ["name: { en: Battery room }", "name: &room { en: Battery room }"],
      ["name: { en: Hall }", "name: *room"],
    );
    expect(problemsOf(text)).toEqual([]);
  });

  test("has no key that is passed over without a word", () => {
    expect(problemsAfter(["devices:\n", "devices:\n  __proto__: { profile: none }\n"])).toEqual([
      "8:3 devices.__proto__: no key is called __proto__",
    ]);
  });

  test("reads no and 012 as YAML 1.2 does: a word and a number", () => {
    const site = siteAfter(["name: { en: Hall }", "name: { en: no }"], ["tier: 0", "tier: 008"]);
    expect(site.spaces[1]?.name).toEqual({ en: "no" });
    expect(site.services[0]?.tier).toBe(8);
  });

  test("under a mistyped section is told of that, and not of all that misses the section", () => {
    expect(problemsAfter(["gate:", "gates:"])).toEqual(['104:1 gates: unknown key "gates" (did you mean "gate"?)']);
  });

  test("whose problems have no end is told of a thousand", () => {
    const refs = Array.from({ length: 1500 }, (_, i) => `lost-${i}`).join(", ");
    expect(problemsAfter(["suppressedBy: [fire]", `suppressedBy: [${refs}]`])).toHaveLength(1000);
  });
});

type Path = readonly (string | number)[];

/** Every key and every place in a list, all the way down. */
function pathsIn(value: unknown, above: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...above, key];
    return [path, ...pathsIn((value as Record<string | number, unknown>)[key], path)];
  });
}

/** A copy in which the place of a path is gone, or holds something else. */
function altered(value: unknown, path: Path, put?: { readonly value: unknown }): string {
  const copy = structuredClone(value);
  const last = path.at(-1) ?? "";
  let at = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  if (put) at[last] = put.value;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
  return stringify(copy);
}

/** A site or problems in words; anything else fails the test. */
function outcomeOf(text: string): "site" | "problems" {
  const loaded = parseSite("site.yaml", text, library());
  if ("site" in loaded) {
    start(loaded.site.model, instant(0));
    return "site";
  }
  expect(loaded.problems.length).toBeGreaterThan(0);
  for (const { line, column, message } of loaded.problems) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(message).not.toBe("");
  }
  return "problems";
}

describe("whatever is taken out of a site file or put into it", () => {
  const small: unknown = parse(siteText);

  test("each key of the small site may be left out: what follows is a site or problems", () => {
    const outcomes = pathsIn(small).map((path) => outcomeOf(altered(small, path)));
    expect(outcomes.filter((outcome) => outcome === "site").length).toBeGreaterThan(10);
    expect(outcomes.filter((outcome) => outcome === "problems").length).toBeGreaterThan(100);
  });

  test("any key of the demo site may be left out: what follows is a site or problems", () => {
    const demo: unknown = parse(readFileSync(demoFile, "utf8"));
    const paths = pathsIn(demo);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => void outcomeOf(altered(demo, path))),
      { numRuns: 60, seed: 20221015 },
    );
  });

  test("any value may stand anywhere: what follows is a site or problems", () => {
    const paths = pathsIn(small);
    const junk = fc.oneof(
      fc.constantFrom(
        null,
        true,
        0,
        -1,
        1e308,
        "",
        "fire",
        "a/b",
        "1s",
        "hall",
        [],
        {},
        [[]],
        { en: "x" },
        "__proto__",
      ),
      fc.string(),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => void outcomeOf(altered(small, path, { value }))),
      { numRuns: 200, seed: 20221015 },
    );
  });

  test("any text at all: what follows is a site or problems", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => void outcomeOf(text)),
      { numRuns: 200, seed: 20221015 },
    );
  });
});
