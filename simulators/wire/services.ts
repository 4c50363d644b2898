/**
 * The other end of a service's move: GET /services/<id> says where it is, POST orders it elsewhere. An order is laid out
 * and signed as Standard Webhooks has it; one that is unsigned, stale or expired is refused, and one that comes twice is
 * followed once.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { z } from "zod";
import { assert } from "../../src/core/assert.ts";
import type { PlantAccess } from "./access.ts";

export interface ServicesOptions {
  /** Default: one that the system chooses. */
  readonly port?: number;
  /** Names of the sites, this one first, in the order in which `service.site` numbers them. */
  readonly sites: readonly string[];
  /** The secrets that services' orders are signed with; a service without one takes no orders. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The plant's time, against which orders expire, ms. */
  readonly now: () => number;
  /** The wall clock, against which signatures age, ms. */
  readonly wallNow?: () => number;
}

export interface ServedServices {
  /** Without a path: "http://127.0.0.1:15080". */
  readonly url: string;
  /** Orders that were followed, by id. */
  readonly orders: ReadonlySet<string>;
  close(): Promise<void>;
}

const orderSchema = z.object({ id: z.string(), service: z.string(), to: z.string(), expires: z.number() });
const host = "127.0.0.1";
/** An order is some hundred bytes. */
const bodyMaxBytes = 16 * 1024;
/** Standard Webhooks: a signature older or newer than this is not believed. */
const toleranceS = 300;
/** Orders remembered so that none is followed twice. */
const ordersMax = 10_000;
const secretPrefix = "whsec_";

type Reply = readonly [status: number, body: Readonly<Record<string, unknown>>];

/** Serves the movers of a plant's services. */
export function serveServices(plant: PlantAccess, options: ServicesOptions): Promise<ServedServices> {
  const orders = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, { plant, options, orders }).then(
      (reply) => send(response, reply),
      () => send(response, [400, { error: "the request broke off or is too long" }]),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => {
      const at = server.address();
      assert(at !== null && typeof at === "object", "a listening server has an address");
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ url: `http://${host}:${at.port}`, orders, close });
    });
  });
}

function send(response: ServerResponse, [status, body]: Reply): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

interface Desk {
  readonly plant: PlantAccess;
  readonly options: ServicesOptions;
  readonly orders: Set<string>;
}

async function answer(request: IncomingMessage, desk: Desk): Promise<Reply> {
  const id = /^\/services\/([^/?]+)$/.exec(request.url ?? "")?.[1];
  if (id === undefined || !desk.plant.service(id)) return [404, { error: "no such service" }];
  if (request.method === "GET") return [200, stateOf(desk, id)];
  if (request.method !== "POST") return [405, { error: "GET or POST" }];
  const body = await bodyOf(request);
  const refusal = signatureProblem(request, body, { secret: desk.options.secrets.get(id), desk });
  return refusal === null ? order(desk, id, body) : [401, { error: refusal }];
}

function stateOf({ plant, options }: Desk, id: string): Readonly<Record<string, unknown>> {
  const service = plant.service(id);
  return { service: id, site: options.sites[service?.site ?? 0], state: service?.state };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyMaxBytes) throw new Error("the body is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function signatureProblem(
  { headers }: IncomingMessage,
  body: string,
  { secret, desk }: { readonly secret: string | undefined; readonly desk: Desk },
): string | null {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((part) =>
    String(headers[`webhook-${part}`]),
  );
  if (!secret) return "this service takes no orders";
  const age = Math.abs((desk.options.wallNow ?? Date.now)() / 1000 - Number(timestamp));
  if (!(age <= toleranceS)) return "the timestamp is missing or stale";
  const key = secret.startsWith(secretPrefix) ? Buffer.from(secret.slice(secretPrefix.length), "base64") : secret;
  const right = Buffer.from(createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64"));
  const signed = (signatures ?? "").split(" ").some((signature) => {
    const said = Buffer.from(signature.replace(/^v1,/, ""));
    return signature.startsWith("v1,") && said.length === right.length && timingSafeEqual(said, right);
  });
  return signed ? null : "the signature does not hold";
}

function order(desk: Desk, service: string, body: string): Reply {
  const parsed = orderSchema.safeParse(json(body));
  if (!parsed.success || parsed.data.service !== service) return [400, { error: "not an order for this service" }];
  const { id, to, expires } = parsed.data;
  if (desk.orders.has(id)) return [202, stateOf(desk, service)];
  if (expires <= desk.options.now()) return [410, { error: "the order has expired" }];
  const site = desk.options.sites.indexOf(to);
  if (site < 0) return [400, { error: "no such site" }];
  if (desk.plant.actuate(service, "service.site", site) === "refused") {
    return [409, { error: "the service cannot be moved any more" }];
  }
  remember(desk.orders, id);
  return [202, stateOf(desk, service)];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function remember(orders: Set<string>, id: string): void {
  orders.add(id);
  if (orders.size <= ordersMax) return;
  for (const oldest of orders) {
    orders.delete(oldest);
    return;
  }
}
