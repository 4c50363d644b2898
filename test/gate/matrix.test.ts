/** One hand on the switch, whichever process dies or sleeps, and wherever: real processes, a real device. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command, Outcome } from "../../src/core/command.ts";
import { instant, ms } from "../../src/core/time.ts";
import { connectGate } from "../../src/gate/client.ts";
import { gateSocket } from "../../src/gate/process.ts";
import { verifyLedger } from "../../src/gate/verify.ts";
import { modbusServer } from "../collect/fixture.ts";
import { command, point } from "./fixture.ts";

const script = fileURLToPath(new URL("../../dist/test/gate/child.js", import.meta.url));
const outlet = "relay/outlet[1].state";
const closers: (() => unknown)[] = [];

let dir: string;
let device: { readonly port: number; isOn: boolean; writes: number; readonly changes: boolean[] };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "haechi-matrix-"));
  const made = { port: 0, isOn: true, writes: 0, changes: [] as boolean[] };
  const server = await modbusServer({
    getCoil: () => made.isOn,
    setCoil: (_: number, value: boolean) => {
      made.writes += 1;
      if (made.isOn !== value) made.changes.push(value);
      made.isOn = value;
    },
  });
  device = Object.assign(made, { port: server.port });
  closers.push(() => server.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Child {
  readonly process: ChildProcess;
  /** The next line that it says; null when it is gone. */
  next(): Promise<string | null>;
  readonly gone: Promise<number | NodeJS.Signals | null>;
}

function start(...words: readonly string[]): Child {
  const child = spawn(process.execPath, [script, ...words], { stdio: ["pipe", "pipe", "inherit"] });
  closers.push(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    next: async () => {
      const { value, done } = await lines.next();
      return done ? null : value;
    },
    gone: new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code))),
  };
}

async function gateThatDies(at: string): Promise<Child> {
  const child = start("gate", dir, String(device.port), at);
  expect(await child.next()).toBe("ready");
  return child;
}

function shell() {
  const client = connectGate(gateSocket(dir));
  closers.push(() => client.close());
  const outcomes = client.outcomes(new AbortController().signal)[Symbol.asyncIterator]();
  return { client, next: async () => ((await outcomes.next()) as { value: Outcome }).value };
}

function switching(id: string, value: number): Command {
  const now = Date.now();
  const expect_ = { point: point(outlet), is: "=", value, within: ms(20_000) } as const;
  const response = value === 0 ? "shed" : "restore";
  return command({
    id,
    response,
    point: outlet,
    value,
    issued: instant(now),
    expires: instant(now + 20_000),
    expect: expect_,
  });
}

/** What is written down: that it is admitted, that it is sent, and how it ended. */
const lines = ["line1", "line2", "line3"].flatMap((line) =>
  ["before", "torn", "unsynced", "after"].map((place) => `${line} ${place}`),
);
const places = ["look", "beforeSend", "afterSend", "readBack", ...lines];

describe("a gate that is killed", () => {
  it.each(places)("at %s is finished by the next one: one change, one outcome", async (at) => {
    const doomed = await gateThatDies(at);
    const { client, next } = shell();
    client.send(switching("cut", 0), 1);
    expect(await doomed.gone).toBe("SIGKILL");
    await gateThatDies("never");
    expect(await next()).toMatchObject({ command: "cut", result: "done", readBack: 0 });
    expect(device.changes).toEqual([false]);
    expect(device.writes).toBe(1);
    expect(await verifyLedger(dir)).toMatchObject({ breaches: [] });
  });

  it("at one place after the other is finished all the same", async () => {
    const { client, next } = shell();
    const deaths: Child[] = [await gateThatDies("look")];
    client.send(switching("cut", 0), 1);
    await deaths[0]!.gone;
    for (const at of ["beforeSend", "afterSend"]) await (await gateThatDies(at)).gone;
    await gateThatDies("never");
    expect(await next()).toMatchObject({ result: "done" });
    expect(device.changes).toEqual([false]);
  });

  it("after it was sent, and found expired by the next one, is not written again", async () => {
    const doomed = await gateThatDies("beforeSend");
    const { client, next } = shell();
    const short = { ...switching("cut", 0), expires: instant(Date.now() + 1500) };
    client.send(short, 1);
    await doomed.gone;
    while (Date.now() <= short.expires) await new Promise((resolve) => setTimeout(resolve, 20));
    await gateThatDies("never");
    expect(await next()).toMatchObject({ result: "failed" });
    expect(device.writes).toBe(0);
  });
});

describe("a gate that is stopped", () => {
  it("still holds its place, and frees it at once when it is killed", async () => {
    const first = await gateThatDies("never");
    first.process.kill("SIGSTOP");
    const second = start("gate", dir, String(device.port), "never");
    expect(await second.next()).toMatch(/another gate runs/);
    expect(await second.gone).toBe(75);
    first.process.kill("SIGKILL");
    await first.gone;
    await gateThatDies("never");
  });

  it("goes on where it was, and has done nothing twice", async () => {
    const gate = await gateThatDies("never");
    const { client, next } = shell();
    gate.process.kill("SIGSTOP");
    client.send(switching("cut", 0), 1);
    gate.process.kill("SIGCONT");
    expect(await next()).toMatchObject({ result: "done" });
    client.send(switching("cut", 0), 1);
    expect(await next()).toMatchObject({ result: "done" });
    expect(device.writes).toBe(1);
  });
});

describe("a node that sleeps through its successor's term", () => {
  it("sheds nothing again that an operator has restored", async () => {
    await gateThatDies("never");
    const old = start("holder", gateSocket(dir), "1");
    expect(await old.next()).toBe("ready");
    old.process.kill("SIGSTOP");
    // It is asleep between its decision and its word to the gate.
    old.process.stdin!.write(`${JSON.stringify(switching("decided-long-ago", 0))}\n`);
    const { client, next } = shell();
    client.send(switching("cut", 0), 2);
    expect(await next()).toMatchObject({ result: "done" });
    client.send(switching("restore", 1), 2);
    expect(await next()).toMatchObject({ result: "done" });
    old.process.kill("SIGCONT");
    expect(JSON.parse((await old.next())!)).toMatchObject({
      result: "refused",
      detail: "token 1 is stale: 2 has been seen",
    });
    expect(device.changes).toEqual([false, true]);
    expect(device.writes).toBe(2);
  });

  it("is refused by a gate that was killed and started again in between, too", async () => {
    const first = await gateThatDies("never");
    const { client, next } = shell();
    client.send(switching("cut", 0), 2);
    await next();
    client.send(switching("restore", 1), 2);
    await next();
    first.process.kill("SIGKILL");
    await first.gone;
    await gateThatDies("never");
    const old = start("holder", gateSocket(dir), "1");
    expect(await old.next()).toBe("ready");
    old.process.stdin!.write(`${JSON.stringify(switching("decided-long-ago", 0))}\n`);
    expect(JSON.parse((await old.next())!)).toMatchObject({ result: "refused" });
    expect(device.isOn).toBe(true);
  });
});
