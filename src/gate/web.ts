/** One HTTP request of the gate's: one deadline for all of it, a bounded answer, no redirect, no connection kept. */
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { z } from "zod";
import type { WriteOutcome } from "./actuator.ts";
import { wordsOf } from "./actuator.ts";

/** Where a server is and how it is known: `ca` is a PEM text in place of the system's authorities. */
export interface WebAccess {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** No answer of this server is longer. */
  readonly answerMaxBytes: number;
}

export interface WebRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** Path and query, taken from the server's address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** An answer, or why there is none; `sent` where the request may have reached the server all the same. */
export type WebAnswer =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly failed: string; readonly sent: boolean };

/** Asks a server once. Never rejects. */
export function askWeb(access: WebAccess, request: WebRequest, stop: AbortSignal): Promise<WebAnswer> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(access.timeoutMs)]);
    if (limit.aborted) return resolve({ failed: "not asked any more", sent: false });
    let sent = false;
    const fail = (error: unknown): void => {
      const late = limit.aborted && !stop.aborted;
      resolve({ failed: late ? `no answer within ${access.timeoutMs} ms` : wordsOf(error), sent });
    };
    try {
      const url = placeOn(access.url, request.path);
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      const send = url.protocol === "https:" ? secureRequest : plainRequest;
      const going = send(url, {
        method: request.method,
        agent: false,
        signal: limit,
        minVersion: "TLSv1.2",
        ...(access.ca === undefined ? {} : { ca: access.ca }),
        headers: headersOf(access, request, body),
      });
      going.once("error", fail);
      going.once("socket", (socket) => {
        socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
          sent = true;
        });
      });
      going.once("response", (response) => {
        void bodyOf(response, access.answerMaxBytes).then(
          (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          (error: unknown) => {
            going.destroy();
            fail(error);
          },
        );
      });
      going.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** A path of this very server: one that would lead to another is an error. */
function placeOn(base: string, path: string): URL {
  const url = new URL(path, base);
  if (url.origin !== new URL(base).origin) throw new Error(`${url.origin} is not the server of the site file`);
  return url;
}

function headersOf(access: WebAccess, request: WebRequest, body: string | undefined): Record<string, string | number> {
  const sized =
    body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return { accept: "application/json", connection: "close", ...sized, ...access.headers, ...request.headers };
}

async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** What a 200 says, where it says it in this form; null for everything else. */
export function saidBy<T extends z.ZodType>(answer: WebAnswer, form: T): z.output<T> | null {
  if (!("status" in answer) || answer.status !== 200) return null;
  try {
    return form.safeParse(JSON.parse(answer.body)).data ?? null;
  } catch {
    // What is no JSON says nothing.
    return null;
  }
}

/** Answers that may be different the next time. */
const passing: readonly number[] = [408, 409, 412, 423, 425, 429];

/** What an answer to an order that may be given twice means; a redirect is refused, as orders go nowhere else. */
export function outcomeOfWeb(answer: WebAnswer): WriteOutcome {
  if ("failed" in answer) return { result: "again", detail: answer.failed };
  const { status } = answer;
  if (status >= 200 && status < 300) return { result: "accepted" };
  const detail = `HTTP ${status}`;
  return { result: status >= 500 || passing.includes(status) ? "again" : "refused", detail };
}

/** HTTP's own way of saying who asks. */
export const basicAuth = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
