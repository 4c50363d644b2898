import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Channel } from "../../src/core/alarm/definition.ts";
import type { Command } from "../../src/core/command.ts";
import type { Transition } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import { seconds } from "../../src/core/time.ts";
import type { Service } from "../../src/main.ts";
import { openService } from "../../src/main.ts";
import { replay } from "../../src/record/record.ts";
import type { Snapshot } from "../../src/serve/api.ts";
import type { Site } from "../../src/site/index.ts";
import { readJournal } from "../../src/store/index.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import { castOf, play } from "../scenarios/rehearsed.ts";
import type { Hosted } from "./hosted.ts";
import { host, keysOfTests } from "./hosted.ts";

/*
 * The same scenario twice: in virtual time, and in real time over real sockets with the gate as a process of its own.
 * What is held to be the same:
 * - of every alarm that judges the plant, its transitions, in order (a consequence that is announced and folded under
 *   its root within one poll counts as folded at once);
 * - of two transitions that lie further apart than polling can resolve, which one came first. Polling resolves the
 *   slowest period that any channel is asked at, a poll either way, and whatever the test's process was held up by;
 * - of every response, its commands (point and value), stage by stage. The commands of one stage are a set.
 * On a busy machine time that runs twenty times as fast makes readings grow old between two polls. That blindness, and
 * the alarms whose very subject is silence or how polling goes, are of the machine and are not compared; nor is a rack's
 * runaway that was told on the wire because its management was silent beside smoke. An alarm that was blinded that way is
 * from then on held to its own transitions only, because its delays and windows began anew.
 */

const longMs = 180_000;
const slowestPeriod = seconds(2);

const utilityLost = `
scenario: own
about: The utility fails for forty seconds; the generator takes over.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 150s
seed: 1
timeline:
  - { at: 10s, does: the utility fails, event: { utility: fail } }
  - { at: 45s, asks: { acknowledge: utility-lost, by: operator, why: generator carries the site } }
  - { at: 50s, does: the utility is back, event: { utility: restore } }
promises: []
`;

const pangyo = `
scenario: own
about: The first eleven minutes around the fire of Pangyo.
site: demo
starts: 2022-10-15T15:18:40+09:00
lasts: 11min
seed: 20221015
timeline:
  - { at: "15:19:00", does: a cell of string A shorts inside; sparks, event: { battery: bat-a, archetype: short } }
  - { at: "15:19:20", does: the releasing panel discharges its gas, event: { suppression: release } }
  - { at: "15:22:00", asks: { acknowledge: battery-room-fire, by: operator, why: seen on the camera } }
  - { at: "15:27:00", does: UPS A fails in the heat next door, event: { ups: ups-a, off: true } }
promises: []
`;

/** String A is relieved of all it can be, so that no stage depends on a meter's last tenth of a kilowatt. */
const relieveAll = (site: string): string => site.replace("{ node: ups-a, toKw: 10 }", "{ node: ups-a, toKw: 1 }");

/** What a run put out, with instants counted from when the scenario began. */
interface Run {
  readonly transitions: readonly Transition[];
  readonly commands: readonly Command[];
  /** The longest that the process was held up, in plant time. */
  readonly stall: number;
}

async function inVirtualTime({ scenario }: Hosted): Promise<Run> {
  const { record } = await play(castOf(scenario));
  return { ...since(record, scenario.starts), stall: 0 };
}

const since = ({ transitions, commands }: Pick<Run, "transitions" | "commands">, began: Instant) => ({
  transitions: transitions.map((t): Transition => ({ ...t, at: (t.at - began) as Instant })),
  commands: commands.map((c): Command => ({ ...c, issued: (c.issued - began) as Instant })),
});

async function overTheWire(hosted: Hosted): Promise<Run> {
  for (const [name, value] of Object.entries(keysOfTests)) vi.stubEnv(name, value);
  const { scenario, simulation, clock, speed, folder } = hosted;
  const stateDir = join(folder, "state");
  const opening = { site: hosted.site, siteFile: simulation.siteFile, stateDir, speed, since: hosted.since, port: 0 };
  const service = await openService({ ...opening, onTold: () => undefined });
  onTestFinished(() => service.stop());
  await until(() => isSeen(service));
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const began = clock.now();
  const playing = simulation.play({ told: () => undefined, ask: (request) => service.ask(request) });
  await until(() => playing.isOver);
  const stall = (lag.max / 1e6) * speed;
  lag.disable();
  await service.stop();
  const all = since(outputsOf(join(stateDir, "journal")), began);
  const isOfIt = (at: number): boolean => at >= 0 && at <= scenario.ends - scenario.starts;
  return {
    transitions: all.transitions.filter((t) => isOfIt(t.at)),
    commands: all.commands.filter((c) => isOfIt(c.issued)),
    stall,
  };
}

