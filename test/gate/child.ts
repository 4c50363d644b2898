/**
 * Processes for the tests of what happens when one of them dies. "gate DIR PORT AT" is a real gate
 * over a real Modbus device that kills itself at one place of its work; "holder SOCKET TOKEN" is a
 * node that believes it leads and sends the commands that it is given on standard input.
 */
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { realClock } from "../../src/clock.ts";
import type { Command, ResponseId } from "../../src/core/command.ts";
import type { Actuator } from "../../src/gate/actuator.ts";
import { connectGate } from "../../src/gate/client.ts";
import { modbusActuator } from "../../src/gate/modbus.ts";
import { policyOf } from "../../src/gate/policy.ts";
import { AlreadyRunning, serveGate } from "../../src/gate/process.ts";
import { relayLink } from "./device-fixture.ts";

const [mode, ...words] = process.argv.slice(2);
if (mode === "gate") await gate(words[0]!, Number(words[1]), words[2]!);
else await holder(words[0]!, Number(words[1]));

async function gate(stateDir: string, port: number, at: string): Promise<void> {
  await killAtLine(at);
  const link = relayLink(port, { timeout: 1000 });
  const rules = {
    allow: ["relay"],
    armed: ["shed", "restore"],
    writesPerMinute: 600,
    neverBoth: [],
    protectedOutlets: [],
  };
  const options = {
    stateDir,
    policy: policyOf(rules, [link], []),
    actuators: new Map([["relay", mortal(modbusActuator(link), at)]]),
    clock: realClock(),
  };
  try {
    await serveGate(options);
    console.log("ready");
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    console.log(error.message);
    process.exit(error.exitCode);
  }
}

/**
 * Lives until the ledger's nth line, where `at` is one of its places: "line2 before" it is written, "line2 torn" with
 * half of it on the disk, "line2 unsynced" once it is written, "line2 after" it is on the disk.
 */
async function killAtLine(at: string): Promise<void> {
  const [, nth, place] = /^line(\d) (before|torn|unsynced|after)$/.exec(at) ?? [];
  if (nth === undefined) return;
  const probe = await open("/dev/null");
  const handles = Object.getPrototypeOf(probe) as Pick<FileHandle, "appendFile" | "datasync">;
  await probe.close();
  const { appendFile, datasync } = handles;
  let line = 0;
  const die = (where: string): void => {
    if (line === Number(nth) && where === place) process.kill(process.pid, "SIGKILL");
  };
  handles.appendFile = async function (this: FileHandle, data) {
    line += 1;
    die("before");
    const bytes = data as Buffer;
    if (line === Number(nth) && place === "torn") await appendFile.call(this, bytes.subarray(0, bytes.length / 2));
    die("torn");
    await appendFile.call(this, data);
    die("unsynced");
  };
  handles.datasync = async function (this: FileHandle) {
    await datasync.call(this);
    die("after");
  };
}

/** Lives until its work has come to `at`. */
function mortal(actuator: Actuator, at: string): Actuator {
  let hasWritten = false;
  const place = (name: string): void => {
    if (name === at) process.kill(process.pid, "SIGKILL");
  };
  return {
    async read(point, stop) {
      if (!hasWritten) place("look");
      const value = await actuator.read(point, stop);
      if (hasWritten) place("readBack");
      return value;
    },
    async write(order, stop) {
      place("beforeSend");
      hasWritten = true;
      const outcome = await actuator.write(order, stop);
      place("afterSend");
      return outcome;
    },
    close: () => actuator.close(),
  };
}

async function holder(socket: string, token: number): Promise<void> {
  const client = connectGate(socket);
  const outcomes = client.outcomes(new AbortController().signal)[Symbol.asyncIterator]();
  while (!client.connected()) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.disarm("nothing" as ResponseId, "holder", "to be sure that the line is up");
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    client.send(JSON.parse(line) as Command, token);
    const { value } = (await outcomes.next()) as { value: unknown };
    console.log(JSON.stringify(value));
  }
  client.close();
}
