/** The simulated plant's devices over real protocols, and as readings in virtual time. */
export type { PlantAccess } from "./access.ts";
export { accessTo } from "./access.ts";
export type { DeviceOnWire, Served, ServeOptions } from "./serve.ts";
export { serveDevices } from "./serve.ts";
export type { ServedServices, ServicesOptions } from "./services.ts";
export { serveServices } from "./services.ts";
export type { VirtualDevice, VirtualSource } from "./virtual.ts";
export { virtualSource } from "./virtual.ts";
