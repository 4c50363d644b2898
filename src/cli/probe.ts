import type { DeviceLink, OnceResult } from "../collect/index.ts";
import { readOnce } from "../collect/index.ts";
import type { Identity, Library, Profile } from "../profiles/index.ts";
import { bindDevice, bindProblems, closest, identify, identityModel, loadLibrary } from "../profiles/index.ts";
import { type AccessWords, addressOf } from "./address.ts";
import { exit, Refusal } from "./exit.ts";
import { printTable } from "./table.ts";

type OnceRead = OnceResult["points"][number];

export interface ProbeWords extends AccessWords {
  /** A profile's id, or "auto". */
  readonly profile: string;
  readonly fitted?: number;
  readonly json?: boolean;
}

/** Why a profile was taken, and which others would have fitted less exactly. */
interface Choice {
  readonly profile: Profile;
  readonly because: string;
  readonly others: readonly Identity[];
}

/** What a device turned out to be, and what its points read. */
interface Probed extends Choice {
  readonly result: OnceResult;
}

/**
 * `haechi probe ADDRESS`: which profile a device fits, and every point of it: where it stands, raw, in engineering
 * units and how good. Writes nothing.
 */
export async function probe(address: string, words: ProbeWords): Promise<number> {
  const probed = await probeDevice(address, words);
  const { profile, because, others, result } = probed;
  if (words.json) console.log(JSON.stringify({ profile: profile.id, because, others, ...inJson(result) }, null, 2));
  else print(probed, result);
  if (!isSilent(result)) return exit.done;
  console.error(silence(address, result));
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
  const fitted = words.fitted ? { fitted: fittedOf(profile, words.fitted) } : {};
  const options = { protocol, ...fitted };
  const problems = bindProblems(profile, options);
  if (problems.length > 0) throw new Refusal(problems.join("\n"), exit.usage);
  const result = await readOnce({ id: "device", model: bindDevice(profile, options), address: at });
  return { profile, because, others, result };
}

const isSilent = ({ points, fault }: OnceResult): boolean =>
  points.length === 0
    ? fault !== null
    : points.every(({ reading }) => reading.quality === "bad" && reading.reason === "noCommunication");

const silence = (address: string, { fault }: OnceResult): string =>
  `${address} does not answer${fault === null ? "" : `: ${fault}`}`;

function asked({ profiles, problems }: Library, name: string): Choice {
  const profile = profiles.get(name);
  if (profile) return { profile, because: "as it was said", others: [] };
  const near = closest(name, [...profiles.keys()]);
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  const names = ["auto", ...[...profiles.keys()].sort()].join(", ");
  throw new Refusal(
    `there is no profile "${name}"${hint}; there are: ${names}${problems.length > 0 ? "; some are broken" : ""}`,
    exit.usage,
  );
}

type Where = Pick<DeviceLink, "address"> & { readonly name: string; readonly protocol: "modbus" | "snmp" };

/** The profile that a device fits most exactly. */
async function recognised({ profiles }: Library, { name, protocol, address }: Where): Promise<Choice> {
  const model = identityModel(profiles.values(), protocol);
  const result = await readOnce({ id: "device", model, address });
  if (isSilent(result)) throw new Refusal(`${silence(name, result)}; if it is there, say --profile`, exit.unavailable);
  const raws = new Map(result.points.map((point) => [point.name, point.raw]));
  const fits = identify(profiles.values(), protocol, (place) => raws.get(place) ?? null);
  const [first, ...others] = fits;
  const profile = first && profiles.get(first.profile);
  if (!profile) throw new Refusal(`${name} answers, and fits no profile: say --profile`, exit.failed);
  const equal = others.filter(({ exactness }) => exactness === first.exactness);
  if (equal.length === 0) return { profile, because: first.because, others };
  const names = [first, ...equal].map((one) => `  ${one.profile}: ${one.because}`).join("\n");
  throw new Refusal(`${name} fits several profiles; say which by --profile:\n${names}`, exit.failed);
}

/** The same count for every kind of instance that the profile counts out; a table is walked. */
function fittedOf(profile: Profile, count: number): Record<string, number> {
  const repeats = Object.values(profile.points).flatMap(({ repeat = {} }) => Object.entries(repeat));
  return Object.fromEntries(repeats.filter(([, run]) => "from" in run).map(([letter]) => [letter, count]));
}

const inJson = ({ points, latencyMs, fault }: OnceResult): object => ({
  latencyMs,
  fault,
  points: points.map(({ name, unit, source, raw, reading, states }) => ({
    name,
    source,
    raw: typeof raw === "bigint" ? String(raw) : raw,
    ...(reading.quality === "bad" ? {} : { value: reading.value, state: states?.[reading.value] ?? null }),
    unit,
    quality: reading.quality,
    ...("reason" in reading ? { reason: reading.reason } : {}),
  })),
});

function print({ profile, because, others }: Choice, { points, latencyMs, fault }: OnceResult): void {
  console.log(`${profile.id}: ${profile.name}; ${because}`);
  for (const other of others) console.log(`less exactly ${other.profile}: ${other.because}`);
  console.log();
  const rows = points.map((point) => [point.name, valueOf(point), rawOf(point.raw), point.source, qualityOf(point)]);
  printTable(["point", "value", "raw", "source", "quality"], rows);
  if (latencyMs !== null) console.log(`\n${points.length} points, ${latencyMs.toFixed(1)} ms a request`);
  if (latencyMs !== null && fault !== null) console.log(`not all could be asked: ${fault}`);
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
