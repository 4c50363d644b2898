import { describe, expect, it } from "vitest";
import { missingPoints } from "../../src/profiles/index.ts";

describe("what a class demands", () => {
  it("is fulfilled by any of the points that can fulfil it", () => {
    expect(missingPoints({ class: "pdu", points: { "outlet[m].state": {}, "power.active": {} } })).toEqual([]);
    expect(missingPoints({ class: "pdu", points: { "outlet[n].state": {}, "outlet[n].power": {} } })).toEqual([]);
  });

  it("is named where it is missing", () =>
    expect(missingPoints({ class: "pdu", points: {} })).toEqual([
      "outlet[n].state",
      "power.active or outlet[n].power or unit[n].power",
    ]));
});
