import { realClock } from "../clock.ts";
import { deviceOf } from "../core/reading.ts";
import { AlreadyRunning, makeActuators, policyOf, serveGate } from "../gate/index.ts";
import { moversOf } from "../movers.ts";
import { fetchKeys, fetchTargets } from "../secrets.ts";
import { exit, Refusal } from "./exit.ts";
import { openSiteFile } from "./open.ts";

export interface GateWords {
  readonly state: string;
  readonly speed: number;
  readonly since: number;
  readonly at: number;
}

/**
 * `haechi gate SITE`: the one process that writes. It reads the site file itself and holds links only
 * to what the file allows to be written. Says "ready" on standard output; ends with its parent's pipe.
 */
export async function gate(file: string, words: GateWords): Promise<number> {
  const site = openSiteFile(file);
  const allowed = new Set(site.gate.allow);
  const watched = new Set(site.gate.interlocks.map(({ point }) => deviceOf(point)));
  const devices = site.devices.filter(({ id }) => allowed.has(id) || watched.has(id));
  const services = site.services.filter(({ id }) => allowed.has(id));
  const used = new Set(services.flatMap(({ by }) => by?.target ?? []));
  const fetched = fetchKeys({ devices, services }, process.env);
  const opened = fetchTargets(
    site.targets.filter(({ id }) => allowed.has(id) || used.has(id)),
    process.env,
  );
  const missing = [fetched, opened].flatMap((found) => ("missing" in found ? found.missing : []));
  if ("missing" in fetched || "missing" in opened) throw new Refusal(missing.join("\n"), exit.config);
  const linked = devices.map(({ id, model }) => ({ id, model, address: fetched.addresses.get(id)! }));
  const links = linked.filter(({ id }) => allowed.has(id));
  const onlyRead = linked.filter(({ id }) => !allowed.has(id));
  const movers = moversOf(site, services, fetched.services);
  const served = await serveGate({
    stateDir: words.state,
    policy: policyOf(site.gate, links, movers, opened.targets),
    actuators: makeActuators(links, movers, opened.targets, onlyRead),
    clock: realClock(words.speed, words.since, words.at),
  }).catch((error: unknown) => {
    throw error instanceof AlreadyRunning ? new Refusal(error.message, exit.running) : error;
  });
  console.log("ready");
  await ended();
  await served.close();
  return exit.done;
}

/** Resolves when the process is told to stop, or when the parent that holds its standard input is gone. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    // Ctrl-C reaches the whole group: the service ends first and closes the pipe.
    process.on("SIGINT", () => undefined);
    process.stdin.once("end", () => resolve()).once("error", () => resolve());
    process.stdin.resume();
  });
}
