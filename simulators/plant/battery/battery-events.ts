/**
 * What can happen to a bank of batteries: a cell fails, by its string and module counted from 1; it is years old; its
 * jars dry out within half a day, or one of their cells shorts; its charger goes past its setting, or is wired to
 * a relay that stops it; water is put on it; somebody turns the reset key of its cabinets.
 */
import { z } from "zod";
import { assert } from "../../../src/core/assert.ts";
import { makeOld } from "./ageing.ts";
import type { Battery } from "./battery.ts";
import { shortCell } from "./lead.ts";
import { isLithium } from "./lithium.ts";
import { startFault } from "./runaway.ts";
import type { BatteryString } from "./string.ts";
import { resetTrips } from "./trips.ts";

const battery = z.string().min(1);
const number = z.int().min(1);

export const batteryEvents = [
  z.strictObject({
    battery,
    archetype: z.enum(["drift", "vent", "short"]),
    string: number.optional(),
    module: number.optional(),
  }),
  /** Its age, years at 25 °C. */
  z.strictObject({ battery, age: z.number().min(0).max(40) }),
  /** Of lead-acid strings. */
  z.strictObject({ battery, fault: z.enum(["dry-out", "shorted-cell"]), string: number.optional() }),
  /** Per cent above the charger's setting; 0 is as it should be. */
  z.strictObject({ battery, charger: z.number().min(0).max(30) }),
  /** A relay ("device/relay[0].state") that stops its charger while it is on. */
  z.strictObject({ battery, chargeStop: z.string().min(1) }),
  z.strictObject({ battery, water: z.boolean() }),
  z.strictObject({ battery, reset: z.literal(true) }),
] as const;

/** One of them. */
type BatteryEvent = z.infer<(typeof batteryEvents)[number]>;

const dryOutS = 12 * 3600;

/** The name in an event that must be known, with those that are: the bank's, or its string's or module's number. */
export function namesInBattery(
  { batteries, contacts }: { readonly batteries: readonly Battery[]; readonly contacts: ReadonlyMap<string, number> },
  event: BatteryEvent,
): readonly [said: string, known: readonly string[]] {
  const known = batteries.map(({ id }) => id);
  const bank = batteries.find(({ id }) => id === event.battery);
  if (!bank) return [event.battery, known];
  if ("chargeStop" in event) return [event.chargeStop, [...contacts.keys()]];
  const wrongKind = ("archetype" in event && !bank.fire) || ("fault" in event && bank.fire !== null);
  const fitting = batteries.filter(({ fire }) => (fire === null) === "fault" in event).map(({ id }) => id);
  if (wrongKind) return [event.battery, fitting];
  const string = "string" in event ? event.string : undefined;
  if (string !== undefined && string > bank.strings.length) return numbered("string", string, bank.strings.length);
  const module = "module" in event ? event.module : undefined;
  const { modules } = bank.chemistry;
  return module !== undefined && module > modules ? numbered("module", module, modules) : [event.battery, known];
}

const numbered = (what: string, said: number, count: number): readonly [string, readonly string[]] => [
  `${what} ${said}`,
  Array.from({ length: count }, (_, i) => `${what} ${i + 1}`),
];

/** It happens to the bank, now. Its string and module must be there. */
export function applyToBattery(bank: Battery, event: BatteryEvent): void {
  if ("archetype" in event) fail(bank, event);
  else if ("age" in event) for (const string of bank.strings) makeOld(string, event.age);
  else if ("fault" in event) failJars(stringAt(bank, event.string), event.fault);
  else if ("charger" in event) bank.chargerPercent = event.charger;
  else if ("chargeStop" in event) bank.chargeStop = event.chargeStop;
  else if ("water" in event) bank.wet = event.water;
  else for (const string of bank.strings) resetTrips(string);
  bank.resting = false;
}

function stringAt(bank: Battery, number = 1): BatteryString {
  const string = bank.strings[number - 1];
  assert(string !== undefined, `${bank.id} has a string ${number}`);
  return string;
}

/** A cell fails; in a bank where one does already, nothing more comes of it. */
function fail(bank: Battery, { archetype, string = 1, module }: Extract<BatteryEvent, { archetype: string }>): void {
  const { fire, chemistry, strings } = bank;
  if (bank.fault || !fire || !isLithium(chemistry)) return;
  const at = module ?? Math.ceil(chemistry.modules / 2);
  strings.forEach((one, i) => {
    fire.cellC.set(one.coreC, i * chemistry.modules);
  });
  bank.fault = startFault({ archetype, string: string - 1, module: at - 1 }, fire, chemistry);
}

function failJars(string: BatteryString, fault: "dry-out" | "shorted-cell"): void {
  if (fault === "dry-out") string.ageing.dryingS = 1 / dryOutS;
  else shortCell(string);
}
