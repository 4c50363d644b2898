import { describe, expect, test } from "vitest";
import { problemsAfter, siteAfter } from "./fixture.ts";

const water = (text: string) => ["gate:\n", `water:\n${text}gate:\n`] as const;
const contact = "[{ point: io/offgas.state, at: alarm }]";

describe("what a site file says of water", () => {
  test("is whether it may be used in a zone, what shows that it may, and what leaves before", () => {
    const written = `  battery-room: { use: spray, note: From the door., proof: { "battery feed-a": ${contact} }, evacuate: [move] }\n`;
    expect(siteAfter(water(written)).premises.water).toEqual(
      new Map([
        [
          "battery-room",
          {
            use: "spray",
            note: "From the door.",
            proofs: [{ of: "battery feed-a", test: { point: "io/offgas.state", is: "=", value: 1 } }],
            evacuate: ["move"],
          },
        ],
      ]),
    );
    expect(siteAfter().premises.water).toEqual(new Map());
  });

  test("names rooms, failovers and openings that are there", () => {
    expect(problemsAfter(water("  cellar: { use: spray }\n"))).toEqual([
      expect.stringContaining('there is no space "cellar"'),
    ]);
    expect(problemsAfter(water("  battery-room: { use: spray, evacuate: [shed, mvoe] }\n"))).toEqual([
      expect.stringContaining("shed moves nothing"),
      expect.stringContaining('there is no response "mvoe"'),
    ]);
    expect(problemsAfter(water(`  battery-room: { use: spray, proof: { "battery feed-b": ${contact} } }\n`))).toEqual([
      expect.stringContaining('its isolation plan opens no "battery feed-b": battery feed-a'),
    ]);
  });

  test("is said once of the rooms of one compartment", () => {
    const rooms = [
      "  hall: { kind: hall, name: { en: Hall } }",
      "  hall: { kind: hall, name: { en: Hall }, compartment: one }\n  yard: { kind: other, name: { en: Yard }, compartment: one }",
    ] as const;
    expect(problemsAfter(rooms, water("  hall: { use: spray }\n  yard: { use: none }\n"))).toEqual([
      expect.stringContaining("hall is of the same compartment, and has a plan already"),
    ]);
  });
});
