/**
 * A storm of traps against a device that is polled every second: ten thousand datagrams a second for
 * ten seconds, out of a process of its own. What counts is what the polls notice of it: nothing.
 */
import { realClock } from "../src/clock.ts";
import { collect } from "../src/collect/index.ts";
import type { Reading } from "../src/core/reading.ts";
import { ms } from "../src/core/time.ts";
import { device, snmpPoint } from "../test/collect/fixture.ts";
import { OID, realAgent } from "../test/collect/snmp/fixture.ts";
import { freeUdpPort, rulesAt, trapFrom } from "../test/collect/traps/fixture.ts";
import { storm } from "../test/collect/traps/storm.ts";

const perSecond = 10_000;
const seconds = 10;
const period = ms(1000);
/** Until the first polls are over and what is new is compiled. */
const warmUpMs = 3000;

/** What was sent, what of it was looked at, and what it cost. */
export async function figures(): Promise<Record<string, number>> {
  const agent = await realAgent();
  const port = await freeUdpPort();
  const newest = new Map<string, Reading>();
  let polls = 0;
  const stop = new AbortController();
  const link = device("ups-a", agent.port, [snmpPoint("battery.charge", `${OID}.0`, { period })], { timeout: 900 });
  const running = collect({ links: [link], traps: rulesAt(port) }, realClock(), stop.signal, (batch) => {
    for (const reading of batch) newest.set(reading.point, reading);
    if (batch.some(({ point, quality }) => point === "ups-a/link.state" && quality === "good")) polls += 1;
  });
  const value = (point: string): number => {
    const reading = newest.get(point);
    return reading?.quality === "good" ? reading.value : Number.NaN;
  };
  await sleep(warmUpMs);
  const before = { polls, rss: process.memoryUsage().rss, cpu: process.cpuUsage(), atMs: performance.now() };
  const sent = await storm(port, await trapFrom("right"), { perSecond, seconds });
  const tookMs = performance.now() - before.atMs;
  const { user, system } = process.cpuUsage(before.cpu);
  const rss = process.memoryUsage().rss - before.rss;
  await sleep(2 * period);
  stop.abort();
  await running;
  await agent.close();
  return {
    traps_sent: sent,
    traps_per_second: sent / seconds,
    traps_received: value("haechi/traps.received"),
    traps_dropped: value("haechi/traps.dropped"),
    polls: polls - before.polls,
    polls_missed: value("ups-a/link.misses"),
    cpu_us_per_trap: (user + system) / sent,
    cpu_share: (user + system) / 1000 / tookMs,
    rss_growth_mb: rss / 1e6,
  };
}

const sleep = (waitMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, waitMs));
