export { holdLeadership } from "./embedded.ts";
export type { Leadership } from "./leadership.ts";
export { LeadershipTaken } from "./leadership.ts";
