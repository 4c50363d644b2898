import type { ChannelSaid, Explanation, InputSaid } from "../core/explain.ts";
import { exit } from "./exit.ts";
import { reach } from "./reach.ts";

export interface ExplainWords {
  readonly json?: boolean;
  readonly url: string;
}

/** `haechi explain ALARM`: why an alarm of a running service stands as it does, what would change it, and what comes next. */
export async function explainAlarm(alarm: string, { url, json }: ExplainWords): Promise<number> {
  const answer = await reach(url, `/api/v1/alarms/${encodeURIComponent(alarm)}/explain`);
  const body: unknown = await answer.json();
  if (json) console.log(JSON.stringify(body, null, 2));
  else for (const line of linesOf(body as Explanation)) console.log(line);
  return exit.done;
}

/** An explanation as people read it. */
export function linesOf(said: Explanation): readonly string[] {
  const { alarm, title, priority, status, raisedAt, now } = said;
  const since = raisedAt === null ? "" : `, last raised ${clock(raisedAt)}`;
  return [
    `${alarm}: ${title["en"] ?? ""}`,
    `  ${priority}, ${status}${since}; now ${clock(now)}`,
    ...standingOf(said),
    ...voteOf(said),
    ...changesOf(said),
    ...nextOf(said),
  ];
}

const clock = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ").concat(" UTC");
const number = (value: number): string => String(Number(value.toPrecision(4)));

function standingOf(said: Explanation): readonly string[] {
  const { timer, withheld, blind, latched, flapping, firstOutOf, under, channels } = said;
  const { shelved, outOfService, bypassed, asking, suppressedBy } = withheld;
  const silent = channels.filter(({ verdict }) => verdict === "unknown").map(({ inputs }) => inputs[0]?.point ?? "");
  return [
    ...(blind ? [`cannot be judged: ${silent.join(", ")}; it stays as it was`] : []),
    ...(timer ? [`${timer.delay}-delay runs since ${clock(timer.since)} until ${clock(timer.until)}`] : []),
    ...(latched ? ["latched: a person must reset it"] : []),
    ...(flapping ? ["flapping: held active until it was normal for long enough"] : []),
    ...(shelved ? [`shelved until ${clock(shelved.until)} by ${shelved.by}: ${shelved.why}`] : []),
    ...(outOfService
      ? [`out of service until ${clock(outOfService.until)} by ${outOfService.by}: ${outOfService.why}`]
      : []),
    ...(bypassed
      ? [`${bypassed.channel} bypassed until ${clock(bypassed.until)} by ${bypassed.by}: ${bypassed.why}`]
      : []),
    ...(asking ? [`${asking.by} has asked to ${asking.kind}; a second person must`] : []),
    ...(suppressedBy.length > 0 ? [`suppressed by design, a consequence of ${suppressedBy.join(", ")}`] : []),
    ...(firstOutOf === null ? [] : [`came first in ${firstOutOf}`]),
    ...(under === null ? [] : [`follows from the loss of ${under}`]),
  ].map((line) => `  ${line}`);
}

function voteOf({ vote, need, as, channels }: Explanation): readonly string[] {
  const count = (ballot: string): number => channels.filter((channel) => channel.ballot === ballot).length;
  const others = (["waiting", "bypassed", "isolated"] as const).filter((ballot) => count(ballot) > 0);
  const counts = (["abnormal", "unknown", ...others] as const).map((ballot) => `${count(ballot)} ${ballot}`).join(", ");
  const isWhole = as?.need === need && as.of === channels.length;
  const left = isWhole ? "" : as ? `, which leaves ${as.need} of ${as.of}` : ", which cannot be decided";
  return [
    `vote: ${vote}; needs ${need} of ${channels.length}, has ${counts}${left}`,
    ...channels.flatMap(channelLines),
  ];
}

function channelLines({ ballot, inputs, abnormal, weighs, distance, unit }: ChannelSaid): readonly string[] {
  const [own, ...others] = inputs;
  const turns = distance === null ? "" : `; ${number(distance)}${unit === null ? "" : ` ${unit}`} from turning`;
  const weighed = weighs.map(({ name, value, limit, unit: its }) => {
    const beyond = limit === undefined ? "" : ` (limit ${number(limit)})`;
    return `    ${name}: ${value === null ? "not known" : number(value)}${its ? ` ${its}` : ""}${beyond}`;
  });
  return [
    `  ${ballot.padEnd(8)}  ${inputLine(own!)}; abnormal ${abnormal}${turns}`,
    ...weighed,
    ...others.map((input) => `    beside ${inputLine(input)}`),
  ];
}

function inputLine({ point, quality, text, ageMs }: InputSaid): string {
  const age = ageMs === null ? "never read" : `${Math.round(ageMs / 100) / 10} s ago`;
  return `${point} = ${text} (${quality}, ${age})`;
}

function changesOf({ changes, vote, channels, need }: Explanation): readonly string[] {
  if (changes.length > 0)
    return [
      "what would change it",
      ...changes.map(({ point, says, vote: then }) => `  ${point} ${says}: the vote is ${then}`),
    ];
  const abnormal = channels.filter(({ ballot }) => ballot === "abnormal").length;
  const apart = vote === "abnormal" ? abnormal - need + 1 : need - abnormal;
  return [`what would change it\n  no single channel: ${apart} must turn at once`];
}

function nextOf({ next, suppresses }: Explanation): readonly string[] {
  const lines = next.map(({ response, mode, afterMs, phase, until, called, ifBlind, lacks }) => {
    const when = until === null ? "" : ` until ${clock(until)}`;
    const gate = mode === "act" ? "; writes only while the gate arms it" : "";
    const call = called ? "called for" : lacks === null ? "waits for it" : `does nothing: ${lacks}`;
    return `  ${response}: ${call}, ${mode} after ${afterMs / 1000} s, ${phase}${when}, if blind ${ifBlind}${gate}`;
  });
  const folds = suppresses.length > 0 ? [`  while it is active it suppresses ${suppresses.join(", ")}`] : [];
  return ["what comes next", ...(lines.length === 0 ? ["  no response waits for it"] : lines), ...folds];
}
