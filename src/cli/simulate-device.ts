import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Alone, Fault, RecordingProblem, TrapReceiver } from "../../simulators/device/index.ts";
import {
  faultsFrom,
  freePort,
  parseFault,
  parseRecording,
  serveAlone,
  serveRecording,
} from "../../simulators/device/index.ts";
import type { AskedProtocol, DeviceAddress, Library, PointModel, Profile } from "../profiles/index.ts";
import { hasVersion, loadLibrary } from "../profiles/index.ts";
import { type AccessWords, addressOf } from "./address.ts";
import { exit, Refusal } from "./exit.ts";
import { orTaken } from "./or-taken.ts";
import { profileNamed } from "./profile-named.ts";
import { printTable } from "./table.ts";
import { untilStopped } from "./until-stopped.ts";

export interface SimulateDeviceWords extends AccessWords {
  readonly list?: boolean;
  readonly recording?: string;
  readonly protocol?: AskedProtocol;
  readonly port: number;
  readonly unit?: number;
  readonly rows: number;
  readonly firmware?: string;
  readonly seed: number;
  readonly fault?: readonly string[];
  readonly trapsTo?: string;
  readonly json?: boolean;
}

/** What is served, and how to end it. */
interface Simulated {
  readonly close: () => Promise<void>;
  /** For people and for scripts. */
  readonly about: string;
  readonly told: object;
  readonly alone?: Alone;
}

const host = "127.0.0.1";
/** Lines of a recording that are told of one by one. */
const problemsTold = 50;

/**
 * `haechi simulate-device PROFILE` or `--recording FILE`: one device over its real protocol on the loopback, with the
 * faults that are asked for, until it is told to stop.
 */
export async function simulateDevice(name: string | undefined, words: SimulateDeviceWords): Promise<number> {
  const library = loadLibrary();
  if (words.list) return list(library, words);
  const profile = name === undefined ? null : profileNamed(library, name);
  if (!profile && words.recording === undefined) throw new Refusal("say a profile, --recording or --list", exit.usage);
  const protocol = words.recording === undefined && profile ? protocolOf(profile, words) : "snmp";
  const traps = receiverOf(words);
  const faults = (words.fault ?? []).map((text) => faultOf(text, protocol));
  const { url, address } = await placeOf(protocol, words);
  const simulated = await orTaken(
    words.recording === undefined
      ? fromProfile(profile!, protocol, { address, words, faults, traps })
      : fromRecording(words.recording, { address, words, faults, traps }),
    (_, code) => `${url} cannot be had: ${code}`,
  );
  // Before anybody is told that it can be stopped.
  const stopped = untilStopped();
  say(url, simulated, words);
  const input = simulated.alone ? takeValues(simulated.alone) : null;
  await stopped;
  input?.close();
  process.stdin.destroy();
  await simulated.close();
  return exit.done;
}

interface Order {
  readonly address: DeviceAddress;
  readonly words: SimulateDeviceWords;
  readonly faults: readonly Fault[];
  readonly traps: TrapReceiver;
}

/** Kinds that need more than the answers of a recorded agent. */
const notRecorded: readonly Fault["kind"][] = ["spike", "drift", "wrong-scale", "clock-step", "trap-storm"];

async function fromProfile(profile: Profile, protocol: AskedProtocol, order: Order): Promise<Simulated> {
  const { address, faults, words, traps } = order;
  const { rows, seed } = words;
  const alone = await serveAlone(profile, {
    protocol,
    address,
    rows,
    seed,
    faults,
    traps,
    ...firmwareOf(profile, words),
  });
  const { points } = alone.model;
  const lacking = alone.without.length === 0 ? "" : `; without ${alone.without.join(", ")}`;
  return {
    close: () => alone.close(),
    about: `${profile.id}: ${profile.name}, ${points.length} points${lacking}`,
    told: { profile: profile.id, points: points.map((point) => point.name), without: alone.without },
    alone,
  };
}

async function fromRecording(file: string, { address, words, faults }: Order): Promise<Simulated> {
  if (!existsSync(file)) throw new Refusal(`there is no recording ${file}`, exit.usage);
  const { lines, problems } = parseRecording(readFileSync(file));
  if (!words.json) printProblems(file, problems);
  const more = faults.find(({ kind }) => notRecorded.includes(kind));
  if (more) throw new Refusal(`a recording answers as it did: it has no ${more.kind}`, exit.usage);
  if (lines.length === 0) throw new Refusal(`nothing in ${file} can be served`, exit.usage);
  const now = (): number => performance.now();
  const agent = await serveRecording(lines, address, faultsFrom(faults, { seed: words.seed, now }));
  return {
    close: () => agent.close(),
    about: `${file}: ${lines.length} objects`,
    told: { recording: file, objects: lines.length, problems },
  };
}

