import { describe, expect, test } from "vitest";
import { Malformed, Reader } from "../../../src/collect/snmp/ber.ts";
import { getQuestion } from "../../../src/collect/snmp/pdu.ts";
import { fateOf, reportIn } from "../../../src/collect/snmp/reports.ts";
import { USER } from "./fixture.ts";

/** The report about a counter: a question's unit with another tag is one. */
function reported(counter: string, tag = 0xa8): string {
  const pdu = Buffer.from(getQuestion([counter]).pdu);
  pdu[0] = tag;
  return reportIn(new Reader(pdu), pdu.length);
}

const fate = (place: number) => fateOf(reported(`1.3.6.1.6.3.15.1.1.${place}.0`), USER);

describe("a report", () => {
  test("of an unknown engine or of another time heals by itself", () => {
    expect([fate(4), fate(2)]).toEqual(["engine", "time"]);
  });

  test.each([
    [1, /does not offer authPriv to the user "haechi"/],
    [3, /does not know the user "haechi"/],
    [5, /another authentication key or protocol than sha/],
    [6, /another privacy key or protocol than aes/],
  ])("of counter %i is a fault of configuration, in words", (place, words) => {
    expect(fate(place)).toMatchObject({ reason: "configuration", words: expect.stringMatching(words) as unknown });
  });

  test("of an unknown context is one too", () => {
    expect(fateOf("1.3.6.1.6.3.12.1.5.0", USER)).toMatchObject({ reason: "configuration" });
  });

  test("of anything else is the agent's failure, and says which counter it was", () => {
    expect(fateOf(reported("1.3.6.1.9.9"), USER)).toEqual({
      words: "the agent answers by a report of 1.3.6.1.9.9",
      reason: "deviceFailure",
    });
  });

  test("that is none is refused", () => {
    expect(() => reported("1.3.6.1", 0xa2)).toThrow(Malformed);
    const nothing = Buffer.from(getQuestion([]).pdu);
    nothing[0] = 0xa8;
    expect(() => reportIn(new Reader(nothing), nothing.length)).toThrow(Malformed);
  });
});
