/** The text of a first site file: the devices that were found, and in comments what only people know. */
import { bindProblems, type Library, type SnmpAccess } from "../profiles/index.ts";
import { freeId, plainId } from "./ids.ts";
import type { Found } from "./survey.ts";

/** How SNMP devices were spoken to; keys of a user are named and not written. */
interface Context {
  readonly library: Library;
  readonly access: SnmpAccess | undefined;
}

/** A whole site file that `haechi check` takes as it stands. What was found and cannot be read yet is in a comment. */
export function siteText(id: string, found: readonly Found[], context: Context): string {
  const ids = new Set<string>();
  const blocks = found.map((one) => blockOf(one, context, ids));
  const devices = blocks.some(({ written }) => written) ? "devices:" : "devices: {}";
  return [head(id), devices, ...blocks.map(({ text }) => text), tail].join("\n");
}

const head = (
  id: string,
): string => `# Written by haechi init from what answered. Nothing here acts: only a response that is set to act and armed does.
version: 1
site: { id: ${id}, name: { en: ${id} }, timezone: UTC }
# The devices bring the alarms of their profiles; write "none" to use only your own.
profileAlarms: all

# Rooms, as they are built. Rooms of one compartment burn together, rooms of one plenum share their smoke:
#   battery-room: { kind: battery-room, name: { en: Battery room }, compartment: b1-battery, plenum: b1-ceiling }
spaces:
  unplaced: { kind: other, name: { en: Not placed yet } }

# Where each device stands is for you to say: put its room in place of "unplaced".`;

const tail = `
# Next: the power tree, the loads with what they may lose, and the services that can move; the whole form is in docs/operators.md.
# power:
#   mains: { kind: utility, ratedKw: 500 }
#   ups-a: { kind: ups, feed: A, from: [mains], ratedKw: 200, power: "DEVICE/output.power", device: DEVICE }
# loads:
#   rack-1: { space: hall-1, ratedKw: 8, importance: protected, feeds: [{ node: ups-a }] }
`;

function blockOf(
  found: Found,
  context: Context,
  ids: Set<string>,
): { readonly text: string; readonly written: boolean } {
  const usable = found.fits.filter(({ profile }) => {
    const known = context.library.profiles.get(profile);
    return known && bindProblems(known, { protocol: protocolOf(found) }).length === 0;
  });
  const [first, ...others] = usable;
  const says = [found.name, found.description].filter((text) => text !== null).join(": ");
  const comment = `  # ${found.address}${says === "" ? "" : ` says: ${says.slice(0, 90)}`}`;
  if (!first)
    return {
      text: `${comment}\n  # answers, and no profile fits it: haechi read shows its raw values`,
      written: false,
    };
  const lines = [comment, `  # taken for this because ${first.because}`, lineOf(found, first.profile, context, ids)];
  const also = others.map(({ profile }) => `  # it also fits: ${lineOf(found, profile, context, ids).trim()}`);
  return { text: [...lines, ...also].join("\n"), written: true };
}

const protocolOf = ({ unit }: Found): "modbus" | "snmp" => (unit === null ? "snmp" : "modbus");

function lineOf(found: Found, profile: string, { access }: Context, ids: Set<string>): string {
  const { host, port, unit } = found;
  const way =
    unit === null
      ? `snmp: { host: ${host}, port: ${port}, ${accessText(access)} }`
      : `modbus: { host: ${host}, port: ${port}, unit: ${unit} }`;
  return `  ${idFor(found, profile, ids)}: { profile: ${profile}, space: unplaced, ${way} }`;
}

function accessText(access: SnmpAccess | undefined): string {
  if (!access?.user)
    return `version: ${access?.version === "1" ? 1 : "2c"}, community: ${JSON.stringify(access?.community ?? "public")}`;
  const { name, level, authProtocol, privProtocol } = access.user;
  const auth = authProtocol ? `, auth: { protocol: ${authProtocol}, key: "\${env:HAECHI_AUTH_KEY}" }` : "";
  const priv = privProtocol ? `, priv: { protocol: ${privProtocol}, key: "\${env:HAECHI_PRIV_KEY}" }` : "";
  return `version: 3, user: ${JSON.stringify(name)}, level: ${level}${auth}${priv}`;
}

/** What the device calls itself, or its class and address; each once. */
function idFor({ name, host, port, unit }: Found, profile: string, ids: Set<string>): string {
  const own = name && /[a-z]/i.test(name) ? name : `${profile.split("/")[0]}-${host}${unit === null ? "" : `-${unit}`}`;
  return freeId(plainId(own) || `device-${port}`, ids);
}
