/** The displays that hold a stream open, and what each may cost. */
import type { ServerResponse } from "node:http";

/** More displays than a control room has walls; each costs a socket and its share of every update. */
export const clientsMax = 50;
/** A client that has not taken this much is not reading. It is dropped, and starts over with a snapshot. */
export const queueBytesMax = 4 * 1024 * 1024;

export type EventName = "snapshot" | "delta" | "beat";

/** One server-sent event as it goes over the wire. */
export const frame = (event: EventName, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Everybody who listens. Sending never waits: what a client does not take is its own loss. */
export class Clients {
  readonly #open = new Set<ServerResponse>();

  get count(): number {
    return this.#open.size;
  }

  get full(): boolean {
    return this.#open.size >= clientsMax;
  }

  /** Takes over a response and keeps it open until either side ends it. */
  add(response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
    response.on("error", () => response.destroy());
  }

  send(text: string): void {
    for (const client of this.#open) this.sendTo(client, text);
  }

  sendTo(client: ServerResponse, text: string): void {
    if (client.writableLength > queueBytesMax) client.destroy();
    else client.write(text);
  }

  /** Lets everybody go. */
  close(): void {
    for (const client of this.#open) client.destroy();
    this.#open.clear();
  }
}
