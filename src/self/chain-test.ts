/** The chain tested a hundred times in a row: once a day at a time of the site file, and whenever a person asks. */
import type { Clock } from "../clock.ts";
import type { Instant } from "../core/time.ts";
import { nearestRank } from "../drill/durations.ts";
import type { Loop } from "../loop.ts";
import type { Told } from "../record/transcript.ts";
import type { ChainResult } from "../serve/api-drills.ts";
import type { Chain } from "./chain.ts";

/** Of so many, 99 of 100 is a figure. */
const seriesOf = 100;
/** A chain that does not answer is not asked a hundred times. */
const lostMax = 3;

export interface ChainTests {
  /** A series; one that runs is joined. */
  run(): Promise<ChainResult>;
  last(): ChainResult | null;
}

/** Series of tests over a loop that the chain is a lane of. */
export function chainTests(chain: Chain, loop: Pick<Loop, "test">, clock: Pick<Clock, "now">): ChainTests {
  let running: Promise<ChainResult> | null = null;
  let last: ChainResult | null = null;
  const series = async (): Promise<ChainResult> => {
    const at = clock.now();
    const took: number[] = [];
    let asked = 0;
    for (let lost = 0; asked < seriesOf && lost < lostMax; asked += 1) {
      const result = await once(chain, loop, clock);
      if (result === null) lost += 1;
      else took.push(result);
    }
    last = resultOf(at, asked, took);
    running = null;
    return last;
  };
  return { run: () => (running ??= series()), last: () => last };
}

async function once(chain: Chain, loop: Pick<Loop, "test">, clock: Pick<Clock, "now">): Promise<number | null> {
  let reading = chain.begin(clock.now());
  // The test of this second is on its way.
  if (reading === null) {
    await chain.outcome();
    reading = chain.begin(clock.now());
  }
  if (reading === null) return null;
  const outcome = chain.outcome();
  loop.test(reading);
  return outcome;
}

const resultOf = (at: Instant, asked: number, took: readonly number[]): ChainResult => ({
  at,
  asked,
  answered: took.length,
  p50Ms: took.length === 0 ? null : nearestRank(took, 0.5),
  p99Ms: took.length === 0 ? null : nearestRank(took, 0.99),
  worstMs: took.length === 0 ? null : Math.max(...took),
});

/** Runs a series when the site's clock shows a time of day, and tells how it went. Called once a second. */
export function dailyTest(
  tests: ChainTests,
  {
    timezone,
    time,
    onTold,
  }: { readonly timezone: string; readonly time: string; readonly onTold: (told: Told) => void },
): (now: Instant) => void {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "short" });
  let ranOn = "";
  return (now) => {
    const [day = "", shown] = format.format(now).split(" ");
    if (shown !== time || day === ranOn) return;
    ranOn = day;
    void tests.run().then((result) => onTold({ at: now, kind: "drill", text: chainWords(result) }));
  };
}

/** "chain: 100 of 100 answered, p50 2 ms, p99 11 ms, at most 14 ms" */
export function chainWords({ asked, answered, p50Ms, p99Ms, worstMs }: ChainResult): string {
  const inMs = (value: number | null): string => (value === null ? "unknown" : `${Number(value.toFixed(1))} ms`);
  return `chain: ${answered} of ${asked} answered, p50 ${inMs(p50Ms)}, p99 ${inMs(p99Ms)}, at most ${inMs(worstMs)}`;
}
