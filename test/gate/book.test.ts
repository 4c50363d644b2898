import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandId, ResponseId } from "../../src/core/command.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import type { Book, Said, Step } from "../../src/gate/book.ts";
import { emptyBook, enter, stepsOf } from "../../src/gate/book.ts";
import { command, start } from "./fixture.ts";

const bookOf = (steps: readonly Step[]): Book => {
  const book = emptyBook();
  for (const step of steps) enter(book, step);
  return book;
};

const ids = ["a", "b", "c"] as const;
const commandOf = (id: string) => command({ id, point: `pdu-a/outlet[${ids.indexOf(id as "a") + 1}].state` });

const saidAt = (at: Instant, token: number): Said => ({
  by: "operator",
  why: "a test",
  at,
  ...(token > 2 && { until: instant(at + token) }),
});

const stepArbitrary: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom(
      "admitted",
      "joined",
      "sent",
      "done",
      "turnedAway",
      "disarmed",
      "armed",
      "maintenance",
      "yes",
    ),
    id: fc.constantFrom(...ids),
    token: fc.nat(5),
    after: fc.nat(90_000),
  })
  .map(({ kind, id, token, after }): Step => {
    const at = instant(start + after);
    const of = id as string as CommandId;
    switch (kind) {
      case "admitted":
        return { step: kind, at, token, command: commandOf(id) };
      case "joined":
        return { step: kind, at, token, id: of };
      case "sent":
        return { step: kind, at, id: of, readBefore: 1 };
      case "turnedAway":
        return { step: kind, at, token, id: of, reason: "stale" };
      case "disarmed":
      case "armed":
        return { step: kind, response: id as string as ResponseId, ...saidAt(at, token) };
      case "yes":
        return { step: kind, what: id, ...saidAt(at, 0), by: `operator ${token}` };
      case "maintenance":
        return { step: kind, ...saidAt(at, token) };
      case "done":
        return { step: "ended", at, expires: start, outcome: { command: of, at, result: "done", detail: "" } };
    }
  });

describe("the gate's book", () => {
  it("is the same after it was written out as steps and read again", () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
        const book = bookOf(steps);
        expect(bookOf(stepsOf(book))).toEqual(book);
      }),
    );
  });

  it("takes a write that is made again after a restart for the first one", () => {
    const of = commandOf("a");
    const book = bookOf([
      { step: "admitted", at: start, token: 1, command: of },
      { step: "sent", at: instant(start + 5), id: of.id, readBefore: 1 },
      { step: "sent", at: instant(start + 900), id: of.id, readBefore: 0 },
    ]);
    expect(book.open.get(of.id)).toMatchObject({ sentAt: start + 5, readBefore: 1 });
    expect(book.sends).toHaveLength(2);
  });

  it("forgets the oldest outcomes beyond its limit, but none whose command could still be sent again", () => {
    const book = emptyBook();
    const end = (n: number, expires: number): void =>
      enter(book, {
        step: "ended",
        at: start,
        expires: instant(expires),
        outcome: { command: `c${n}` as CommandId, at: start, result: "done", detail: "" },
      });
    for (let n = 0; n < 10_050; n += 1) end(n, start - 1);
    expect(book.ended.size).toBe(10_000);
    expect(book.ended.has("c0" as CommandId)).toBe(false);
    for (let n = 20_000; n < 31_000; n += 1) end(n, start + 1);
    expect(book.ended.size).toBe(11_000);
    expect(book.ended.has("c20000" as CommandId)).toBe(true);
  });

  it("forgets outcomes after a month", () => {
    const book = emptyBook();
    const end = (id: string, at: number): void =>
      enter(book, {
        step: "ended",
        at: instant(at),
        expires: instant(at),
        outcome: { command: id as CommandId, at: instant(at), result: "done", detail: "" },
      });
    end("old", start);
    end("new", start + 31 * 24 * 3_600_000);
    expect([...book.ended.keys()]).toEqual(["new"]);
  });
});
