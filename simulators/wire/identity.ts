/** What a simulated SNMP device says of itself: the system group, and for a UPS the strings and counts that tools ask for first. */
import type { DeviceModel, SnmpValue } from "../../src/profiles/index.ts";

const integer = (value: number): SnmpValue => ({ type: 2, value });
const text = (value: string): SnmpValue => ({ type: 4, value });
const objectId = (value: string): SnmpValue => ({ type: 6, value });

/** sysObjectID by profile: what the vendor's products answer. The rest say Net-SNMP on Linux, as many cards do. */
const objectIds: Readonly<Record<string, string>> = {
  "ups/eaton-xups": "1.3.6.1.4.1.534.1",
  "pdu/apc-rpdu2": "1.3.6.1.4.1.318.1.3.4.6",
  "cooling/apc-inrow": "1.3.6.1.4.1.318.1.3.14.5",
};
/** sysDescr by profile, where something hangs on it: this card is the one that counts whole amperes. */
const descriptions: Readonly<Record<string, string>> = {
  "ups/eaton-xups": "ConnectUPS Web/SNMP Card, simulated",
};
const netSnmpOnLinux = "1.3.6.1.4.1.8072.3.2.10";

const upsMib = "1.3.6.1.2.1.33.1";
const ratedVa = 80_000;

/** RFC 1628: identity, line counts, the alarm count's neighbours and the configuration group. */
const upsMibObjects = (name: string, lines: number): Readonly<Record<string, SnmpValue>> => ({
  [`${upsMib}.1.1.0`]: text("Haechi"),
  [`${upsMib}.1.2.0`]: text("Simulated UPS"),
  [`${upsMib}.1.3.0`]: text("1.0"),
  [`${upsMib}.1.4.0`]: text("1.0"),
  [`${upsMib}.1.5.0`]: text(name),
  [`${upsMib}.1.6.0`]: text("racks"),
  [`${upsMib}.3.1.0`]: { type: 65, value: 0 },
  [`${upsMib}.3.2.0`]: integer(lines),
  [`${upsMib}.4.3.0`]: integer(lines),
  [`${upsMib}.9.1.0`]: integer(220),
  [`${upsMib}.9.2.0`]: integer(600),
  [`${upsMib}.9.3.0`]: integer(220),
  [`${upsMib}.9.4.0`]: integer(600),
  [`${upsMib}.9.5.0`]: integer(ratedVa),
  [`${upsMib}.9.6.0`]: integer(ratedVa),
  [`${upsMib}.9.7.0`]: integer(2),
});

const xups = "1.3.6.1.4.1.534.1";

/** XUPS-MIB: the first column of the tables of input, output and bypass lines; each row says its number there. */
const xupsLines = [`${xups}.3.4.1.1`, `${xups}.4.4.1.1`, `${xups}.5.3.1.1`];

/** XUPS-MIB: manufacturer, model, software, and the lines: how many, and their numbers. */
const xupsObjects = (lines: number): Readonly<Record<string, SnmpValue>> => ({
  ...Object.fromEntries(
    xupsLines.flatMap((column) =>
      Array.from({ length: lines }, (_, i): [string, SnmpValue] => [`${column}.${i + 1}`, integer(i + 1)]),
    ),
  ),
  [`${xups}.1.1.0`]: text("Haechi"),
  [`${xups}.1.2.0`]: text("Simulated UPS"),
  [`${xups}.1.3.0`]: text("1.0"),
  [`${xups}.3.3.0`]: integer(lines),
  [`${xups}.4.3.0`]: integer(lines),
  [`${xups}.5.2.0`]: integer(lines),
});

/** Everything fixed that a device answers. */
export function identityOf({ id, model }: { readonly id: string; readonly model: DeviceModel }) {
  const lines = model.points.filter(({ name }) => name.startsWith("output.voltage[")).length;
  const system: Readonly<Record<string, SnmpValue>> = {
    "1.3.6.1.2.1.1.1.0": text(descriptions[model.profile] ?? `Simulated ${model.profile}`),
    "1.3.6.1.2.1.1.2.0": objectId(objectIds[model.profile] ?? netSnmpOnLinux),
    "1.3.6.1.2.1.1.4.0": text("nobody"),
    "1.3.6.1.2.1.1.5.0": text(id),
    "1.3.6.1.2.1.1.6.0": text("loopback"),
    "1.3.6.1.2.1.1.7.0": integer(72),
    "1.3.6.1.2.1.2.1.0": integer(0),
  };
  if (model.profile === "ups/ietf-ups-mib") return { ...system, ...upsMibObjects(id, lines) };
  return model.profile === "ups/eaton-xups" ? { ...system, ...xupsObjects(lines) } : system;
}
