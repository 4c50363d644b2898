import type { Plant, ScanOutput } from "../../src/core/plant.ts";
import type { Served, ServeOptions } from "../../src/serve/server.ts";
import { serve } from "../../src/serve/server.ts";
import { info } from "./plants.ts";

/** A service for the demo's site at a port of its own; what a test says takes the place of what is said here. */
export const serveDemo = (options: Partial<ServeOptions> = {}): Promise<Served> =>
  serve({ port: 0, site: info, build: "b1", wall: null, token: null, ask: () => false, history: null, ...options });

/** A scan of which there is nothing to tell. */
export const quiet: ScanOutput = { transitions: [], commands: [], notices: [] };

/** A service at the stand of a plant. */
export async function servedPlant(plant: Plant, options: Partial<ServeOptions> = {}): Promise<Served> {
  const served = await serveDemo(options);
  served.publish(plant, quiet);
  return served;
}
