import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { realClock } from "../../src/clock.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import { connectGate } from "../../src/gate/client.ts";
import { gateSocket } from "../../src/gate/process.ts";
import type { GateChild } from "../../src/gateprocess.ts";
import { startGate } from "../../src/gateprocess.ts";
import { command } from "../gate/fixture.ts";
import { describeWith } from "../setup/available.ts";
import { bindSecret, startBind } from "../setup/services.ts";
import { changed } from "../site/fixture.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

const targets = (port: number): string => `targets:
  addresses:
    name: { en: Addresses }
    dns:
      host: 127.0.0.1
      port: ${port}
      zone: example.test
      key: { name: haechi, secret: "\${env:ZONE_KEY}" }
      sets:
        seoul: [{ name: www.example.test, type: A, ttl: 30, data: [192.0.2.1] }]
        busan: [{ name: www.example.test, type: A, ttl: 30, data: [198.51.100.1] }]
alarms:
`;

/** The small site, whose service login is where its address leads. Nothing else of it may be written to. */
const siteOf = (port: number): string =>
  changed(
    ["alarms:\n", targets(port)],
    [
      '{ url: "http://mover.example/login", secret: "${env:MOVER}" }',
      "{ target: addresses, at: { here: seoul, there: busan } }",
    ],
    ["allow: [pdu-a, pdu-b, login]\n  armed: [move, shed]", "allow: [login]\n  armed: [move]"],
    ["    mode: act\n    after: 30s", "    mode: observe\n    after: 30s"],
  );

describeWith("named", "a gate over a site file with targets", () => {
  it("moves a service by what moves it, and only the service that is allowed", async () => {
    const bind = await startBind(["www 30 A 192.0.2.1"]);
    const folder = folderWith({});
    const file = join(folder, "site.yaml");
    writeFileSync(file, siteOf(bind.port));
    process.env["ZONE_KEY"] = bindSecret;
    const gate = connectGate(gateSocket(folder));
    let running: GateChild | null = null;
    try {
      const clock = realClock();
      running = await startGate({ siteFile: file, stateDir: folder, clock, say: () => undefined });
      while (!gate.connected()) await new Promise((resolve) => setTimeout(resolve, 10));
      const site = pointId("login", "service.site");
      const records = pointId("addresses", "records.set");
      expect(await gate.look([site])).toEqual([[site, 0]]);
      const issued = instant(Date.now());
      const times = { issued, expires: instant(issued + 20_000), response: "move" };
      const within = 20_000 as never;
      gate.send(
        command({ ...times, id: "1", point: site, value: 1, expect: { point: site, is: "=", value: 1, within } }),
        1,
      );
      gate.send(
        command({ ...times, id: "2", point: records, value: 0, expect: { point: records, is: "=", value: 0, within } }),
        1,
      );
      const outcomes = new Map<string, object>();
      const stop = new AbortController();
      for await (const outcome of gate.outcomes(stop.signal)) {
        outcomes.set(outcome.command, outcome);
        if (outcomes.size === 2) stop.abort();
      }
      expect(outcomes.get("1")).toMatchObject({ result: "done", readBack: 1 });
      expect(outcomes.get("2")).toMatchObject({ result: "refused", detail: "addresses is not on the allow-list" });
      expect(await gate.look([site])).toEqual([[site, 1]]);
    } finally {
      delete process.env["ZONE_KEY"];
      gate.close();
      await running?.stop();
      await bind.stop();
    }
  });

  it("does not start without the secrets of its targets, and names them", async () => {
    const folder = folderWith({});
    const file = join(folder, "site.yaml");
    writeFileSync(file, siteOf(1));
    const words = ["gate", file, "--state", folder];
    const { code, stderr } = await haechi(words, { env: { ZONE_KEY: undefined } });
    expect(code).toBe(78);
    expect(stderr).toContain("target addresses: the environment variable ZONE_KEY is not set");
  });
});