/** Whether every point has spoken and every alarm can be judged. */
async function isSeen({ url }: Service): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/snapshot`);
  if (!response.ok) return false;
  const { counts, health } = (await response.json()) as Snapshot;
  return counts.blind === 0 && health.points.bad === 0;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Read back from the journal, which also holds the run to the fourth law: replayed, it gives the same to the byte. */
function outputsOf(journal: string): Pick<Run, "transitions" | "commands"> {
  const outputs = [...replay(readJournal(journal))].map(({ output }) => output);
  return { transitions: outputs.flatMap((o) => o.transitions), commands: outputs.flatMap((o) => o.commands) };
}

/** Alarms that count the silence of a rack as a sign, and did so in this run. */
const toldBySilence = ({ transitions }: Run): ReadonlySet<string> =>
  new Set(transitions.flatMap((t) => (t.from !== t.to && t.because.includes("silent 1") ? [t.alarm] : [])));

/** Changes of state of the alarms that judge the plant. */
function moves(site: Site, { transitions }: Run, besides: ReadonlySet<string> = new Set()): readonly Transition[] {
  const isOfInstrument = (c: Channel): boolean => c.detect.kind === "stale" || c.point.includes("/link.");
  const ofInstruments = site.model.alarms.filter(({ channels }) => channels.some(isOfInstrument));
  const refused = new Set<string>([...ofInstruments.map(({ id }) => id), ...besides]);
  return transitions.filter((t) => t.from !== t.to && !refused.has(t.alarm));
}

/**
 * A consequence and its root may come within one poll of each other, and then which of them is seen first is chance: an
 * alarm that is announced and folded under its root at once is the same as one that was folded from the beginning.
 */
function folded(transitions: readonly Transition[], resolution: number): readonly Transition[] {
  const kept: Transition[] = [];
  for (const t of transitions) {
    const at = kept.findLastIndex((k) => k.alarm === t.alarm);
    const last = kept[at];
    const isOne = last?.to === "unacknowledged" && t.to === "suppressedByDesign" && t.at - last.at <= resolution;
    if (isOne) kept.splice(at, 1, { ...last, to: t.to });
    else kept.push(t);
  }
  return kept;
}

function byAlarm(transitions: readonly Transition[]): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { alarm, from, to } of transitions) found[alarm] = [...(found[alarm] ?? []), `${from} → ${to}`];
  return found;
}

/** Pairs of moves that came in another order on the wire though they lie further apart than polling can resolve. */
function outOfOrder(virtual: readonly Transition[], wire: readonly Transition[], resolution: number): string[] {
  const nameOf = ({ alarm, from, to }: Transition): string => `${alarm}: ${from} → ${to}`;
  const places = new Map(wire.map((t, place) => [nameOf(t), place]));
  return virtual.flatMap((first, i) =>
    virtual.slice(i + 1).flatMap((second) => {
      const isFar = second.at - first.at > resolution;
      const [a, b] = [places.get(nameOf(first)), places.get(nameOf(second))];
      return isFar && a !== undefined && b !== undefined && a > b ? [`${nameOf(first)} before ${nameOf(second)}`] : [];
    }),
  );
}

/** Each response's stages, each with its commands. */
function stagesOf({ commands }: Run): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, Map<number, string[]>> = {};
  for (const { response, issued, point, value } of commands) {
    found[response] ??= new Map();
    const stages = found[response];
    stages.set(issued, [...(stages.get(issued) ?? []), `${point} := ${value}`]);
  }
  const inOrder = (stages: Map<number, string[]>): string[] => [...stages.values()].map((c) => c.toSorted().join(", "));
  return Object.fromEntries(Object.entries(found).map(([response, stages]) => [response, inOrder(stages)]));
}

function expectTheSame(site: Site, virtual: Run, wire: Run): void {
  const resolution = 2 * slowestPeriod + wire.stall;
  const besides = new Set([...toldBySilence(wire)].filter((alarm) => !toldBySilence(virtual).has(alarm)));
  const movesOf = (run: Run) => folded(moves(site, run, besides), resolution);
  const [expected, found] = [movesOf(virtual), movesOf(wire)];
  expect(byAlarm(found)).toEqual(byAlarm(expected));
  const ordered = found.filter((t) => !wire.transitions.some((b) => b.alarm === t.alarm && b.blind && b.at <= t.at));
  expect(outOfOrder(expected, ordered, resolution)).toEqual([]);
  expect(stagesOf(wire)).toEqual(stagesOf(virtual));
  const stallS = (wire.stall / 1000).toFixed(1);
  console.log(
    `${expected.length} moves, ${ordered.length} held to their order, ${besides.size} alarms told by silence of the machine's; longest stall ${stallS} s of plant time`,
  );
}

describe("over the wire, in real time, the same happens as in virtual time", () => {
  test(
    "when the utility fails",
    async () => {
      const hosted = await host(scenarioFolder(utilityLost), 10);
      const virtual = await inVirtualTime(hosted);
      expect(moves(hosted.site, virtual).length).toBeGreaterThan(5);
      const wire = await overTheWire(hosted);
      expectTheSame(hosted.site, virtual, wire);
      expect(wire.commands).toEqual([]);
    },
    longMs,
  );

  test(
    "when a battery burns as at Pangyo: alarms, failovers and the relief of the string",
    async () => {
      const hosted = await host(scenarioFolder(pangyo, relieveAll), 20);
      const virtual = await inVirtualTime(hosted);
      expect(Object.keys(stagesOf(virtual)).length).toBe(4);
      const wire = await overTheWire(hosted);
      expectTheSame(hosted.site, virtual, wire);
    },
    longMs,
  );
});
