import { describe, expect, test } from "vitest";
import { valueOf } from "../../../simulators/device/recorded.ts";
import { parseRecording, recordingText } from "../../../simulators/device/recording.ts";

const parsed = (...lines: readonly string[]) => parseRecording(Buffer.from(lines.join("\n"), "latin1"));

/** The values of lines that all can be read, in the order of their objects. */
const values = (...lines: readonly string[]): readonly unknown[] => {
  const { lines: read, problems } = parsed(...lines);
  expect(problems).toEqual([]);
  return read.map((line) => valueOf(line).value);
};

describe("a recording", () => {
  test("may have its lines in any order, dots before them, comments and empty lines between them", () => {
    const { lines, problems } = parsed("1.3.6.10.0|2|3", "# of a device", ".1.3.6.9.0|2|2", "", "1.3.6.9|2|1\r");
    expect(lines.map(({ oid, text }) => [oid, text])).toEqual([
      ["1.3.6.9", "1"],
      ["1.3.6.9.0", "2"],
      ["1.3.6.10.0", "3"],
    ]);
    expect(problems).toEqual([]);
    expect(recordingText(lines).toString()).toBe("1.3.6.9|2|1\n1.3.6.9.0|2|2\n1.3.6.10.0|2|3\n");
  });

  test("says every type that SNMP has, texts in bytes, in hexadecimal and with escapes", () => {
    expect(values("1.3.1|2|-5", "1.3.2|65|4294967295", "1.3.3|66|7", "1.3.4|67|100")).toEqual([-5, 4294967295, 7, 100]);
    expect(values("1.3.1|4|a|b", "1.3.2|4x|00ff", "1.3.3|4e|\\x07\\t\\\\", "1.3.4|4|é")).toEqual([
      Buffer.from("a|b"),
      Buffer.from([0, 255]),
      Buffer.from([7, 9, 92]),
      Buffer.from([0xe9]),
    ]);
    expect(values("1.3.1|6|.1.3.6", "1.3.2|64|10.0.0.1", "1.3.3|64x|0a000002")).toEqual([
      "1.3.6",
      "10.0.0.1",
      "10.0.0.2",
    ]);
    expect(values("1.3.1|70|18446744073709551615")).toEqual([Buffer.alloc(8, 255)]);
  });

  test("keeps all its other lines where some are wrong, and says which and why", () => {
    const { lines, problems } = parsed(
      "1.3.6.1|2|1",
      "what is this",
      "x.y|2|1",
      "1.3.6.2|9|1",
      "1.3.6.3|2|1.5",
      "1.3.6.4|65|-1",
      "1.3.6.5|4x|abc",
      "1.3.6.6|4z|abc",
      "3.99.1|2|1",
      "1.3.6.1|2|2",
    );
    expect(lines.map(({ oid, text }) => `${oid} ${text}`)).toEqual(["1.3.6.1 2"]);
    expect(problems).toEqual([
      { line: 2, message: "not of the form oid|tag|value" },
      { line: 3, message: '"x.y" is no object identifier' },
      { line: 4, message: "tag 9 is of no type that SNMP has" },
      { line: 5, message: '"1.5" is no whole number' },
      { line: 6, message: "-1 is beyond what tag 65 carries" },
      { line: 7, message: '"abc" is no text in hexadecimal' },
      { line: 8, message: '"4z" is no tag' },
      { line: 9, message: '"3.99.1" is no object identifier' },
      { line: 10, message: "1.3.6.1 stands here again; this line holds" },
    ]);
  });

  test("gives what snmpsim would vary its plain value, and says so; where none stands, the line is refused", () => {
    const { lines, problems } = parsed(
      "1.3.1|2:numeric|min=10,max=20,initial=15.7,rate=3",
      "1.3.2|4:writecache|value=abc",
      "1.3.3|4x:delay|hexvalue=00ff,wait=100",
      "1.3.4|66:numeric|min=4,max=9",
      "1.3.5|2:error|op=get,status=genError",
      "1.3.6|2:notification|7",
    );
    expect(lines.map((line) => [line.oid, valueOf(line).value])).toEqual([
      ["1.3.1", 15],
      ["1.3.2", Buffer.from("abc")],
      ["1.3.3", Buffer.from([0, 255])],
      ["1.3.4", 4],
      ["1.3.6", 7],
    ]);
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: varied by "numeric"; taken as 15',
      '2: varied by "writecache"; taken as abc',
      '3: varied by "delay"; taken as 00ff',
      '4: varied by "numeric"; taken as 4',
      '5: varied by "error", and no plain value stands there',
      '6: varied by "notification"; taken as 7',
    ]);
  });
});
