import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { simulateSite } from "../../src/cli/simulate-site.ts";
import type { SimulateSiteWords } from "../../src/cli/simulate-words.ts";
import { freePort } from "../setup/services.ts";
import { folderWith } from "./folder.ts";
import { haechi, start } from "./haechi.ts";
import { told } from "./told.ts";

/** A site with what real ones have: a gateway, TLS, a serial line, users of version 3, aliases, people who are told. */
const siteText = `# The site of a test.
version: 1
site: { id: own, name: { en: Own }, timezone: UTC, elsewhere: [other] }
profileAlarms: none
spaces:
  hall: { kind: hall, name: { en: Hall }, compartment: f1 }
  batteries: { kind: battery-room, name: { en: Batteries }, compartment: b1 }
devices:
  # Two meters behind one gateway.
  meter-1: { profile: meter/schneider-iem3000, space: hall, modbus: { host: gateway.example, unit: 3 } }
  meter-2: { profile: meter/schneider-iem3000, space: hall, modbus: { host: gateway.example, unit: 4 } }
  asd:
    profile: fire/honeywell-faast-8100
    space: hall
    modbus: { host: asd.example, transport: tls, tls: { ca: /nowhere/ca.pem, cert: /nowhere/c.pem, key: /nowhere/k.pem } }
  io: { profile: remote-io/moxa-iologik-e1210, space: batteries, modbus: { serial: /dev/ttyUSB7, unit: 9 }, fitted: { n: 1 }, rename: { "contact[0].state": leak.state } }
  ups-a:
    profile: ups/eaton-xups
    space: hall
    snmp: { host: ups.example, version: 3, user: ops, level: authPriv, auth: { protocol: sha256, key: "\${env:OWN_AUTH}" }, priv: { protocol: aes, key: "\${env:OWN_PRIV}" } }
  bat-a: { profile: battery/sunspec-802-803, space: batteries, modbus: { host: bat.example }, fitted: { n: 2 } }
  pdu-1: { profile: pdu/apc-rpdu2, space: hall, snmp: { host: pdu.example, version: 1, community: hush } }
power:
  grid: { kind: utility, ratedKw: 100 }
  ups-a: { kind: ups, feed: A, from: [grid], ratedKw: 50, battery: bat-a, device: ups-a, power: ups-a/output.power }
  row: { kind: pdu, feed: A, from: [ups-a], ratedKw: 20, device: meter-1, power: meter-1/power.active }
loads:
  r1: { space: hall, ratedKw: 5, importance: normal, feeds: [{ node: row }] }
services:
  login: { tier: 0, name: { en: Login }, loads: [r1], move: { url: "http://mover.example/login", secret: "\${env:OWN_SECRET}" } }
notify:
  webhooks: [{ url: "http://people.example/page", secret: "\${env:OWN_HOOK}" }]
traps: { community: hush }
`;

/** A site is read, served, watched and stopped in some seconds, and in more on a busy machine. */
const longMs = 120_000;

interface Told {
  readonly siteFile: string;
  readonly run: string;
  readonly devices: Readonly<Record<string, { readonly port: number; readonly unit?: number }>>;
  readonly points: { readonly known: number; readonly thoughtUp: number };
  readonly leftOut: readonly string[];
  readonly madeUp: readonly string[];
}

