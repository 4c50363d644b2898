import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();

/** So many confirmed drills of the move of login, each of so many seconds. */
const drilled = (count: number, seconds: number): string =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      site: "demo",
      response: "move-tier-0",
      step: "login",
      seconds,
      at,
      by: "lead",
      isConfirmed: true,
    }),
  )
    .map((line) => `${line}\n`)
    .join("");

const told = (file: string): string => `1 step takes what it took in drills: ${file}\n`;

describe("what was measured in drills", { timeout: longMs }, () => {
  test("is when a zone is ready to be cut, and is said", async () => {
    const folder = folderWith({ "drills.ndjson": drilled(6, 200) });
    const file = join(folder, "drills.ndjson");
    const [plain, byFile, byState, json] = await Promise.all([
      haechi(["cut", demo, "ups-room"]),
      haechi(["cut", demo, "ups-room", "--drills", file]),
      haechi(["cut", demo, "ups-room", "--state", folder]),
      haechi(["cut", demo, "ups-room", "--drills", file, "--json"]),
    ]);
    expect(plain.stdout).toMatch(/\nlogin .* 00:45\n/);
    expect(plain.stdout).not.toContain("drills");
    expect(byFile.stdout).toMatch(/\nlogin .* 03:20\n/);
    expect(byFile.stdout).toMatch(/\nmessage .* 01:00\n/);
    expect(byFile.stdout).toContain(told(file));
    expect(byState).toEqual(byFile);
    const { services, measured } = JSON.parse(json.stdout) as { services: readonly object[]; measured: object };
    expect(services).toContainEqual(expect.objectContaining({ id: "login", readyInMs: 200_000 }));
    expect(measured).toMatchObject({ "move-tier-0/login": { drills: 6, p95: 200_000 } });
  });

  test("is what a plan is found by, in check and in plan failover alike", async () => {
    const file = join(folderWith({ "d.ndjson": drilled(6, 200) }), "d.ndjson");
    const [plain, check, plan] = await Promise.all([
      haechi(["check", demo, "--json"]),
      haechi(["check", demo, "--drills", file]),
      haechi(["plan", "failover", demo, "--drills", file]),
    ]);
    const { planFindings, measured } = JSON.parse(plain.stdout) as {
      planFindings: readonly object[];
      measured?: object;
    };
    expect(measured).toBeUndefined();
    expect(check.code).toBe(0);
    expect(planFindings).toEqual([]);
    expect(check.stdout).toContain("\n1 finding of plans: ");
    expect(check.stdout).toContain(told(file));
    expect(plan.stdout).toContain("impatient (move-tier-0): step login is given up after 90 s");
    expect(plan.stdout).toContain(told(file));
  });

  test("of outlets of a shed is how long it takes, and how fast their device is taken to write", async () => {
    const opened = (step: string, at: number, seconds: number): string =>
      `${JSON.stringify({ site: "demo", response: "spare-string-a", step, seconds, at, by: "lead", isConfirmed: true })}\n`;
    const day = 24 * 3600 * 1000;
    const lines = [1, 2, 3, 4, 5].map((n) => opened("r105@row-a1", n * day, 1.5) + opened("r107@row-a1", n * day, 3));
    const file = join(folderWith({ "d.ndjson": lines.join("") }), "d.ndjson");
    const [plain, plan, shed, json] = await Promise.all([
      haechi(["plan", "failover", demo, "spare-string-a"]),
      haechi(["plan", "failover", demo, "spare-string-a", "--drills", file]),
      haechi(["plan", "shed", demo, "ups-a", "14", "--within", "4s", "--drills", file]),
      haechi(["plan", "shed", demo, "ups-a", "14", "--within", "4s", "--drills", file, "--json"]),
    ]);
    const all = `outlets of 1 shed and writes to 1 device take what they took in drills: ${file}\n`;
    const pace = "a write to pdu-a1: measured in 5 drills, the last on 1970-01-06: p95 1.5 s; the file says nothing\n";
    expect(plain.stdout).toContain("takes is not said: all its time counts");
    expect(plain.stdout).not.toContain("measured");
    expect(plan.stdout).toContain("  an outlet: measured in 5 drills, the last on 1970-01-06: p95 3 s; ");
    expect(plan.stdout).toContain(`  ${pace}`);
    expect(plan.stdout).toContain(all);
    expect(plan.stdout).not.toContain("takes is not said");
    expect(shed.stdout).toContain(`${pace}${all}`);
    const { deeds, measuredWrites } = JSON.parse(json.stdout) as {
      readonly deeds: readonly { readonly opens: readonly string[] }[];
      readonly measuredWrites: object;
    };
    const opens = deeds.flatMap((deed) => deed.opens);
    // Four seconds at one and a half: no more than two writes of it are counted on.
    expect(opens.filter((outlet) => outlet.startsWith("pdu-a1/"))).toHaveLength(2);
    expect(opens.length).toBeGreaterThan(2);
    expect(measuredWrites).toEqual({
      "pdu-a1": { drills: 5, failed: 0, last: 5 * day, p95: 1500, isFew: false, said: null },
    });
  });

  test("is what nobody has said in the site file, so that an audit does not miss it", async () => {
    const text = readFileSync(demo, "utf8").replace("    moves: { p95: 45s }\n", "");
    const folder = folderWith({ "site.yaml": text, "d.ndjson": drilled(1, 30) });
    const [site, file] = [join(folder, "site.yaml"), join(folder, "d.ndjson")];
    const [plain, audited] = await Promise.all([
      haechi(["audit", site, "--json"]),
      haechi(["audit", site, "--drills", file, "--json"]),
    ]);
    const findingsOf = ({ stdout }: { readonly stdout: string }) =>
      (JSON.parse(stdout) as { findings: readonly { readonly what: string }[] }).findings.map(({ what }) => what);
    const missed = findingsOf(plain).filter((what) => !findingsOf(audited).includes(what));
    expect(missed).toEqual([expect.stringContaining("how long")]);
    expect(findingsOf(audited)).toHaveLength(findingsOf(plain).length - 1);
    expect(JSON.parse(audited.stdout)).toMatchObject({ measured: { "move-tier-0/login": { isFew: true } } });
  });

  test("of another site, or nothing at all, leaves the file's word, and says so", async () => {
    const other = drilled(6, 200).replaceAll('"demo"', '"other"');
    const file = join(folderWith({ "d.ndjson": other }), "d.ndjson");
    for (const named of [file, join(folderWith(), "none.ndjson")]) {
      const { code, stdout } = await haechi(["cut", demo, "ups-room", "--drills", named]);
      expect(code).toBe(0);
      expect(stdout).toContain(`no drill in ${named} has confirmed a step of this site\n`);
      expect(stdout).toMatch(/\nlogin .* 00:45\n/);
    }
  });

  test.each([
    ["check", [demo]],
    ["audit", [demo]],
    ["cut", [demo, "ups-room"]],
    ["plan", ["failover", demo]],
  ])("that is no such thing is refused by %s with its line", async (command, words) => {
    const file = join(folderWith({ "d.ndjson": `${drilled(1, 30)}{"site":"demo"}\n` }), "d.ndjson");
    const { code, stderr } = await haechi([command, ...words, "--drills", file]);
    expect(code).toBe(78);
    expect(stderr).toContain(`${file}:2:1: response: `);
  });

  test.each(["audit", "cut"])(
    "is not asked of a running service by %s, which goes by its own file",
    async (command) => {
      const words = command === "cut" ? [demo, "ups-room"] : [demo];
      const asked = await haechi([command, ...words, "--drills", "d.ndjson", "--url", "http://127.0.0.1:1"]);
      expect(asked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("without --url") });
    },
  );
});
