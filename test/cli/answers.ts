import { onTestFinished } from "vitest";
import { serve } from "../../src/serve/server.ts";
import { toldOfPremises } from "../serve/demo-premises.ts";
import { again, begin, calmPlant, cycle } from "../serve/plants.ts";

/** The address of a service that watches the demo, with these readings; gone when the test is. */
export async function watching(values: Readonly<Record<string, number>> = {}): Promise<string> {
  const words = {
    port: 0,
    site: toldOfPremises,
    build: "b1",
    wall: null,
    token: null,
    ask: () => false,
    history: null,
  };
  const served = await serve(words);
  onTestFinished(() => served.close());
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  served.publish(plant, { transitions: [], commands: [], notices: [] });
  return served.url;
}
