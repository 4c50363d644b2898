/** Plans for water out of a site file's, each held against the isolation plan of its zone and the responses that it names. */
import { isolationOf } from "../core/topology/isolation.ts";
import type { Premises, WaterPlan } from "../core/topology/premises.ts";
import { groundsOf } from "../core/topology/premises.ts";
import type { Path } from "../profiles/index.ts";
import { testOf } from "./steps.ts";
import type { Survey } from "./survey.ts";
import type { WaterSource } from "./water.ts";

/** The plans by room; a zone has one at most, and what it proves is opened by its isolation plan. */
export function waterPlans(survey: Survey, premises: Premises): ReadonlyMap<string, WaterPlan> {
  const { water } = survey.source;
  if (Object.keys(water).length === 0) return new Map();
  const grounds = groundsOf(premises);
  return new Map(
    Object.entries(water).flatMap(([space, source]) => {
      const path = ["water", space];
      if (!premises.rooms.has(space)) {
        survey.findings.sayOfKey(path, `there is no space "${space}"`);
        return [];
      }
      const { spaces, steps } = isolationOf(grounds, space);
      const other = spaces.find((room) => room !== space && Object.hasOwn(water, room));
      if (other !== undefined && other < space)
        survey.findings.sayOfKey(path, `${other} is of the same compartment, and has a plan already`);
      checkEvacuation(survey, [...path, "evacuate"], source.evacuate);
      const keys = steps.map(({ key }) => key);
      return [[space, planOf(survey, { path, source, keys })] as const];
    }),
  );
}

interface Written {
  readonly path: Path;
  readonly source: WaterSource;
  readonly keys: readonly string[];
}

function planOf(survey: Survey, { path, source, keys }: Written): WaterPlan {
  const { use, note = null, evacuate } = source;
  const proofs = Object.entries(source.proof).flatMap(([of, tests]) => {
    const at = [...path, "proof", of];
    if (!keys.includes(of)) {
      const known = keys.length > 0 ? `: ${keys.join(", ")}` : "";
      survey.findings.sayOfKey(at, `its isolation plan opens no "${of}"${known}`);
    }
    return tests.flatMap((written, i) => {
      const known = testOf(survey, [...at, i], written);
      return known ? [{ of, test: known }] : [];
    });
  });
  return { use, note, proofs, evacuate };
}

function checkEvacuation({ source, findings }: Survey, path: Path, ids: readonly string[]): void {
  for (const [i, response] of ids.entries()) {
    if (!findings.refer([...path, i], "responses", response)) continue;
    if (!source.responses[response]?.failover) findings.say([...path, i], `${response} moves nothing`);
  }
}
