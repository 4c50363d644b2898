/** Simulated meters on Modbus TCP in a process of their own, so that what they cost is not counted with their clients. */

import type { PlantAccess } from "../simulators/wire/access.ts";
import { serveDevices } from "../simulators/wire/index.ts";
import type { DeviceAddress } from "../src/profiles/index.ts";
import { bindDevice, loadLibrary } from "../src/profiles/index.ts";

/** The profile that all of them have. */
export const meterProfile = "meter/schneider-iem3000";

/** What the process tells its parent when all listen. */
export interface Listening {
  readonly addresses: readonly (readonly [id: string, address: DeviceAddress])[];
}

/** A plant in which every point shows the same for ever: encoding costs nothing after the first time. */
const still: PlantAccess = {
  measure: () => 50,
  answers: () => true,
  actuate: () => "refused",
  service: () => null,
};

/** Serves this many meters at free ports until the parent is gone. */
async function serveMeters(count: number): Promise<void> {
  const profile = loadLibrary().profiles.get(meterProfile)!;
  const model = bindDevice(profile);
  const devices = Array.from({ length: count }, (_, n) => ({
    id: `meter-${n}`,
    model,
    address: { host: "127.0.0.1", port: 0, unit: 1 },
  }));
  const { addresses } = await serveDevices(devices, still, { ports: "free" });
  process.once("disconnect", () => process.exit());
  process.send?.({ addresses: [...addresses] } satisfies Listening);
}

if (process.send) await serveMeters(Number(process.argv[2]));
