import type { TrapReceiver } from "../../simulators/wire/index.ts";
import type { Keys } from "../secrets.ts";
import { fetchKeys, fetchTraps } from "../secrets.ts";
import type { Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";

/** What a site's simulation is spoken to with, and where its storms of traps go; refuses with every key that is missing. */
export function simulatedKeys(site: Site): { readonly keys: Keys; readonly traps?: TrapReceiver } {
  const keys = fetchKeys(site, process.env);
  const fetched = fetchTraps(site.traps, process.env);
  const missing = [keys, fetched].flatMap((found) => ("missing" in found ? found.missing : []));
  if ("missing" in keys || "missing" in fetched) throw new Refusal(missing.join("\n"), exit.config);
  if (!fetched.traps) return { keys };
  const { bind: host, port, community } = fetched.traps;
  return { keys, traps: { host, port, ...(community !== undefined && { community }) } };
}
