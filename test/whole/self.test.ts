import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../cli/haechi.ts";
import { scenarioFolder, soonDark } from "../cli/scenario-folder.ts";
import { describeWith } from "../setup/available.ts";
import { startInfluxd } from "../setup/services.ts";
import { host, keysOfTests } from "./hosted.ts";

/** A database and a service start, on a busy machine. */
const longMs = 120_000;

describeWith("influxd", "A running site watches itself", () => {
  test("a database that is gone and a disk without room are alarms", { timeout: longMs }, async () => {
    const influx = await startInfluxd();
    onTestFinished(() => influx.stop());
    await fetch(`${influx.url}/query?q=${encodeURIComponent("CREATE DATABASE haechi")}`, { method: "POST" });
    // No disk has so much room as is asked for here.
    const changed = `
store: { influx1: { url: "${influx.url}", database: haechi } }
self: { spool: { limit: 3 }, disk: { limit: 900000000, onDelay: 0s } }
serve: { host: 127.0.0.1, port: 0 }`;
    const folder = scenarioFolder(soonDark(), (site) => site.replace(/\nserve: .*/, changed));
    const hosted = await host(folder);
    const it = start(["run", hosted.simulation.siteFile, "--state", join(hosted.folder, "state"), "--json"], {
      env: keysOfTests,
    });
    await it.says(/Haechi: disk nearly full: normal → unacknowledged \(haechi\/disk\.free = /);
    expect(it.stdout + it.stderr).not.toContain("Haechi: database takes nothing");
    await influx.kill();
    await it.says(/Haechi: database takes nothing: normal → unacknowledged \(haechi\/spool\.lag = /);
    await influx.again();
    it.kill("SIGINT");
    expect((await it.ended).code).toBe(0);
  });
});
