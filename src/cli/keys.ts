import type { TrapReceiver } from "../../simulators/wire/index.ts";
import type { Keys } from "../secrets.ts";
import { fetchKeys, fetchTargets, fetchTraps } from "../secrets.ts";
import type { Site } from "../site/index.ts";
import { exit, Refusal } from "./exit.ts";

/** What a site's simulation is spoken to with, and where its storms of traps go; refuses with every key that is missing. */
export function simulatedKeys(site: Site): { readonly keys: Keys; readonly traps?: TrapReceiver } {
  const spoken = fetchKeys(site, process.env);
  const workers = fetchTargets(site.targets, process.env);
  const fetched = fetchTraps(site.traps, process.env);
  const missing = [spoken, workers, fetched].flatMap((found) => ("missing" in found ? found.missing : []));
  if ("missing" in spoken || "missing" in workers || "missing" in fetched)
    throw new Refusal(missing.join("\n"), exit.config);
  const secrets = workers.targets.flatMap((target) =>
    target.kind === "http" ? [[target.id, target.settings.secret] as const] : [],
  );
  const keys = { ...spoken, targets: new Map(secrets) };
  if (!fetched.traps) return { keys };
  const { bind: host, port, community } = fetched.traps;
  return { keys, traps: { host, port, ...(community !== undefined && { community }) } };
}
