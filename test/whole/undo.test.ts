import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import type { Notice } from "../../src/core/plant.ts";
import { recover } from "../../src/gate/ledger.ts";
import { replay } from "../../src/record/record.ts";
import { readJournal } from "../../src/store/index.ts";
import { haechi, isAlive, start } from "../cli/haechi.ts";
import { token } from "../cli/operator.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import type { Hosted } from "./hosted.ts";
import { host, keysOfTests } from "./hosted.ts";

// A failover aborted half-way and killed while its inverses are written: the service and its gate are processes of their
// own, the site's devices answer over Modbus and SNMP, and its movers over HTTP.

/** Two services start, and services move there and back, on a busy machine. */
const longMs = 240_000;
/** The plant's own time against the service's: a move takes forty seconds of it. */
const speed = 8;

const calm = `
scenario: own
about: Nothing happens but what a person asks for.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 2h
seed: 1
timeline: []
promises: []
`;

/** Orders are good for an hour: the plant's clock runs away from the service's. */
function change(text: string): string {
  const changed = text
    .replace(/(id: (?:login|message|pay), .*)within: 90s/g, "$1within: 1h")
    .replace(/^ {6}deadline: 8min\n/m, "")
    .replace(/serve: .*/, 'serve: { host: 127.0.0.1, port: 0, operatorToken: "${env:HAECHI_TEST_TOKEN}" }');
  expect(changed.match(/within: 1h, retries: 1, ifFailed: carryOn, inverse: demo/g)).toHaveLength(3);
  return changed;
}

async function begin({ simulation, folder }: Hosted) {
  const args = ["run", simulation.siteFile, "--state", join(folder, "state"), "--json"];
  const it = start(args, { env: keysOfTests });
  const { url, gatePid } = JSON.parse(await it.says(/^\{"url"/)) as { url: string; gatePid: number };
  const ask = (verb: string) =>
    haechi([verb, "move-tier-0", "--by", "shift lead", "--why", "false alarm", "--url", url], {
      env: { HAECHI_TOKEN: token },
    });
  return { it, gatePid, ask };
}

function outputsOf({ folder }: Hosted) {
  const commands: Command[] = [];
  const notices: Notice[] = [];
  for (const { output } of replay(readJournal(join(folder, "state", "journal")))) {
    commands.push(...output.commands);
    notices.push(...output.notices);
  }
  return { commands, notices };
}

test("A failover that is aborted and killed between two inverses undoes each once, the last step first", {
  timeout: longMs,
}, async () => {
  const hosted = await host(scenarioFolder(calm, change), speed);
  hosted.simulation.play({ told: () => undefined, ask: () => undefined });
  const first = await begin(hosted);
  // For five seconds after a start the plant is only looked at.
  for (let started = await first.ask("start"); started.code !== 0; started = await first.ask("start"))
    expect(started.stderr).toBe("refused: this node does not act now\n");
  await first.it.says(/Move tier 0: confirmed.*login\/service\.site := 1/);
  const aborted = await first.ask("abort");
  expect(aborted.stdout).toContain("being undone (abort)");
  await first.it.says(/Move tier 0: confirmed.*(message|pay)\/service\.site := 0/);
  first.it.kill("SIGKILL");
  await first.it.ended;
  while (isAlive(first.gatePid)) await new Promise((resolve) => setTimeout(resolve, 50));

  const second = await begin(hosted);
  await second.it.says(/Move tier 0: stopped.*undone: pay, message, login/);
  second.it.kill("SIGINT");
  expect((await second.it.ended).code).toBe(0);

  const { commands, notices } = outputsOf(hosted);
  const orders = commands.map(({ point, value }) => `${point.split("/")[0]}=${value}`);
  expect(orders.toSorted()).toEqual(["login=0", "login=1", "message=0", "message=1", "pay=0", "pay=1"]);
  expect(orders.at(-1)).toBe("login=0");
  expect(notices.filter(({ event }) => event === "confirmed")).toHaveLength(6);
  expect(notices.filter(({ event }) => event === "failed")).toEqual([]);
  const { steps } = recover(readFileSync(join(hosted.folder, "state", "gate-ledger.ndjson")));
  const sent = steps.flatMap((step) => (step.step === "sent" ? [step.id] : []));
  expect([...new Set(sent)].toSorted()).toEqual(commands.map(({ id }) => id).toSorted());
});
