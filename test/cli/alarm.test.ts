import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { AlarmAsk, AlarmWords } from "../../src/cli/alarm.ts";
import { alarm } from "../../src/cli/alarm.ts";
import { exit } from "../../src/cli/exit.ts";
import type { Plant } from "../../src/core/plant.ts";
import type { Served } from "../../src/serve/server.ts";
import { begin, fire } from "../serve/plants.ts";
import { heard } from "./heard.ts";
import { told } from "./told.ts";

const token = "correct-horse-battery-staple";
let served: Served;
let plant: Plant;

beforeEach(async () => {
  vi.stubEnv("HAECHI_TOKEN", token);
  ({ plant, served } = await heard(token));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await served.close();
});

const said = { by: "Kim", why: "seen on the camera" };
const ask = (what: AlarmAsk | undefined, words: Partial<AlarmWords> = {}, id: string = fire) =>
  told(() => alarm(id, what, { url: served.url, ...words }));

describe("haechi alarm", () => {
  test("shows an alarm, as text and as JSON", async () => {
    const { code, out } = await ask(undefined);
    expect(code).toBe(exit.done);
    expect(stripVTControlCharacters(out)).toContain(`${fire}: unacknowledged, critical`);
    const { out: printed } = await ask(undefined, { json: true });
    expect(JSON.parse(printed)).toMatchObject({ at: begin, alarm: { id: fire, status: "unacknowledged" } });
  });

  test("asks, and tells what came of it", async () => {
    const { code, out } = await ask("acknowledge", said);
    expect(code).toBe(exit.done);
    expect(stripVTControlCharacters(out)).toContain(`${fire}: acknowledged`);
    expect(out).toContain("by Kim: seen on the camera");
    const out2 = await ask("out-of-service", { ...said, permit: "W-1", minutes: 60 });
    expect(out2).toMatchObject({ code: exit.done, out: expect.stringContaining("out of service, permit W-1 until") });
  });

  test("takes the second of two people for what guards safety, and not the first one's word again", async () => {
    const definition = plant.site.alarms.find(({ id }) => id === fire)!;
    Object.assign(definition, { safety: true });
    onTestFinished(() => void Object.assign(definition, { safety: false }));
    const shelving = { why: "work on the camera", minutes: 60 };
    const first = await ask("shelve", { ...shelving, by: "Kim" });
    expect(first.code).toBe(exit.done);
    expect(first.out).toContain("waits for a second person to shelve it until");
    for (const by of ["Kim", " kim "]) {
      const again = await ask("shelve", { ...shelving, by });
      expect(again).toMatchObject({ code: exit.failed, err: expect.stringContaining("not granted") });
      expect(again.out).toContain("waits for a second person to shelve it until");
    }
    const second = await ask("shelve", { ...shelving, by: "Park" });
    expect(second.code).toBe(exit.done);
    expect(second.out).toMatch(/ {2}shelved until \S+ by .*Park/);
    expect(second.out).not.toContain("waits for");
  });

  test("says that a request was not granted", async () => {
    const { code, err } = await ask("reset", said);
    expect(code).toBe(exit.failed);
    expect(err).toContain("not granted");
  });

  test.each([
    ["nobody", "acknowledge", {}, "acknowledge needs --by, --why"],
    ["no permit", "out-of-service", { ...said, minutes: 5 }, "out-of-service needs --permit"],
    ["no sensor", "bypass", { ...said, minutes: 5 }, "bypass needs --channel"],
    ["what it does not take", "reset", { ...said, minutes: 5 }, "reset takes no --minutes"],
  ] as const)("refuses a request with %s before anything is asked", async (_, what, words, why) => {
    expect(await ask(what, words)).toMatchObject({ code: exit.usage, err: why });
    expect(plant.now).toBe(begin);
  });

  test("needs the operator's token, and says where from", async () => {
    vi.stubEnv("HAECHI_TOKEN", "");
    expect(await ask("acknowledge", said)).toMatchObject({
      code: exit.usage,
      err: expect.stringContaining("HAECHI_TOKEN"),
    });
    vi.stubEnv("HAECHI_TOKEN", "another");
    expect(await ask("acknowledge", said)).toMatchObject({ code: exit.failed, err: "the operator token is not right" });
  });

  test("says in the service's words what is wrong with a request", async () => {
    expect(await ask(undefined, {}, "none")).toMatchObject({ code: exit.failed, err: 'there is no alarm "none"' });
    const { err } = await ask("shelve", { ...said, minutes: 481 });
    expect(err).toContain("minutes: ");
  });

  test("says that nothing answers", async () => {
    const { code } = await told(() => alarm(fire, undefined, { url: "http://127.0.0.1:1" }));
    expect(code).toBe(exit.unavailable);
  });
});
