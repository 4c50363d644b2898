import pc from "picocolors";
import type { AlarmView, Live, ResponseView } from "../serve/api.ts";
import { exit, Refusal } from "./exit.ts";
import { knock } from "./reach.ts";

export interface TailWords {
  readonly json?: boolean;
  readonly url: string;
}

/** `haechi tail`: follows a running service; one line for every alarm and every response that moves, and for blindness. */
export async function tail({ url, json }: TailWords): Promise<number> {
  const response = await knock(url, "/api/v1/stream");
  if (!response.ok || !response.body) throw new Refusal(`${url} answers ${response.status}`, exit.unavailable);
  const shown: Shown = { alarms: new Map(), responses: new Map(), blind: 0 };
  for await (const { event, data } of eventsOf(response.body)) {
    if (json) console.log(JSON.stringify({ event, ...(data as object) }));
    else for (const line of linesOf(shown, data as News)) console.log(line);
  }
  console.error("the service has ended");
  return exit.unavailable;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of untilBroken(body)) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string): string =>
        block
          .split("\n")
          .filter((l) => l.startsWith(`${name}: `))
          .map((l) => l.slice(name.length + 2))
          .join("\n");
      if (field("data") !== "") yield { event: field("event"), data: JSON.parse(field("data")) };
    }
  }
}

/** A service that ends or is killed breaks its stream off: either way there is no more. */
async function* untilBroken(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    return;
  }
}

/** What has been told so far: the stream says how things stand, and a line says what has changed. */
interface Shown {
  alarms: ReadonlyMap<string, AlarmView>;
  responses: ReadonlyMap<string, ResponseView>;
  blind: number;
}

/** A snapshot, a delta or a beat, as far as it is told here. */
type News = Partial<Pick<Live, "alarms" | "responses" | "counts">> & Pick<Live, "at">;

const paints: Readonly<Record<AlarmView["priority"], (text: string) => string>> = {
  critical: pc.red,
  high: pc.yellow,
  medium: pc.yellow,
  low: pc.magenta,
};

function linesOf(shown: Shown, { at, alarms, responses, counts }: News): readonly string[] {
  const lines: string[] = [];
  if (alarms) {
    const now = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    lines.push(...alarms.flatMap((alarm) => alarmLine(shown.alarms.get(alarm.id), alarm)));
    for (const { id } of shown.alarms.values()) if (!now.has(id)) lines.push(`${id}: stands no longer`);
    shown.alarms = now;
  }
  if (responses) {
    const now = new Map(responses.map((response) => [response.id, response]));
    lines.push(...responses.flatMap((response) => responseLine(shown.responses.get(response.id), response)));
    for (const { id } of shown.responses.values()) if (!now.has(id)) lines.push(`${id}: idle`);
    shown.responses = now;
  }
  if (counts && counts.blind !== shown.blind) {
    shown.blind = counts.blind;
    lines.push(`${counts.blind} alarms cannot be judged`);
  }
  return lines.map((line) => `${new Date(at).toISOString()}  ${line}`);
}

function alarmLine(before: AlarmView | undefined, { id, priority, status }: AlarmView): readonly string[] {
  if (before?.status === status) return [];
  const line = before ? `${id}: ${before.status} → ${status}` : `${id}: ${status}`;
  return [status === "unacknowledged" ? paints[priority](line) : line];
}

const responseLine = (before: ResponseView | undefined, { id, phase }: ResponseView): readonly string[] =>
  phase === (before?.phase ?? "idle") ? [] : [`${id}: ${phase}`];
