import type { DeviceLink, OnceResult, SnmpAccess } from "../collect/index.ts";
import { readOnce } from "../collect/index.ts";
import type { Profile, Protocol } from "../profiles/index.ts";
import { bindDevice, bindProblems, closest, loadLibrary } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

type OnceRead = OnceResult["points"][number];

export interface ReadWords {
  readonly profile: string;
  readonly community: string;
  readonly fitted?: number;
  readonly json?: boolean;
}

/** `haechi read ADDRESS --profile P`: every point of one device, with where it stands, raw and in engineering units. Writes nothing. */
export async function read(address: string, words: ReadWords): Promise<number> {
  const at = addressOf(address, words);
  const profile = profileOf(words.profile);
  const options = { protocol: at.protocol, ...(words.fitted ? { fitted: fittedOf(profile, words.fitted) } : {}) };
  const problems = bindProblems(profile, options);
  if (problems.length > 0) throw new Refusal(problems.join("\n"), exit.usage);
  const result = await readOnce({ id: "device", model: bindDevice(profile, options), address: at.address });
  if (words.json) console.log(JSON.stringify(inJson(result), null, 2));
  else print(result);
  const isSilent = result.points.every(
    ({ reading }) => reading.quality === "bad" && reading.reason === "noCommunication",
  );
  if (!isSilent) return exit.done;
  console.error(`${address} does not answer${result.fault === null ? "" : `: ${result.fault}`}`);
  return exit.unavailable;
}

const forms = "modbus://HOST[:PORT][/UNIT] or snmp://HOST[:PORT]";

function addressOf(
  text: string,
  words: ReadWords,
): { readonly protocol: Protocol; readonly address: DeviceLink["address"] } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== "modbus:" && url.protocol !== "snmp:") || url.hostname === "") {
    throw new Refusal(`"${text}" is no address: write ${forms}`, exit.usage);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "snmp:") {
    const snmp: SnmpAccess = { version: "2c", community: words.community };
    return { protocol: "snmp", address: { host, port: Number(url.port || 161), snmp } };
  }
  const unit = Number(url.pathname.slice(1) || 1);
  if (!Number.isInteger(unit) || unit < 0 || unit > 255)
    throw new Refusal(`"${url.pathname.slice(1)}" is no unit: 0 to 255`, exit.usage);
  return { protocol: "modbus", address: { host, port: Number(url.port || 502), unit } };
}

function profileOf(name: string): Profile {
  const { profiles, problems } = loadLibrary();
  const profile = profiles.get(name);
  if (profile) return profile;
  const near = closest(name, [...profiles.keys()]);
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  const names = [...profiles.keys()].sort().join(", ");
  throw new Refusal(
    `there is no profile "${name}"${hint}; there are: ${names}${problems.length > 0 ? "; some are broken" : ""}`,
    exit.usage,
  );
}

/** The same count for every kind of instance that the profile repeats. */
function fittedOf(profile: Profile, count: number): Record<string, number> {
  const letters = new Set(Object.keys(profile.points).flatMap((name) => /\[([a-z])\]/.exec(name)?.[1] ?? []));
  return Object.fromEntries([...letters].map((letter) => [letter, count]));
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

function print({ points, latencyMs }: OnceResult): void {
  const rows = points.map((point) => [point.name, valueOf(point), rawOf(point.raw), point.source, qualityOf(point)]);
  const heads = ["point", "value", "raw", "source", "quality"];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  for (const row of [heads, ...rows])
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    );
  if (latencyMs !== null) console.log(`\n${points.length} points, ${latencyMs.toFixed(1)} ms a request`);
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
