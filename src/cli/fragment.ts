/** A piece of a site file out of what another program knows: rooms, power tree, racks, and in comments what it does not. */

/** What was read of another program's file. Ids are good and each once; what they refer to is there. */
export interface Fragment {
  readonly spaces: readonly FragmentSpace[];
  readonly nodes: readonly FragmentNode[];
  readonly loads: readonly FragmentLoad[];
  /** Devices that may be watched, for somebody to say by which profile. */
  readonly devices: readonly FragmentDevice[];
  /** What was left out, and what was taken for what. */
  readonly notes: readonly string[];
}

export interface FragmentSpace {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly compartment: string | null;
  readonly plenum: string | null;
}

export interface FragmentNode {
  readonly id: string;
  readonly kind: string;
  readonly space: string | null;
  readonly from: readonly string[];
  readonly feed: string | null;
  readonly ratedKw: number;
}

export interface FragmentLoad {
  readonly id: string;
  readonly space: string;
  readonly ratedKw: number;
  readonly importance: string;
  readonly from: readonly string[];
}

interface FragmentDevice {
  readonly id: string;
  readonly what: string;
  readonly space: string;
  readonly host: string;
}

/** The piece as YAML, with its sections in the order of a site file. */
export const fragmentText = (source: string, { spaces, nodes, loads, devices, notes }: Fragment): string =>
  [
    `# Written by haechi import from ${source}. Read it, put it into a site file, then: haechi check SITE`,
    ...notes.map((note) => `# ${note}`),
    "",
    "# Rooms of one compartment burn together, rooms of one plenum share their smoke: say both.",
    ...section("spaces", spaces.map(spaceLine)),
    ...(devices.length === 0 ? [] : ["", "# Devices with an address; haechi probe ADDRESS finds the profile of each."]),
    ...(devices.length === 0 ? [] : ["# devices:", ...devices.map(deviceLine)]),
    "",
    "# What power passes through; add battery, device and the point that measures it (power), and the routes it takes.",
    ...section("power", nodes.map(nodeLine)),
    "",
    "# Racks. Say what each may lose (batch, redundant, normal, protected), and what opens and measures its feeds.",
    ...section("loads", loads.map(loadLine)),
    "",
  ].join("\n");

const section = (name: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [`${name}: {}`] : [`${name}:`, ...lines];

const said = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(", ");
const maybe = (key: string, value: string | null): string | null => (value === null ? null : `${key}: ${value}`);
const list = (ids: readonly string[]): string => `[${ids.join(", ")}]`;

const spaceLine = ({ id, name, kind, compartment, plenum }: FragmentSpace): string =>
  `  ${id}: { ${said([
    `kind: ${kind}`,
    `name: { en: ${JSON.stringify(name)} }`,
    maybe("compartment", compartment),
    maybe("plenum", plenum),
  ])} }`;

const deviceLine = ({ id, what, space, host }: FragmentDevice): string =>
  `#   ${id}: { profile: PROFILE, space: ${space}, snmp: { host: ${host}, version: 2c, community: public } }  # ${what}`;

const nodeLine = ({ id, kind, space, from, feed, ratedKw }: FragmentNode): string =>
  `  ${id}: { ${said([
    `kind: ${kind}`,
    maybe("feed", feed),
    maybe("space", space),
    maybe("from", from.length === 0 ? null : list(from)),
    `ratedKw: ${ratedKw}`,
  ])} }`;

const loadLine = ({ id, space, ratedKw, importance, from }: FragmentLoad): string =>
  `  ${id}: { space: ${space}, ratedKw: ${ratedKw}, importance: ${importance}, feeds: ${list(from.map((node) => `{ node: ${node} }`))} }`;
