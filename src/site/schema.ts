/** The whole form of a site file. What must agree with what is checked after it. */
import { z } from "zod";
import { alarmSchema } from "./alarms.ts";
import { loopSchema } from "./cooling.ts";
import { deviceSchema } from "./devices.ts";
import { gateSchema } from "./gate.ts";
import { notifySchema, serveSchema, storeSchema } from "./outlets.ts";
import { loadSchema, nodeSchema } from "./power.ts";
import { responseSchema } from "./responses.ts";
import { selfSchema, selfTestSchema } from "./self.ts";
import { identitySchema, ownSchema, serviceSchema } from "./services.ts";
import { routeSchema, spaceSchema } from "./spaces.ts";
import { targetSchema } from "./targets.ts";
import { trapsSchema } from "./traps.ts";
import { waterSchema } from "./water.ts";
import { entries } from "./words.ts";

/** How much of each a site may have: beyond any building this was made for, and within what a scan is measured with. */
export const most = {
  spaces: 1000,
  devices: 2000,
  routes: 1000,
  power: 5000,
  loads: 20_000,
  cooling: 1000,
  services: 2000,
  targets: 2000,
  alarms: 20_000,
  responses: 500,
  points: 200_000,
} as const;

export const siteSchema = z.strictObject({
  version: z.literal(1),
  site: identitySchema,
  /** Whether devices bring the alarms of their profiles with them. */
  profileAlarms: z.enum(["all", "none"]).default("all"),
  spaces: entries(spaceSchema, most.spaces),
  devices: entries(deviceSchema, most.devices),
  routes: entries(routeSchema, most.routes).default({}),
  power: entries(nodeSchema, most.power).default({}),
  loads: entries(loadSchema, most.loads).default({}),
  cooling: entries(loopSchema, most.cooling).default({}),
  services: entries(serviceSchema, most.services).default({}),
  targets: entries(targetSchema, most.targets).default({}),
  /** What this service itself stands on. */
  haechi: ownSchema.optional(),
  alarms: entries(alarmSchema, most.alarms).default({}),
  responses: entries(responseSchema, most.responses).default({}),
  /** Zones in which water may be used, and how it is shown that it may. */
  water: entries(waterSchema, most.spaces).default({}),
  gate: gateSchema.prefault({}),
  serve: serveSchema.prefault({}),
  store: storeSchema.prefault({}),
  notify: notifySchema.prefault({}),
  /** The alarms on the service's own life, where they are to be otherwise than usual. */
  self: selfSchema.default({}),
  /** When the chain from a reading to a decision is tested at length. */
  selfTest: selfTestSchema.prefault({}),
  traps: trapsSchema.optional(),
});

export type SiteSource = z.output<typeof siteSchema>;

/** The JSON Schema of a site file, for editors. It knows the form and not the references. */
export const jsonSchema = (): unknown => ({
  ...z.toJSONSchema(siteSchema, { io: "input" }),
  title: "Haechi site",
});
