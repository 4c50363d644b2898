import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import type { Notice, Transition } from "../../src/core/plant.ts";
import { deviceOf } from "../../src/core/reading.ts";
import { recover } from "../../src/gate/ledger.ts";
import { replay } from "../../src/record/record.ts";
import type { AlarmView, Snapshot } from "../../src/serve/api.ts";
import { decodeFrames, encodeFrame } from "../../src/store/frame.ts";
import { readJournal } from "../../src/store/index.ts";
import type { Haechi } from "../cli/haechi.ts";
import { childrenOf, haechi, isAlive, start } from "../cli/haechi.ts";
import { acknowledge } from "../cli/operator.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import type { Hosted } from "./hosted.ts";
import { host, keysOfTests } from "./hosted.ts";

// The service as a process of its own, over real protocols, killed at its worst moment: while load is being shed. The
// site's devices live on in the test's process, and count what is written to them.

/** Services that start and stop over and over on a busy machine. */
const longMs = 180_000;

/** The gas is released and reset, then the utility fails and the generator refuses to start: load is shed. */
const scenario = `
scenario: own
about: A shed that begins soon.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 10min
seed: 1
timeline:
  - { at: 0s, does: the panel releases its gas, event: { suppression: release } }
  - { at: 4s, does: the panel is reset, event: { suppression: reset } }
  - { at: 5s, does: the generator's starter battery dies, event: { generator: refuse-start } }
  - { at: 6s, does: the utility fails, event: { utility: fail } }
promises: []
`;

/** Quicker to act than a real site, and slower to give up: a busy machine must not decide what is tested. */
function change(text: string): string {
  const delays = /(\n {2}suppression-released:\n(?: {4}.*\n)*?) {4}onDelay: 0s\n {4}offDelay: 60s\n/;
  const changed = text
    .replace(delays, "$1    onDelay: 0s\n    offDelay: 1s\n")
    .replace("within: 15s", "within: 1s")
    .replace("after: 30s\n    shed:", "after: 1s\n    shed:")
    .replace("within: 10s\n      settle: 10s", "within: 60s\n      settle: 3s")
    .replace(/\[\{ node: ups-a, toKw: 18 \}, .*\]/, "[{ node: ups-a, toKw: 10 }, { node: ups-b, toKw: 10 }]")
    .replace(/serve: .*/, 'serve: { host: 127.0.0.1, port: 0, operatorToken: "${env:HAECHI_TEST_TOKEN}" }');
  for (const said of [
    "offDelay: 1s",
    "within: 1s\n",
    "after: 1s\n    shed:",
    "settle: 3s",
    "toKw: 10 }]",
    "TEST_TOKEN",
  ])
    expect(changed).toContain(said);
  return changed;
}

/** What `run --json` says first. */
interface Begun {
  readonly it: Haechi;
  readonly url: string;
  readonly gatePid: number;
}

