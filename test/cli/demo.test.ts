import { readdirSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../setup/services.ts";
import { folderWith } from "./folder.ts";
import type { Haechi } from "./haechi.ts";
import { childrenOf, haechi, isAlive, start } from "./haechi.ts";
import { acknowledge, token } from "./operator.ts";
import { scenarioFolder, soonDark } from "./scenario-folder.ts";

/** Lets operators ask. */
const withToken = (site: string): string =>
  site.replace(/serve: .*/, 'serve: { host: 127.0.0.1, port: 0, operatorToken: "${env:HAECHI_TEST_TOKEN}" }');

function demo(scenario: string, ...words: readonly string[]): { readonly it: Haechi; readonly temp: string } {
  const temp = folderWith();
  const env = { TMPDIR: temp, HAECHI_TEST_TOKEN: token };
  const it = start(["demo", "--scenario", scenario, "--port", "0", ...words], { env });
  return { it, temp };
}

/** A whole site starts and stops in each, also on a busy machine. */
const longMs = 120_000;

describe("haechi demo", () => {
  test(
    "serves its wall, tells what happens, can be followed by tail, and leaves nothing behind",
    async () => {
      const { it, temp } = demo(scenarioFolder(soonDark(), withToken));
      const url = /http:\S+:\d+/.exec(await it.says(/^The wall: /))![0];
      const page = await fetch(`${url}/`);
      expect(page.status).toBe(200);
      expect(await page.text()).toMatch(/<script[^>]+src=/);
      const tail = start(["tail", "--url", url]);
      const json = start(["tail", "--url", url, "--json"]);
      await it.says(/plant {5}the utility fails/);
      await it.says(/alarm {5}2 Utility lost: normal → unacknowledged/);
      await tail.says(/^\d{4}-\d\d-\d\dT\S+Z {2}utility-lost: (normal → )?unacknowledged$/);
      await json.says(/"utility-lost"/);
      await acknowledge(url, "utility-lost");
      await tail.says(/Z {2}utility-lost: unacknowledged → acknowledged$/);
      await json.says(/^\{"event":"delta".*"id":"utility-lost".*"status":"acknowledged"/);
      const children = childrenOf(it.pid);
      expect(children.length).toBe(1);
      expect(readdirSync(temp)).toHaveLength(1);
      it.kill("SIGINT");
      expect((await it.ended).code).toBe(0);
      expect(children.filter(isAlive)).toEqual([]);
      expect(readdirSync(temp)).toEqual([]);
      // Those who followed are told that there is nothing to follow any more.
      expect(await tail.ended).toMatchObject({ code: 69, stderr: "the service has ended\n" });
      const lines = (await json.ended).stdout.trim().split("\n");
      expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toContain("snapshot");
    },
    longMs,
  );

  test(
    "speaks JSON when it is asked to, from its address on",
    async () => {
      const { it, temp } = demo(scenarioFolder(soonDark()), "--json");
      const first = JSON.parse(await it.says(/^\{"url"/)) as { url: string };
      expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
      await it.says(/"text":"the utility fails"/);
      it.kill("SIGTERM");
      const { code, stdout } = await it.ended;
      expect(code).toBe(0);
      for (const line of stdout.trim().split("\n")) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
      expect(readdirSync(temp)).toEqual([]);
    },
    longMs,
  );

  test("ends with 69 where its port is taken, and leaves nothing behind", async () => {
    const blocker = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => blocker.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void blocker.close());
    const temp = folderWith();
    const ended = await haechi(["demo", "--scenario", "calm", "--port", String(port)], { env: { TMPDIR: temp } });
    expect(ended.code).toBe(69);
    expect(ended.stderr).toContain("EADDRINUSE");
    expect(readdirSync(temp)).toEqual([]);
  });

  test("ends with 2 for a scenario that there is not", async () => {
    const ended = await haechi(["demo", "--scenario", "calmm"]);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain('did you mean "calm"?');
  });
});

describe("haechi tail", () => {
  test("ends with 69 where nothing answers, and says why", async () => {
    const port = await freePort();
    const ended = await haechi(["tail", "--url", `http://127.0.0.1:${port}`]);
    expect(ended).toMatchObject({ code: 69, stdout: "" });
    expect(ended.stderr).toContain(`nothing answers at http://127.0.0.1:${port}: connect ECONNREFUSED`);
  });
});
