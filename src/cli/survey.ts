/**
 * Looking for devices: every address of a range is asked for something that any device of its
 * protocol can say, and those that answer are asked what they are. It reads and nothing else, a
 * bounded number of addresses at a time, and each address at its own pace.
 */
import { connect } from "node:net";
import { type OnceResult, readOnce } from "../collect/index.ts";
import { type DeviceAddress, type Identity, type Library, objectAt, placesModel } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";
import { isSilent, recognise, type Where } from "./recognise.ts";

/** What answered, and what it is by every profile that it fits, the most exact first. */
export interface Found {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  /** Modbus only. */
  readonly unit: number | null;
  readonly fits: readonly Identity[];
  /** What the device calls itself, and what it says it is; null where it says nothing. */
  readonly name: string | null;
  readonly description: string | null;
}

/** What is to be looked for, and where. */
export interface Search {
  readonly protocol: "modbus" | "snmp";
  readonly hosts: readonly string[];
  readonly port: number;
  /** Modbus: the units to try behind every address. */
  readonly units: readonly number[];
  /** SNMP: how agents are spoken to. */
  readonly access: Pick<DeviceAddress, "snmp">;
  readonly atOnce: number;
}

/** How far a search is. */
export interface Progress {
  readonly done: number;
  readonly of: number;
  readonly found: number;
}

/** A host on a local network is there at once, or not at all. ms */
const CONNECT_MS = 1000;

const SYS_DESCRIPTION = "1.3.6.1.2.1.1.1.0";
const SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0";
const SYS_NAME = "1.3.6.1.2.1.1.5.0";

/** Searches until all addresses have had their turn or `stop` aborts; what was found comes in the order of the addresses. */
export async function search(
  wanted: Search,
  library: Library,
  told: (progress: Progress) => void,
  stop: AbortSignal,
): Promise<readonly Found[]> {
  const found: (readonly Found[])[] = [];
  const left = [...wanted.hosts.entries()];
  const count = { done: 0, of: left.length, found: 0 };
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next && !stop.aborted; next = left.shift()) {
      const [at, host] = next;
      const here = await (wanted.protocol === "snmp" ? agentAt(host, wanted, library) : unitsAt(host, wanted, library));
      found[at] = here;
      count.done += 1;
      count.found += here.length;
      told({ ...count });
    }
  };
  await Promise.all(Array.from({ length: Math.min(wanted.atOnce, left.length) }, work));
  return found.flat();
}

async function agentAt(host: string, { port, access }: Search, library: Library): Promise<readonly Found[]> {
  const address = { host, port, ...access };
  const said = await readOnce({ id: "device", model: system, address });
  if (isSilent(said)) return [];
  const name = `snmp://${host}:${port}`;
  const fits = (await fitting({ name, protocol: "snmp", address }, library)) ?? [];
  return [
    { address: name, host, port, unit: null, fits, name: textOf(said, SYS_NAME), description: descriptionOf(said) },
  ];
}

const system = placesModel("snmp", [SYS_OBJECT_ID, SYS_DESCRIPTION, SYS_NAME].map(objectAt));

function textOf({ points }: OnceResult, oid: string): string | null {
  const raw = points.find(({ name }) => name === oid)?.raw;
  const text = raw === null || raw === undefined ? "" : String(raw).replaceAll(/\s+/g, " ").trim();
  return text === "" ? null : text;
}

const descriptionOf = (said: OnceResult): string | null => textOf(said, SYS_DESCRIPTION) ?? textOf(said, SYS_OBJECT_ID);

async function unitsAt(host: string, { port, units }: Search, library: Library): Promise<readonly Found[]> {
  if (!(await listens(host, port))) return [];
  const found: Found[] = [];
  for (const unit of units) {
    const address = `modbus://${host}:${port}/${unit}`;
    const fits = await fitting({ name: address, protocol: "modbus", address: { host, port, unit } }, library);
    if (fits) found.push({ address, host, port, unit, fits, name: null, description: null });
  }
  return found;
}

/** The profiles that fit; none where no profile does; null where nothing answers. */
async function fitting(where: Where, { profiles }: Library): Promise<readonly Identity[] | null> {
  try {
    return await recognise(profiles, where);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === exit.unavailable ? null : [];
  }
}

/** Whether anything takes a connection there. */
function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => (): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(answer);
    };
    const late = setTimeout(end(false), CONNECT_MS);
    socket.once("connect", end(true)).once("error", end(false));
  });
}
