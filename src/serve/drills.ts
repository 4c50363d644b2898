/**
 * Drills over the API: steps of a failover, or outlets of a shed, made for practice, and how each fared. Asking needs
 * the operator's token. What cannot be drilled is refused here in words; the core decides again when the request
 * reaches it.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ResponseId } from "../core/command.ts";
import type { Plant } from "../core/plant.ts";
import type { Sent } from "../core/respond/campaign.ts";
import { drillRefusal } from "../core/respond/drill.ts";
import { practiceOf } from "../core/respond/practice.ts";
import { attemptsOf } from "../core/respond/steps.ts";
import type { DrilledStep, DrillView } from "./api-drills.ts";
import { checked, Refusal } from "./problem.ts";
import type { RequestOptions } from "./requests.ts";
import { authorise, hand, plantOf, said } from "./requests.ts";

/** No failover has more steps. */
const stepsMax = 200;

const path = z.object({ id: z.string().min(1).max(200) });
const drilling = z.strictObject({
  ...said,
  steps: z.array(z.string().min(1).max(200)).min(1).max(stepsMax),
  keep: z.boolean().default(false),
  oneWay: z.boolean().default(false),
});

/** `/api/v1/responses/ID/drill`: POST asks for one, GET tells how the last one fared. */
export function drillRoutes(app: FastifyInstance, options: RequestOptions): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => authorise(request, options.token);
  app.post("/api/v1/responses/:id/drill", { onRequest }, async (request, reply) => {
    const { id } = checked(path, request.params);
    const { by, why, ...drill } = checked(drilling, request.body);
    const plant = plantOf(options);
    const reason = drillRefusal(plant, id, drill);
    if (reason !== null) throw new Refusal(409, reason);
    hand(options, { to: "response", response: id as ResponseId, event: "drill", by, why, drill });
    return reply.code(202).send({ accepted: true, run: runOf(plant, id) + 1 });
  });
  app.get("/api/v1/responses/:id/drill", async (request, reply) => {
    const { id } = checked(path, request.params);
    const view = drillView(plantOf(options), id);
    if (!view) throw new Refusal(404, `there has been no drill of ${id} since it was at work last`);
    return reply.header("cache-control", "no-store").send(view);
  });
}

const runOf = ({ campaigns }: Plant, id: string): number => campaigns.find(({ response }) => response === id)?.run ?? 0;

/** The last drill of a response; null where it has had none, or has been at work since. */
export function drillView({ site, campaigns }: Plant, id: string): DrillView | null {
  const at = campaigns.findIndex(({ response }) => response === id);
  const [campaign, response] = [campaigns[at], site.responses[at]];
  if (!campaign?.drill || !response) return null;
  const { phase, run, drill, startedBy } = campaign;
  const steps = practiceOf(response.action, site).steps.filter((step) => drill.steps.includes(step.id));
  return {
    site: site.id,
    response: id,
    run,
    isOver: phase !== "running",
    by: startedBy,
    steps: steps.map((step) => ({
      id: step.id,
      made: drilled(attemptsOf(campaign, step).at(-1)),
      undone: drilled(attemptsOf(campaign, { id: `${step.id}/undo` }).at(-1)),
    })),
  };
}

function drilled(sent: Sent | undefined): DrilledStep | null {
  if (!sent) return null;
  const { command, state, detail, ended = null } = sent;
  return { command: command.id, issued: command.issued, ended, state, detail };
}
