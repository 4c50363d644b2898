/** The chain's own test: how it does, and a series of tests when a person asks for one. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ChainResult, ChainView } from "./api-drills.ts";
import { Refusal } from "./problem.ts";
import { authorise } from "./requests.ts";

export interface ChainReader {
  /** How it does now. */
  view(): ChainView;
  /** Runs a series. */
  run(): Promise<ChainResult>;
}

/** `/api/v1/chain`: GET tells, POST tests and needs the operator's token. */
export function chainRoute(app: FastifyInstance, read: () => ChainReader | null, token: string | null): void {
  const reader = (): ChainReader => {
    const found = read();
    if (!found) throw new Refusal(503, "there has been no scan yet");
    return found;
  };
  app.get("/api/v1/chain", async (_, reply) => reply.header("cache-control", "no-store").send(reader().view()));
  const onRequest = async (request: FastifyRequest): Promise<void> => authorise(request, token);
  app.post("/api/v1/chain/test", { onRequest }, async (_, reply) => {
    const last = await reader().run();
    return reply.header("cache-control", "no-store").send({ ...reader().view(), last });
  });
}
