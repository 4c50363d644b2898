import pc from "picocolors";
import type { Transition } from "../core/plant.ts";
import { exit, Refusal } from "./exit.ts";

export interface TailWords {
  readonly json?: boolean;
  readonly url: string;
}

/** `haechi tail`: follows a running service; one line for every alarm that moves, and for every response. */
export async function tail({ url, json }: TailWords): Promise<number> {
  const response = await fetch(`${url}/api/v1/stream`).catch((error: unknown) => {
    throw new Refusal(`nothing answers at ${url}: ${(error as Error).message}`, exit.unavailable);
  });
  if (!response.ok || !response.body) throw new Refusal(`${url} answers ${response.status}`, exit.unavailable);
  for await (const { event, data } of eventsOf(response.body)) {
    if (json) console.log(JSON.stringify({ event, ...(data as object) }));
    else for (const line of linesOf(event, data)) console.log(line);
  }
  console.error("the service has ended");
  return exit.unavailable;
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: unknown }> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
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

const paints: Readonly<Record<Transition["priority"], (text: string) => string>> = {
  critical: pc.red,
  high: pc.yellow,
  medium: pc.yellow,
  low: pc.magenta,
};

function linesOf(_event: string, data: unknown): readonly string[] {
  const { transitions = [] } = data as { transitions?: readonly Transition[] };
  return transitions.map((t) => {
    const paint = t.to === "unacknowledged" ? paints[t.priority] : (text: string) => text;
    return paint(`${new Date(t.at).toISOString()}  ${t.alarm}: ${t.from} → ${t.to}  ${t.because}`);
  });
}
