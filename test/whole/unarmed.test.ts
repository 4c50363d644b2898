import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parseDocument } from "yaml";
import { openService } from "../../src/main.ts";
import { bindDevice, loadLibrary } from "../../src/profiles/index.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import { type Hosted, host, keysOfTests, siteOf } from "./hosted.ts";
import { type Seen, tapModbus, tapSnmp } from "./tap.ts";

const longMs = 180_000;
const speed = 20;

/** The worst ten minutes that the demo site can have. */
const fire = `
scenario: own
about: A battery burns, the utility fails, a UPS fails.
site: demo
starts: 2022-10-15T15:18:40+09:00
lasts: 10min
seed: 20221015
timeline:
  - { at: "15:19:00", does: a cell of string A shorts inside, event: { battery: bat-a, archetype: short } }
  - { at: "15:20:00", does: the utility fails, event: { utility: fail } }
  - { at: "15:25:00", does: UPS A fails, event: { ups: ups-a, off: true } }
promises: []
`;

/** What would act advises, and nothing is armed. */
const withoutArms = (site: string): string =>
  site.replace(/^ {2}armed: \[.*\]$/m, "  armed: []").replaceAll(/^ {4}mode: act$/gm, "    mode: advise");

/** Puts a tap before every device, and gives the site file that goes through them. */
async function tapped({ site, simulation, folder }: Hosted, modbus: Seen, snmp: Seen): Promise<string> {
  const document = parseDocument(readFileSync(simulation.siteFile, "utf8"));
  for (const { id, model, address } of site.devices) {
    const tap = await (model.protocol === "modbus" ? tapModbus(address.port, modbus) : tapSnmp(address.port, snmp));
    onTestFinished(() => tap.close());
    document.setIn(["devices", id, model.protocol, "port"], tap.port);
  }
  const file = join(folder, "tapped.yaml");
  writeFileSync(file, document.toString({ lineWidth: 0 }));
  return file;
}

describe("a site that arms nothing", () => {
  test(
    "sends no write to any device in the worst of runs: no such Modbus function, and no SET",
    async () => {
      for (const [name, value] of Object.entries(keysOfTests)) vi.stubEnv(name, value);
      const hosted = await host(scenarioFolder(fire, withoutArms), speed);
      const [modbus, snmp]: [Seen, Seen] = [{ functions: new Map() }, { functions: new Map() }];
      const siteFile = await tapped(hosted, modbus, snmp);
      const told: string[] = [];
      const stateDir = join(hosted.folder, "state");
      const opening = { site: siteOf(siteFile), siteFile, stateDir, speed, since: hosted.since, port: 0 };
      const service = await openService({ ...opening, onTold: ({ text }) => told.push(text) });
      onTestFinished(() => service.stop());
      const playing = hosted.simulation.play({ told: () => undefined, ask: (request) => service.ask(request) });
      while (!playing.isOver) await new Promise((resolve) => setTimeout(resolve, 100));
      await service.stop();
      // There was every reason to act, and the wire was watched.
      expect(told.join("\n")).toMatch(/battery/i);
      expect(modbus.functions.get(3) ?? 0).toBeGreaterThan(500);
      expect(snmp.functions.get(0xa0) ?? 0).toBeGreaterThan(100);
      expect([...modbus.functions.keys()].filter((code) => code > 4)).toEqual([]);
      expect([...snmp.functions.keys()].filter((pdu) => ![0, 0xa0, 0xa1, 0xa5].includes(pdu))).toEqual([]);
      for (const { id } of hosted.site.devices) expect([id, hosted.simulation.served.writesSeen(id)]).toEqual([id, 0]);
    },
    longMs,
  );

  test("could not write to a fire panel if it wanted to: a device of that class is bound without a command", () => {
    const fires = [...loadLibrary().profiles.values()].filter((profile) => profile.class === "fire");
    expect(fires.length).toBeGreaterThan(0);
    for (const profile of fires) expect(bindDevice(profile).commands).toEqual([]);
  });
});
