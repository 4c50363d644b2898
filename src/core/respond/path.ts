/**
 * How long a failover takes: its longest chain of steps that wait for each other. As a rule each takes
 * what it usually does and nobody's place is taken; at worst every attempt but the last is given up, and
 * every step that another is to be taken in place of as well.
 */
import type { Duration } from "../time.ts";
import { ms } from "../time.ts";
import type { FailoverStep } from "./response.ts";
import { graceForOutcome } from "./turn.ts";

export interface Chain {
  readonly lasts: Duration;
  /** The steps of the longest chain, the first of them first. */
  readonly steps: readonly string[];
  /** Steps of it of which nobody has said how long they take: they count with all the time that they have. */
  readonly assumed: readonly string[];
}

export interface Length {
  readonly usual: Chain;
  readonly worst: Chain;
}

export function lengthOf(steps: readonly FailoverStep[]): Length {
  const fallbacks = new Set(steps.flatMap(({ fallback }) => fallback ?? []));
  const planned = steps.filter(({ id }) => !fallbacks.has(id));
  return {
    usual: longest(planned, {
      lasts: ({ usual, within }) => usual ?? within,
      waitsFor: ({ needs }) => needs,
      isAssumed: ({ usual }) => usual === undefined,
    }),
    worst: longest(steps, {
      lasts: ({ within, retries }) => (within + graceForOutcome) * (retries + 1),
      waitsFor: (step) => [
        ...withFallbacks(steps, step),
        ...steps.filter(({ fallback }) => fallback === step.id).map(({ id }) => id),
      ],
      isAssumed: () => false,
    }),
  };
}

/** Which steps are not over, and how long each may still take, ms. */
interface Rest {
  readonly isLeft: (step: FailoverStep) => boolean;
  readonly lasts: (step: FailoverStep) => number;
}

/** The longest chain of what is left of a failover, as a rule. */
export const remainingOf = (steps: readonly FailoverStep[], { isLeft, lasts }: Rest): Chain =>
  longest(steps.filter(isLeft), {
    lasts,
    waitsFor: (step) => withFallbacks(steps, step),
    isAssumed: ({ usual }) => usual === undefined,
  });

/** What a step needs, with all that may be taken in its place. */
function withFallbacks(steps: readonly FailoverStep[], step: FailoverStep): readonly string[] {
  const all = new Set(step.needs);
  for (const id of all) {
    const { fallback } = steps.find((other) => other.id === id) ?? {};
    if (fallback !== undefined && fallback !== step.id) all.add(fallback);
  }
  return [...all];
}

interface Measure {
  lasts(step: FailoverStep): number;
  waitsFor(step: FailoverStep): readonly string[];
  isAssumed(step: FailoverStep): boolean;
}

function longest(steps: readonly FailoverStep[], measure: Measure): Chain {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const known = new Map<string, Chain>();
  const nothing: Chain = { lasts: ms(0), steps: [], assumed: [] };
  const chainTo = (step: FailoverStep): Chain => {
    const before = known.get(step.id);
    if (before) return before;
    // Until it is known it counts as nothing, so that a circle, which no site file may hold, still ends.
    known.set(step.id, nothing);
    const waits = measure.waitsFor(step).flatMap((id) => byId.get(id) ?? []);
    const last = waits.map(chainTo).reduce(longer, nothing);
    const chain = {
      lasts: ms(last.lasts + measure.lasts(step)),
      steps: [...last.steps, step.id],
      assumed: measure.isAssumed(step) ? [...last.assumed, step.id] : last.assumed,
    };
    known.set(step.id, chain);
    return chain;
  };
  return steps.map(chainTo).reduce(longer, nothing);
}

const longer = (a: Chain, b: Chain): Chain => (b.lasts > a.lasts ? b : a);
