import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { playBesideLive } from "../../src/cli/scenario-shadow.ts";
import { openService } from "../../src/main.ts";
import { host, keysOfTests } from "../whole/hosted.ts";
import { scenarioFolder } from "./scenario-folder.ts";

const longMs = 180_000;

const scenario = (timeline: string, promises: readonly string[]): string => `
scenario: own
about: A flame in the battery room that nobody lit.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 10s
seed: 1
timeline:
${timeline}
promises: ${JSON.stringify(promises)}
`;

const flame = "  - { at: 2s, label: flame, does: a flame, event: { reading: io-battery/flame.state, shows: 1 } }";

const promises = [
  'alarm battery-room-fire raised within 5 s of "flame"',
  "service login ordered within 5 s of battery-room-fire",
  "no writes",
];

describe("a game day", () => {
  test(
    "on a live site: the second core orders a failover, no write reaches a device, and the live service sees nothing",
    async () => {
      for (const [name, value] of Object.entries(keysOfTests)) vi.stubEnv(name, value);
      const live = await host(scenarioFolder(scenario("  []", [])));
      const told: string[] = [];
      const service = await openService({
        site: live.site,
        siteFile: live.simulation.siteFile,
        stateDir: join(live.folder, "state"),
        port: 0,
        onTold: ({ kind, text }) => told.push(`${kind} ${text}`),
      });
      onTestFinished(() => service.stop());
      const before = told.length;
      const folder = scenarioFolder(scenario(flame, promises));
      const { siteFile } = live.simulation;
      const words = { url: service.url, otherwise: {}, onProgress: () => undefined };
      const { run } = await playBesideLive(folder, siteFile, words);
      expect(run.broken).toEqual([]);
      expect(run.held.map(({ point }) => point)).toContain("login/service.site");
      expect(run.record.outcomes.filter(({ result }) => result !== "refused")).toEqual([]);
      for (const { id } of live.site.devices) expect([id, live.simulation.served.writesSeen(id)]).toEqual([id, 0]);
      for (const { url, id } of live.site.services)
        expect(await (await fetch(url ?? "")).json()).toMatchObject({ service: id, site: "demo" });
      expect(told.slice(before).filter((line) => /fire|command/.test(line))).toEqual([]);
    },
    longMs,
  );
});
