import { chainWords } from "../self/chain-test.ts";
import type { ChainView } from "../serve/api-drills.ts";
import { exit } from "./exit.ts";
import { operatorHeaders } from "./operator.ts";
import { reach } from "./reach.ts";

export interface DrillChainWords {
  readonly url: string;
  readonly json?: boolean;
}

/** `haechi drill chain`: has a running service test its own chain a hundred times; ends with 1 where it is slower than its objective, or did not answer. */
export async function drillChain({ url, json }: DrillChainWords): Promise<number> {
  const { "content-type": _, ...headers } = operatorHeaders();
  const view = (await (await reach(url, "/api/v1/chain/test", { method: "POST", headers })).json()) as ChainView;
  const { last, objectiveMs } = view;
  if (json) console.log(JSON.stringify(view, null, 2));
  else if (last)
    console.log(`${chainWords(last)}; ${objectiveMs === null ? "no objective" : `objective p99 ${objectiveMs} ms`}`);
  const isWell =
    last !== null &&
    last.answered === last.asked &&
    (objectiveMs === null || (last.p99Ms ?? Number.POSITIVE_INFINITY) <= objectiveMs);
  return isWell ? exit.done : exit.failed;
}
