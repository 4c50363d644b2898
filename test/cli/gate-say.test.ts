import { expect, it, onTestFinished } from "vitest";
import { realClock } from "../../src/clock.ts";
import { instant } from "../../src/core/time.ts";
import { connectGate } from "../../src/gate/client.ts";
import type { GatePolicy } from "../../src/gate/policy.ts";
import { gateSocket, serveGate } from "../../src/gate/process.ts";
import { command, policy } from "../gate/fixture.ts";
import { folderWith } from "./folder.ts";
import { haechi } from "./haechi.ts";

const who = ["--by", "shift lead", "--why", "a drill"];

async function gateIn(stateDir: string, over: Partial<GatePolicy> = {}): Promise<void> {
  const rules = policy({ armed: new Set(["restore"]), armable: new Set(["shed"]), ...over });
  const gate = await serveGate({ stateDir, policy: rules, actuators: new Map(), clock: realClock() });
  onTestFinished(() => gate.close());
}

it("arms and disarms for a time, and says what is armed", async () => {
  const folder = folderWith({});
  await gateIn(folder);
  const at = ["--state", folder];
  const armed = await haechi(["gate", "arm", "shed", ...at, ...who, "--for", "8h"]);
  expect(armed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^shed armed until 2\S+Z by shift lead: a drill$/m),
  });
  expect(await haechi(["gate", "disarm", "shed", ...at, ...who])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^shed disarmed by shift lead: a drill\nshed can be armed for a time$/m),
  });
  const state = await haechi(["gate", "state", ...at, "--json"]);
  expect(JSON.parse(state.stdout)).toMatchObject({ armed: ["restore"], disarmed: [{ response: "shed" }] });
});

it("says maintenance and its end, and refuses what has no end or too late a one", async () => {
  const folder = folderWith({});
  await gateIn(folder);
  const at = ["--state", folder, ...who];
  const begun = await haechi(["gate", "maintenance", ...at, "--for", "2h"]);
  expect(begun).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^maintenance until .* by shift lead: a drill$/m),
  });
  expect((await haechi(["gate", "maintenance", ...at, "--end"])).stdout).not.toContain("maintenance");
  const wrong = [
    { words: ["maintenance", ...at], code: 2, stderr: /takes --for a time, or --end/ },
    { words: ["arm", "shed", ...at], code: 1, stderr: /say for how long/ },
    { words: ["arm", "shed", ...at, "--for", "8 days"], code: 2, stderr: /is no time such as/ },
    { words: ["arm", "shed", ...at, "--for", "200h"], code: 1, stderr: /longer than 7 days/ },
  ];
  for (const { words, code, stderr } of wrong)
    expect(await haechi(["gate", ...words])).toMatchObject({ code, stderr: expect.stringMatching(stderr) });
});

it("takes the yes of two people, and refuses one that nobody asks for", async () => {
  const folder = folderWith({});
  await gateIn(folder, { twoPeople: new Set(["shed"]) });
  const at = ["--state", folder, "--why", "fire seen"];
  await haechi(["gate", "yes", "shed", ...at, "--by", "Ahn"]);
  expect(await haechi(["gate", "yes", "shed", ...at, "--by", "Baek"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^shed needs the yes of two people: said by Ahn, Baek$/m),
  });
  expect(await haechi(["gate", "yes", "restore", ...at, "--by", "Ahn"])).toMatchObject({ code: 1 });
});

it("takes one person's yes once, however often it is said and however the name is written: nothing is written for it", async () => {
  const folder = folderWith({});
  await gateIn(folder, { twoPeople: new Set(["shed"]), armed: new Set(["shed"]) });
  const at = ["--state", folder, "--why", "fire seen"];
  for (const by of ["Ahn", "Ahn", " AHN "])
    expect(await haechi(["gate", "yes", "shed", ...at, "--by", by])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^shed needs the yes of two people: said by +Ahn *$/im),
    });
  const gate = connectGate(gateSocket(folder));
  onTestFinished(() => gate.close());
  await expect.poll(() => gate.connected()).toBe(true);
  const issued = instant(Date.now());
  gate.send(command({ issued, expires: instant(issued + 60_000) }), 1);
  const stop = new AbortController();
  for await (const outcome of gate.outcomes(stop.signal)) {
    expect(outcome).toMatchObject({
      result: "refused",
      detail: expect.stringMatching(/^shed needs the yes of two people: only +Ahn +has said it$/i),
    });
    stop.abort();
  }
});

it("ends with 69 where no gate listens", async () => {
  const ended = await haechi(["gate", "state", "--state", folderWith({})]);
  expect(ended).toMatchObject({ code: 69, stderr: expect.stringMatching(/no gate listens in/) });
});
