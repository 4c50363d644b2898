import { describe, expect, test } from "vitest";
import { Malformed, Reader } from "../../../src/collect/snmp/ber.ts";
import { CommunityWrapping } from "../../../src/collect/snmp/community.ts";
import {
  behindQuestion,
  getQuestion,
  idAfter,
  NotAsked,
  type Question,
  readAnswer,
} from "../../../src/collect/snmp/pdu.ts";
import { answer, GETBULK, GETNEXT, OID, parse } from "./fixture.ts";

const NUMBER = 0x0123_4567;
const wrapping = new CommunityWrapping("2c", "public");
const ask = (question: Question) => parse(Buffer.from(wrapping.wrap(question, NUMBER)));
const oids = [`${OID}.1`, `${OID}.2`];

/** The answer that a datagram has for a question. */
function read(datagram: Buffer, question: Question) {
  const unwrapped = wrapping.unwrap(datagram);
  if (unwrapped === "again" || unwrapped instanceof Error) throw new Error("no answer");
  return readAnswer(unwrapped.reader, unwrapped.end, question);
}

describe("a question", () => {
  test("asks for its objects, under the number that it is given", () => {
    const get = ask(getQuestion(oids));
    expect(get).toMatchObject({ type: 0xa0, oids, version: 1 });
    expect(get.id.toString("hex")).toBe("01234567");
    expect(get.community.toString()).toBe("public");
  });

  test("for what stands behind an object is a GETBULK, or a GETNEXT where one object is enough", () => {
    expect(ask(behindQuestion(OID, 25))).toMatchObject({ type: GETBULK, rows: 25, oids: [OID] });
    expect(ask(behindQuestion(OID, 1))).toMatchObject({ type: GETNEXT, rows: 0, oids: [OID] });
  });

  test("is numbered in four bytes, whatever came before", () => {
    expect(idAfter(0)).toBe(0x100_0000);
    expect(idAfter(0x100_0000)).toBe(0x100_0001);
    expect(idAfter(0x7fff_ffff)).toBe(0x100_0000);
  });
});

describe("an answer", () => {
  const question = getQuestion(oids);
  const get = ask(question);

  test("has the values in the order of the question", () => {
    const values = [
      { type: 2, value: 5 },
      { type: 2, value: 6 },
    ];
    expect(read(answer(get, [5, 6]), question)).toEqual({ id: NUMBER, status: 0, spoiler: null, varbinds: values });
  });

  test("may be an error for one of the objects, or for none that it names", () => {
    expect(read(answer(get, [], { status: 2, index: 2 }), question)).toMatchObject({ status: 2, spoiler: 1 });
    for (const index of [0, 3]) {
      expect(read(answer(get, [], { status: 5, index }), question)).toMatchObject({ status: 5, spoiler: null });
    }
    expect(read(answer(get, [], { status: 1, oids: [] }), question)).toMatchObject({ status: 1, varbinds: [] });
  });

  test.each<[string, readonly string[]]>([
    ["fewer objects", oids.slice(1)],
    ["more objects", [...oids, `${OID}.3`]],
    ["other objects", [`${OID}.1`, `${OID}.9`]],
    ["the objects in another order", oids.toReversed()],
    ["an object that only begins alike", [`${OID}.1.0`, `${OID}.2`]],
    ["nothing", []],
  ])("for %s is to another question", (_, other) => {
    expect(() => read(answer(get, [1, 2, 3], { oids: other }), question)).toThrow(NotAsked);
  });

  test("to a GETBULK has whatever stands there, but not more of it than was asked for", () => {
    const behind = behindQuestion(OID, 2);
    const asked = ask(behind);
    expect(read(answer(asked, [1, 2], { oids }), behind).varbinds).toEqual([
      { oid: oids[0], type: 2, value: 1 },
      { oid: oids[1], type: 2, value: 2 },
    ]);
    expect(read(answer(asked, [], { oids: [] }), behind).varbinds).toEqual([]);
    expect(() => read(answer(asked, [1, 2, 3], { oids: [...oids, `${OID}.3`] }), behind)).toThrow(NotAsked);
  });

  test.each([0xa0, 0xa5, 0xa7, 0xa8])("is not a unit of type %i", (type) => {
    expect(() => read(answer(get, [5, 6], { type }), question)).toThrow(Malformed);
  });

  test("has no error status that there is not", () => {
    expect(() => read(answer(get, [], { status: 19 }), question)).toThrow(Malformed);
  });

  test("is refused wherever it is cut off", () => {
    const whole = answer(get, [5, 6]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => read(whole.subarray(0, length), question)).toThrow(Malformed);
    }
  });

  test("is refused where its unit does not fill it", () => {
    const bytes = Buffer.from("a20e0204012345670201000201003000aa", "hex");
    const unit = Buffer.concat([Buffer.of(0xa2, 0x0f), bytes.subarray(2)]);
    expect(() => readAnswer(new Reader(unit), unit.length, getQuestion([]))).toThrow(Malformed);
  });
});
