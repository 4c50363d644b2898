/** A large site for benchmarks: so many devices, as a building has them, all wanted every second. */

/** A kind of device: how many of a thousand there are, and how it is reached. */
interface Kind {
  readonly name: string;
  readonly perThousand: number;
  readonly profile: string;
  readonly protocol: "modbus" | "snmp";
  readonly rest?: string;
}

/** 45 points a device on average; UPS have 73, smoke detectors 4. */
const kinds: readonly Kind[] = [
  { name: "pdu", perThousand: 300, profile: "pdu/apc-rpdu2", protocol: "snmp", rest: "fitted: { n: 16 }" },
  { name: "meter", perThousand: 260, profile: "meter/janitza-umg96", protocol: "modbus" },
  { name: "ups", perThousand: 120, profile: "ups/eaton-xups", protocol: "snmp" },
  { name: "bat", perThousand: 160, profile: "battery/sunspec-802-803", protocol: "modbus", rest: "fitted: { n: 8 }" },
  { name: "crac", perThousand: 80, profile: "cooling/apc-inrow", protocol: "snmp" },
  { name: "asd", perThousand: 40, profile: "fire/honeywell-faast-8100", protocol: "modbus" },
  { name: "relay", perThousand: 40, profile: "remote-io/moxa-iologik-e1214", protocol: "modbus" },
];

const everySecond = "periods: { safety: 1s, fast: 1s, normal: 1s, slow: 1s }";
const halls = 10;

/** The text of a site file. Hosts are names that nobody has: it is for a simulation. */
export function siteText(devices: number): string {
  const counted = kinds.map((kind) => ({ kind, count: Math.round((devices * kind.perThousand) / 1000) }));
  const lines = counted.flatMap(({ kind, count }) => Array.from({ length: count }, (_, n) => deviceLine(kind, n)));
  const upses = counted.find(({ kind }) => kind.name === "ups")!.count;
  const rows = counted.find(({ kind }) => kind.name === "pdu")!.count;
  return [
    "version: 1",
    "site: { id: bench, name: { en: Bench }, timezone: UTC }",
    "profileAlarms: none",
    "spaces:",
    "  batteries: { kind: battery-room, name: { en: Batteries } }",
    ...Array.from({ length: halls }, (_, n) => `  hall-${n}: { kind: hall, name: { en: Hall ${n} } }`),
    "devices:",
    ...lines,
    "power:",
    `  utility: { kind: utility, ratedKw: ${rows * 20} }`,
    `  gen: { kind: generator, ratedKw: ${rows * 20} }`,
    `  ats: { kind: ats, from: [utility, gen], ratedKw: ${rows * 20} }`,
    ...Array.from(
      { length: upses },
      (_, n) => `  ups-${n}: { kind: ups, feed: A, from: [ats], ratedKw: 200, battery: bat-${n}, device: ups-${n} }`,
    ),
    ...Array.from(
      { length: rows },
      (_, n) => `  row-${n}: { kind: pdu, feed: A, from: [ups-${n % upses}], ratedKw: 30, device: pdu-${n} }`,
    ),
    "loads:",
    ...Array.from({ length: rows * 2 }, (_, n) => rackLine(n)),
  ].join("\n");
}

function deviceLine({ name, profile, protocol, rest }: Kind, n: number): string {
  const space = name === "bat" ? "batteries" : `hall-${n % halls}`;
  const host = `${name}-${n}.invalid`;
  const address =
    protocol === "modbus" ? `modbus: { host: ${host} }` : `snmp: { host: ${host}, version: 2c, community: bench }`;
  return `  ${name}-${n}: { profile: ${profile}, space: ${space}, ${address}, ${everySecond}${rest ? `, ${rest}` : ""} }`;
}

const rackLine = (n: number): string => {
  const pdu = `pdu-${n >> 1}`;
  const outlet = `"${pdu}/outlet[${(n % 2) + 1}].state"`;
  return `  rack-${n}: { space: hall-${(n >> 1) % halls}, ratedKw: 8, importance: normal, feeds: [{ node: row-${n >> 1}, outlet: ${outlet}, closed: ${outlet} }] }`;
};
