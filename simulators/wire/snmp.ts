/** A simulated plant's devices behind SNMP: what they show is looked up at the moment of each request. */
import type { DeviceAddress } from "../../src/profiles/index.ts";
import type { PlantAccess } from "./access.ts";
import { serveAgent, type Varbind } from "./agent.ts";
import type { Faults } from "./faults.ts";
import type { ServedDevice } from "./modbus.ts";
import type { SnmpObject } from "./objects.ts";
import { objectsOf } from "./objects.ts";

const notWritable = 17;
const wrongValue = 10;
const genErr = 5;

/** What stands behind a device on the wire, and what befalls its answers. */
export interface SnmpBackground {
  readonly plant: PlantAccess;
  readonly uptimeS: () => number;
  readonly faults?: Faults;
  /** Objects beside those of its points: what it is known by. */
  readonly fixed?: readonly Pick<SnmpObject, "oid" | "look">[];
}

/** Serves one device at its address. Rejects where the port is taken. */
export function serveSnmp(
  device: ServedDevice,
  address: DeviceAddress,
  { plant, uptimeS, faults, fixed = [] }: SnmpBackground,
): Promise<{ close(): Promise<void> }> {
  return serveAgent(address, {
    objects: objectsOf(device, plant, { uptimeS, fixed }),
    answers: () => plant.answers(device.id),
    set: (varbind) => set(device, plant, varbind),
    wrote: () => {
      device.writes += 1;
    },
    ...(faults ? { faults } : {}),
  });
}

/** What a SET makes of one object: 0 where it was done, or the error status. */
function set({ id, model }: ServedDevice, plant: PlantAccess, { oid, value }: Varbind): number {
  const there = model.commands.filter(({ write: { at } }) => at.protocol === "snmp" && at.oid === oid);
  if (there.length === 0) return notWritable;
  const command = there.find(({ write }) => write.raw === value);
  if (!command) return wrongValue;
  return plant.actuate(id, command.point, command.value) === "done" ? 0 : genErr;
}
