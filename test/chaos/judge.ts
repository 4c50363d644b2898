/**
 * The five laws as questions to a run, asked from outside: of what went into the service and what
 * came out of it, and by other means than its own. The fewer breaches, the better; there is to be none.
 */
import { Eyes } from "./eyes.ts";
import { AlarmJudge } from "./judge-alarms.ts";
import { CommandJudge } from "./judge-commands.ts";
import { GateJudge } from "./judge-gate.ts";
import { UndoJudge } from "./judge-undo.ts";
import type { Breach, Excursion, Run } from "./run.ts";

/** More are not told of one run: the first is what matters. */
const breachesMost = 20;
/** What a poll, a scan and a coarse clock may take beyond a point's own age, ms. */
const slackMs = 3000;

/** All that is wrong with a run, in the order of time. */
export function judge(run: Run): readonly Breach[] {
  const breaches: Breach[] = [];
  const tell = (law: Breach["law"], at: number, what: string): void => {
    if (breaches.length < breachesMost) breaches.push({ law, at, what });
  };
  const watched = new Set(
    run.scans.flatMap(({ output }) => output.commands.map(({ expect }) => expect.point as string)),
  );
  for (const { witness } of run.site.responses) for (const { point } of witness ?? []) watched.add(point);
  const eyes = new Eyes(run.site, watched);
  const alarms = new AlarmJudge(run.site, eyes, tell);
  const commands = new CommandJudge(run.site, eyes, alarms, tell);
  const undoing = new UndoJudge(run.site, tell);
  const active: Active = run.site.alarms.map(() => []);
  const bypassed: Active = run.site.alarms.map(() => []);
  let life = -1;
  for (const scanned of run.scans) {
    if (scanned.life !== life) {
      life = scanned.life;
      const begun = run.lives[life]!;
      eyes.open(begun.at);
      alarms.open(begun);
      commands.open(begun);
    }
    eyes.take(scanned.input, (alarm) => alarms.alarms[alarm]!.active);
    alarms.take(scanned);
    commands.take(scanned);
    undoing.take(scanned);
    for (const [alarm, stands] of scanned.alarms) {
      note(active[alarm]!, stands.active, scanned.input.at);
      note(bypassed[alarm]!, stands.bypassed !== null, scanned.input.at);
    }
  }
  judgeGate(run, tell);
  judgeExcursions(run, { active, bypassed }, tell);
  if (run.replayed !== null) tell(4, run.ends, run.replayed);
  return breaches.toSorted((a, b) => a.at - b.at);
}

/** From when to when each alarm was so; the last may be open. */
type Active = { from: number; to: number }[][];

interface Spans {
  readonly active: Active;
  readonly bypassed: Active;
}

function note(spans: Active[number], isActive: boolean, at: number): void {
  const last = spans.at(-1);
  const isOpen = last?.to === Number.POSITIVE_INFINITY;
  if (isActive && !isOpen) spans.push({ from: at, to: Number.POSITIVE_INFINITY });
  else if (!isActive && isOpen) last.to = at;
}

type Tell = (law: Breach["law"], at: number, what: string) => void;

function judgeGate(run: Run, tell: Tell): void {
  const gate = new GateJudge(run.gate, tell);
  for (const touch of run.touches) gate.take(touch);
  gate.end(run);
}

/** What truly was, and was seen for long enough by enough sound instruments that nobody had taken out, was announced. */
function judgeExcursions({ site, excursions, lives, scans, ends }: Run, { active, bypassed }: Spans, tell: Tell): void {
  // A core that is killed and is not back by the end has seen nothing since.
  const watched = scans.at(-1)?.input.at ?? ends;

  site.alarms.forEach(({ id, need, onDelay, channels }, alarm) => {
    const its = excursions.filter((excursion) => excursion.alarm === alarm);
    const oldest = Math.max(...channels.map(({ point }) => site.points.get(point)?.maxAge ?? 0));
    for (const { from } of its) {
      const meanwhile = its.filter((other) => other.from <= from && other.to > from);
      if (channelsIn(meanwhile) < need) continue;
      const to = Math.min(watched, ...meanwhile.map((one) => one.to));
      const taken = bypassed[alarm]!.filter((span) => span.from < to && span.to > from);
      const bound = Math.max(from, ...taken.map((span) => span.to)) + onDelay + oldest + slackMs;
      const isWatched = !lives.some(({ at }, i) => i > 0 && at >= from - downMost && at <= to + downMost);
      if (to <= bound || !isWatched) continue;
      if (!active[alarm]!.some((span) => span.from <= bound && span.to >= from))
        tell(5, bound, `${id} was so in the plant from ${from} on, and was not announced`);
    }
  });
}

/** The service is down for so long at most. */
const downMost = 120_000;

const channelsIn = (list: readonly Excursion[]): number => new Set(list.map(({ channel }) => channel)).size;
