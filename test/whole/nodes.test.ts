import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { Snapshot } from "../../src/serve/api.ts";
import { folderWith } from "../cli/folder.ts";
import { childrenOf, haechi, isAlive, start } from "../cli/haechi.ts";
import { scenarioFolder, soonDark } from "../cli/scenario-folder.ts";
import { fetchNode, nodeVersions } from "../setup/nodes.ts";

/** A whole site starts and stops, also on a busy machine. */
const longMs = 180_000;
const again = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

describe.each(nodeVersions)("on Node %s", (version) => {
  test("a site file is checked", async () => {
    const node = fetchNode(version);
    if (node === null) return;
    expect(await haechi(["check", demoSiteFile()], { node })).toMatchObject({ code: 0, stderr: "" });
  });

  test(
    "the whole service runs: it reads every point over Modbus and SNMP, raises an alarm, and leaves nothing behind",
    async () => {
      const node = fetchNode(version);
      if (node === null) return;
      const words = ["demo", "--scenario", scenarioFolder(soonDark()), "--port", "0", "--json"];
      const it = start(words, { node, env: { TMPDIR: folderWith() } });
      const { url } = JSON.parse(await it.says(/^\{"url"/)) as { url: string };
      await it.says(/Utility lost: normal → unacknowledged/);
      let snapshot = await snapshotOf(url);
      while (snapshot.health.points.bad > 0) {
        await again();
        snapshot = await snapshotOf(url);
      }
      expect(snapshot.health.points.good).toBeGreaterThan(100);
      const children = childrenOf(it.pid);
      it.kill("SIGINT");
      expect((await it.ended).code).toBe(0);
      expect(children).toHaveLength(1);
      expect(children.filter(isAlive)).toEqual([]);
    },
    longMs,
  );
});

const snapshotOf = async (url: string): Promise<Snapshot> =>
  (await (await fetch(`${url}/api/v1/snapshot`)).json()) as Snapshot;
