import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCompiled } from "../../src/profiles/compiled.ts";
import { formatProblem, loadLibrary } from "../../src/profiles/index.ts";
import { pduText } from "./fixtures.ts";

describe("a library of profiles", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "haechi-library-"));
    mkdirSync(join(dir, "pdu"));
    writeFileSync(join(dir, "pdu", "test.yaml"), pduText());
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("finds profiles by where they lie and nothing else", () => {
    writeFileSync(join(dir, "pdu", "notes.md"), "not a profile");
    const { profiles, problems } = loadLibrary(dir);
    expect([[...profiles.keys()], problems]).toEqual([["pdu/test"], []]);
  });

  it("loads the others where one is broken, and says what is wrong with that one", () => {
    writeFileSync(join(dir, "pdu", "broken.yaml"), "profile: [\n");
    const { profiles, problems } = loadLibrary(dir);
    expect([...profiles.keys()]).toEqual(["pdu/test"]);
    expect(problems.map(formatProblem)[0]).toMatch(/^devices\/pdu\/broken\.yaml:\d+:\d+: /);
  });

  it("that is not there is an error", () => expect(() => loadLibrary(join(dir, "none"))).toThrow());

  it("comes with the package", () => expect(loadLibrary().profiles.size).toBeGreaterThanOrEqual(49));

  it("is, as the build compiled it, what its files say", () => {
    const compiled = readCompiled("dist/devices.json");
    const read = loadLibrary("devices");
    expect(read.problems).toEqual([]);
    expect(Object.values(compiled).map(({ profile }) => profile)).toEqual([...read.profiles.values()]);
    for (const [file, { text }] of Object.entries(compiled)) {
      expect(text, file).toBe(readFileSync(join("devices", file), "utf8"));
    }
  });

  it("is read from its files where there was no build, or a build that cannot be read", () => {
    expect(readCompiled(join(dir, "none.json"))).toEqual({});
    writeFileSync(join(dir, "half.json"), '{"pdu/test.yaml": {"text"');
    expect(readCompiled(join(dir, "half.json"))).toEqual({});
  });
});
