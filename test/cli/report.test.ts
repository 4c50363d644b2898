import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { journalled } from "../simulators/recording/journalled.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

test("haechi report says of a journal what was counted, what it should be, and how often each alarm came", async () => {
  const { journal } = await journalled();
  const page = join(folderWith(), "report.html");
  const said = await haechi(["report", journal, "--html", page]);
  expect(said).toMatchObject({ code: 0, stderr: "" });
  expect(said.stdout).toMatch(/^demo, 2026-03-02 09:00:\d\d to 2026-03-02 09:0\d:\d\d \(Asia\/Seoul\)\n/);
  expect(said.stdout).toMatch(/met +alarms in 10 min, at most +\d+ +10\n/);
  expect(said.stdout).toMatch(/utility-lost +1 /);
  expect(readFileSync(page, "utf8")).toContain("<h1>demo: alarms</h1>");
  const json = await haechi(["report", journal, "--json", "--to", "2026-03-02T09:00:30+09:00"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ site: "demo", annunciated: 0, gaps: { count: 0 } });
  expect(await haechi(["report", "/nowhere"])).toMatchObject({
    code: 2,
    stderr: "/nowhere: there is no such journal\n",
  });
  expect((await haechi(["report", journal, "--from", "2030-01-01T00:00:00Z"])).code).toBe(1);
});
