/** The site file: read, checked whole, and made into what every other part is told of the site. */
export { resolveAddress } from "./access.ts";
export type { Device } from "./devices.ts";
export type { GateRules } from "./gate.ts";
export type { Cause, Effect, Matrix } from "./matrix.ts";
export { matrixOf } from "./matrix.ts";
export type { NotifyRules, ServeRules, StoreRules } from "./outlets.ts";
export type { Loaded } from "./parse.ts";
export { loadSite, parseSite } from "./parse.ts";
export type { PointInfo } from "./points.ts";
export type { TrapReception } from "./reception.ts";
export { jsonSchema } from "./schema.ts";
export type { Resolved, SecretRef } from "./secret.ts";
export { isSecretRef, resolveSecret } from "./secret.ts";
export type { SelfName, SelfRules } from "./self.ts";
export type { Service } from "./services.ts";
export type { Site } from "./site.ts";
export { withAddresses } from "./site.ts";
export type { Space } from "./spaces.ts";
