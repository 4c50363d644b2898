/**
 * From a profile to one device: one protocol, the instances that are fitted, the site's names and
 * periods. What comes out is all that collectors, the gate and simulators know of a device.
 */
import { assert } from "../core/assert.ts";
import { closest, hintAt } from "../core/closest.ts";
import { quantities, quantityOf } from "../core/quantity.ts";
import type { Duration } from "../core/time.ts";
import { ms, seconds } from "../core/time.ts";
import { modbusAt, modbusWriteAt, mqttAt, rawOfWrite, snmpAt } from "./address.ts";
import { testOf } from "./condition.ts";
import { doubtsOf } from "./doubts.ts";
import { meaningOf } from "./meaning.ts";
import type {
  Boost,
  CommandModel,
  DeviceModel,
  LinkRules,
  PointModel,
  Protocol,
  ScanClass,
  TableModel,
} from "./model.ts";
import { withInstance } from "./names.ts";
import type { Profile, ProfileBoost } from "./profile.ts";
import { type Fitted, fittedProblems, type Instance, repeated } from "./repeat.ts";
import type { CommandSource, PointSource } from "./schema.ts";
import { isLookedUp, tablesOf } from "./tables.ts";
import { hurriedBy } from "./traps.ts";
import { variantModels } from "./variants.ts";

/** What a site says of a device. */
export interface BindOptions {
  /** Needed only where the profile knows two. */
  readonly protocol?: Protocol;
  /** Which instances of a repeated point the device has: { n: 8 }, counted from the first, or { n: [1, 2, "1.5"] }. */
  readonly fitted?: Fitted;
  /** Bound point → the standard name it stands for here: { "contact[0].state": "offgas.state" }. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly periods?: Readonly<Partial<Record<ScanClass, Duration>>>;
  /** Point, by its name here → the scan class that it is asked in, where that is not its profile's: { "output.load": safety }. */
  readonly scan?: Readonly<Record<string, ScanClass>>;
  /** False: the device is not asked whether it is one of its profile. Default true. */
  readonly identity?: boolean;
}

type Rename = NonNullable<BindOptions["rename"]>;

/** Silence, patience and sizes where a profile does not say: what most devices bear. */
export const linkDefaults: LinkRules = {
  timeout: seconds(1),
  retries: 1,
  turnaround: ms(20),
  gap: ms(0),
  afterConnect: ms(0),
  maxWords: 100,
  maxGap: 0,
  oids: 20,
};

/** A device's model. Options that do not fit the profile are a bug here: ask {@link bindProblems} first. */
export function bindDevice(profile: Profile, options: BindOptions = {}): DeviceModel {
  const wrong = bindProblems(profile, options);
  assert(wrong.length === 0, `${profile.id}: ${wrong.join("; ")}`);
  const protocol = protocolOf(profile, options);
  const { identity = true } = options;
  const tables = protocol === "snmp" ? lookedUp(profile, options) : [];
  return {
    profile: profile.id,
    class: profile.class,
    protocol,
    link: { ...linkDefaults, ...(protocol === "mqtt" ? {} : said(profile.link[protocol])) },
    points: instances(profile, options).flatMap((instance) => {
      const points = pointModel(profile, instance, protocol, options);
      return protocol === "snmp" && isLookedUp(instance.source) ? points.map(lookedUpLater) : points;
    }),
    ...(tables.length > 0 ? { tables } : {}),
    ...(identity && protocol !== "mqtt" && profile.identify[protocol]
      ? { identity: { id: profile.id, identify: profile.identify } }
      : {}),
    ...(profile.boost ? { boost: boostOf(profile.boost, options) } : {}),
    ...variantModels(profile, protocol, (variant) => bindDevice(variant, options)),
    ...(profile.overload ? { overload: profile.overload.tolerates } : {}),
    commands: commandInstances(profile, options).flatMap((instance) => commandModel(instance, protocol, options)),
    ...trapsOf(profile, options),
  };
}

