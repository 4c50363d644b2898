import { describe, expect, test } from "vitest";
import { withAddresses } from "../../src/site/index.ts";
import { siteAfter } from "./fixture.ts";

describe("a site at other addresses", () => {
  const site = siteAfter();
  const moved = withAddresses(
    site,
    new Map([
      ["ups-a", { host: "127.0.0.1", port: 40_001 }],
      ["bat-a", { port: 40_002 }],
      ["nobody", { port: 1 }],
    ]),
  );
  const addressOf = (id: string) => moved.devices.find((device) => device.id === id)?.address;

  test("finds the devices there, and speaks to them as before", () => {
    expect(addressOf("ups-a")).toEqual({
      host: "127.0.0.1",
      port: 40_001,
      snmp: { version: "2c", community: "public" },
    });
    expect(addressOf("bat-a")).toEqual({ host: "10.0.0.3", port: 40_002, unit: 1 });
  });

  test("is the same site in all else", () => {
    expect(addressOf("asd")).toEqual({ host: "10.0.0.4", port: 502, unit: 1 });
    expect({ ...moved, devices: [] }).toEqual({ ...site, devices: [] });
    expect(site.devices[0]?.address.port).toBe(161);
  });
});
