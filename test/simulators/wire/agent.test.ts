import { createSocket } from "node:dgram";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveAgent } from "../../../simulators/wire/agent.ts";
import { type Fault, parseFault } from "../../../simulators/wire/fault.ts";
import { changingFaults, faultsFrom } from "../../../simulators/wire/faults.ts";
import { inOrder } from "../../../simulators/wire/objects.ts";
import { uptime } from "../../../simulators/wire/serve.ts";
import { serveSnmp } from "../../../simulators/wire/snmp.ts";
import { SnmpClient } from "../../../src/collect/snmp/client.ts";
import { getQuestion } from "../../../src/collect/snmp/pdu.ts";
import { bindDevice, loadLibrary, type SnmpUser } from "../../../src/profiles/index.ts";
import { asUser } from "../../collect/traps/fixture.ts";
import { describeWith } from "../../setup/available.ts";
import { freeUdpPort } from "../../setup/services.ts";
import { program } from "./program.ts";

const oid = "1.3.6.1.4.1.99999";
/** A GET of version 2c, community public, request 0x11223344, of 1.3.6.1.4.1.99999.1.0. */
const question = Buffer.from(
  "302b02010104067075626c6963a01e020411223344020100020100" +
    "3010300e060a2b060104018 68d1f0100".replaceAll(" ", "") +
    "0500",
  "hex",
);
/** How long it is watched that nothing comes, and how long an answer may take on a busy machine. ms */
const soon = 300;
const patience = 20_000;
/** Of two times of one process the shorter one is over first. ms */
const before = 100;

async function agentWith(...faults: readonly string[]): Promise<number> {
  const port = await freeUdpPort();
  const objects = inOrder([
    { oid: `${oid}.1.0`, look: () => ({ type: 2, value: 7 }) },
    ...Array.from({ length: 200 }, (_, i) => ({
      oid: `${oid}.2.${i + 1}`,
      look: () => ({ type: 4, value: "x".repeat(1000) }),
    })),
  ]);
  const read = faults.map((text) => parseFault(text, "snmp") as Fault);
  const agent = await serveAgent(
    { host: "127.0.0.1", port },
    {
      objects,
      answers: () => true,
      set: () => 17,
      wrote: () => undefined,
      faults: faultsFrom(read, { seed: 1, now: () => 0 }),
    },
  );
  onTestFinished(() => agent.close());
  return port;
}

/** The datagram that an agent with these faults sends for one question; null where none comes. */
async function answer(...faults: readonly string[]): Promise<{ hex: string | null; isLate: boolean }> {
  const port = await agentWith(...faults);
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  let isLate = false;
  const early = setTimeout(() => (isLate = true), before);
  return new Promise((resolve) => {
    const end = (hex: string | null): void => {
      clearTimeout(timer);
      clearTimeout(early);
      resolve({ hex, isLate });
    };
    const isSilent = faults.includes("drop") || faults.includes("reset");
    const timer = setTimeout(() => end(null), isSilent ? soon : patience);
    socket.once("message", (datagram) => end(datagram.toString("hex")));
    socket.send(question, port, "127.0.0.1");
  });
}

const whole =
  "302c02010104067075626c6963a21f0204112233440201000201003011300f060a2b060104018 68d1f0100020107".replaceAll(" ", "");

describe("an SNMP agent's faults, as they are seen on the wire", () => {
  test("without any, the answer is whole and bears the request's number", async () => {
    expect((await answer()).hex).toBe(whole);
  });

  test("wrong-id: the answer bears another request's number and is otherwise the same", async () => {
    expect((await answer("wrong-id")).hex).toBe(whole.replace("11223344", "11223345"));
  });

  test("half-frame: the datagram holds the first half of the answer", async () => {
    expect((await answer("half-frame")).hex).toBe(whole.slice(0, 2 * Math.floor(whole.length / 4)));
  });

  test("error: the answer is that error, without values", async () => {
    const { hex } = await answer("error=genErr");
    expect(hex).toContain("0204112233440201050201013010");
    expect(hex?.endsWith("0500")).toBe(true);
  });

  test("drop and reset: nothing comes", async () => {
    expect((await answer("drop")).hex).toBeNull();
    expect((await answer("reset")).hex).toBeNull();
  });

  test("delay: the whole answer comes, and not before its time", async () => {
    expect(await answer("delay=150ms")).toEqual({ hex: whole, isLate: true });
  });
});

