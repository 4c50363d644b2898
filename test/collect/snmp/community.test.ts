import { describe, expect, test } from "vitest";
import { Malformed } from "../../../src/collect/snmp/ber.ts";
import { CommunityWrapping, numberIn } from "../../../src/collect/snmp/community.ts";
import { getQuestion } from "../../../src/collect/snmp/pdu.ts";
import { UsmWrapping } from "../../../src/collect/snmp/usm.ts";
import { answer, OID, parse, USER } from "./fixture.ts";

const NUMBER = 0x7654_3210;
const question = getQuestion([OID]);

describe("messages with a community", () => {
  test.each([
    ["1", 0],
    ["2c", 1],
  ] as const)("of version %s say so, and bear the community", (version, code) => {
    const wrapping = new CommunityWrapping(version, "geheim");
    const get = parse(Buffer.from(wrapping.wrap(question, NUMBER)));
    expect([get.version, get.community.toString()]).toEqual([code, "geheim"]);
    expect(wrapping.unwrap(answer(get, [1]))).toMatchObject({ end: answer(get, [1]).length });
  });

  test.each([
    ["another version", { version: 0 }],
    ["another community", { community: Buffer.from("Public") }],
    ["no community", { community: Buffer.alloc(0) }],
    ["a longer community", { community: Buffer.from("public1") }],
  ])("are refused with %s", (_, over) => {
    const wrapping = new CommunityWrapping("2c", "public");
    const get = parse(Buffer.from(wrapping.wrap(question, NUMBER)));
    expect(() => wrapping.unwrap(answer({ ...get, ...over }, [1]))).toThrow(Malformed);
  });

  test("are refused with anything behind them", () => {
    const wrapping = new CommunityWrapping("2c", "public");
    const good = answer(parse(Buffer.from(wrapping.wrap(question, NUMBER))), [1]);
    expect(() => wrapping.unwrap(Buffer.concat([good, Buffer.of(0)]))).toThrow(Malformed);
  });
});

describe("the number of a request", () => {
  test("is found in messages of every version", () => {
    for (const wrapping of [
      new CommunityWrapping("1", "public"),
      new CommunityWrapping("2c", ""),
      new UsmWrapping(USER),
    ]) {
      expect(numberIn(Buffer.from(wrapping.wrap(question, NUMBER)))).toBe(NUMBER);
    }
  });

  test.each(["", "30", "3000", "3003020101", "30820000", "ff".repeat(100), "300a0201010400a20302ff01"])(
    "is not found in %j, which ends nothing",
    (hex) => {
      expect(numberIn(Buffer.from(hex, "hex"))).toBeNull();
    },
  );
});