async function begin({ simulation, folder }: Hosted): Promise<Begun> {
  const args = ["run", simulation.siteFile, "--state", join(folder, "state"), "--json"];
  const it = start(args, { env: keysOfTests });
  const said = JSON.parse(await it.says(/^\{"url"/)) as { url: string; pid: number; gatePid: number };
  expect(said.pid).toBe(it.pid);
  return { it, url: said.url, gatePid: said.gatePid };
}

/** Asks until it is so: a condition and not a time is waited for. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined, everyMs = 50): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const alarmOf = async (url: string, id: string): Promise<AlarmView | undefined> => {
  const response = await fetch(`${url}/api/v1/snapshot`);
  return response.ok ? ((await response.json()) as Snapshot).alarms.find((alarm) => alarm.id === id) : undefined;
};

const statusIs = (url: string, id: string, status: AlarmView["status"]): Promise<AlarmView> =>
  until(async () => {
    const alarm = await alarmOf(url, id);
    return alarm?.status === status ? alarm : undefined;
  });

const play = ({ simulation }: Hosted): void => {
  simulation.play({ told: () => undefined, ask: () => undefined });
};

/** The site is seen, its gas alarm acknowledged and latched, and the shed has come so far that the service says this. */
async function shedUnderWay(hosted: Hosted, sign: RegExp): Promise<Begun> {
  const begun = await begin(hosted);
  play(hosted);
  await statusIs(begun.url, "suppression-released", "unacknowledged");
  await acknowledge(begun.url, "suppression-released");
  await statusIs(begun.url, "suppression-released", "latchedAcknowledged");
  await begun.it.says(sign);
  return begun;
}

const shedIsOver = /Shed to stretch the batteries: done/;

/** All that the runs on one state folder put out, read back from their journal. */
function outputsOf({ folder }: Hosted) {
  const transitions: Transition[] = [];
  const commands: Command[] = [];
  const notices: Notice[] = [];
  for (const { output } of replay(readJournal(join(folder, "state", "journal")))) {
    transitions.push(...output.transitions);
    commands.push(...output.commands);
    notices.push(...output.notices);
  }
  return { transitions, commands, notices };
}

/** Writes that have reached any device. */
const writesTo = ({ site, simulation }: Hosted): number =>
  site.devices.reduce((sum, { id }) => sum + simulation.served.writesSeen(id), 0);

/** Every outlet was commanded once, every device written to once for each, and each command came to a good end. */
function expectNothingDoubled(hosted: Hosted): void {
  const { commands, notices } = outputsOf(hosted);
  const points = commands.map(({ point }) => point);
  expect(points.length).toBeGreaterThan(9);
  expect(new Set(points).size).toBe(points.length);
  expect(notices.filter(({ event }) => event === "failed")).toEqual([]);
  expect(notices.filter(({ event }) => event === "confirmed").length).toBe(points.length);
  const { steps } = recover(readFileSync(join(hosted.folder, "state", "gate-ledger.ndjson")));
  // A gate that was killed between its word and its deed gives its word again; what counts is what reached a device.
  const sent = new Set(steps.flatMap((step) => (step.step === "sent" ? [step.id] : [])));
  expect([...sent].toSorted()).toEqual(commands.map(({ id }) => id).toSorted());
  for (const { id } of hosted.site.devices)
    expect(hosted.simulation.served.writesSeen(id), id).toBe(points.filter((point) => deviceOf(point) === id).length);
}

async function endsWell({ it }: Begun): Promise<void> {
  const family = [it.pid, ...childrenOf(it.pid)];
  expect(family.length).toBe(2);
  it.kill("SIGINT");
  expect((await it.ended).code).toBe(0);
  expect(family.filter(isAlive)).toEqual([]);
}

describe("a service killed while it sheds load", () => {
  test(
    "goes on where it was: nothing is switched twice, and what was latched and acknowledged still is",
    async () => {
      const hosted = await host(scenarioFolder(scenario, change));
      const first = await shedUnderWay(hosted, /Shed to stretch the batteries: confirmed/);
      first.it.kill("SIGKILL");
      expect((await first.it.ended).signal).toBe("SIGKILL");
      const confirmed = first.it.stderr.split("Shed to stretch the batteries: confirmed").length - 1;
      // The gate has lost its service, and ends with it.
      await until(() => (isAlive(first.gatePid) ? undefined : true));
      const second = await begin(hosted);
      await statusIs(second.url, "suppression-released", "latchedAcknowledged");
      const rival = await haechi(
        ["run", hosted.simulation.siteFile, "--state", join(hosted.folder, "state"), "--port", "0"],
        { env: keysOfTests },
      );
      expect(rival.code).toBe(75);
      expect(rival.stderr).toContain("another instance leads from");
      await second.it.says(shedIsOver);
      await endsWell(second);
      expectNothingDoubled(hosted);
      const { transitions, commands } = outputsOf(hosted);
      expect(confirmed).toBeGreaterThan(0);
      expect(confirmed).toBeLessThan(commands.length);
      const ofGas = transitions.filter((t) => t.alarm === "suppression-released" && t.from !== t.to);
      expect(ofGas.map(({ to }) => to)).toEqual(["unacknowledged", "acknowledged", "latchedAcknowledged"]);
      await expectReplays(join(hosted.folder, "state", "journal"));
    },
    longMs,
  );
});

/** The journal of a service that was killed replays to the byte, and one that was tampered with does not. */
async function expectReplays(journal: string): Promise<void> {
  const good = await haechi(["replay", journal]);
  expect(good.stderr).toMatch(/^\d+ scans, the same outputs to the byte\n$/);
  expect(good.code).toBe(0);
  expect(good.stdout).toContain("Shed to stretch the batteries: done");
  const altered = alterOneByte(journal);
  expect(altered).toBe(true);
  const bad = await haechi(["replay", journal]);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toMatch(/^after \d+ scans: the scan of \S+ gave other outputs\n {2}recorded: .*\n {2}replayed: /);
}

/** Changes one character of one recorded output, and leaves every record whole: its length and its checksum hold. */
function alterOneByte(journal: string): boolean {
  for (const name of readdirSync(journal).filter((file) => file.endsWith(".seg"))) {
    const file = join(journal, name);
    const payloads = decodeFrames(readFileSync(file)).frames.map(({ payload }) => payload.toString());
    const at = payloads.findIndex((text) => text.includes('"before":{') && text.includes('"to":"unacknowledged"'));
    if (at < 0) continue;
    payloads[at] = payloads[at]!.replace('"to":"unacknowledged"', '"to":"unacknowledgee"');
    writeFileSync(file, Buffer.concat(payloads.map(encodeFrame)));
    return true;
  }
  return false;
}

describe("a gate killed while it sheds load", () => {
  test(
    "comes back by itself, and the shed goes on: nothing is switched twice",
    async () => {
      const hosted = await host(scenarioFolder(scenario, change));
      const begun = await shedUnderWay(hosted, /Shed to stretch the batteries: counting/);
      // At the very moment at which a write has reached a device, and nobody has yet heard what came of it.
      await until(() => (writesTo(hosted) > 0 ? true : undefined), 1);
      process.kill(begun.gatePid, "SIGKILL");
      await begun.it.says(/the gate ended \(SIGKILL\); it is started again/);
      await begun.it.says(/the gate is back/);
      await begun.it.says(shedIsOver);
      await endsWell(begun);
      expectNothingDoubled(hosted);
    },
    longMs,
  );
});
