import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { advance, apply, demoPlant, demoSiteFile, measure } from "../../simulators/plant/index.ts";
import { virtualSource } from "../../simulators/wire/virtual.ts";
import { start } from "../../src/core/plant.ts";
import { scan } from "../../src/core/scan.ts";
import { instant, seconds } from "../../src/core/time.ts";
import { onlyAlarms, siteOf } from "../core/detect/battery-alarms.ts";
import { leadAcidSite } from "../core/detect/lead-acid-site.ts";
import { t0 } from "../core/fixture.ts";

const page = readFileSync(new URL("../../docs/batteries.md", import.meta.url), "utf8");
const pieces = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ""]) => parse(text) as object);

/** An example of the page as a site file has it, with what is left out there. */
const written = (...ids: readonly string[]): string =>
  pieces
    .flatMap((piece) => Object.entries(piece))
    .filter(([id]) => ids.includes(id))
    .map(([id, alarm]) => {
      const whole = { title: { en: id }, priority: "high", ...alarm, cause: "c", consequence: "d", response: "e" };
      return stringify({ [id]: whole })
        .replace(/^/gm, "  ")
        .trimEnd();
    })
    .join("\n")
    .concat("\n");

test("the page's example of a lithium rack is an alarm of the demo site", () => {
  const { model } = siteOf(onlyAlarms(written("battery-a-charge-stop")));
  expect(model.alarms.map(({ id }) => id)).toContain("battery-a-charge-stop");
});

test("its order to stop a charge is a response of the demo site, over when the string takes no current, and with a way back", () => {
  const piece = pieces.find((one) => "devices" in one) as { devices: object; responses: object };
  const demo = parse(readFileSync(demoSiteFile(), "utf8")) as {
    devices: object;
    responses: object;
    gate: { allow: string[]; armed: string[] };
  };
  const { model } = siteOf(
    stringify({
      ...demo,
      devices: { ...demo.devices, ...piece.devices },
      responses: { ...demo.responses, ...piece.responses },
      gate: {
        ...demo.gate,
        allow: [...demo.gate.allow, "relay-charge"],
        armed: [...demo.gate.armed, "stop-charge"],
      },
    }),
  );
  const stop = model.responses.find(({ id }) => id === "stop-charge");
  const shows = { point: "bat-a/battery.current", is: ">", value: -1 };
  expect(stop?.action).toMatchObject({
    steps: [{ point: "relay-charge/relay[0].state", value: 1, inverse: 0, shows }],
  });
});

const lead = ["string-1-runaway", "hydrogen", "exhaust-lost", "hydrogen-without-exhaust"];

test("its examples of lead-acid strings and of their room are alarms of a site that has them", () => {
  const { model } = siteOf(leadAcidSite(written(...lead)));
  expect(model.alarms.map(({ id }) => id)).toEqual([
    "string-1-runaway",
    "hydrogen.HHH",
    "hydrogen.HH",
    "hydrogen.H",
    "exhaust-lost",
    "hydrogen-without-exhaust",
  ]);
});

test("tiers of hydrogen are raised one after the other, each in the place of the one below, and the lost exhaust by itself", () => {
  const text = leadAcidSite(written(...lead));
  const site = siteOf(text);
  const plant = demoPlant(1, text);
  const shows = measure(plant);
  const source = virtualSource(plant, site.devices);
  const core = start(site.model, instant(t0));
  const raised = new Map<string, number>();
  for (let s = 1; s < 3600; s++) {
    if (s === 60) apply(plant, { utility: "fail" });
    if (s === 120) apply(plant, { gas: { room: "battery-room", hydrogen: 2 } });
    advance(plant, seconds(1));
    const at = instant(t0 + s * 1000);
    const said = { at, readings: source.readings(at), requests: [], outcomes: [], leads: true };
    for (const { alarm, to } of scan(core, said).transitions)
      if (to === "unacknowledged") raised.set(alarm, shows("gas", "hydrogen.concentration") ?? Number.NaN);
  }
  expect([...raised.keys()]).toEqual([
    "exhaust-lost",
    "hydrogen-without-exhaust",
    "hydrogen.H",
    "hydrogen.HH",
    "hydrogen.HHH",
  ]);
  expect(raised.get("hydrogen.H")).toBeCloseTo(0.4, 1);
  expect(raised.get("hydrogen.HH")).toBeCloseTo(1, 1);
  expect(raised.get("hydrogen.HHH")).toBeCloseTo(2, 1);
});
