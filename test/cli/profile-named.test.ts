import { expect, test } from "vitest";
import { profileNamed } from "../../src/cli/profile-named.ts";
import { parseProfile } from "../../src/profiles/index.ts";
import { pduText, profileOf } from "../profiles/fixtures.ts";

const broken = parseProfile(
  "devices/pdu/broken.yaml",
  pduText({ head: "scann: 1\n" }).replace("pdu/test", "pdu/broken"),
);
const library = {
  profiles: new Map([["pdu/test", profileOf(pduText())]]),
  problems: "problems" in broken ? broken.problems : [],
};

test("a profile is found by its id", () => expect(profileNamed(library, "pdu/test").name).toBe("Test PDU"));

test("of a profile whose file is wrong everything wrong is said, by line and column", () =>
  expect(() => profileNamed(library, "pdu/broken")).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^devices\/pdu\/broken\.yaml:7:1 .*scann/) as unknown,
      code: 78,
    }),
  ));

test("of a profile that is not there the nearest is said", () =>
  expect(() => profileNamed(library, "pdu/tset")).toThrow('did you mean "pdu/test"?'));
