import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openService } from "../../src/main.ts";
import { scenarioFolder, soonDark } from "../cli/scenario-folder.ts";
import { describeWith } from "../setup/available.ts";
import { startInfluxd } from "../setup/services.ts";
import { host, keysOfTests } from "./hosted.ts";

/** A database and a service start, on a busy machine. */
const longMs = 180_000;
const patience = { timeout: 60_000, interval: 100 };

describeWith("influxd", "A running site watches itself", () => {
  test("a database that is gone and a disk without room are alarms", { timeout: longMs }, async () => {
    for (const [name, value] of Object.entries(keysOfTests)) vi.stubEnv(name, value);
    const influx = await startInfluxd();
    onTestFinished(() => influx.stop());
    await fetch(`${influx.url}/query?q=${encodeURIComponent("CREATE DATABASE haechi")}`, { method: "POST" });
    // No disk has so much room as is asked for here.
    const changed = `
store: { influx1: { url: "${influx.url}", database: haechi } }
self: { spool: { limit: 3 }, disk: { limit: 900000000, onDelay: 0s } }
serve: { host: 127.0.0.1, port: 0 }`;
    const { site, simulation, folder } = await host(
      scenarioFolder(soonDark(), (text) => text.replace(/\nserve: .*/, changed)),
    );
    const told: string[] = [];
    const service = await openService({
      site,
      siteFile: simulation.siteFile,
      stateDir: join(folder, "state"),
      onTold: ({ text }) => told.push(text),
    });
    onTestFinished(() => service.stop());
    const all = (): string => told.join("\n");
    await expect
      .poll(all, patience)
      .toMatch(/Haechi: disk nearly full: normal → unacknowledged \(haechi\/disk\.free = /);
    expect(all()).not.toContain("Haechi: database takes nothing");
    await influx.kill();
    await expect
      .poll(all, patience)
      .toMatch(/Haechi: database takes nothing: normal → unacknowledged \(haechi\/spool\.lag = /);
    expect(all()).not.toContain("cannot be judged (haechi/");
    await service.stop();
  });
});
