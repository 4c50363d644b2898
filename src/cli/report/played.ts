import type { Scenario } from "../../../simulators/scenario.ts";
import { lineWriter } from "../../record/transcript.ts";
import type { Run } from "../../simulation/recorder.ts";
import type { Site } from "../../site/index.ts";

/** What a scenario was played on: the core in virtual time, the whole service over the wire, or a second core beside a live site. */
export type Stand = "core" | "wire" | "shadow";

/** One scenario, played. */
export interface Played {
  readonly scenario: Scenario;
  readonly run: Run;
  readonly on: Stand;
  readonly tookS: number;
}

/** A promise and what came of it; null where it was kept. */
export interface Verdict {
  readonly text: string;
  readonly broken: string | null;
}

/** What is told of a run: of any file that makes promises, in the time of its site. */
interface Tellable {
  readonly scenario: Pick<Scenario, "name" | "about" | "promises"> & { readonly site: Pick<Site, "timezone"> };
  readonly run: Pick<Run, "told" | "broken">;
}

export function verdictsOf({ scenario, run }: Tellable): readonly Verdict[] {
  const why = new Map(run.broken.map((b) => [b.text, b.why]));
  return scenario.promises.map(({ text }) => ({ text, broken: why.get(text) ?? null }));
}

/** A run as its scenario's folder keeps it: what it is about, what happened, what else is to be said, and which promises were kept. */
export function transcriptOf({ scenario, run }: Tellable, more: readonly string[] = []): string {
  const line = lineWriter(scenario.site.timezone);
  const promises = verdictsOf({ scenario, run }).map(({ text, broken }) =>
    broken === null ? `kept      ${text}` : `BROKEN    ${text}: ${broken}`,
  );
  return [`${scenario.name}: ${scenario.about}`, "", ...run.told.map(line), "", ...more, ...promises, ""].join("\n");
}

/** A run for programs. */
export const runInJson = ({ scenario, run: { record }, run, on, tookS }: Played): object => ({
  scenario: scenario.name,
  on,
  seed: scenario.seed,
  values: Object.fromEntries(scenario.values),
  tookSeconds: tookS,
  transitions: record.transitions,
  commands: record.commands,
  outcomes: record.outcomes,
  notices: record.notices,
  promises: verdictsOf({ scenario, run }),
});
