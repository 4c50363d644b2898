/** The simulated plant's devices over real protocols, and as readings in virtual time; and what can go wrong with both. */
export type { Look, PlantAccess } from "./access.ts";
export { accessTo } from "./access.ts";
export {
  contradictionsIn,
  type FaultSaid,
  faultKeys,
  faultKinds,
  faultSchema,
  placeOf,
  type TimedFault,
} from "./fault.ts";
export { type FaultBoard, type FaultyDevice, faultBoard, faultObjection } from "./fault-board.ts";
export type { DeviceOnWire, Served } from "./serve.ts";
export { linkOf, serveDevices } from "./serve.ts";
export type { ServedServices, ServedTarget } from "./services.ts";
export { serveServices } from "./services.ts";
export type { TrapReceiver } from "./storm.ts";
export { swarm } from "./swarm.ts";
export { virtualSource } from "./virtual.ts";
