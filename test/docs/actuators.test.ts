import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type TargetKindName, targetKind, targetKinds } from "../../src/core/target.ts";
import { declarations } from "../../src/gate/index.ts";
import { siteAfter, siteText } from "../site/fixture.ts";

const text = readFileSync(new URL("../../docs/actuators.md", import.meta.url), "utf8");
const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? "");

test("the document shows every actuator as it declares itself", () => {
  const rows = [...text.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].filter(([, , rest]) => rest!.split(" | ").length === 6);
  const written = rows.map(([, kind, rest]) => [kind, ...rest!.split(" | ")]);
  const declared = Object.entries(declarations).map(([kind, { writes, twice, timeoutMs, confirmed }]) => {
    const known = kind in targetKinds ? targetKind(kind as TargetKindName) : null;
    const point = known ? `\`${known.point}\`` : kind === "webhook" ? "`service.site`" : "the command's";
    const hazard = known?.hazard ?? (kind === "webhook" ? "move" : "as the command says");
    const timeout = typeof timeoutMs === "number" ? `${timeoutMs / 1000} s` : timeoutMs;
    return [kind, writes, point, hazard, twice, timeout, confirmed];
  });
  expect(written).toEqual(declared);
});

test("the document's site file is a good one, with a target of every kind", () => {
  const [targets = "", services = ""] = blocks;
  const site = siteAfter(["alarms:\n", `${targets}alarms:\n`], [/services:\n.*\n/.exec(siteText)![0], services]);
  expect(site.targets.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(targetKinds).toSorted());
  expect(site.services.map(({ id, by, format }) => [id, by?.target ?? format])).toEqual([
    ["login", "addresses"],
    ["pay", "cloudevents"],
  ]);
  const { steps } = parse(blocks[2] ?? "") as { steps: { target?: string; to: string }[] };
  for (const { target, to } of steps.filter((step) => step.target))
    expect(site.targets.find(({ id }) => id === target)?.states).toContain(to);
});
