import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { prepareSite, unsimulated } from "../../src/simulation/simulated-site.ts";
import type { Site } from "../../src/site/index.ts";
import { folderWith } from "../cli/folder.ts";

interface Prepared {
  readonly devices: Readonly<
    Record<string, { readonly modbus?: object; readonly snmp?: { readonly community: string } }>
  >;
  readonly store?: object;
  readonly traps?: object;
}

function prepared(text: string, env: Readonly<Record<string, string>> = {}) {
  const folder = join(folderWith(), "keys");
  const made = prepareSite(text, { env, keysFolder: folder, trapPort: 20_162, broker: null });
  return { ...made, folder, site: parse(made.text) as Prepared };
}

describe("a site file that is prepared for its simulation", () => {
  test("keeps units of one serial line together, and devices that were written by an alias apart", () => {
    const { site } = prepared(`devices:
  a: { modbus: { serial: /dev/ttyS1, unit: 1, baud: 19200 } }
  b: { modbus: { serial: /dev/ttyS1, unit: 2 } }
  c: { modbus: { serial: /dev/ttyS2, unit: 2 } }
  d: { modbus: &door { host: x.example, transport: rtu, unit: 5 } }
  e: { modbus: *door }
`);
    expect(site.devices).toEqual({
      a: { modbus: { host: "serial-1", unit: 1 } },
      b: { modbus: { host: "serial-1", unit: 2 } },
      c: { modbus: { host: "serial-2", unit: 2 } },
      d: { modbus: { host: "x.example", unit: 5 } },
      e: { modbus: { host: "x.example", unit: 5 } },
    });
  });

  test("tells nobody, takes traps on this machine, and keeps its own history", () => {
    const { site, leftOut } = prepared(`devices: {}
store: { retention: 10d, influx2: { url: "http://x.example" } }
notify: { mqtt: { url: "mqtt://x.example" } }
traps: { community: hush, bind: 10.0.0.1 }
`);
    expect(leftOut).toEqual(["notify", "store.influx2"]);
    expect(site).toEqual({
      devices: {},
      store: { retention: "10d" },
      traps: { community: "hush", bind: "127.0.0.1", port: 20_162 },
    });
  });

  test("has a key made up for each that is not at hand, once, and leaves the others where they are", () => {
    const text = `devices:
  a: { snmp: { community: "\${env:HUSH}" } }
  b: { snmp: { community: "\${env:HUSH}" } }
  c: { snmp: { community: "\${env:KNOWN}" } }
`;
    const { site, madeUp, folder } = prepared(text, { KNOWN: "yes" });
    expect(madeUp).toEqual([`\${env:HUSH}`]);
    const ref = site.devices["a"]!.snmp!.community;
    expect(ref).toBe(`\${file:${join(folder, "key-1")}}`);
    expect(site.devices["b"]!.snmp!.community).toBe(ref);
    expect(site.devices["c"]!.snmp!.community).toBe(`\${env:KNOWN}`);
    expect(readFileSync(join(folder, "key-1"), "utf8").length).toBeGreaterThanOrEqual(32);
    expect(existsSync(prepared(text, { KNOWN: "yes", HUSH: "yes" }).folder)).toBe(false);
  });
});

test("of targets only those that are asked over HTTP are simulated on the wire: others would be reached from there", () => {
  const target = (id: string, kind: string) => ({ id, kind }) as Site["targets"][number];
  const service = { id: "login", by: { target: "standby", at: {} } } as unknown as Site["services"][number];
  expect(unsimulated({ targets: [], services: [] })).toBeNull();
  expect(unsimulated({ targets: [target("standby", "http")], services: [] })).toBeNull();
  const both = [target("standby", "http"), target("orders", "patroni")];
  expect(unsimulated({ targets: both, services: [] })).toMatch(/must not be reached from there: orders$/);
  expect(unsimulated({ targets: [target("standby", "http")], services: [service] })).toMatch(/on the wire: login$/);
});
