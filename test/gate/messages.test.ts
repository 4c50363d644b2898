import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCutter, parseRequest } from "../../src/gate/messages.ts";
import { command } from "./fixture.ts";

const asLine = (value: unknown): string => JSON.stringify(value);

describe("a line to the gate", () => {
  it("is a command with its token, arming, disarming, or a question", () => {
    const sent = { kind: "command", command: command(), token: 3 };
    expect(parseRequest(asLine(sent))).toEqual(sent);
    const disarm = { kind: "disarm", response: "shed", by: "operator", why: "electricians" };
    expect(parseRequest(asLine(disarm))).toEqual(disarm);
    const arm = { kind: "arm", response: "shed", by: "operator", why: "a drill", forMs: 60_000 };
    expect(parseRequest(asLine(arm))).toEqual(arm);
    const maintenance = { kind: "maintenance", by: "operator", why: "a new PDU", forMs: 0 };
    expect(parseRequest(asLine(maintenance))).toEqual(maintenance);
    const yes = { kind: "yes", what: "shed", by: "operator", why: "agreed with the shift lead" };
    expect(parseRequest(asLine(yes))).toEqual(yes);
    expect(parseRequest('{"kind":"state"}')).toEqual({ kind: "state" });
  });

  it.each([
    ["no JSON", "{", /not JSON/],
    ["nothing", "", /not JSON/],
    ["an unknown kind", '{"kind":"open"}', /^kind:/],
    ["a command without a token", asLine({ kind: "command", command: command() }), /^token:/],
    ["a negative token", asLine({ kind: "command", command: command(), token: -1 }), /^token:/],
    ["a point without a device", asLine({ kind: "command", command: command({ point: "outlet" }), token: 1 }), /point/],
    ["a field that nobody knows", asLine({ kind: "state", force: true }), /force/],
    [
      "an id that no header could carry",
      asLine({ kind: "command", command: command({ id: "a\r\nb" }), token: 1 }),
      /id/,
    ],
    [
      "a value that is not a number",
      asLine({ kind: "command", command: { ...command(), value: null }, token: 1 }),
      /value/,
    ],
  ])("that holds %s is answered with what is wrong", (_, line, what) => {
    expect(parseRequest(line)).toEqual({ kind: "error", error: expect.stringMatching(what), ...idIn(line) });
  });

  it("never throws, whatever it holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(["command", "arm", "disarm", "state", "error"]).toContain(parseRequest(line).kind);
      }),
    );
  });
});

function idIn(line: string): { command?: string } {
  const id = /"id":("[^"]*")/.exec(line)?.[1];
  return id === undefined ? {} : { command: JSON.parse(id) as string };
}

describe("a stream cut into lines", () => {
  const cut = (max: number, chunks: readonly Buffer[]): (string | null)[] => {
    const lines: (string | null)[] = [];
    const feed = lineCutter(max, (line) => lines.push(line));
    for (const chunk of chunks) feed(chunk);
    return lines;
  };

  it("gives the same lines however the bytes come", () => {
    const text = fc.array(
      fc.string({ unit: "grapheme" }).map((line) => line.replaceAll("\n", "")),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (lines, sizes) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const size = sizes[i % sizes.length]!;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(cut(10_000, chunks)).toEqual(lines);
      }),
    );
  });

  it("drops a line that is too long, whole, and gives the next one", () => {
    const chunks = ["12345", "6789", "0\nok\n"].map((text) => Buffer.from(text));
    expect(cut(8, chunks)).toEqual([null, "ok"]);
    expect(cut(8, [Buffer.from("12345678\n123456789\n\n")])).toEqual(["12345678", null, ""]);
  });
});
