import { describe, expect, it } from "vitest";
import { missingPoints } from "../../src/profiles/index.ts";

describe("what a class demands", () => {
  it("is fulfilled by any of the points that can fulfil it", () => {
    expect(missingPoints({ class: "pdu", points: { "outlet[m].state": {} } })).toEqual([]);
    expect(missingPoints({ class: "pdu", points: { "bank[b].current": {}, "bank[b].status": {} } })).toEqual([]);
  });

  it("is named where it is missing", () =>
    expect(missingPoints({ class: "breaker", points: { "breaker.trip": {} } })).toEqual(["breaker.state"]));
});
