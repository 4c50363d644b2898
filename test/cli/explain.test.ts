import { afterEach, describe, expect, test } from "vitest";
import type { Served } from "../../src/serve/server.ts";
import { servedPlant } from "../serve/bed.ts";
import { again, begin, burning, calmPlant, cycle, fire } from "../serve/plants.ts";
import { haechi } from "./haechi.ts";

const opened: Served[] = [];
afterEach(async () => {
  for (const served of opened.splice(0)) await served.close();
});

/** A service whose site burns. */
async function open(): Promise<Served> {
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(burning));
  const served = await servedPlant(plant);
  opened.push(served);
  return served;
}

describe("haechi explain", () => {
  test("tells why an alarm of a running service stands, what would change it, and what comes next", async () => {
    const { url } = await open();
    const { code, stdout, stderr } = await haechi(["explain", fire, "--url", url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "battery-room-fire: Battery room: fire",
      "  critical, unacknowledged, last raised 2026-06-01 06:28:01 UTC; now 2026-06-01 06:28:01 UTC",
      "  latched: a person must reset it",
      expect.stringMatching(/^ {2}came first in battery-room$/),
      "vote: abnormal; needs 1 of 1, has 1 abnormal, 0 unknown",
      "  abnormal  asd-battery/smoke.level = fire2 (good, 0 s ago); abnormal at fire1, fire2",
      "what would change it",
      "  asd-battery/smoke.level normal: the vote is normal",
      "  asd-battery/smoke.level unknown: the vote is unknown",
      "what comes next",
      "  move-tier-0: called for, act after 0 s, running, if blind hold; writes only while the gate arms it",
      "  drain-site: called for, act after 360 s, counting until 2026-06-01 06:34:01 UTC, if blind hold; writes only while the gate arms it",
      "  while it is active it suppresses battery-room-smoke",
      "",
    ]);
  });

  test("prints what the API says as JSON", async () => {
    const { url } = await open();
    const { stdout } = await haechi(["explain", fire, "--url", url, "--json"]);
    const said: unknown = await (await fetch(`${url}/api/v1/alarms/${fire}/explain`)).json();
    expect(JSON.parse(stdout)).toEqual(said);
    expect(said).toMatchObject({ alarm: fire, vote: "abnormal", need: 1, next: { length: 2 } });
  });

  test("says what was meant where there is no such alarm, and that nothing answers where nothing does", async () => {
    const { url } = await open();
    const [mistyped, nobody] = await Promise.all([
      haechi(["explain", "battery-rom-fire", "--url", url]),
      haechi(["explain", fire, "--url", "http://127.0.0.1:1"]),
    ]);
    expect(mistyped).toMatchObject({
      code: 1,
      stdout: "",
      stderr: 'there is no alarm "battery-rom-fire" (did you mean "battery-room-fire"?)\n',
    });
    expect(nobody.code).toBe(69);
    expect(nobody.stderr).toMatch(/^nothing answers at http:\/\/127\.0\.0\.1:1: /);
  });
});
