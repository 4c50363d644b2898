/** Devices bound to their profiles, and what must hold between them. */
import type { Duration } from "../core/time.ts";
import { ms, seconds } from "../core/time.ts";
import type { BindOptions, DeviceModel, Library, Path, Profile } from "../profiles/index.ts";
import { bindDevice, bindProblems, overload } from "../profiles/index.ts";
import { checkAddresses, placeOf } from "./addresses.ts";
import type { Device, DeviceSource } from "./devices.ts";
import { addressOf, protocolOf } from "./devices.ts";
import type { Findings } from "./findings.ts";
import { said } from "./words.ts";

/** A cell goes from first sign to runaway in minutes: asked less often than this, a battery is not watched. */
const BATTERY_PERIOD_MAX = seconds(10);

/** Every device that fits its profile. */
export function fitDevices(
  sources: Readonly<Record<string, DeviceSource>>,
  library: Library,
  findings: Findings,
): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>();
  for (const [id, source] of Object.entries(sources)) {
    const path = ["devices", id];
    findings.refer([...path, "space"], "spaces", source.space);
    const model = modelOf(path, source, library, findings);
    if (model) devices.set(id, { id, space: source.space, model, address: addressOf(source) });
  }
  checkAddresses(sources, findings);
  checkBuses([...devices.values()], findings);
  return devices;
}

/** Devices that share a way must not ask more of it than there is time. */
function checkBuses(devices: readonly Device[], findings: Findings): void {
  const buses = new Map<string, Device[]>();
  for (const device of devices) {
    const key = `${device.model.protocol} ${placeOf(device.address)}`;
    buses.set(key, [...(buses.get(key) ?? []), device]);
  }
  for (const [key, members] of buses) {
    const { transport } = members[0]!.address;
    const baud = transport?.kind === "serial" ? transport.baud : null;
    const over = overload({ models: members.map(({ model }) => model), baud });
    if (!over) continue;
    const { scan, needsMs, periodMs } = over;
    const names = members.map(({ id }) => id).join(", ");
    const needs = `${scan} needs ${inSeconds(ms(Math.round(needsMs / 10) * 10))} of every ${inSeconds(ms(periodMs))}`;
    const last = members.at(-1)!.id;
    findings.say(["devices", last], `${needs} on this bus, with what is more urgent too much: ${key} (${names})`);
  }
}

function modelOf(path: Path, source: DeviceSource, library: Library, findings: Findings): DeviceModel | null {
  const profile = library.profiles.get(source.profile);
  if (!profile) {
    const meant = findings.meant(source.profile, library.profiles.keys());
    findings.say([...path, "profile"], `there is no profile "${source.profile}"`, meant);
    return null;
  }
  const { fitted, rename, periods, scan, identity } = source;
  const options: BindOptions = {
    protocol: protocolOf(source),
    fitted,
    rename,
    periods: said(periods),
    scan,
    identity: identity === "check",
  };
  if (!fits(path, profile, options, findings)) return null;
  const model = boundOnce(profile, options);
  checkBatteryPeriods(path, model, findings);
  if (source.mqtt) checkPublished([...path, "mqtt"], model, source.mqtt, findings);
  return model;
}

const bound = new WeakMap<Profile, Map<string, DeviceModel>>();

/** Racks are full of devices that are fitted alike: they share one model, which is most of what is known of them. */
function boundOnce(profile: Profile, options: BindOptions): DeviceModel {
  const models = bound.get(profile) ?? new Map<string, DeviceModel>();
  bound.set(profile, models);
  const key = JSON.stringify(options);
  const model = models.get(key) ?? bindDevice(profile, options);
  models.set(key, model);
  return model;
}

/** What a profile cannot do is told at the line that asks for it: its questions are put one after the other. */
function fits(path: Path, profile: Profile, options: BindOptions, findings: Findings): boolean {
  const told = new Set<string>();
  const ask = (at: Path, asked: BindOptions): void => {
    for (const problem of bindProblems(profile, asked)) {
      if (!told.has(problem)) findings.say(at, problem);
      told.add(problem);
    }
  };
  const { protocol = "modbus", fitted = {}, rename = {} } = options;
  ask([...path, protocol], { protocol });
  for (const [letter, count] of Object.entries(fitted))
    ask([...path, "fitted", letter], { protocol, fitted: { [letter]: count } });
  if (told.size === 0)
    for (const [from, to] of Object.entries(rename))
      ask([...path, "rename", from], { protocol, fitted, rename: { [from]: to } });
  ask([...path, "periods", "safety"], { protocol, ...(options.periods ? { periods: options.periods } : {}) });
  if (told.size === 0) ask([...path, "rename"], { ...options, scan: {} });
  if (told.size === 0)
    for (const [name, scan] of Object.entries(options.scan ?? {}))
      ask([...path, "scan", name], { protocol, fitted, rename, scan: { [name]: scan } });
  return told.size === 0;
}

/** A profile in JSON may leave open what the device is called; one in Sparkplug B says nothing of groups and nodes. */
function checkPublished(
  path: Path,
  { points }: DeviceModel,
  { device, group }: NonNullable<DeviceSource["mqtt"]>,
  findings: Findings,
): void {
  const [first] = points;
  if (first?.at.protocol !== "mqtt") return;
  const isJson = first.at.form === "json";
  if (isJson !== (group === undefined))
    findings.say(
      path,
      isJson
        ? "its profile is JSON: group and node belong to Sparkplug B"
        : "its profile is Sparkplug B: say group and node",
    );
  const open = points.some(({ at }) => at.protocol === "mqtt" && at.form === "json" && at.topic.includes("{device}"));
  if (open && device === undefined) findings.say(path, "its topics hold {device}: say device");
}

function checkBatteryPeriods(path: Path, model: DeviceModel, findings: Findings): void {
  if (model.class !== "battery") return;
  const watched = model.points.filter(
    ({ name, scan }) => scan !== "slow" && /^(battery|cell|module|string)\b/.test(name),
  );
  const slow = watched.find(({ period }) => period > BATTERY_PERIOD_MAX);
  if (!slow) return;
  const rule = `a battery is asked at least every ${inSeconds(BATTERY_PERIOD_MAX)}`;
  findings.say([...path, "periods", slow.scan], `${slow.name} every ${inSeconds(slow.period)} is too seldom: ${rule}`);
}

const inSeconds = (duration: Duration): string => `${duration / 1000} s`;
