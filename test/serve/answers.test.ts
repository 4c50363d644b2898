import { afterEach, describe, expect, test } from "vitest";
import type { Blast } from "../../src/core/topology/blast.ts";
import type { Cut } from "../../src/core/topology/cut.ts";
import type { Finding } from "../../src/core/topology/finding.ts";
import type { Isolation } from "../../src/core/topology/isolation.ts";
import type { Margin } from "../../src/core/topology/margin.ts";
import type { Problem } from "../../src/serve/api.ts";
import type { SiteInfo } from "../../src/serve/info.ts";
import type { Served } from "../../src/serve/server.ts";
import { quiet, serveDemo } from "./bed.ts";
import { toldOfPremises } from "./demo-premises.ts";
import { again, begin, burning, calmPlant, cycle, info, withoutA } from "./plants.ts";

const opened: Served[] = [];
afterEach(async () => {
  for (const served of opened.splice(0)) await served.close();
});

async function open(site: SiteInfo = toldOfPremises): Promise<Served> {
  const served = await serveDemo({ site });
  opened.push(served);
  return served;
}

/** A service that sees a plant with these readings. */
async function seeing(values: Readonly<Record<string, number>> = {}): Promise<Served> {
  const served = await open();
  const plant = calmPlant();
  cycle(plant, begin + 1000, again(values));
  served.publish(plant, quiet);
  return served;
}

const ask = async <T>({ url }: Served, path: string): Promise<T> =>
  (await (await fetch(`${url}/api/v1/${path}`)).json()) as T;

describe("the standing answers over the API", () => {
  test("say what is lost with a room, on top of what is lost already", async () => {
    const [calm, lost] = [await seeing(), await seeing(withoutA)];
    const room = await ask<Blast>(calm, "blast/hall-1");
    expect(room).toMatchObject({
      site: "demo",
      at: begin + 1000,
      racks: { single: ["r201", "r202", "r203", "r204", "r205", "r206"] },
    });
    expect((await ask<Blast>(calm, "blast/row-b1")).racks).toMatchObject({ dark: [] });
    expect((await ask<Blast>(lost, "blast/row-b1")).racks.dark).toHaveLength(8);
    expect((await ask<Blast>(calm, "blast/space:battery-room")).groups).toEqual([{ ups: ["ups-a", "ups-b"], lost: 2 }]);
  });

  test("say what is doubled on paper only", async () => {
    const { findings } = await ask<{ findings: readonly Finding[] }>(await seeing(), "audit");
    expect(findings.map(({ kind, where }) => `${kind} ${where}`)).toContain("shared-place plenum b3-ceiling");
  });

  test("say whether one UPS would carry what both do, and what they cannot know", async () => {
    const { margins } = await ask<{ margins: readonly Margin[] }>(await seeing(), "margin");
    expect(margins).toMatchObject([
      { kind: "ups", members: ["ups-a", "ups-b"], is: "carries" },
      { kind: "cooling", members: ["crac-1"], is: "alone" },
      { kind: "cooling", members: ["crac-2"], is: "alone" },
    ]);
    expect(margins[0]?.marginKw).toBeCloseTo(80 * 0.9 - 51.3, 6);
  });

  test("say what a cut costs now, and when what is moving will have moved", async () => {
    const cut = await ask<Cut>(await seeing(burning), "cut/hall-1");
    expect(cut.services.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "login moving",
      "message ordered",
      "pay unknown",
      "mail unknown",
      "all ordered",
    ]);
    expect(cut).toMatchObject({ site: "demo", spaces: ["hall-1"], notMoved: 5, isOrdered: false });
  });

  test("give the isolation plan of a room", async () => {
    const plan = await ask<Isolation>(await seeing(), "isolation/ups-room");
    expect(plan.steps.map(({ kind }) => kind)).toEqual(["battery", "battery", "supply", "supply"]);
  });

  test("refuse what is not there, and say what was meant", async () => {
    const served = await seeing();
    const detail = async (path: string): Promise<string> => {
      const answer = await fetch(`${served.url}/api/v1/${path}`);
      expect(answer.status).toBe(404);
      return ((await answer.json()) as Problem).detail ?? "";
    };
    expect(await detail("blast/hal-1")).toMatch(/"hal-1" \(did you mean "hall-1"\?\)$/);
    expect(await detail("cut/ups-a")).toBe('there is no space "ups-a"');
    expect(await detail("isolation/ups-rom")).toBe('there is no space "ups-rom" (did you mean "ups-room"?)');
  });

  test("wait for the first scan, and are not to be had of a service that knows no rooms", async () => {
    expect((await fetch(`${(await open()).url}/api/v1/audit`)).status).toBe(503);
    const served = await open(info);
    served.publish(calmPlant(), quiet);
    expect((await fetch(`${served.url}/api/v1/audit`)).status).toBe(501);
  });
});

describe("a cut that is announced over the API", () => {
  const token = "a-token-of-this-test";
  const said = { by: "fire officer", why: "water" };

  async function announced(path: string, body: object): Promise<{ readonly status: number; readonly asked: object[] }> {
    const asked: object[] = [];
    const ask = (request: object): boolean => asked.push(request) > 0;
    const served = await serveDemo({ site: toldOfPremises, token, ask });
    opened.push(served);
    const plant = calmPlant();
    cycle(plant, begin + 1000, again());
    served.publish(plant, quiet);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const { status } = await fetch(`${served.url}/api/v1/water/${path}`, init);
    return { status, asked };
  }

  test("starts what the zone's plan names, with the instant of the cut, and is taken back", async () => {
    const evacuate = await announced("battery-room/evacuate", { ...said, minutes: 6 });
    const of = (response: string, cutAt: number | null) => ({
      to: "response",
      response,
      event: "evacuate",
      cutAt,
      ...said,
    });
    expect(evacuate.status).toBe(202);
    const all = ["move-tier-0", "move-tier-1", "drain-site"];
    expect(evacuate.asked).toEqual(all.map((response) => of(response, begin + 1000 + 360_000)));
    const withdrawn = await announced("battery-room/withdraw", said);
    expect(withdrawn.asked).toEqual(all.map((response) => of(response, null)));
  });

  test("is refused without a time, and where nothing is named that leaves", async () => {
    expect(await announced("battery-room/evacuate", said)).toEqual({ status: 400, asked: [] });
    expect(await announced("hall-1/evacuate", { ...said, minutes: 6 })).toEqual({ status: 404, asked: [] });
  });
});
