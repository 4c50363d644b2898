/** How the site gate stands: what is armed, by whom and until when. It is asked, and nothing can be said to it from here. */
import type { FastifyInstance } from "fastify";
import { Refusal } from "./problem.ts";

/** Asks the gate how it stands. Rejects where no gate answers. */
export type GateReader = () => Promise<object>;

/** A gate answers from memory; one that has not by then is being started anew. */
const patienceMs = 2000;
/** Asked more often, the last answer is given again: a wall full of displays does not hold up a command. */
const keptMs = 500;

/** `/api/v1/gate`. */
export function gateRoute(app: FastifyInstance, read: GateReader | undefined): void {
  let [askedAt, asked]: [number, Promise<object> | null] = [0, null];
  app.get("/api/v1/gate", async (_, reply) => {
    if (!read) throw new Refusal(503, "there is no gate");
    const now = performance.now();
    if (asked === null || now - askedAt > keptMs) [askedAt, asked] = [now, inTime(read())];
    const state = await asked.catch((error: unknown) => {
      throw new Refusal(503, error instanceof Error ? error.message : String(error));
    });
    return reply.header("cache-control", "no-store").send(state);
  });
}

async function inTime(answer: Promise<object>): Promise<object> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the gate does not answer")), patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