/** A walked table's points keep their letter: which rows there are is not known here. */
function trapsOf(profile: Profile, { fitted = {}, rename = {} }: BindOptions): Pick<DeviceModel, "traps"> {
  if (Object.keys(profile.traps).length === 0) return {};
  const namesOf = (name: string): readonly string[] => {
    const source = profile.points[name];
    const bound = source ? repeated(name, source, source.repeat, fitted) : [];
    return bound.length > 0 ? bound.map((instance) => rename[instance.name] ?? instance.name) : [name];
  };
  return { traps: hurriedBy(profile, namesOf) };
}

/** What a site says of a device that its profile cannot do, in words; empty where all fits. */
export function bindProblems(profile: Profile, options: BindOptions): readonly string[] {
  return [
    ...protocolProblems(profile, options),
    ...fittedProblems(Object.values(profile.points), options.fitted ?? {}),
    ...renameProblems(profile, options),
    ...periodProblems(profile, options.periods ?? {}),
    ...scanProblems(profile, options),
  ];
}

const protocols: readonly Protocol[] = ["modbus", "snmp", "mqtt"];

const spoken = (profile: Profile): readonly Protocol[] =>
  protocols.filter((protocol) => Object.values(profile.points).some((point) => point[protocol]));

const protocolOf = (profile: Profile, { protocol }: BindOptions): Protocol =>
  protocol ?? spoken(profile)[0] ?? "modbus";

function protocolProblems(profile: Profile, { protocol }: BindOptions): readonly string[] {
  const known = spoken(profile);
  if (protocol === undefined) return known.length > 1 ? [`say which protocol: ${known.join(" or ")}`] : [];
  return known.includes(protocol) ? [] : [`it does not speak ${protocol}, but ${known.join(" and ")}`];
}

function renameProblems(profile: Profile, options: BindOptions): readonly string[] {
  const names = instances(profile, options).map(({ name }) => name);
  const renames = Object.entries(options.rename ?? {});
  const after = names.map((name) => options.rename?.[name] ?? name);
  const twice = after.find((name, i) => after.indexOf(name) !== i);
  return [
    ...renames.flatMap(([from, to]) => renameProblem(names, from, to)),
    ...(twice === undefined ? [] : [`two of its points would be "${twice}"`]),
  ];
}

function renameProblem(names: readonly string[], from: string, to: string): readonly string[] {
  if (!names.includes(from)) return [`it has no point "${from}"${hintAt(closest(from, names))}`];
  const [old, now] = [quantityOf(from), quantityOf(to)];
  if (!now) return [`"${to}" is no standard quantity${hintAt(closest(to, Object.keys(quantities)))}`];
  const fits = old?.unit === now.unit && (old.states?.length ?? 0) <= (now.states?.length ?? 0);
  return fits ? [] : [`"${from}" cannot stand for "${to}": their units or states differ`];
}

/** A site may tighten what guards safety, and never loosen it. */
function periodProblems(profile: Profile, { safety }: Partial<Record<ScanClass, Duration>>): readonly string[] {
  if (safety === undefined || safety <= profile.scan.safety) return [];
  return [`safety points are read every ${profile.scan.safety} ms and may not be read more slowly`];
}

function scanProblems(profile: Profile, options: BindOptions): readonly string[] {
  const { rename = {}, scan = {} } = options;
  const own = new Map(instances(profile, options).map(({ name, source }) => [rename[name] ?? name, source.scan]));
  return Object.entries(scan).flatMap(([name, here]) => {
    if (!own.has(name)) return [`it has no point "${name}"${hintAt(closest(name, own.keys()))}`];
    return own.get(name) === "safety" && here !== "safety" ? [`${name} guards safety and stays in its class`] : [];
  });
}

function instances(profile: Profile, { fitted = {} }: BindOptions): readonly Instance<PointSource>[] {
  return Object.entries(profile.points).flatMap(([name, source]) => repeated(name, source, source.repeat, fitted));
}

const boostOf = ({ point, test, classes }: ProfileBoost, { rename = {} }: BindOptions): Boost => ({
  point: rename[point] ?? point,
  test: testOf(point, test),
  periods: Object.fromEntries(Object.entries(classes).filter(([, period]) => period !== undefined)),
});

