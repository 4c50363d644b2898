/**
 * The service's face: the wall, the API, the stream and its own health, on one port. It listens on
 * loopback unless it is told otherwise, shows to whoever can reach it, and takes requests only from
 * those who hold the operator's token. Nothing in it can hold up a scan.
 */
import fastifyStatic from "@fastify/static";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import Fastify from "fastify";
import { assert } from "../core/assert.ts";
import type { ResponseId } from "../core/command.ts";
import type { Plant, Request, ScanOutput } from "../core/plant.ts";
import { waterPlanOf } from "../core/topology/water.ts";
import { answerRoutes } from "./answers.ts";
import type { ChainReader } from "./chain.ts";
import { chainRoute } from "./chain.ts";
import { clientsMax } from "./clients.ts";
import { drillRoutes } from "./drills.ts";
import type { GateReader } from "./gate.ts";
import { gateRoute } from "./gate.ts";
import type { SiteInfo } from "./info.ts";
import type { KpiReader } from "./kpi.ts";
import { kpiGauges, kpiRoute, kpisOnce } from "./kpi.ts";
import { Refusal, sendProblem } from "./problem.ts";
import type { Prometheus, ScanCost } from "./prometheus.ts";
import { prometheus } from "./prometheus.ts";
import type { History } from "./readings.ts";
import { readingRoutes } from "./readings.ts";
import { requestRoutes, responseRoute } from "./requests.ts";
import { Stream } from "./stream.ts";

/** A request says who and why; nothing longer is meant for us. */
const bodyBytesMax = 64 * 1024;
/** Displays, operators, Prometheus, and some to spare: each open socket costs memory. */
const connectionsMax = clientsMax + 100;
/** A request that has not arrived whole by then is not coming. */
const requestTimeoutMs = 10_000;
/** A service whose last scan is older than this watches nothing, whatever else it answers. */
const readyMs = 5000;
/** Shorter secrets can be guessed. */
export const tokenLengthMin = 16;

const securityHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

export interface ServeOptions {
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly site: SiteInfo;
  /** Pages of another build reload themselves. */
  readonly build: string;
  /** The folder of the built wall; null serves none. */
  readonly wall: string | null;
  /** The operator's token; null makes the service read-only. */
  readonly token: string | null;
  /** Puts a person's request before the next scan; false when too many wait already. */
  readonly ask: (request: Request) => boolean;
  readonly history: History | null;
  /** Bytes that wait for the historian. */
  readonly spoolBytes?: () => number;
  /** What is counted of the alarms. */
  readonly kpi?: KpiReader;
  /** How the gate stands. */
  readonly gate?: GateReader;
  /** How the chain does; null before the first scan. */
  readonly chain?: () => ChainReader | null;
}

export interface Served {
  readonly url: string;
  /** Takes note of a scan and returns at once. */
  publish(plant: Plant, output: ScanOutput, cost?: ScanCost): void;
  close(): Promise<void>;
}

/** Starts to listen. Rejects where the port is taken. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { host = "127.0.0.1", port, site, token } = options;
  assert(
    token === null || token.length >= tokenLengthMin,
    `an operator token has ${tokenLengthMin} characters or more`,
  );
  const app = Fastify({ bodyLimit: bodyBytesMax, requestTimeout: requestTimeoutMs, forceCloseConnections: true });
  app.server.maxConnections = connectionsMax;
  const stream = new Stream(site, { build: options.build, hasHistory: options.history !== null });
  const own = prometheus(stream, options.spoolBytes ?? (() => 0));
  const kpis = kpisOnce(stream, options.kpi ?? (() => null));
  kpiGauges(own.registry, kpis);
  let publishedAt = Number.NEGATIVE_INFINITY;
  answerFaults(app);
  app.addHook("onRequest", async (_, reply) => void reply.headers(securityHeaders));
  readingRoutes(app, stream, site, options.history);
  answerRoutes(app, stream, site.premises);
  const evacuations = (space: string): readonly ResponseId[] =>
    ((site.premises && waterPlanOf(site.premises, space)?.evacuate) ?? []) as readonly ResponseId[];
  const asking = { token, ask: options.ask, plant: () => stream.plant, evacuations };
  requestRoutes(app, asking);
  responseRoute(app, asking);
  drillRoutes(app, asking);
  kpiRoute(app, kpis);
  gateRoute(app, options.gate);
  chainRoute(app, options.chain ?? (() => null), token);
  streamRoute(app, stream);
  healthRoutes(app, own, () => performance.now() - publishedAt <= readyMs);
  await wallRoutes(app, options.wall);
  app.addHook("preClose", async () => stream.close());
  await app.listen({ host, port }).catch((error: unknown) => {
    stream.close();
    throw error;
  });
  return {
    url: urlOf(app),
    publish(plant, output, cost = {}) {
      publishedAt = performance.now();
      own.observe(output, cost);
      stream.publish(plant, output.transitions.length + output.notices.length > 0);
    },
    close: async () => app.close(),
  };
}

function urlOf(app: FastifyInstance): string {
  const address = app.server.address();
  assert(address !== null && typeof address !== "string", "the server listens on a port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function answerFaults(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => sendProblem(reply, 404, `${request.method} ${request.url} is not here`));
  app.setErrorHandler((error: FastifyError | Refusal, _, reply) => {
    if (error instanceof Refusal) return sendRefusal(reply, error);
    const status = error.statusCode ?? 500;
    // What broke inside is no business of whoever asked.
    sendProblem(reply, status, status < 500 ? error.message : "the service failed to answer this");
  });
}

function sendRefusal(reply: FastifyReply, { status, message, errors }: Refusal): void {
  if (status === 401) reply.header("www-authenticate", "Bearer");
  sendProblem(reply, status, message, errors);
}

function streamRoute(app: FastifyInstance, stream: Stream): void {
  app.get("/api/v1/stream", async (_, reply) => {
    if (stream.clients.full) {
      reply.header("retry-after", "10");
      throw new Refusal(503, `${clientsMax} displays listen already`);
    }
    if (!stream.plant) throw new Refusal(503, "there has been no scan yet");
    reply.hijack();
    for (const [key, value] of Object.entries(securityHeaders)) reply.raw.setHeader(key, value);
    stream.join(reply.raw);
  });
}

function healthRoutes(app: FastifyInstance, own: Prometheus, isReady: () => boolean): void {
  app.get("/healthz", async () => ({ alive: true }));
  app.get("/readyz", async () => {
    if (!isReady()) throw new Refusal(503, "the scan does not run");
    return { ready: true };
  });
  app.get("/metrics", async (_, reply) => reply.type(own.registry.contentType).send(await own.registry.metrics()));
}

async function wallRoutes(app: FastifyInstance, root: string | null): Promise<void> {
  if (root === null) return;
  await app.register(fastifyStatic, {
    root,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Names under assets/ carry a hash of what is in them.
      const lasts = /[\\/]assets[\\/]/.test(path);
      reply.header("cache-control", lasts ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.get("/", async (_, reply) => reply.sendFile("index.html"));
  app.get("/wall", async (_, reply) => reply.sendFile("index.html"));
}
