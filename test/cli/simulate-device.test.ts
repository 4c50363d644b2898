import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveAlone } from "../../simulators/device/served.ts";
import { type SimulateDeviceWords, simulateDevice } from "../../src/cli/simulate-device.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import { describeWith } from "../setup/available.ts";
import { freePort, freeUdpPort } from "../setup/services.ts";
import { program } from "../simulators/wire/program.ts";
import { type Haechi, haechi, start } from "./haechi.ts";
import { told } from "./told.ts";

const meter = "meter/schneider-iem3000";
const ups = "ups/ietf-ups-mib";

/** What --json tells of a device. */
interface Device {
  readonly address: string;
  readonly points: readonly string[];
  readonly faults: readonly string[];
}

async function device(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Device & { run: Haechi }> {
  const run = start(["simulate-device", ...args, "--json"], { env });
  return { ...(JSON.parse(await run.says(/^\{/)) as Device), run };
}

async function probed(address: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await haechi(["probe", address, "--json", ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout) as { profile: string; points: { name: string; quality: string; value?: number }[] };
}

const refused = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.once("connect", () => {
      socket.destroy();
      resolve("connected");
    });
  });

function recordingOf(text: string): string {
  const dir = mkdtempSync(join(tmpdir(), "haechi-recording-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "a-device.snmprec");
  writeFileSync(file, text);
  return file;
}

describe("haechi simulate-device, as a user has it", () => {
  test("serves a Modbus device at the port that is said until Ctrl-C, and leaves nothing", async () => {
    const port = await freePort();
    const { address, points, run } = await device([meter, "--port", String(port), "--unit", "5"]);
    expect(address).toBe(`modbus://127.0.0.1:${port}/5`);
    const read = await probed(address, "--profile", meter);
    expect(read.points.map(({ name }) => name)).toEqual(points);
    expect(read.points.filter(({ quality }) => quality !== "good")).toEqual([]);
    run.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: 0, stderr: "" });
    expect(await refused(port)).toBe("ECONNREFUSED");
  });

  test("serves an SNMP device that a probe recognises by itself", async () => {
    const { address, points, run } = await device([ups, "--community", "hush"]);
    const read = await probed(address, "--community", "hush");
    expect(read.profile).toBe(ups);
    const names = read.points.filter(({ quality }) => quality === "good").map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...points]));
    run.kill("SIGTERM");
    expect((await run.ended).code).toBe(0);
  });

  test("tells people where it listens, what it serves and what is wrong with it", async () => {
    const run = start(["simulate-device", ups, "--fault", "delay=10ms", "--fault", "drop=0.01"]);
    expect(await run.says(/^snmp:/)).toMatch(
      /^snmp:\/\/127\.0\.0\.1:\d+ {2}\(community public\) {2}ups\/ietf-ups-mib: .*\d+ points$/,
    );
    await run.says(/^Ctrl-C ends it$/);
    expect(run.stdout).toContain("fault: delay=10ms\nfault: drop=0.01\n");
    run.kill("SIGINT");
    expect((await run.ended).code).toBe(0);
  });

  test("shows the fault that is asked for", async () => {
    const { address, faults } = await device([meter, "--fault", "exception=6"]);
    expect(faults).toEqual(["exception=6"]);
    const { stdout } = await haechi(["probe", address, "--profile", meter, "--json"]);
    const { points } = JSON.parse(stdout) as { points: { quality: string }[] };
    expect(new Set(points.map(({ quality }) => quality))).toEqual(new Set(["bad"]));
  });

  test("lists the profiles and what they speak", async () => {
    const { code, out } = await told(() => simulateDevice(undefined, { ...usual, list: true }));
    expect(code).toBe(0);
    expect(out).toMatch(/^meter\/schneider-iem3000 +modbus +\S/m);
    expect(out).toMatch(/^ups\/ietf-ups-mib +snmp +\S/m);
  });

  test("sets values while it runs, by lines on standard input", async () => {
    const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
    const child = spawn(process.execPath, [main, "simulate-device", ups, "--json"], { stdio: "pipe" });
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    const says = async (text: string): Promise<void> => {
      while (!said.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await says("}\n");
    const { address } = JSON.parse(said) as Device;
    child.stdin.write("battery.charge=17\nups.mode=battery\nups.mode=flying\n");
    await says("ups.mode is battery");
    await says('"ups.mode=flying" sets no point');
    const { points } = await probed(address, "--profile", ups);
    expect(points.find(({ name }) => name === "battery.charge")).toMatchObject({ quality: "good", value: 17 });
    expect(points.find(({ name }) => name === "ups.mode")).toMatchObject({ state: "battery" });
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  });
});

