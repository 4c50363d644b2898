import { expect, test } from "vitest";
import type { Transition } from "../../../src/core/plant.ts";
import { start } from "../../../src/core/plant.ts";
import { scan } from "../../../src/core/scan.ts";
import { lithiumAlarms, onlyAlarms, siteOf } from "./battery-alarms.ts";
import { leadAcidAlarm, leadAcidSite } from "./lead-acid-site.ts";
import type { Life } from "./normal-life.ts";
import { normalLife } from "./normal-life.ts";

// A night of it; NORMAL_LIFE_DAYS=30 lives a whole month, which takes minutes, and what falls into its first day is there then.

const days = Number(process.env["NORMAL_LIFE_DAYS"] ?? 0.3);
const isWhole = days >= 1;
const longMs = 300_000 * Math.max(1, days);

/** All that an alarm of the site said in a life, and what a few of its points came to. */
function lived(text: string, life: Omit<Life, "siteText" | "devices">) {
  const site = siteOf(text);
  const devices = site.devices.filter(({ space }) => space === "battery-room");
  const told: Transition[] = [];
  const least = new Map<string, number>();
  const most = new Map<string, number>();
  let core: ReturnType<typeof start> | null = null;
  for (const { at, readings } of normalLife({ ...life, siteText: text, devices })) {
    core ??= start(site.model, at);
    told.push(...scan(core, { at, readings, requests: [], outcomes: [], leads: true }).transitions);
    for (const reading of readings) {
      if (reading.quality === "bad") continue;
      least.set(reading.point, Math.min(least.get(reading.point) ?? reading.value, reading.value));
      most.set(reading.point, Math.max(most.get(reading.point) ?? reading.value, reading.value));
    }
  }
  return { told, least, most };
}

test(
  isWhole
    ? "no lithium alarm is raised by tests, full discharges, a generator's run, a hot room, noise, nonsense and lost polls"
    : "no lithium alarm is raised in a night by noise, nonsense and lost polls",
  () => {
    const text = onlyAlarms(lithiumAlarms("a", "b") + lithiumAlarms("b", "a"));
    const banks = { "bat-a": "ups-a", "bat-b": "ups-b" };
    const { told, least, most } = lived(text, { banks, room: "battery-room", days, seed: 1 });
    expect(told.map(({ alarm, because, to }) => `${alarm} ${to} ${because}`)).toEqual([]);
    if (isWhole) for (const bank of Object.keys(banks)) expect(least.get(`${bank}/battery.charge`)).toBeLessThan(10);
    if (isWhole) expect(most.get("bat-a/module.temperature.mean")).toBeGreaterThan(32);
    expect(least.get("bat-a/cell.voltage.min"), "nonsense is among it").toBeLessThan(2);
  },
  longMs,
);

test(
  "no lead-acid alarm is raised by the same life",
  () => {
    const text = leadAcidSite(leadAcidAlarm);
    const { told, least, most } = lived(text, { banks: { bat: "ups" }, room: "battery-room", days, seed: 1 });
    expect(told.map(({ alarm, because, to }) => `${alarm} ${to} ${because}`)).toEqual([]);
    if (isWhole) expect(least.get("bat/battery[1].current")).toBeLessThan(-5);
    if (isWhole) expect(most.get("room/temperature.ambient")).toBeGreaterThan(30);
  },
  longMs,
);
