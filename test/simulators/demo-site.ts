import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { DeviceOnWire } from "../../simulators/wire/index.ts";
import { assert } from "../../src/core/assert.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import { loadSite, resolveAddress } from "../../src/site/index.ts";

/** Secrets of the demo site, for tests. */
export const demoKeys = {
  HAECHI_DEMO_AUTH: "auth-of-the-demo",
  HAECHI_DEMO_PRIV: "priv-of-the-demo",
  HAECHI_DEMO_SECRET: "s3cret",
};

/** The demo site, whole. */
export function demoSite(): Site {
  const loaded = loadSite(demoSiteFile(), loadLibrary());
  assert("site" in loaded, "the demo site has no mistakes");
  return loaded.site;
}

/** Its devices with the secrets in their addresses. */
export const demoDevices = (): readonly DeviceOnWire[] =>
  demoSite().devices.map((device) => {
    const resolved = resolveAddress(device.address, demoKeys);
    assert("address" in resolved, `the address of ${device.id} resolves`);
    return { ...device, address: resolved.address };
  });
