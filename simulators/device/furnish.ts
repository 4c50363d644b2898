/**
 * A site's devices made whole for the wire: what the plant knows of them is its truth, and every other point of their
 * profiles shows a plausible value that moves slowly, from the seed. Tables that only a device can fill get rows, and each
 * device says what its profile knows it by.
 */
import type { DeviceAddress, DeviceModel, Profile } from "../../src/profiles/index.ts";
import { gaugeOf } from "../plant/gauge.ts";
import type { Plant } from "../plant/plant.ts";
import type { Look, PlantAccess } from "../wire/access.ts";
import { accessTo } from "../wire/access.ts";
import type { DeviceOnWire } from "../wire/serve.ts";
import { objectsBeside, wordsToKnow } from "./known.ts";
import { withRows } from "./rows.ts";
import { type Shown, shownBy } from "./values.ts";

/** A device as a site has it. Secrets in its address are already their values. */
export interface SiteDevice {
  readonly id: string;
  readonly model: DeviceModel;
  readonly address: DeviceAddress;
}

export interface FurnishOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly seed: number;
  /** Rows of each table that a device is asked for. */
  readonly rows: number;
}

export interface Furnished {
  readonly devices: readonly DeviceOnWire[];
  readonly access: PlantAccess;
  /** Points that the plant knows the truth of, and those that were thought up. */
  readonly counts: { readonly known: number; readonly thoughtUp: number };
  /** Whether the plant knows a point's truth; such a point is set by an event of the plant. */
  isKnown(device: string, point: string): boolean;
  /** Holds a thought-up point at a value from now on; false where the device has no such point. */
  set(device: string, point: string, value: number): boolean;
}

/** Devices of one class are unlike each other by this. */
const spread = 7919;

/** Makes devices whole. Time goes by the plant's. */
export function furnish(devices: readonly SiteDevice[], plant: Plant, options: FurnishOptions): Furnished {
  const now = (): number => plant.steps * 100;
  const truth = accessTo(plant);
  const shown = new Map<string, Shown>();
  const whole = devices.map((device, i): DeviceOnWire => {
    const made = madeWhole(device, options);
    shown.set(device.id, shownBy(made.model, { seed: options.seed + spread * (i + 1), now }));
    return made;
  });
  const models = new Map(whole.map(({ id, model }) => [id, model]));
  const isKnown = (device: string, point: string): boolean => gaugeOf(plant, device, point) !== null;
  const points = whole.flatMap(({ id, model }) => model.points.map(({ name }) => isKnown(id, name)));
  const known = points.filter(Boolean).length;
  const set = (device: string, point: string, value: number): boolean => shown.get(device)?.set(point, value) ?? false;
  const access: PlantAccess = {
    ...truth,
    look: (device, point): Look =>
      gaugeOf(plant, device, point) ?? shown.get(device)?.look(device, point) ?? (() => null),
    actuate(device, point, value) {
      if (truth.actuate(device, point, value) === "done") return "done";
      // What the plant has no such contact for is a device's own affair.
      const isItsOwn =
        models.get(device)?.commands.some((command) => command.point === point) && !isKnown(device, point);
      return isItsOwn && set(device, point, value) ? "done" : "refused";
    },
  };
  return { devices: whole, access, counts: { known, thoughtUp: points.length - known }, isKnown, set };
}

/** A device that says what its profile knows it by, and whose tables have so many rows. */
export function madeWhole(
  { id, model, address }: SiteDevice,
  { profiles, rows }: Pick<FurnishOptions, "profiles" | "rows">,
): DeviceOnWire {
  const profile = profiles.get(model.profile);
  if (!profile || model.protocol === "mqtt") return { id, model, address };
  if (model.protocol === "modbus") return { id, model, address, words: wordsToKnow(profile) };
  const filled = withRows(profile, model, rows);
  const own = new Set(model.commands.map(({ name }) => name));
  const commands = [...model.commands, ...filled.model.commands.filter(({ name }) => !own.has(name))];
  const objects = objectsBeside(profile, filled.model, { rows: filled.objects });
  return { id, model: { ...filled.model, commands }, address, objects };
}
