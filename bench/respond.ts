/** What acting costs and how good it is: each part has a file of its own in the folder beside this one. */
import { plannerFigures } from "./respond/planner.ts";

export async function figures(): Promise<Record<string, number>> {
  return { ...plannerFigures() };
}
