import { onTestFinished } from "vitest";
import { servedPlant } from "../serve/bed.ts";
import { toldOfPremises } from "../serve/demo-premises.ts";
import { again, begin, calmPlant, cycle } from "../serve/plants.ts";

/** The address of a service that watches the demo, with these readings; gone when the test is. */
export async function watching(values: Readonly<Record<string, number>> = {}): Promise<string> {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  const served = await servedPlant(plant, { site: toldOfPremises });
  onTestFinished(() => served.close());
  return served.url;
}
