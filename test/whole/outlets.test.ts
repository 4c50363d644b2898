import { join } from "node:path";
import { connect } from "mqtt";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../cli/haechi.ts";
import { scenarioFolder, soonDark } from "../cli/scenario-folder.ts";
import { describeWith } from "../setup/available.ts";
import { startInfluxd, startMosquitto } from "../setup/services.ts";
import { host, keysOfTests } from "./hosted.ts";

// The service as an operator runs it, with a real database and a real broker beside it: what the plant does arrives in both.

/** A database, a broker and a service start, on a busy machine. */
const longMs = 120_000;

/** Asks until it is so: a condition and not a time is waited for. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

type Rows = readonly (readonly unknown[])[];

async function ask(url: string, query: string): Promise<Rows> {
  const response = await fetch(`${url}/query?db=haechi&epoch=ms&q=${encodeURIComponent(query)}`, { method: "POST" });
  const { results } = (await response.json()) as { results: { series?: { values: Rows }[] }[] };
  return results[0]?.series?.[0]?.values ?? [];
}

describeWith("influxd", "A running site", () => {
  describeWith("mosquitto", "tells its database and its broker", () => {
    test("an event at the plant is in InfluxDB and retained at the broker", { timeout: longMs }, async () => {
      const [influx, broker] = await Promise.all([startInfluxd(), startMosquitto()]);
      onTestFinished(() => Promise.all([influx.stop(), broker.stop()]).then(() => undefined));
      await fetch(`${influx.url}/query?q=${encodeURIComponent("CREATE DATABASE haechi")}`, { method: "POST" });
      const outlets = `
store: { influx1: { url: "${influx.url}", database: haechi } }
notify: { mqtt: { url: "${broker.url}" } }
serve: { host: 127.0.0.1, port: 0 }`;
      const folder = scenarioFolder(soonDark(), (site) => site.replace(/\nserve: .*/, outlets));
      const hosted = await host(folder);
      const it = start(["run", hosted.simulation.siteFile, "--state", join(hosted.folder, "state"), "--json"], {
        env: keysOfTests,
      });
      await it.says(/^\{"url"/);
      hosted.simulation.play({ told: () => undefined, ask: () => undefined });
      await it.says(/Utility lost: normal → unacknowledged/);

      const power = await until(async () => {
        const rows = await ask(influx.url, `SELECT "value" FROM "power" WHERE "device" = 'ups-a' LIMIT 1`);
        return rows[0];
      });
      expect(power[1]).toBeGreaterThan(5);
      await until(async () => {
        const rows = await ask(influx.url, `SELECT * FROM "alarm_event" WHERE "alarm" = 'utility-lost'`);
        return rows.length > 0 ? rows : undefined;
      });

      // Whoever connects afterwards is told at once, for it is retained.
      const client = connect(broker.url, { reconnectPeriod: 0 });
      onTestFinished(() => client.endAsync(true));
      const heard = new Map<string, { text: string; qos: number; retain: boolean }>();
      client.on("message", (topic, payload, { qos, retain }) =>
        heard.set(topic, { text: payload.toString(), qos, retain }),
      );
      await client.subscribeAsync("haechi/v1/demo/#", { qos: 1 });
      const alarm = await until(() => heard.get("haechi/v1/demo/alarm/utility-lost"));
      expect(JSON.parse(alarm.text)).toMatchObject({ alarm: "utility-lost", to: "unacknowledged", priority: "high" });
      expect(alarm).toMatchObject({ qos: 1, retain: true });
      expect((await until(() => heard.get("haechi/v1/demo/$status"))).text).toContain("online");
      const ups = JSON.parse((await until(() => heard.get("haechi/v1/demo/device/ups-b"))).text) as {
        points: Record<string, { value: number; quality: string }>;
      };
      expect(ups.points["ups.mode"]).toMatchObject({ quality: "good" });

      it.kill("SIGINT");
      expect((await it.ended).code).toBe(0);
    });
  });
});
