/** What it costs to know what to do and to act, and how good it is: each part has a file of its own in the folder beside this one. */
import { answersFigures } from "./respond/answers.ts";
import { killFigures } from "./respond/kills.ts";
import { latencyFigures } from "./respond/latency.ts";
import { overloadFigures } from "./respond/overload.ts";
import { plannerFigures } from "./respond/planner.ts";

export const figures = async (): Promise<Record<string, number>> => ({
  ...plannerFigures(),
  ...answersFigures(),
  ...(await overloadFigures()),
  ...(await latencyFigures()),
  ...(await killFigures()),
});
