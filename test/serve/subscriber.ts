import { request } from "node:http";
import type { EventName } from "../../src/serve/clients.ts";

/** A client of the event stream as a browser is one, over a real socket. */
export interface Subscriber extends AsyncDisposable {
  /** The next event of this name; others are passed over. Rejects when the stream ends or stays silent. */
  next(name: EventName): Promise<unknown>;
}

/** Far longer than the second between two beats. */
const patienceMs = 8000;

/** Opens a stream; resolves with its first bytes. */
export function subscribe(url: string): Promise<Subscriber> {
  const events: { readonly name: string; readonly data: unknown }[] = [];
  let text = "";
  let isOver = false;
  let wake = (): void => undefined;
  const take = (chunk: string): void => {
    text += chunk;
    const frames = text.split("\n\n");
    text = frames.pop() ?? "";
    for (const frame of frames) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      if (name !== undefined && data !== undefined) events.push({ name, data: JSON.parse(data) });
    }
    wake();
  };
  const next = async (name: EventName): Promise<unknown> => {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      for (let event = events.shift(); event; event = events.shift()) if (event.name === name) return event.data;
      if (isOver) throw new Error("the stream has ended");
      if (Date.now() > deadline) throw new Error(`no ${name} in ${patienceMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, (response) => {
      response.setEncoding("utf8");
      response.on("data", take);
      response.on("close", () => {
        isOver = true;
        wake();
      });
      response.on("error", () => wake());
      const done = async (): Promise<void> => void sent.destroy();
      response.once("data", () => resolve({ next, [Symbol.asyncDispose]: done }));
    });
    sent.on("error", reject);
    sent.end();
  });
}
