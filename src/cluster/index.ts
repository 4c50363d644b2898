/** Which of several services may act: the one that holds the leadership. Alone on its node, that is a lock on its state folder. */
export { holdLeadership } from "./embedded.ts";
export type { Leadership } from "./leadership.ts";
export { LeadershipTaken } from "./leadership.ts";
