import type { OnceResult } from "../collect/index.ts";
import { readOnce } from "../collect/index.ts";
import type { Identity, Library, Profile } from "../profiles/index.ts";
import { bindDevice, bindProblems, loadLibrary } from "../profiles/index.ts";
import { type AccessWords, addressOf } from "./address.ts";
import { exit, Refusal } from "./exit.ts";
import { profileNamed } from "./profile-named.ts";
import { isSilent, recognise, silence, type Where } from "./recognise.ts";
import { printTable } from "./table.ts";

type OnceRead = OnceResult["points"][number];

export interface ProbeWords extends AccessWords {
  /** A profile's id, or "auto". */
  readonly profile: string;
  readonly fitted?: number;
  readonly json?: boolean;
}

/** Why a profile was taken, and which others the device fits as well. */
interface Choice {
  readonly profile: Profile;
  readonly because: string;
  readonly others: readonly Identity[];
}

/** What a device turned out to be, and what its points read: those of the first profile, and what others add to it. */
interface Probed extends Choice {
  readonly result: OnceResult;
  /** What further profiles found that the first does not know of. */
  readonly further: readonly { readonly profile: Profile; readonly points: OnceResult["points"] }[];
}

/**
 * `haechi probe ADDRESS`: which profile a device fits, and every point of it: where it stands, raw, in engineering
 * units and how good. Writes nothing.
 */
export async function probe(address: string, words: ProbeWords): Promise<number> {
  const probed = await probeDevice(address, words);
  if (words.json) console.log(JSON.stringify(inJson(probed), null, 2));
  else print(probed);
  if (!isSilent(probed.result)) return exit.done;
  console.error(silence(address, probed.result));
  return exit.unavailable;
}

/** Finds out what a device is and reads all of it once; a refusal where it fits no profile, or not the one that is said. */
export async function probeDevice(
  address: string,
  words: ProbeWords,
  library: Library = loadLibrary(),
): Promise<Probed> {
  const { protocol, address: at } = addressOf(address, words);
  const choice = words.profile === "auto" ? null : asked(library, words.profile);
  const where = { name: address, protocol, address: at };
  const { profile, because, others } = choice ?? (await recognised(library, where));
  const read = async (one: Profile): Promise<OnceResult> => {
    const options = { protocol, ...(words.fitted ? { fitted: fittedOf(one, words.fitted) } : {}) };
    const problems = bindProblems(one, options);
    if (problems.length > 0) throw new Refusal(problems.join("\n"), exit.usage);
    return readOnce({ id: "device", model: bindDevice(one, options), address: at });
  };
  const result = await read(profile);
  const more = protocol === "snmp" && !isSilent(result) ? others : [];
  return { profile, because, others, result, further: await readFurther(result, more, library, read) };
}

/** An agent may speak several MIBs: what another profile reads counts where no profile before it has looked, and something stands there. */
async function readFurther(
  first: OnceResult,
  others: readonly Identity[],
  { profiles }: Library,
  read: (profile: Profile) => Promise<OnceResult>,
): Promise<Probed["further"]> {
  const looked = new Set(first.points.map(({ source }) => source));
  const further: { profile: Profile; points: OnceResult["points"] }[] = [];
  for (const other of others) {
    const profile = profiles.get(other.profile)!;
    const { points } = await read(profile);
    const added = points.filter(({ source, raw }) => !looked.has(source) && raw !== null);
    for (const { source } of added) looked.add(source);
    if (added.length > 0) further.push({ profile, points: added });
  }
  return further;
}

const asked = (library: Library, name: string): Choice => ({
  profile: profileNamed(library, name),
  because: "as it was said",
  others: [],
});

/** The profile that a device fits most exactly. Over Modbus, where nothing else tells, two that fit alike are one too many. */
async function recognised({ profiles }: Library, where: Where): Promise<Choice> {
  const [first, ...others] = await recognise(profiles, where);
  const equal = others.filter(({ exactness }) => exactness === first.exactness);
  if (where.protocol === "snmp" || equal.length === 0)
    return { profile: profiles.get(first.profile)!, because: first.because, others };
  const names = [first, ...equal].map((one) => `  ${one.profile}: ${one.because}`).join("\n");
  throw new Refusal(`${where.name} fits several profiles; say which by --profile:\n${names}`, exit.failed);
}

/** The same count for every kind of instance that the profile counts out; a table is walked. */
function fittedOf(profile: Profile, count: number): Record<string, number> {
  const repeats = Object.values(profile.points).flatMap(({ repeat = {} }) => Object.entries(repeat));
  return Object.fromEntries(repeats.filter(([, run]) => "from" in run).map(([letter]) => [letter, count]));
}

const inJson = ({ profile, because, others, result, further }: Probed): object => ({
  profile: profile.id,
  because,
  others,
  latencyMs: result.latencyMs,
  fault: result.fault,
  learned: result.learned,
  points: [{ profile, points: result.points }, ...further].flatMap((part) =>
    part.points.map((point) => pointInJson(part.profile, point)),
  ),
});

const pointInJson = (profile: Profile, { name, unit, source, raw, reading, states }: OnceRead): object => ({
  name,
  profile: profile.id,
  source,
  raw: typeof raw === "bigint" ? String(raw) : raw,
  ...(reading.quality === "bad" ? {} : { value: reading.value, state: states?.[reading.value] ?? null }),
  unit,
  quality: reading.quality,
  ...("reason" in reading ? { reason: reading.reason } : {}),
});

function print({ profile, because, others, result, further }: Probed): void {
  const { points, latencyMs, fault, learned } = result;
  console.log(`${profile.id}: ${profile.name}; ${because}`);
  for (const other of others) console.log(`also ${other.profile}: ${other.because}`);
  printPoints(points);
  for (const part of further) {
    console.log(`\nbeside it, ${part.profile.id}: ${part.profile.name}`);
    printPoints(part.points);
  }
  const count = [points, ...further.map((part) => part.points)].flat().length;
  if (latencyMs !== null) console.log(`\n${count} points, ${latencyMs.toFixed(1)} ms a request`);
  for (const lesson of learned) console.log(`the device ${lesson}`);
  if (latencyMs !== null && fault !== null) console.log(`not all could be asked: ${fault}`);
}

function printPoints(points: readonly OnceRead[]): void {
  console.log();
  const rows = points.map((point) => [point.name, valueOf(point), rawOf(point.raw), point.source, qualityOf(point)]);
  printTable(["point", "value", "raw", "source", "quality"], rows);
}

function valueOf({ reading, states, unit }: OnceRead): string {
  if (reading.quality === "bad") return "-";
  return (
    states?.[reading.value] ??
    `${Number(reading.value.toPrecision(7))}${unit === null || unit === "1" ? "" : ` ${unit}`}`
  );
}

const rawOf = (raw: OnceRead["raw"]): string => (raw === null ? "-" : Array.isArray(raw) ? raw.join(" ") : String(raw));

const qualityOf = ({ reading }: OnceRead): string =>
  reading.quality === "good" ? "good" : `${reading.quality}: ${reading.reason}`;
