import { describe, expect, it } from "vitest";
import { closest, hintAt } from "../../src/core/closest.ts";

describe("the word that was meant", () => {
  const words = ["battery.charge", "battery.voltage", "scan", "normal"];

  it("is found over two slips, and over one swap of neighbours", () => {
    expect(closest("batery.charg", words)).toBe("battery.charge");
    expect(closest("sacn", words)).toBe("scan");
  });

  it("is the nearest of several", () => expect(closest("nornal", ["norn", "normal"])).toBe("normal"));

  it("is the first of those that are as near, and none that comes after and is further off", () => {
    expect(closest("scam", ["scan", "scar"])).toBe("scan");
    expect(closest("scam", ["scan", "span"])).toBe("scan");
    expect(closest("normal", ["xyzmal"])).toBeUndefined();
  });

  it("is not guessed from afar", () => {
    expect(closest("scanning", words)).toBeUndefined();
    expect(closest("", words)).toBeUndefined();
  });

  it("shares at least something with what was written", () => expect(closest("xy", ["ab", "of"])).toBeUndefined());

  it("is asked for behind the refusal, where it is known", () =>
    expect(["scan", undefined].map((meant) => `there is no "sacn"${hintAt(meant)}`)).toEqual([
      'there is no "sacn" (did you mean "scan"?)',
      'there is no "sacn"',
    ]));
});
