import type { Plant } from "../../src/core/plant.ts";
import type { Served } from "../../src/serve/server.ts";
import { serveDemo } from "../serve/bed.ts";
import { begin, burning, calmPlant, cycle } from "../serve/plants.ts";

/** Where a battery burns, and who may ask something about it. */
export interface Heard {
  readonly plant: Plant;
  readonly served: Served;
}

/** A service in a fire. As the loop does it, what is asked is heard by the next scan; by none while `isHeard` says no. */
export async function heard(token: string, isHeard: () => boolean = () => true): Promise<Heard> {
  const plant = calmPlant();
  let at: number = begin;
  const scanned = (output: ReturnType<typeof cycle>): void => served.publish(plant, output);
  const served = await serveDemo({
    token,
    ask: (request) => {
      at += 100;
      if (isHeard()) setTimeout(() => scanned(cycle(plant, at, {}, { requests: [request] })), 10);
      return true;
    },
  });
  scanned(cycle(plant, begin, burning));
  return { plant, served };
}
