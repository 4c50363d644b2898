import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createServer as createPlain } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { makeCertificates } from "../collect/modbus/servers/certificates.ts";

/** A server for one test: whatever it is, it is gone when closed. */
export interface Served {
  readonly url: string;
  /** The authority of a server with TLS. */
  readonly ca: string;
  close(): Promise<void>;
}

/** What a request says, its body read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export type Reply = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** A JSON API over TLS with a certificate of its own, or in the clear. What `answer` gives null for is never answered. */
export async function serveJson(
  answer: (asked: Asked) => Reply | null | Promise<Reply | null>,
  { tls = false }: { readonly tls?: boolean } = {},
): Promise<Served> {
  const listener: RequestListener = (request, response) => void take(request, response, answer);
  const made = tls ? makeCertificates() : null;
  const ca = made?.authority("authority of the tests");
  const own = made && ca && made.signed(ca, "server of the tests", ["IP:127.0.0.1"]);
  const server = own ? createSecure({ cert: own.cert, key: own.key }, listener) : createPlain(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${own ? "https" : "http"}://127.0.0.1:${port}`,
    ca: ca?.cert ?? "",
    close() {
      made?.remove();
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Reply | null | Promise<Reply | null>,
): Promise<void> {
  let text = "";
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const asked = { method: request.method ?? "", path: pathname, query: searchParams, headers: request.headers, body };
  const reply = await answer(asked);
  if (reply === null) return;
  response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
  response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {}));
}

/** A listener that gives these bytes to whoever has said something, and closes. */
export async function serveBytes(bytes: () => Uint8Array): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.end(bytes()));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
