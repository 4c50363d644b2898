import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

type Change = readonly [from: string, to: string];

const normal: Change = ["importance: protected", "importance: normal"];
const more = (accept: string, node = "feed-b"): Change => [
  "responses:\n",
  `responses:
  more:
    title: { en: More }
    when: [low]
    accept: ${accept}
    ifBlind: hold
    mode: advise
    after: 0s
    shed: { relieve: [{ node: ${node}, toKw: 10 }], within: 10s, settle: 10s }
`,
];
const withNames = (...names: readonly string[]): string => `{ why: minutes are left, with: [${names.join(", ")}] }`;

describe("a reason that is given for several sheds together", () => {
  test("reaches the core with those that it names", () => {
    const { responses } = siteAfter(normal, more(withNames("shed"))).model;
    expect(responses[0]).toMatchObject({ id: "more", accept: "minutes are left", acceptWith: ["shed"] });
    expect(
      siteAfter(normal, ["    when: [fire]\n", "    when: [fire]\n    accept: because\n"]).model.responses[0],
    ).not.toHaveProperty("acceptWith");
  });

  test("names sheds that are there, others than its own, each once", () => {
    expect(problemsAfter(normal, more(withNames("more", "shedd", "move", "shed", "shed")))).toEqual([
      "90:45 responses.more.accept.with.0: more is this response: name the others",
      '90:51 responses.more.accept.with.1: there is no response "shedd" (did you mean "shed"?)',
      "90:58 responses.more.accept.with.2: move is no shed: it darkens nothing",
      "90:70 responses.more.accept.with.4: shed is named already",
    ]);
  });

  test("accepts nothing where what they darken together needs no yes", () => {
    const nothing =
      "90:44 responses.more.accept.with: there is nothing to accept: together they darken no more than half of the racks, or relieve one feed alone";
    expect(problemsAfter(normal, more(withNames("shed"), "feed-a"))).toEqual([nothing]);
  });

  test("is none of a failover", () => {
    expect(problemsAfter(["    when: [fire]\n", `    when: [fire]\n    accept: ${withNames("shed")}\n`])).toEqual([
      "90:44 responses.move.accept.with: names sheds, and this is none: what it moves is accepted by its reason alone",
    ]);
  });

  test("is a text, or a text and names", () => {
    expect(problemsAfter(normal, more("{ with: [shed] }"))).toEqual([
      "90:13 responses.more.accept.why: missing: a text is needed",
    ]);
    expect(problemsAfter(normal, more("3"))).toEqual(["90:13 responses.more.accept: a text is needed"]);
  });
});