function printProblems(file: string, problems: readonly RecordingProblem[]): void {
  for (const { line, message } of problems.slice(0, problemsTold)) console.error(`${file}:${line}: ${message}`);
  if (problems.length > problemsTold) console.error(`${file}: and ${problems.length - problemsTold} more`);
}

function say(url: string, { about, told }: Simulated, { json, fault = [], community, v3 }: SimulateDeviceWords): void {
  if (json) return console.log(JSON.stringify({ address: url, pid: process.pid, faults: fault, ...told }));
  const access = url.startsWith("modbus:") ? "" : v3 === undefined ? `  (community ${community})` : `  (user ${v3})`;
  console.log(`${url}${access}  ${about}`);
  for (const one of fault) console.log(`fault: ${one}`);
  console.log("Ctrl-C ends it");
}

function list({ profiles }: Library, { json }: SimulateDeviceWords): number {
  const all = [...profiles.values()].map((one) => ({ id: one.id, name: one.name, protocols: spoken(one) }));
  if (json) console.log(JSON.stringify(all, null, 2));
  else
    printTable(
      ["profile", "speaks", "device"],
      all.map(({ id, name, protocols }) => [id, protocols.join(", "), name]),
    );
  return exit.done;
}

const spoken = (profile: Profile): readonly AskedProtocol[] =>
  (["modbus", "snmp"] as const).filter((one) => Object.values(profile.points).some((point) => point[one]));

function protocolOf(profile: Profile, { protocol }: SimulateDeviceWords): AskedProtocol {
  const known = spoken(profile);
  const taken = protocol ?? known[0];
  if (taken && known.includes(taken)) return taken;
  const speaks = known.length > 0 ? `speaks ${known.join(" and ")}` : "publishes over MQTT, which is not simulated";
  throw new Refusal(`${profile.id} ${speaks}`, exit.usage);
}

function firmwareOf(profile: Profile, { firmware }: SimulateDeviceWords): { readonly firmware?: string } {
  if (firmware === undefined) return {};
  if (!profile.firmware) throw new Refusal(`${profile.id} does not say where a device tells its firmware`, exit.usage);
  if (!hasVersion(firmware)) throw new Refusal(`"${firmware}" is no firmware: write a version, 6.74`, exit.usage);
  return { firmware };
}

function faultOf(text: string, protocol: AskedProtocol): Fault {
  const fault = parseFault(text, protocol);
  if (typeof fault !== "string") return fault;
  throw new Refusal(fault, exit.usage);
}

/** Where storms of traps go. */
function receiverOf({ trapsTo = `${host}:162` }: SimulateDeviceWords): TrapReceiver {
  const [, to = "", port = ""] = /^(.+):(\d{1,5})$/.exec(trapsTo) ?? [];
  if (to !== "" && Number(port) <= 65_535) return { host: to.replace(/^\[|\]$/g, ""), port: Number(port) };
  throw new Refusal(`"${trapsTo}" is no place for traps: write HOST:PORT`, exit.usage);
}

async function placeOf(
  protocol: AskedProtocol,
  words: SimulateDeviceWords,
): Promise<{ readonly url: string; readonly address: DeviceAddress }> {
  const port = words.port === 0 ? await freePort(protocol) : words.port;
  const url = `${protocol}://${host}:${port}${protocol === "modbus" ? `/${words.unit ?? 1}` : ""}`;
  const { address } = addressOf(url, words);
  // A device that no unit is said of answers by whatever unit it is asked.
  const { unit: _, ...anyUnit } = address;
  return { url, address: words.unit === undefined ? anyUnit : address };
}

/** Values are set while the device runs, a line each: "battery.charge=20", "ups.mode=battery". */
function takeValues({ model, shown }: Alone): { close(): void } {
  const input = createInterface({ input: process.stdin });
  input.on("line", (line) => {
    const [name = "", ...rest] = line.split("=");
    const point = model.points.find((one) => one.name === name.trim());
    const value = point ? valueIn(point, rest.join("=").trim()) : null;
    if (value === null || !shown.set(name.trim(), value)) console.error(`"${line}" sets no point: write POINT=VALUE`);
    else console.log(`${name.trim()} is ${rest.join("=").trim()}`);
  });
  return input;
}

function valueIn({ states, range }: PointModel, text: string): number | null {
  if (states) {
    const place = states.indexOf(text);
    return place < 0 ? null : place;
  }
  const value = Number(text);
  return text !== "" && value >= range[0] && value <= range[1] ? value : null;
}