async function simulated(args: readonly string[]) {
  const run = start(["simulate", ...args, "--json"]);
  return { ...(JSON.parse(await run.says(/^\{"site"/)) as Told), process: run };
}

describe("haechi simulate SITE, as a user has it", { timeout: longMs }, () => {
  test("puts a site on the wire, writes the site file that goes with it, and Haechi watches it", async () => {
    const folder = folderWith({ "own.yaml": siteText });
    const out = join(folder, "out.yaml");
    const site = await simulated([join(folder, "own.yaml"), "--out", out]);
    expect(site.siteFile).toBe(out);
    expect(Object.keys(site.devices)).toHaveLength(7);
    expect(site.devices["meter-1"]!.port).toBe(site.devices["meter-2"]!.port);
    expect(site.points.known).toBeGreaterThan(20);
    expect(site.leftOut).toEqual(["notify"]);
    expect(site.madeUp).toHaveLength(3);
    const written = readFileSync(out, "utf8");
    expect(written).toContain("# Two meters behind one gateway.");
    expect(written).not.toMatch(/example|nowhere|ttyUSB/);
    expect(await haechi(["check", out])).toMatchObject({ code: 0 });
    const watching = start(["run", out, "--state", join(folder, "state"), "--port", "0", "--json"]);
    const { url } = JSON.parse(await watching.says(/^\{"url"/)) as { url: string };
    for (const id of Object.keys(site.devices)) {
      const state = async (): Promise<number | undefined> =>
        ((await (await fetch(`${url}/api/v1/points/${id}/link.state`)).json()) as { v?: number }).v;
      await expect.poll(state, { timeout: 30_000 }).toBe(1);
    }
    watching.kill("SIGINT");
    expect((await watching.ended).code).toBe(0);
    site.process.kill("SIGINT");
    expect(await site.process.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("leaves nothing behind", async () => {
    const folder = folderWith({ "own.yaml": siteText });
    const { siteFile, devices, process } = await simulated([join(folder, "own.yaml")]);
    const key = /\$\{file:([^}]+)\}/.exec(readFileSync(siteFile, "utf8"))![1]!;
    expect(statSync(key).mode & 0o077).toBe(0);
    process.kill("SIGTERM");
    expect((await process.ended).code).toBe(0);
    expect([existsSync(siteFile), existsSync(key), existsSync(dirname(siteFile))]).toEqual([false, false, false]);
    const server = createServer();
    const free = new Promise((resolve) => server.listen(devices["bat-a"]!.port, "127.0.0.1", () => resolve(true)));
    expect(await free).toBe(true);
    await new Promise((closed) => server.close(closed));
  });

  test("takes points, events and faults by lines, and tells people how to watch it", async () => {
    const folder = folderWith({ "own.yaml": siteText });
    const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
    const child = spawn(process.execPath, [
      main,
      "simulate",
      join(folder, "own.yaml"),
      "--port-base",
      String(await freePort()),
    ]);
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    const says = (text: string | RegExp) => expect.poll(() => said, { timeout: 30_000 }).toMatch(text);
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await says(/watch it: haechi run \S+\.yaml --state var\/own-simulated/);
    expect(said).toContain("left out, for nobody is to be told of a simulation: notify");
    const lines = [
      "meter-2/power.active=17",
      "ups-a/ups.mode=flying",
      "{utility: fail}",
      "{cooling: none, fail: true}",
      "{fault: drop, on: ups-a, share: 0.5, for: 1s}",
      "{fault: exception, by: 6, on: ups-a}",
      "nonsense",
    ];
    child.stdin.write(`${lines.join("\n")}\n`);
    await says(/"nonsense": sets no point/);
    await says(/fault: ends: drop on ups-a/);
    expect(said).toContain("done: meter-2/power.active=17");
    expect(said).toMatch(/"ups-a\/ups.mode=flying": ups.mode is one of /);
    expect(said).toContain("done: {utility: fail}");
    expect(said).toContain('the plant has no "none"');
    expect(said).toContain("exceptions are Modbus's");
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  });

  test("lets a scenario's events and a file of faults befall it", async () => {
    const faults =
      "faults:\n  - { at: 100ms, fault: frozen, on: meter-1, for: 1s }\n  - { at: 0s, fault: delay, by: 5ms, link: meter-2 }\n";
    const folder = folderWith({ "faults.yaml": faults });
    const demo = fileURLToPath(new URL("../../simulators/sites/demo.yaml", import.meta.url));
    writeFileSync(join(folder, "faults.yaml"), faults.replaceAll("meter-1", "meter-a2").replaceAll("meter-2", "ups-b"));
    const words = ["--faults", join(folder, "faults.yaml"), "--scenario", "utility-lost", "--speed", "60"];
    const { process } = await simulated([demo, ...words]);
    await process.says(/"text":"begins: frozen on meter-a2/);
    await process.says(/"text":"ends: frozen on meter-a2/);
    await process.says(/"plant","text":"the utility fails"/);
    process.kill("SIGINT");
    expect((await process.ended).code).toBe(0);
  });
});

const usual: SimulateSiteWords = { speed: 1, rows: 3, faultRate: 60 };
const asked = (file: string, words: Partial<SimulateSiteWords> = {}) =>
  told(() => simulateSite(file, { ...usual, ...words }));

describe("haechi simulate, asked for what it cannot do", { timeout: longMs }, () => {
  test("says of a scenario how it is run, and of a file that is not its own that it is there: 2", async () => {
    const folder = folderWith({ "own.yaml": siteText, "mine.txt": "mine" });
    const site = join(folder, "own.yaml");
    expect(await asked("utility-lost")).toMatchObject({
      code: 2,
      err: expect.stringContaining("haechi scenario run utility-lost"),
    });
    expect(await asked(site, { out: site })).toMatchObject({ code: 2 });
    expect(await asked(site, { out: join(folder, "mine.txt") })).toMatchObject({ code: 2 });
    expect(readFileSync(join(folder, "mine.txt"), "utf8")).toBe("mine");
    expect(await asked(site, { faults: "none.yaml" })).toMatchObject({ code: 2 });
  });

  test("says every mistake of a site file, a file of faults and a foreign scenario: 78", async () => {
    const faults = "faults:\n  - { at: soon, fault: drop, on: ups-a }\n";
    const strangers = "faults:\n  - { at: 1s, fault: drop, on: ups-b }\n";
    const folder = folderWith({ "own.yaml": siteText, "bad.yaml": "version: 2\n", faults, strangers });
    const site = join(folder, "own.yaml");
    const bad = await asked(join(folder, "bad.yaml"));
    expect(bad).toMatchObject({ code: 78, err: expect.stringMatching(/bad\.yaml:1:\d+ version/) });
    expect(await asked(site, { faults: join(folder, "faults") })).toMatchObject({
      code: 78,
      err: expect.stringMatching(/faults:2:11 .*no duration/),
    });
    expect(await asked(site, { faults: join(folder, "strangers") })).toMatchObject({
      code: 78,
      err: expect.stringMatching(/strangers:2:\d+ .*there is no device "ups-b" \(did you mean "ups-a"\?\)/),
    });
    const foreign = await asked(site, { scenario: "cooling-lost" });
    expect(foreign).toMatchObject({ code: 78, err: expect.stringContaining("is of another site") });
  });

  test("says which port cannot be had, and leaves the others alone: 69", async () => {
    const folder = folderWith({ "own.yaml": siteText });
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { code, err } = await asked(join(folder, "own.yaml"), { portBase: port });
    expect([code, err]).toEqual([69, expect.stringContaining(`127.0.0.1:${port}: EADDRINUSE`)]);
  });
});
