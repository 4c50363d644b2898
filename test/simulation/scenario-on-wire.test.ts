import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { describe, expect, test } from "vitest";
import type { Request } from "../../src/core/plant.ts";
import type { Told } from "../../src/record/transcript.ts";
import { scenarioFolder } from "../cli/scenario-folder.ts";
import { host } from "../whole/hosted.ts";

const scenario = `
scenario: own
about: Something is told, and something asked.
site: demo
starts: 2026-03-02T09:00:00+09:00
lasts: 20s
seed: 1
timeline:
  - { at: 10s, asks: { acknowledge: utility-lost, by: operator, why: seen } }
  - { at: 1s, does: the utility fails, event: { utility: fail } }
  - { at: 5s, does: the utility is back, event: { utility: restore } }
promises: []
`;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

describe("a simulated site on the wire", () => {
  test("writes a site file that is the given one but for the addresses, comments and all", async () => {
    const { scenario: played, simulation, site } = await host(scenarioFolder(scenario));
    const given = readFileSync(played.siteFile, "utf8");
    const written = readFileSync(simulation.siteFile, "utf8");
    const comments = (text: string): readonly string[] => text.split("\n").filter((line) => /^\s*#/.test(line));
    expect(comments(written)).toEqual(comments(given));
    for (const { id, address } of site.devices) expect(address.port).toBe(simulation.served.addresses.get(id)?.port);
  });

  test("has its services' movers say where each one is", async () => {
    const { site } = await host(scenarioFolder(scenario));
    for (const { url, id } of site.services)
      expect(await (await fetch(url ?? "")).json()).toMatchObject({ service: id, site: "demo" });
  });

  test("plays a scenario in the order of its times, from when it is told to, and says when it is over", async () => {
    const { simulation } = await host(scenarioFolder(scenario), 50);
    const told: Told[] = [];
    const asked: Request[] = [];
    const playing = simulation.play({ told: (line) => told.push(line), ask: (request) => asked.push(request) });
    expect(playing.isOver).toBe(false);
    while (!playing.isOver) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(told.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "plant: the utility fails",
      "plant: the utility is back",
    ]);
    expect(asked).toMatchObject([{ to: "alarm", alarm: "utility-lost", event: { kind: "acknowledge" } }]);
  });

  test("lets go of every port when it is stopped", async () => {
    const { simulation, site } = await host(scenarioFolder(scenario));
    const ports = site.devices.filter(({ model }) => model.protocol === "modbus").map(({ address }) => address.port);
    expect(await Promise.all(ports.map(answers))).not.toContain(false);
    await simulation.stop();
    expect(await Promise.all(ports.map(answers))).not.toContain(true);
  });
});
