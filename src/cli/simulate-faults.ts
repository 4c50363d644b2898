/** `--faults`: a file of faults and when each begins, or a seed that a swarm of them follows from. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { FaultyDevice, TimedFault } from "../../simulators/wire/index.ts";
import { faultObjection, faultSchema, swarm } from "../../simulators/wire/index.ts";
import { Document, durationSchema, formatProblem, validate } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

type Devices = ReadonlyMap<string, FaultyDevice>;

export interface SwarmWords {
  /** Faults that begin in an hour. */
  readonly faultRate: number;
}

/** A swarm goes on for so long: longer than anybody watches. */
const swarmMs = 24 * 3_600_000;
const mostFaults = 10_000;

/** One entry says when its fault begins, from the start of the simulation. */
const fileSchema = z.strictObject({
  faults: z.array(faultSchema.safeExtend({ at: durationSchema })).max(mostFaults),
});

/** The faults that are asked for; refuses with every mistake of a file. */
export function faultsAskedFor(said: string, devices: Devices, { faultRate }: SwarmWords): readonly TimedFault[] {
  if (/^\d{1,9}$/.test(said))
    return swarm({ seed: Number(said), devices: [...devices.values()], perHour: faultRate, spanMs: swarmMs });
  if (existsSync(said)) return faultsIn(said, devices);
  throw new Refusal(`--faults takes a file or a seed, a whole number: there is no file ${said}`, exit.usage);
}

function faultsIn(file: string, devices: Devices): readonly TimedFault[] {
  const document = Document.parse(file, readFileSync(file, "utf8"));
  const read = validate(document, fileSchema);
  if ("problems" in read) throw new Refusal(read.problems.map(formatProblem).join("\n"), exit.config);
  const faults = read.value.faults.map(({ at, ...said }) => ({ at, said }));
  const problems = faults.flatMap(({ said }, i) => {
    const wrong = faultObjection(said, devices);
    return wrong === null ? [] : document.problemAt(["faults", i, wrong.key], wrong.message, wrong.near);
  });
  if (problems.length > 0) throw new Refusal(problems.map(formatProblem).join("\n"), exit.config);
  return faults.map(({ at, said }) => ({ said, fromMs: at, untilMs: said.for === undefined ? null : at + said.for }));
}
