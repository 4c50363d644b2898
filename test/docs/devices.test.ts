import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deviceClasses, loadLibrary, missingPoints } from "../../src/profiles/index.ts";
import { profileSchema, wordTypes } from "../../src/profiles/schema.ts";

const file = new URL("../../docs/devices.md", import.meta.url);
const text = readFileSync(file, "utf8");
const isUpdating = process.env["UPDATE_DOCS"] === "1";

/** Puts these rows in place of those of the table under a heading. */
function rewrite(heading: string, rows: readonly (readonly string[])[]): void {
  const [before = "", after = ""] = readFileSync(file, "utf8").split(`## ${heading}\n`);
  const lines = after.split("\n");
  const head = lines.findIndex((line) => line.startsWith("|---"));
  const end = lines.findIndex((line, i) => i > head && !line.startsWith("| "));
  const table = rows.map((row) => `| ${row.join(" | ")} |`);
  const rest = end < 0 ? [""] : lines.slice(end);
  writeFileSync(file, `${before}## ${heading}\n${[...lines.slice(0, head + 1), ...table, ...rest].join("\n")}`);
}

/** The rows of the table under a heading, its two head lines left out. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| "));
  return lines
    .filter((line) => !line.startsWith("|---"))
    .slice(1)
    .map(cellsOf);
}

const cellsOf = (line: string): readonly string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Every key that a profile may have, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

describe("the document on devices", () => {
  it("names every key that a profile may have", () => {
    const keys = new Set(keysOf(z.toJSONSchema(profileSchema, { io: "input", unrepresentable: "any" })));
    expect(keys.size).toBeGreaterThan(50);
    expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
  });

  it("names every type of word", () => {
    expect(wordTypes.filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
  });

  // UPDATE_DOCS=1 writes both tables anew; read the difference before committing it.
  it("says what each class must offer, as the check demands it", () => {
    const demanded = deviceClasses.map((kind) => [kind, missingPoints({ class: kind, points: {} }).join("; ")]);
    const written = rowsUnder("What each class must offer").map((row) => row.map((cell) => cell.replaceAll("`", "")));
    if (isUpdating)
      return rewrite(
        "What each class must offer",
        demanded.map(([kind = "", points = ""]) => [
          `\`${kind}\``,
          points.replaceAll(/[a-z0-9_.[\]]+\.[a-z0-9_.[\]]+/g, "`$&`"),
        ]),
      );
    expect(written).toEqual(demanded);
  });

  it("lists the devices that there are, with their protocols, evidence and sources", () => {
    const there = [...loadLibrary().profiles.values()].map(({ id, name, points, evidence, source }) => {
      const spoken = (["modbus", "snmp", "mqtt"] as const).filter((p) =>
        Object.values(points).some((point) => point[p]),
      );
      return [`\`${id}\``, name, spoken.join(", "), evidence, source];
    });
    if (isUpdating) return rewrite("The devices there are", there);
    expect(rowsUnder("The devices there are")).toEqual(there);
  });
});
