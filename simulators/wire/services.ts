/**
 * The other end of a service's move and of a target's order: GET /services/<id> says where it is, GET /targets/<id> in which
 * state, and POST orders another. An order is laid out and signed as Standard Webhooks has it; one that is unsigned, stale
 * or expired is refused, and one that comes twice is followed once. It may also come as a CloudEvent 1.0 in structured
 * mode, with the order as its data. A target that is mute hangs up.
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
  /** Targets that take orders here, by id. */
  readonly targets?: ReadonlyMap<string, ServedTarget>;
  /** The plant's time, against which orders expire, ms. */
  readonly now: () => number;
  /** The wall clock, against which signatures age, ms. */
  readonly wallNow?: () => number;
}

/** A target: the names of its states in the order in which its point numbers them, and what its orders are signed with. */
export interface ServedTarget {
  readonly states: readonly string[];
  readonly secret: string;
}

export interface ServedServices {
  /** Without a path: "http://127.0.0.1:15080". */
  readonly url: string;
  /** Orders that were followed, by id. */
  readonly orders: ReadonlySet<string>;
  close(): Promise<void>;
}

const orderSchema = z.object({ id: z.string(), service: z.string(), to: z.string(), expires: z.number() });
const stateOrderSchema = z.object({ id: z.string(), target: z.string(), state: z.string(), expires: z.number() });
/** A move as an event; its id is the order's. */
const eventSchema = z.object({
  specversion: z.literal("1.0"),
  id: z.string(),
  source: z.string().min(1),
  type: z.literal("haechi.service.move.v1"),
  data: z.object({ id: z.string() }).loose(),
});
const eventMedia = /^application\/cloudevents\+json *(;|$)/;
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
      (reply) => (reply ? send(response, reply) : request.socket.destroy()),
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

/** Something of the plant that takes orders. */
interface Ordered {
  /** What its orders are signed with; without it it takes none. */
  readonly secret: string | undefined;
  shows(): Readonly<Record<string, unknown>>;
  /** What an order asks of it; null where it is none for it. */
  read(body: unknown): Asked | null;
}

interface Asked {
  readonly id: string;
  readonly expires: number;
  readonly point: string;
  /** The place of the site or the state; negative where there is none such. */
  readonly value: number;
}

async function answer(request: IncomingMessage, desk: Desk): Promise<Reply | null> {
  const [, kind, id = ""] = /^\/(services|targets)\/([^/?]+)$/.exec(request.url ?? "") ?? [];
  if (kind === "targets" && desk.plant.target(id)?.answers === false) return null;
  const thing = kind === "services" ? serviceAt(desk, id) : kind === "targets" ? targetAt(desk, id) : null;
  if (!thing) return [404, { error: "no such service or target" }];
  if (request.method === "GET") return [200, thing.shows()];
  if (request.method !== "POST") return [405, { error: "GET or POST" }];
  const body = await bodyOf(request);
  const refusal = signatureProblem(request, body, { secret: thing.secret, desk });
  const said = contentOf(request.headers["content-type"], json(body));
  return refusal === null ? order(desk, { id, thing }, said) : [401, { error: refusal }];
}

function serviceAt({ plant, options }: Desk, id: string): Ordered | null {
  if (!plant.service(id)) return null;
  const { sites, secrets } = options;
  return {
    secret: secrets.get(id),
    shows: () => ({ service: id, site: sites[plant.service(id)?.site ?? 0], state: plant.service(id)?.state }),
    read(body) {
      const { data } = orderSchema.safeParse(body);
      return data?.service === id ? { ...data, point: "service.site", value: sites.indexOf(data.to) } : null;
    },
  };
}

function targetAt({ plant, options }: Desk, id: string): Ordered | null {
  const [shown, served] = [plant.target(id), options.targets?.get(id)];
  if (!shown || !served) return null;
  const { states, secret } = served;
  return {
    secret,
    shows: () => ({ target: id, state: states[plant.target(id)?.state ?? 0] }),
    read(body) {
      const { data } = stateOrderSchema.safeParse(body);
      return data?.target === id ? { ...data, point: shown.point, value: states.indexOf(data.state) } : null;
    },
  };
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
  if (!secret) return "it takes no orders";
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

function order(desk: Desk, { id, thing }: { readonly id: string; readonly thing: Ordered }, said: unknown): Reply {
  const asked = thing.read(said);
  if (!asked) return [400, { error: `not an order for ${id}` }];
  if (desk.orders.has(asked.id)) return [202, thing.shows()];
  if (asked.expires <= desk.options.now()) return [410, { error: "the order has expired" }];
  if (asked.value < 0) return [400, { error: "no such site or state" }];
  if (desk.plant.actuate(id, asked.point, asked.value) === "refused") return [409, { error: `${id} refuses` }];
  remember(desk.orders, asked.id);
  return [202, thing.shows()];
}

/** An order as it was sent, or out of its event; undefined where the event is none of a move. */
function contentOf(media: string | undefined, body: unknown): unknown {
  if (!eventMedia.test(media ?? "")) return body;
  const { data: event } = eventSchema.safeParse(body);
  return event?.id === event?.data.id ? event?.data : undefined;
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
