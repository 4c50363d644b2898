import { mkdtemp, readdir, stat } from "node:fs/promises";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Command, Outcome, ResponseId } from "../../src/core/command.ts";
import { instant } from "../../src/core/time.ts";
import type { GateClient } from "../../src/gate/client.ts";
import { connectGate } from "../../src/gate/client.ts";
import type { GateClock } from "../../src/gate/clock.ts";
import type { GatePolicy } from "../../src/gate/policy.ts";
import type { GateProcess } from "../../src/gate/process.ts";
import { AlreadyRunning, gateSocket, serveGate } from "../../src/gate/process.ts";
import { command, FakeDevice, jumpingClock, point, policy, standingClock } from "./fixture.ts";

let dir: string;
let a: FakeDevice;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "haechi-gate-"));
  a = new FakeDevice();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function gateIn(
  stateDir: string,
  clock: GateClock = jumpingClock(),
  rules: Partial<GatePolicy> = {},
): Promise<GateProcess> {
  const process = await serveGate({
    stateDir,
    policy: policy(rules),
    actuators: new Map([["pdu-a", a]]),
    clock,
  });
  closers.push(() => process.close());
  return process;
}

function client(): GateClient {
  const made = connectGate(gateSocket(dir));
  closers.push(() => made.close());
  return made;
}

async function outcomesOf(from: GateClient, count: number): Promise<Outcome[]> {
  const stop = new AbortController();
  const outcomes: Outcome[] = [];
  for await (const outcome of from.outcomes(stop.signal)) {
    outcomes.push(outcome);
    if (outcomes.length === count) stop.abort();
  }
  return outcomes;
}

/** Writes raw lines and gives back as many lines as it is to wait for. */
function talk(text: string | Buffer, lines: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(gateSocket(dir));
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      const whole = heard.split("\n").slice(0, -1);
      if (whole.length < lines) return;
      socket.destroy();
      resolve(whole.map((line) => JSON.parse(line) as unknown));
    });
    socket.on("error", reject);
    socket.write(text);
  });
}

const line = (of: Command, token = 1): string => `${JSON.stringify({ kind: "command", command: of, token })}\n`;

describe("a look through the gate", () => {
  const points = ["pdu-a/outlet[1].state", "pdu-a/outlet[9].state"].map((text) => point(text));

  it("gives what may be commanded as it stands, and nothing of anything else", async () => {
    await gateIn(dir);
    const line_ = client();
    while (!line_.connected()) await moment();
    const elsewhere = point("meter/power.active");
    expect(await line_.look([...points, elsewhere])).toEqual([
      [points[0], 1],
      [points[1], null],
    ]);
    expect(await line_.look([elsewhere])).toEqual([]);
    expect(a.orders).toEqual([]);
  });

  it("that takes long holds up neither another nor a disarming, and ends when the gate does", async () => {
    a.onRead = (name) => (name === "outlet[1].state" ? new Promise<number>(() => undefined) : 7);
    const gate = await gateIn(dir);
    const line_ = client();
    while (!line_.connected()) await moment();
    const lost = expect(line_.look([points[0]!])).rejects.toThrow("asked again");
    const gone = expect(line_.look([points[0]!])).rejects.toThrow("the gate is gone");
    expect(await line_.look([points[1]!])).toEqual([[points[1], 7]]);
    await line_.disarm("shed" as ResponseId, "shift lead", "a test");
    await gate.close();
    await Promise.all([lost, gone]);
    await expect(line_.look(points)).rejects.toThrow("the gate is not connected");
  });
});

describe("the gate's socket", () => {
  it("is for its own user only", async () => {
    await gateIn(dir);
    expect((await stat(gateSocket(dir))).mode & 0o777).toBe(0o600);
  });

  it("answers a bad line with what is wrong, and loses none of the good ones around it", async () => {
    await gateIn(dir);
    const bad = ["{", '{"kind":"open"}', "x".repeat(70_000), '{"kind":"command","command":{"id":"half"},"token":1}'];
    const good = [1, 2].map((n) => command({ id: `c${n}`, point: `pdu-a/outlet[${n}].state` }));
    const text = `${line(good[0]!)}${bad.map((text_) => `${text_}\n`).join("")}${line(good[1]!)}`;
    const said = (await talk(text, 6)) as { kind: string; error?: string; command?: string; outcome?: Outcome }[];
    expect(said.filter(({ kind }) => kind === "error")).toHaveLength(4);
    expect(said.find(({ error }) => error?.includes("longer"))).toBeDefined();
    expect(said.find(({ command: id }) => id === "half")).toBeDefined();
    expect(said.flatMap(({ outcome }) => outcome?.result ?? [])).toEqual(["done", "done"]);
  });

  it("takes a line that comes a byte at a time", async () => {
    await gateIn(dir);
    const socket = connect(gateSocket(dir));
    closers.push(() => socket.destroy());
    const heard = new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(chunk.toString())));
    for (const byte of Buffer.from(line(command()))) socket.write(Buffer.of(byte));
    expect(JSON.parse(await heard)).toMatchObject({ kind: "outcome", outcome: { result: "done" } });
  });

  it("is opened once: a second gate of the directory is refused, and may start when the first is closed", async () => {
    const first = await gateIn(dir);
    const refused = await serveGate({
      stateDir: dir,
      policy: policy(),
      actuators: new Map(),
      clock: jumpingClock(),
    }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AlreadyRunning);
    expect((refused as AlreadyRunning).exitCode).toBe(75);
    await first.close();
    await gateIn(dir);
    expect(await readdir(dir)).toContain("gate.sock");
  });
});