/** What the command line says where nothing is asked for. */
const usual = { community: "public", port: 0, rows: 3, seed: 1 } as const;

describe("haechi simulate-device, asked for what it cannot do", () => {
  test("says so in words and ends with 2", async () => {
    const asked = (name: string | undefined, words: Partial<SimulateDeviceWords>) =>
      told(() => simulateDevice(name, { ...usual, ...words }));
    const refusals = [
      await asked(undefined, {}),
      await asked("meter/schneider-iem300", {}),
      await asked(meter, { fault: ["explode"] }),
      await asked(meter, { protocol: "snmp" }),
      await asked(undefined, { recording: "/nowhere.snmprec" }),
      await asked(undefined, { recording: recordingOf("nothing\n") }),
      await asked(meter, { firmware: "6.74" }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2, 2]);
    const [nothing, stranger, fault, protocol, missing, empty, firmware] = refusals.map(({ err }) => err);
    expect(nothing).toContain("say a profile");
    expect(stranger).toContain(`did you mean "${meter}"?`);
    expect(fault).toContain("half-frame");
    expect(protocol).toContain("speaks modbus");
    expect(firmware).toContain("does not say where a device tells its firmware");
    expect(missing).toContain("there is no recording");
    expect(empty).toMatch(/:1: not of the form .*\nnothing in .* can be served/);
  });

  test("ends with 69 where the port is taken, over either protocol", async () => {
    const taken: { close(): Promise<void> }[] = [];
    onTestFinished(async () => void (await Promise.all(taken.map((one) => one.close()))));
    for (const [id, protocol] of [
      [meter, "modbus"],
      [ups, "snmp"],
    ] as const) {
      const address = { host: "127.0.0.1", port: await (protocol === "modbus" ? freePort() : freeUdpPort()) };
      const profile = loadLibrary().profiles.get(id)!;
      taken.push(await serveAlone(profile, { protocol, address, rows: 1, seed: 1, faults: [] }));
      const { code, err } = await told(() => simulateDevice(id, { ...usual, port: address.port }));
      expect([code, err]).toEqual([69, expect.stringContaining("EADDRINUSE")]);
    }
  });
});

const own = "1.3.6.1.4.1.99999";

describeWith("snmpget", "haechi simulate-device over SNMP", () => {
  test("serves a recording, and names the lines that it cannot read", async () => {
    const file = recordingOf(`.${own}.2.0|4x|4142\n${own}.1.0|2|42\nwhat\n1.3.6.1.2.1.1.1.0|4|A box\n`);
    const port = await freeUdpPort();
    const run = start(["simulate-device", "--recording", file, "--port", String(port), "--community", "rec"]);
    expect(await run.says(/^snmp:/)).toContain("3 objects");
    expect(run.stderr).toContain(`${file}:3: not of the form oid|tag|value`);
    const { text } = await program("snmpwalk", ["-v1", "-c", "rec", "-On", "-m", "", `127.0.0.1:${port}`, `.${own}`]);
    expect(text).toContain(`.${own}.1.0 = INTEGER: 42\n.${own}.2.0 = STRING: "AB"\n`);
    run.kill("SIGINT");
    expect((await run.ended).code).toBe(0);
  });

  test("serves to a user of version 3, with keys out of the environment, and to nobody else", async () => {
    const keys = { HAECHI_AUTH_KEY: "a long secret", HAECHI_PRIV_KEY: "another secret" };
    const { address } = await device([ups, "--v3", "ops", "--auth", "sha256", "--priv", "aes"], keys);
    const at = new URL(address).host;
    const oid = ".1.3.6.1.2.1.33.1.2.4.0";
    const user = ["-v3", "-l", "authPriv", "-u", "ops", "-a", "SHA-256", "-A", keys.HAECHI_AUTH_KEY, "-x", "AES"];
    const asked = (...access: readonly string[]) =>
      program("snmpget", [...access, "-On", "-m", "", "-r0", "-t1", at, oid]);
    expect((await asked(...user, "-X", keys.HAECHI_PRIV_KEY)).text).toContain(`${oid} = INTEGER: `);
    expect((await asked(...user, "-X", "a wrong secret")).code).not.toBe(0);
    expect((await asked("-v2c", "-c", "public")).text).toMatch(/timeout/i);
  });
});
