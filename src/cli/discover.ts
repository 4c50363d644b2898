import { loadLibrary } from "../profiles/index.ts";
import { type AccessWords, accessOf } from "./address.ts";
import { exit, Refusal } from "./exit.ts";
import { hostsOf } from "./range.ts";
import { type Found, type Progress, type Search, search } from "./survey.ts";
import { printTable } from "./table.ts";

export interface DiscoverWords extends AccessWords {
  readonly port?: number;
  /** Modbus units, as "1", "1-5" or "1,3,247". */
  readonly units: string;
  readonly atOnce: number;
  readonly json?: boolean;
}

const PORTS = { modbus: 502, snmp: 161 } as const;
const UNITS_MAX = 255;

/**
 * `haechi discover snmp|modbus RANGE`: which devices answer, and what they are. What is found goes to the standard
 * output, how far the search is to the other. Writes nothing to any device.
 */
export async function discover(protocol: string, range: string, words: DiscoverWords): Promise<number> {
  const wanted = searchOf(protocol, range, words);
  const found = await searched(wanted);
  if (words.json) console.log(JSON.stringify(found, null, 2));
  else print(found, wanted);
  return found.length > 0 ? exit.done : exit.unavailable;
}

/** What is to be looked for by the words of a command; a refusal where they make no sense. */
export function searchOf(protocol: string, range: string, words: DiscoverWords): Search {
  if (protocol !== "snmp" && protocol !== "modbus")
    throw new Refusal(`"${protocol}" is no protocol to look for: say snmp or modbus`, exit.usage);
  return {
    protocol,
    hosts: hostsOf(range),
    port: words.port ?? PORTS[protocol],
    units: unitsOf(words.units),
    access: protocol === "snmp" ? { snmp: accessOf(words) } : {},
    atOnce: words.atOnce,
  };
}

/** Searches with progress on the standard error, and to its end or to Ctrl-C. */
export async function searched(wanted: Search): Promise<readonly Found[]> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once("SIGINT", end);
  const telling = progressTeller(wanted.protocol);
  try {
    return await search(wanted, loadLibrary(), telling.tell, stop.signal);
  } finally {
    telling.end();
    process.off("SIGINT", end);
  }
}

function unitsOf(written: string): readonly number[] {
  const units = written.split(",").flatMap((part) => {
    const [, from, to = from] = /^\s*(\d{1,3})(?:-(\d{1,3}))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || last < first || last > UNITS_MAX)
      throw new Refusal(`"${written}" are no units: write 1, 1-5 or 1,3,247; the last is ${UNITS_MAX}`, exit.usage);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(units)];
}

/** On a terminal one line that is written over; elsewhere a line for every tenth. */
function progressTeller(protocol: string): { readonly tell: (progress: Progress) => void; readonly end: () => void } {
  const { stderr } = process;
  let tenth = 0;
  const line = ({ done, of, found }: Progress): string => `${protocol}: ${done} of ${of} addresses, ${found} found`;
  return {
    tell(progress) {
      if (stderr.isTTY) return void stderr.write(`\r\u001b[2K${line(progress)}`);
      const now = Math.floor((progress.done * 10) / progress.of);
      if (now > tenth) stderr.write(`${line(progress)}\n`);
      tenth = now;
    },
    end() {
      if (stderr.isTTY) stderr.write("\r\u001b[2K");
    },
  };
}

function print(found: readonly Found[], { hosts, port, protocol }: Search): void {
  if (found.length === 0) {
    const where = hosts.length === 1 ? hosts[0] : `${hosts.length} addresses`;
    console.error(`nothing answers by ${protocol} on port ${port} at ${where}`);
    return;
  }
  const rows = found.map(({ address, fits, name, description }) => [
    address,
    fits[0]?.profile ?? "no profile fits",
    fits
      .slice(1)
      .map(({ profile }) => profile)
      .join(" "),
    [name, description]
      .filter((text) => text !== null)
      .join(": ")
      .slice(0, 60),
  ]);
  printTable(["address", "profile", "also", "says of itself"], rows);
  console.log("\nhaechi probe ADDRESS shows what one of them reads; haechi init FILE writes a site file of them");
}
