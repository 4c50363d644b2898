/**
 * Keeps a swarm: `scenario.yaml`, which `haechi simulate` plays, with what befalls the plant and what
 * operators asked for; and `swarm.json`, which is the whole of it, kills, links and leads included.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Request } from "../../src/core/plant.ts";
import type { Deed } from "./deed.ts";
import type { Breach, Run } from "./run.ts";
import { requestsOf } from "./stage.ts";

/** What the kept files of a run say, by name. */
function keptFiles(run: Run, breaches: readonly Breach[]): Readonly<Record<string, string>> {
  const { swarm } = run;
  const first = breaches[0];
  const told = first
    ? `breaks law ${first.law} after ${(first.at - run.starts) / 1000} s: ${first.what}`
    : "breaks no law";
  const deeds = swarm.deeds.flatMap(({ does }) => (does === "event" || does === "ask" ? [] : [does]));
  const beyond = [...new Set([...deeds, ...((swarm.guarded ?? []).length > 0 ? ["guarded"] : [])])];
  const scenario = {
    scenario: `seed-${swarm.seed}`,
    about: `A swarm's seed ${swarm.seed}, shrunk; it ${told}.`,
    ...(beyond.length === 0 ? {} : { sources: `swarm.json also has what no scenario can say: ${beyond.join(", ")}.` }),
    site: "demo",
    starts: new Date(run.starts).toISOString().replace(".000Z", "+00:00"),
    lasts: `${swarm.lastsMs}ms`,
    seed: swarm.seed,
    timeline: [...swarm.deeds.flatMap(eventEntry), ...requestsOf(run).flatMap((made) => askEntry(run, made))],
    promises: [],
  };
  return {
    "scenario.yaml": stringify(scenario, { lineWidth: 120 }),
    "swarm.json": `${JSON.stringify(swarm, null, 2)}\n`,
  };
}

/** Writes them under a folder, with the site beside them where a scenario looks for it. Gives the scenario's folder. */
export function keep(home: string, siteText: string, run: Run, breaches: readonly Breach[]): string {
  const folder = join(home, "scenarios", `seed-${run.swarm.seed}`);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(home, "sites"), { recursive: true });
  writeFileSync(join(home, "sites", "demo.yaml"), siteText);
  for (const [name, text] of Object.entries(keptFiles(run, breaches))) writeFileSync(join(folder, name), text);
  return folder;
}

const eventEntry = (deed: Deed): readonly object[] =>
  deed.does === "event" ? [{ at: `${deed.atMs}ms`, does: JSON.stringify(deed.event), event: deed.event }] : [];

function askEntry(
  { starts }: Run,
  { at, request }: { readonly at: number; readonly request: Request },
): readonly object[] {
  const when = `${at - starts}ms`;
  if (request.to === "response") {
    const { event, response, by, why } = request;
    return event === "start" ? [] : [{ at: when, asks: { [event]: response, by, why } }];
  }
  const { event, alarm } = request;
  const { kind, by, why } = event;
  if (!("until" in event)) return [{ at: when, asks: { [kind]: alarm, by, why } }];
  if (event.until <= at) return [];
  const { until, ...rest } = event;
  const more = "channel" in rest ? { channel: rest.channel } : "permit" in rest ? { permit: rest.permit } : {};
  return [{ at: when, asks: { [kind]: alarm, ...more, for: `${until - at}ms`, by, why } }];
}
