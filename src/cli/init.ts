import { existsSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { loadLibrary } from "../profiles/index.ts";
import { parseSite } from "../site/index.ts";
import { type DiscoverWords, searched, searchOf } from "./discover.ts";
import { exit, Refusal } from "./exit.ts";
import { plainId } from "./ids.ts";
import { siteText } from "./sitetext.ts";

export interface InitWords extends Omit<DiscoverWords, "port" | "json"> {
  readonly snmp?: string;
  readonly modbus?: string;
  readonly snmpPort?: number;
  readonly modbusPort?: number;
}

/** `haechi init FILE`: a site file of the devices that answer, with what is left to say in its comments. It replaces no file. */
export async function init(file: string, words: InitWords): Promise<number> {
  if (existsSync(file)) throw new Refusal(`${file} is there already, and is left as it is`, exit.usage);
  if (words.snmp === undefined && words.modbus === undefined)
    throw new Refusal("say where to look: --snmp RANGE, --modbus RANGE or both", exit.usage);
  const library = loadLibrary();
  const searches = [
    ...(words.snmp === undefined ? [] : [searchOf("snmp", words.snmp, { ...words, ...portOf(words.snmpPort) })]),
    ...(words.modbus === undefined
      ? []
      : [searchOf("modbus", words.modbus, { ...words, ...portOf(words.modbusPort) })]),
  ];
  const found = [];
  for (const wanted of searches) found.push(...(await searched(wanted)));
  const text = siteText(idOf(file), found, {
    library,
    access: searches.find(({ access }) => access.snmp)?.access.snmp,
  });
  const parsed = parseSite(file, text, library);
  if ("problems" in parsed) throw new Error(`wrote a site file that is wrong: ${parsed.problems[0]?.message}`);
  // Another one may have come into being meanwhile.
  writeFileSync(file, text, { flag: "wx" });
  console.log(
    `${file}: ${parsed.site.devices.length} devices of ${found.length} that answer. Read it, then: haechi check ${file}`,
  );
  return found.length > 0 ? exit.done : exit.unavailable;
}

const portOf = (port: number | undefined): { port?: number } => (port === undefined ? {} : { port });

/** A site's id out of its file's name. */
const idOf = (file: string): string => plainId(basename(file).replace(/\.ya?ml$/i, "")) || "site";
