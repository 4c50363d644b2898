import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

const good = readFileSync(demoSiteFile(), "utf8");

/** What is written, what is written in its place, and what of that is wrong. */
const mistakes: readonly (readonly [is: string, becomes: string, wrong: string])[] = [
  ["kind: generator-yard", "kind: generator-yad", "generator-yad"],
  ["profile: generator/dse-gencomm", "profile: generator/dse-gencom", "generator/dse-gencom"],
  ["kind: ats, space: switch-room", "kind: ats, space: switch-rom", "switch-rom"],
  ["from: [utility, gen]", "from: [utility, gem]", "gem"],
  ["importance: protected", "importance: protectd", "protectd"],
  ["loads: [r103, r104]", "loads: [r103, r1004]", "r1004"],
  ["point: io-battery/offgas.state", "point: io-battery/offgas.stat", "io-battery/offgas.stat"],
  ["when: [generator-not-carrying]", "when: [generator-not-caring]", "generator-not-caring"],
  ["service: pay, to: anyang", "service: pay, to: anyong", "anyong"],
  ["armed: [move-tier-0", "armed: [move-tier-zero, move-tier-0", "move-tier-zero"],
];

/** Where the wrong word stands in the file, as "line:column". */
function placeOf(text: string, becomes: string, wrong: string): string {
  const before = text.slice(0, text.indexOf(becomes) + becomes.indexOf(wrong)).split("\n");
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function mistaken(): string {
  const text = mistakes.reduce((whole, [is, becomes]) => whole.replace(is, becomes), good);
  expect(mistakes.filter(([, becomes]) => !text.includes(becomes))).toEqual([]);
  return text;
}

describe("haechi check", () => {
  test("says what is in a good site file", async () => {
    const [ended, json] = await Promise.all([
      haechi(["check", demoSiteFile()]),
      haechi(["check", demoSiteFile(), "--json"]),
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/good\. 20 devices, \d+ points, 48 alarms, 8 responses/);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, site: "demo", devices: 20, alarms: 48, responses: 8 });
  });

  test("advises on what two polls outlast, and calls the file good all the same", async () => {
    const text = good.replace("onDelay: 5s", "onDelay: 1s");
    const file = join(folderWith({ "site.yaml": text }), "site.yaml");
    const [ended, json] = await Promise.all([haechi(["check", file]), haechi(["check", file, "--json"])]);
    const said = "1 s is shorter than two polls of ups-a/ups.mode (2 x 1 s): a reading or two raise it";
    const place = `${file}:${placeOf(text, "onDelay: 1s", "1s")} alarms.ups-a-on-battery.onDelay`;
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain(`advice: ${place}: ${said}\n`);
    expect(ended.stdout).toMatch(/good\. 20 devices/);
    expect(json.code).toBe(0);
    const { ok, advice } = JSON.parse(json.stdout) as { ok: boolean; advice: { path: string; message: string }[] };
    expect(ok).toBe(true);
    expect(advice).toContainEqual(expect.objectContaining({ path: "alarms.ups-a-on-battery.onDelay", message: said }));
  });

  test("says all ten mistakes of a file at once, each with its line and column", async () => {
    const text = mistaken();
    const file = join(folderWith({ "site.yaml": text }), "site.yaml");
    const [ended, json] = await Promise.all([haechi(["check", file]), haechi(["check", file, "--json"])]);
    expect(ended).toMatchObject({ code: 78, stdout: "" });
    const places = ended.stderr.split("\n").flatMap((line) => line.match(/^\S+site\.yaml:(\d+:\d+) /)?.[1] ?? []);
    expect(places.toSorted()).toEqual(mistakes.map(([, becomes, wrong]) => placeOf(text, becomes, wrong)).toSorted());
    expect(ended.stderr).toMatch(/\n10 problems; nothing was opened\n$/);
    expect(ended.stderr).toContain('(did you mean "generator/dse-gencomm"?)');
    expect(json.code).toBe(78);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: { length: 10 } });
  });

  test("and haechi run refuse the same file with the same words, and open nothing", async () => {
    const folder = folderWith({ "site.yaml": mistaken() });
    const file = join(folder, "site.yaml");
    const [checked, run] = await Promise.all([
      haechi(["check", file]),
      haechi(["run", file, "--state", join(folder, "state"), "--port", "0"]),
    ]);
    expect(run).toMatchObject({ code: 78, stdout: "", stderr: checked.stderr });
    expect(() => readFileSync(join(folder, "state"))).toThrow("ENOENT");
  });

  test("says of a file that is not there that it cannot be read", async () => {
    const ended = await haechi(["check", "/nowhere/site.yaml"]);
    expect(ended.code).toBe(78);
    expect(ended.stderr).toBe("/nowhere/site.yaml:1:1: cannot be read: ENOENT\n1 problem; nothing was opened\n");
  });
});