describeWith("snmpbulkget", "an SNMP agent with long texts", () => {
  test("gives of a GETBULK as many as one datagram holds, and says of a GET that it is too big", async () => {
    const port = await agentWith();
    const access = ["-v2c", "-c", "public", "-On", "-m", "", `127.0.0.1:${port}`];
    const { text } = await program("snmpbulkget", ["-Cr100", ...access, `.${oid}.2`]);
    const rows = text.split("\n").filter((line) => line.startsWith(`.${oid}.2.`)).length;
    expect(rows).toBeGreaterThan(20);
    expect(rows).toBeLessThan(65);
    const walked = await program("snmpbulkwalk", ["-Cr100", ...access, `.${oid}`]);
    expect(walked.text.split("\n").filter((line) => / = (STRING|INTEGER): /.test(line)).length).toBe(201);
    const all = Array.from({ length: 100 }, (_, i) => `.${oid}.2.${i + 1}`);
    expect((await program("snmpget", [...access, ...all])).text).toContain("tooBig");
  });
});

const user = { name: "ops", level: "authPriv", authProtocol: "sha", privProtocol: "aes" } as const;
const keys = { authKey: "a long secret", privKey: "another secret" };

/** An agent of version 3 that serves a UPS to a user, until the test is over. */
async function servedTo(own: SnmpUser) {
  const port = await freeUdpPort();
  const faults = changingFaults({ seed: 1, now: () => performance.now() });
  const model = bindDevice(loadLibrary().profiles.get("ups/ietf-ups-mib")!, { protocol: "snmp" });
  const address = { host: "127.0.0.1", port, snmp: { version: "3", user: own } } as const;
  const plant = {
    look: () => () => 1,
    answers: () => true,
    actuate: () => "refused" as const,
    service: () => null,
    target: () => null,
  } as const;
  const agent = await serveSnmp({ id: "ups", model, writes: 0 }, address, { plant, uptimeS: uptime(), faults });
  onTestFinished(() => agent.close());
  return { address, faults };
}

describeWith("snmpget", "an SNMP agent of version 3", () => {
  test.each(["des", "aes192b", "aes192r", "aes256r"] as const)(
    "is read by Net-SNMP with privacy by %s",
    async (privProtocol) => {
      const own = { ...user, privProtocol, ...keys };
      const { address } = await servedTo(own);
      const at = `${address.host}:${address.port}`;
      const { text } = await program("snmpget", [...asUser(own), "-On", "-m", "", at, ".1.3.6.1.2.1.1.3.0"]);
      expect(text).toMatch(/^\.1\.3\.6\.1\.2\.1\.1\.3\.0 = Timeticks: /);
    },
  );
});

describe("an SNMP agent whose clock steps", () => {
  /** An agent of version 3 that has been up for ten days when its clock steps, and a way to ask it. */
  async function stepping(fault: string) {
    const { address, faults } = await servedTo({ ...user, ...keys });
    const client = await SnmpClient.open({ ...address, access: address.snmp, timeoutMs: 2000, retries: 2, gapMs: 0 });
    onTestFinished(() => client.close());
    const days = async (): Promise<number> => {
      const { varbinds } = await client.ask(getQuestion(["1.3.6.1.2.1.1.3.0"]));
      return Math.round(Number(varbinds[0]!.value) / 8_640_000);
    };
    return { days, step: () => faults.begin(parseFault(fault, "snmp") as Fault) };
  }

  test.each([
    ["clock-step=5d", 15],
    ["clock-step=-3d", 7],
    ["clock-step", 0],
  ])("%s: says an uptime of %d days, and our client speaks with it again", async (fault, after) => {
    const { days, step } = await stepping(fault);
    expect(await days()).toBe(10);
    step();
    await expect.poll(() => days().catch(() => null), { timeout: 15_000 }).toBe(after);
  });
});
