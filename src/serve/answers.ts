/** The routes of the standing answers: what is lost with what, what is doubled only on paper, and what a cut costs now. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import { audit } from "../core/topology/audit.ts";
import { blastOf } from "../core/topology/blast.ts";
import type { Stand } from "../core/topology/cut.ts";
import { cutOf } from "../core/topology/cut.ts";
import { isolationOf } from "../core/topology/isolation.ts";
import type { Sight } from "../core/topology/live.ts";
import { sightOf } from "../core/topology/live.ts";
import { marginsOf } from "../core/topology/margin.ts";
import type { Grounds, Premises } from "../core/topology/premises.ts";
import { groundsOf } from "../core/topology/premises.ts";
import { meantBy, roomMeantBy } from "../core/topology/subject.ts";
import { waterOf } from "../core/topology/water.ts";
import { checked, Refusal } from "./problem.ts";
import type { Stream } from "./stream.ts";

const name = z.string().min(1).max(200);
const whatPath = z.object({ what: name });
const spacePath = z.object({ space: name });

/** Registers the routes of the standing answers. `premises` is looked at only when somebody asks. */
export function answerRoutes(app: FastifyInstance, stream: Stream, premises: Premises | undefined): void {
  let known: Grounds | null = null;
  const grounds = (): Grounds => {
    if (!premises) throw new Refusal(501, "this service was not told of the site's rooms and routes");
    known ??= groundsOf(premises);
    return known;
  };
  const route = (path: string, answer: (grounds: Grounds, plant: Plant, params: unknown) => object): void =>
    void app.get(path, async ({ params }, reply) => {
      const plant = plantOf(stream);
      const body = { site: plant.site.id, ...answer(grounds(), plant, params) };
      return reply.header("cache-control", "no-store").send(body);
    });
  route("/api/v1/blast/:what", (on, plant, params) => blastAnswer(on, plant, checked(whatPath, params).what));
  route("/api/v1/audit", (on, plant) => ({ at: plant.now, findings: audit(on, seen(plant).image) }));
  route("/api/v1/margin", (on, plant) => ({ at: plant.now, margins: marginsOf(on, seen(plant)) }));
  route("/api/v1/cut/:space", (on, plant, params) =>
    cutOf(on, roomOf(on, checked(spacePath, params).space), standOf(plant)),
  );
  route("/api/v1/water/:space", (on, plant, params) =>
    waterOf(on, roomOf(on, checked(spacePath, params).space), standOf(plant)),
  );
  route("/api/v1/isolation/:space", (on, _, params) => isolationOf(on, roomOf(on, checked(spacePath, params).space)));
}

function plantOf({ plant }: Stream): Plant {
  if (!plant) throw new Refusal(503, "there has been no scan yet");
  return plant;
}

const seen = ({ site, newest, now, index }: Plant): Sight =>
  sightOf(site.power, imageAt(newest, site.points, now), site.points, index.power.below);

const standOf = (plant: Plant): Stand => ({
  sight: seen(plant),
  responses: plant.site.responses,
  campaigns: plant.campaigns,
});

function blastAnswer(grounds: Grounds, plant: Plant, what: string): object {
  const subject = meantBy(grounds, what);
  if ("wrong" in subject) throw new Refusal(404, subject.wrong);
  return blastOf(grounds, subject, seen(plant));
}

function roomOf(grounds: Grounds, space: string): string {
  const room = roomMeantBy(grounds, space);
  if (typeof room !== "string") throw new Refusal(404, room.wrong);
  return room;
}
