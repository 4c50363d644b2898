import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeWith } from "../setup/available.ts";

const program = fileURLToPath(new URL("../../dist/test/conformance/snmp.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function conform(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

const ups = "1.3.6.1.2.1.33.1";
/** A UPS as RFC 1628 has it. Out of order, with a leading dot and a line that is none, as recordings are. */
const recording = `${ups}.2.4.0|2|87
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1
.1.3.6.1.2.1.1.1.0|4x|55505331
${ups}.1.1.0|4|Somebody
${ups}.1.2.0|4|Something
this is no line of a recording
${ups}.2.1.0|2|2
${ups}.2.3.0|2|30
${ups}.2.5.0|2|2405
${ups}.4.1.0|2|3
${ups}.4.2.0|2|500
${ups}.3.3.1.2.1|2|500
`;

interface Expected {
  readonly oid: string;
  readonly class: string;
  readonly unit: string;
  readonly value: number;
  readonly label: string;
}
const expected = (oid: string, unit: string, value: number): Expected => ({
  oid,
  class: unit === "enum" ? "state" : "value",
  unit,
  value,
  label: oid,
});
const right: readonly Expected[] = [
  expected(`${ups}.2.4.0`, "%", 87),
  expected(`${ups}.2.3.0`, "min", 30),
  expected(`${ups}.2.5.0`, "V", 240.5),
  expected(`${ups}.2.1.0`, "enum", 2),
  expected(`.${ups}.4.1.0`, "enum", 3),
];

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), "haechi-conformance-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  return dir;
}

/** The last line, which scripts read. */
const figuresIn = ({ out }: Ended): Readonly<Record<string, number>> => {
  const last = JSON.parse(out.trimEnd().split("\n").at(-1)!) as { area: string; figures: Record<string, number> };
  expect(last.area).toBe("conformance-snmp");
  return last.figures;
};

function suite(server: readonly string[]): void {
  test("a device that means what it is known to mean passes", async () => {
    const dir = folderWith({ "one.snmprec": recording, "one.expected.json": right, "lonely.snmprec": recording });
    const ended = await conform(dir, ...server);
    expect(figuresIn(ended)).toMatchObject({ right_percent: 100, wrong_but_good: 0, recordings: 1, expected: 5 });
    expect(ended.out).toMatch(/^one +5 +0 +0 +0 +0 +5 +ups\/ietf-ups-mib$/m);
    expect(ended.err).toContain("one.snmprec:6: not of the form oid|tag|value");
    expect(ended.code).toBe(0);
  });

  test("a wrong value that is called good fails the run, and is told with both values", async () => {
    const wrong = [...right, expected(`${ups}.4.2.0`, "Hz", 60)];
    const ended = await conform(folderWith({ "one.snmprec": recording, "one.expected.json": wrong }), ...server);
    expect(figuresIn(ended)).toMatchObject({ right_percent: 83.33, wrong_but_good: 1 });
    expect(ended.out).toContain(`one  ${ups}.4.2.0  value  wrong: 50 Hz is not the 60 Hz expected`);
    expect(ended.code).toBe(1);
  });

  test("what is disputed counts for nothing, but for an object that is not read", async () => {
    const files = {
      "one.snmprec": recording,
      "one.expected.json": [...right, expected(`${ups}.4.2.0`, "Hz", 5), expected(`${ups}.9.99.0`, "V", 1)],
      "disputed.yaml": `- { oid: ${ups}.4.2, value: 5, reason: counted in tenths }\n- { oid: ${ups}.9, reason: no }\n`,
    };
    const dir = folderWith(files);
    const ended = await conform(dir, ...server, "--disputed", join(dir, "disputed.yaml"), "--json", join(dir, "out"));
    expect(figuresIn(ended)).toMatchObject({ right_percent: 83.33, wrong_but_good: 0, disputed: 1, expected: 6 });
    expect(ended.out).toMatch(/disputed: 50 Hz is not the 5 Hz expected .*; counted in tenths/);
    expect(ended.out).toContain(`${ups}.9.99.0  value  missing: oid not in ups/ietf-ups-mib`);
    expect(ended.code).toBe(1);
    const { outcomes } = JSON.parse(readFileSync(join(dir, "out"), "utf8")) as { outcomes: { verdicts: object[] }[] };
    expect(outcomes[0]?.verdicts).toHaveLength(7);
  });

  test.each([
    [4, 1],
    [5, 0],
  ])("what is disputed above %i counts as wrong up to it: 5 Hz are disputed %i times", async (above, disputed) => {
    const files = {
      "one.snmprec": recording,
      "one.expected.json": [...right, expected(`${ups}.4.2.0`, "Hz", 5)],
      "disputed.yaml": `- { oid: ${ups}.4.2, above: ${above}, reason: counted in tenths }\n`,
    };
    const dir = folderWith(files);
    const ended = await conform(dir, ...server, "--disputed", join(dir, "disputed.yaml"));
    expect(figuresIn(ended)).toMatchObject({ wrong_but_good: 1 - disputed, disputed });
  });

  test("an unknown device is missing as a whole and holds up no other", async () => {
    const files = {
      "a-stranger.snmprec": "1.3.6.1.2.1.1.1.0|4|nobody knows\n1.3.6.1.4.1.99999.2.0|2|7\n",
      "a-stranger.expected.json": [expected("1.3.6.1.4.1.99999.2.0", "V", 7)],
      "b-ups.snmprec": recording,
      "b-ups.expected.json": right,
    };
    const ended = await conform(folderWith(files), ...server);
    expect(figuresIn(ended)).toMatchObject({ right_percent: 83.33, wrong_but_good: 0, recordings: 2, expected: 6 });
    expect(ended.out).toMatch(/^a-stranger +all 1 missing: .*fits no profile/m);
    const only = await conform(folderWith(files), ...server, "--only", "b-ups");
    expect([only.code, figuresIn(only)["recordings"]]).toEqual([0, 1]);
  });
}

describeWith("snmpsimd", "the SNMP profiles held against recordings that snmpsimd serves", () => suite([]));

describe("the SNMP profiles held against recordings that our own simulator serves", () => suite(["--own"]));

describe("a conformance run that cannot be", () => {
  test("says what is wrong with its files and ends with 2 or 78", async () => {
    const dir = folderWith({ "one.snmprec": recording, "one.expected.json": [{ oid: 5 }], "d.yaml": "- { oid: x }" });
    const [none, broken, disputed] = await Promise.all([
      conform(join(dir, "nothing")),
      conform(dir, "--own"),
      conform(dir, "--own", "--disputed", join(dir, "d.yaml")),
    ]);
    expect([none.code, broken.code, disputed.code]).toEqual([2, 2, 78]);
    expect(none.err).toContain("there is no folder");
    expect(broken.err).toContain("one.expected.json");
    expect(disputed.err).toMatch(/d\.yaml:1:\d+ .*not an object identifier/);
  });
});