const lookedUpLater = (point: PointModel): PointModel => ({ ...point, lookedUp: true });

/** What has to be looked up on the device: rows of which the site does not say that they are fitted, and the like. */
const lookedUp = (profile: Profile, options: BindOptions): readonly TableModel[] =>
  tablesOf(profile.points, options.fitted ?? {}, (instance) => pointModel(profile, instance, "snmp", options));

function commandInstances(profile: Profile, { fitted = {} }: BindOptions): readonly Instance<CommandSource>[] {
  return Object.entries(profile.commands).flatMap(([name, source]) =>
    repeated(name, source, profile.points[source.expect.point]?.repeat, fitted),
  );
}

function pointModel(
  profile: Profile,
  instance: Instance<PointSource>,
  protocol: Protocol,
  { rename = {}, periods = {}, scan: scanHere = {} }: BindOptions,
): readonly PointModel[] {
  const { source } = instance;
  const name = rename[instance.name] ?? instance.name;
  const at = addressOf(source, instance, protocol);
  const own = quantityOf(instance.name);
  const quantity = quantityOf(name);
  const scan = scanHere[name] ?? source.scan;
  if (!at || !own || !quantity) return [];
  return [
    {
      name,
      unit: quantity.unit,
      states: quantity.states ?? null,
      range: (name === instance.name ? source.range : undefined) ?? quantity.range,
      scan,
      period: periods[scan] ?? profile.scan[scan],
      at,
      ...meaningOf(source, protocol, own),
      ...doubtsOf(source, {
        called: (written) => calledHere(instance, written, rename),
        bindSecond: (second) =>
          pointModel(profile, { ...instance, source: second }, protocol, { rename, periods, scan: scanHere }),
      }),
    },
  ];
}

function calledHere({ letter, shown }: Instance<unknown>, written: string, rename: Rename): string {
  const name = letter === "" ? written : withInstance(written, letter, shown);
  return rename[name] ?? name;
}

function addressOf(source: PointSource, instance: Instance<PointSource>, protocol: Protocol): PointModel["at"] | null {
  switch (protocol) {
    case "modbus":
      return modbusAt(source, instance);
    case "snmp":
      return snmpAt(source.snmp, instance);
    case "mqtt":
      return mqttAt(source.mqtt, instance);
  }
}

function commandModel(
  { name, letter, number, shown, index, source }: Instance<CommandSource>,
  protocol: Protocol,
  { rename = {} }: BindOptions,
): readonly CommandModel[] {
  const { expect, write, hazard } = source;
  const written = writeOf(write, protocol, { letter, number, index });
  if (!written) return [];
  const fill = (text: string): string => (letter === "" ? text : withInstance(text, letter, shown));
  const point = fill(expect.point);
  const states = quantityOf(point)?.states;
  return [
    {
      name,
      point: rename[point] ?? point,
      value: states ? states.indexOf(String(expect.equals)) : Number(expect.equals),
      hazard,
      write: written,
      within: expect.within,
      inverse: source.inverse === undefined ? null : fill(source.inverse),
    },
  ];
}

function writeOf(
  { modbus, snmp }: CommandSource["write"],
  protocol: Protocol,
  instance: Pick<Instance<CommandSource>, "letter" | "number" | "index">,
): CommandModel["write"] | null {
  const { index } = instance;
  // Nothing is published: a device that is only listened to is not commanded.
  if (protocol === "mqtt") return null;
  if (protocol === "modbus")
    return modbus ? { at: modbusWriteAt(modbus, index), raw: rawOfWrite(modbus, index) } : null;
  const at = snmpAt(snmp, instance);
  return at && snmp ? { at, raw: snmp.raw } : null;
}

/** Without the keys that say nothing, so that they do not hide a default. */
function said<T extends object>(rules: T | undefined): Partial<LinkRules> {
  return Object.fromEntries(Object.entries(rules ?? {}).filter(([, value]) => value !== undefined));
}
