import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { eventSchema } from "../../simulators/plant/index.ts";
import { promiseForms } from "../../simulators/promises/index.ts";
import { askSchema } from "../../simulators/scenario/asks.ts";
import { swarmSchema } from "../../simulators/scenario/fault.ts";
import { scenarioSchema } from "../../simulators/scenario/schema.ts";
import { faultKeys, faultKinds } from "../../simulators/wire/index.ts";

const file = new URL("../../docs/scenarios.md", import.meta.url);

const keysOf = (schema: { readonly options: readonly unknown[] }): readonly string[] =>
  schema.options.map((option) => Object.keys((option as { shape: object }).shape)[0]!);

/** As a cell holds it: a bar would end the cell. */
const inCell = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

describe("the document on scenarios", () => {
  // UPDATE_DOCS=1 writes the table anew; read the difference before committing it.
  it("has a row for each form of promise, as the code has it", () => {
    const rows = promiseForms.map(({ text, about, example }) => `| ${inCell(text)} | ${about} | ${inCell(example)} |`);
    const [before = ""] = readFileSync(file, "utf8").split("\n|---|---|---|\n| `no alarms`");
    const head = before.replace(/\n\|---\|---\|---\|\n$/, "");
    const whole = `${head}\n|---|---|---|\n${rows.join("\n")}\n`;
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync(file, whole);
    expect(readFileSync(file, "utf8")).toBe(whole);
  });

  it("names every key of the file, every event, and everything that may be asked", () => {
    const text = readFileSync(file, "utf8");
    const keys = [
      ...Object.keys(scenarioSchema.shape),
      ...keysOf(askSchema),
      ...keysOf(eventSchema),
      ...Object.keys(faultKeys),
      ...Object.keys(swarmSchema.shape),
      ...faultKinds,
      "label",
    ];
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
  });

  it("shows a whole file that is a scenario", async () => {
    const { parseScenario } = await import("../../simulators/scenario.ts");
    const text = /```yaml\n(scenario: [\s\S]+?)```/.exec(readFileSync(file, "utf8"))![1]!;
    const place = new URL("../../simulators/scenarios/shown/scenario.yaml", import.meta.url).pathname;
    expect(parseScenario(place, text)).toHaveProperty("scenario");
  });
});
