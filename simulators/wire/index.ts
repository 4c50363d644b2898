/** The simulated plant's devices over real protocols, and as readings in virtual time. */
export { accessTo } from "./access.ts";
export type { DeviceOnWire, Served } from "./serve.ts";
export { serveDevices } from "./serve.ts";
export type { ServedServices } from "./services.ts";
export { serveServices } from "./services.ts";
export { virtualSource } from "./virtual.ts";
