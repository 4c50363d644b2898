import { describe, expect, test } from "vitest";
import { serveAlone } from "../../../simulators/device/served.ts";
import { readOnce } from "../../../src/collect/index.ts";
import { bindDevice, loadLibrary, type Profile, type Protocol } from "../../../src/profiles/index.ts";
import { freePort, freeUdpPort } from "../../setup/services.ts";

const { profiles } = loadLibrary(process.env["LIB"] ?? undefined);

const spoken = (profile: Profile): readonly Protocol[] =>
  (["modbus", "snmp"] as const).filter((protocol) => Object.values(profile.points).some((point) => point[protocol]));

const every = [...profiles.values()].flatMap((profile) => spoken(profile).map((p) => [profile.id, p] as const));

describe("every device of the library, simulated from its profile alone", () => {
  test.each(every)("%s over %s is read back good, point for point", async (id, protocol) => {
    const profile = profiles.get(id)!;
    const port = await (protocol === "modbus" ? freePort() : freeUdpPort());
    const address = { host: "127.0.0.1", port, ...(protocol === "modbus" ? { unit: 1 } : {}) };
    const alone = await serveAlone(profile, { protocol, address, rows: 2, seed: 7, faults: [] });
    try {
      const { points, fault } = await readOnce({ id: "device", model: bindDevice(profile, { protocol }), address });
      expect(fault).toBeNull();
      expect(alone.without).toEqual([]);
      expect(points.length).toBe(alone.model.points.length);
      expect(
        points.filter(({ reading }) => reading.quality !== "good").map((p) => [p.name, p.raw, p.reading, p.source]),
      ).toEqual([]);
    } finally {
      await alone.close();
    }
  });
});