describe("the service's line to its gate", () => {
  it("brings each outcome once, also of a command that was sent before there was a gate", async () => {
    const shell = client();
    shell.send(command(), 1);
    await gateIn(dir);
    const outcomes = outcomesOf(shell, 2);
    shell.send(command({ id: "c2", point: "pdu-a/outlet[2].state" }), 1);
    const results = new Map((await outcomes).map(({ command: id, result }) => [id as string, result]));
    expect(results).toEqual(
      new Map([
        [command().id, "done"],
        ["c2", "done"],
      ]),
    );
  });

  it("sends again over a new connection what it has had no outcome of, and the gate does it once", async () => {
    const first = await gateIn(dir, standingClock());
    const shell = client();
    a.onRead = () => 1;
    shell.send(command(), 1);
    while (a.orders.length === 0) await moment();
    await first.close();
    a.onRead = (name) => a.values.get(name) ?? null;
    await gateIn(dir);
    expect(await outcomesOf(shell, 1)).toMatchObject([{ command: command().id, result: "done" }]);
    expect(a.effects).toEqual([command().id]);
    expect(a.orders).toHaveLength(1);
  });

  it("has an outcome given again to a service that has forgotten it", async () => {
    await gateIn(dir);
    const before = client();
    before.send(command(), 1);
    const [first] = await outcomesOf(before, 1);
    before.close();
    const after = client();
    after.send(command(), 2);
    expect(await outcomesOf(after, 1)).toEqual([first]);
    expect(a.orders).toHaveLength(1);
  });

  it("says at once that a command cannot be said to the gate", async () => {
    await gateIn(dir);
    const shell = client();
    shell.send(command({ id: "long", why: "x".repeat(100_000) }), 1);
    shell.send(command({ id: "wordy", why: "x".repeat(3000) }), 1);
    const outcomes = await outcomesOf(shell, 2);
    expect(outcomes.map(({ command: id, result }) => `${id} ${result}`)).toEqual(["long failed", "wordy failed"]);
  });

  it("gives up the oldest of more commands than the gate takes at once", async () => {
    const shell = client();
    for (let n = 0; n <= 1000; n += 1) shell.send(command({ id: `c${n}` }), 1);
    expect(await outcomesOf(shell, 1)).toMatchObject([{ command: "c0", result: "failed" }]);
  });

  it("arms, disarms and asks for the state", async () => {
    await gateIn(dir);
    const shell = client();
    while (!shell.connected()) await moment();
    const shed = "shed" as ResponseId;
    const [disarmed, state] = await Promise.all([shell.disarm(shed, "operator", "electricians"), shell.state()]);
    expect(disarmed.armed).toEqual(["restore"]);
    expect(state).toEqual(disarmed);
    shell.send(command(), 1);
    expect(await outcomesOf(shell, 1)).toMatchObject([{ result: "refused" }]);
    expect((await shell.arm(shed, "operator", "done")).armed).toEqual(["shed", "restore"]);
  });

  it("says maintenance and armings with an end, keeps them over a restart, and lets them end by themselves", async () => {
    const clock = standingClock();
    const first = await gateIn(dir, clock, { armed: new Set(["restore"]), armable: new Set(["shed"]) });
    const shell = client();
    while (!shell.connected()) await moment();
    const said = { by: "shift lead", why: "a drill" };
    const response = "shed" as ResponseId;
    await expect(shell.say({ kind: "arm", response, ...said })).rejects.toThrow(/for how long/);
    await expect(shell.say({ kind: "maintenance", forMs: 8 * 24 * 3_600_000, ...said })).rejects.toThrow(/7 days/);
    expect((await shell.say({ kind: "arm", response, forMs: 5000, ...said })).armed).toEqual(["restore", "shed"]);
    await shell.say({ kind: "maintenance", forMs: 1000, ...said });
    shell.send(command(), 1);
    expect(await outcomesOf(shell, 1)).toMatchObject([
      { result: "refused", detail: expect.stringMatching(/^maintenance/) },
    ]);
    await first.close();
    const { gate } = await gateIn(dir, clock, { armed: new Set(["restore"]), armable: new Set(["shed"]) });
    expect(gate.state()).toMatchObject({
      maintenance: { by: "shift lead", until: instant(1_001_000) },
      armedFor: [{ response: "shed", until: instant(1_005_000) }],
    });
    await clock.advance(1000);
    expect(gate.state()).toMatchObject({ maintenance: null, armed: ["restore", "shed"] });
    await clock.advance(4000);
    expect(gate.state()).toMatchObject({ armed: ["restore"], armedFor: [], armable: ["shed"] });
  });

  it("says that no gate is there where none is", async () => {
    await expect(client().state()).rejects.toThrow(/not connected/);
  });

  it("keeps a disarming over a restart of the gate", async () => {
    const first = await gateIn(dir);
    await first.gate.disarm("shed" as ResponseId, "operator", "electricians");
    await first.close();
    const { gate } = await gateIn(dir);
    expect(gate.state().disarmed).toEqual([
      { response: "shed", by: "operator", why: "electricians", at: instant(1_000_000) },
    ]);
  });
});
