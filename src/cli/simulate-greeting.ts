/** What a simulation says: where the site is, how to watch it, and what befalls it. */
import { join } from "node:path";
import type { PreparedSite } from "../simulation/simulated-site.ts";
import type { Site } from "../site/index.ts";
import type { Stage } from "./simulate-stage.ts";

/** What it is said of. */
export interface Greeting extends Pick<Stage, "wire" | "unpublished" | "behind"> {
  readonly site: Site;
  readonly made: PreparedSite;
  readonly siteFile: string;
}

export function greet(greeting: Greeting, { json }: { readonly json?: boolean }): void {
  // A state of its own: the real site's history is not to be mixed with this.
  const run = `haechi run ${greeting.siteFile} --state ${join("var", `${greeting.site.id}-simulated`)}`;
  if (json) console.log(JSON.stringify(inJson(greeting, run)));
  else inWords(greeting, run);
}

function inJson({ site, made, siteFile, wire, unpublished, behind }: Greeting, run: string): object {
  const addresses = [...wire.served.addresses].map(([id, { host, port, unit }]) => [
    id,
    { host, port, ...(unit === undefined ? {} : { unit }) },
  ]);
  const { leftOut, madeUp } = made;
  const devices = Object.fromEntries(addresses) as object;
  const told = { site: site.id, siteFile, run, pid: process.pid, devices, ...behind.data };
  return { ...told, leftOut, madeUp, notSimulated: unpublished };
}

function inWords({ site, made, wire, unpublished, behind }: Greeting, run: string): void {
  console.log(`${site.id}: ${wire.served.addresses.size} devices on 127.0.0.1; ${behind.text}`);
  for (const { device, why } of unpublished) console.log(`not simulated: ${device}: ${why}`);
  if (made.leftOut.length > 0)
    console.log(`left out, for nobody is to be told of a simulation: ${made.leftOut.join(", ")}`);
  if (made.madeUp.length > 0) console.log(`made up, for they are not at hand: ${made.madeUp.join(", ")}`);
  console.log(`watch it: ${run}`);
  console.log(`${behind.lines}; Ctrl-C ends it\n`);
}

export const sayer =
  ({ json }: { readonly json?: boolean }) =>
  (kind: string, text: string): void =>
    console.log(json ? JSON.stringify({ kind, text }) : `${kind}: ${text}`);
