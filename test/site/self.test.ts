import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const withSelf = (section: string): readonly [string, string] => ["gate:\n", `self: ${section}\ngate:\n`];

describe("what a site has otherwise in the service's own alarms", () => {
  test("is nothing where the file says nothing", () => {
    expect(siteAfter().self).toEqual({});
  });

  test("is a limit, delays and a priority, or that there be none", () => {
    const { self } = siteAfter(withSelf("{ spool: { limit: 60, onDelay: 10s, priority: medium }, clock: false }"));
    expect(self).toEqual({ spool: { limit: 60, onDelay: 10_000, priority: "medium" }, clock: false });
  });

  test("is told where there is no such alarm, and where it is no number", () => {
    expect(problemsAfter(withSelf("{ spoool: false }"))[0]).toMatch(/^\d+:\d+ self/);
    expect(problemsAfter(withSelf("{ spool: { limit: -1 } }"))[0]).toMatch(
      /^\d+:\d+ self\.spool\.limit: must be at least 0/,
    );
  });
});

describe("when the chain is tested at length", () => {
  const at = (section: string): readonly [string, string] => ["gate:\n", `selfTest: ${section}\ngate:\n`];

  test("is at four in the morning, or at a time of day that the file says", () => {
    expect(siteAfter().selfTest).toEqual({ at: "04:00" });
    expect(siteAfter(at('{ at: "22:30" }')).selfTest).toEqual({ at: "22:30" });
  });

  test("is told where it is no time of day", () => {
    expect(problemsAfter(at('{ at: "24:00" }'))[0]).toMatch(/^\d+:\d+ selfTest\.at: a time of day like 04:00/);
  });
});
