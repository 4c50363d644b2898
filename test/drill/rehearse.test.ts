import { describe, expect, test } from "vitest";
import type { Reading } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Live, Rehearsal } from "../../src/drill/rehearse.ts";
import { rehearse } from "../../src/drill/rehearse.ts";
import type { GateState } from "../../src/gate/index.ts";
import type { Site } from "../../src/site/index.ts";
import { assumedReadings } from "../../src/site/index.ts";
import { demoSite } from "../simulators/demo-site.ts";

const site = demoSite();
const at = instant(1_000_000);
const calm: GateState = {
  highWater: 1,
  allow: site.gate.allow,
  armed: site.gate.armed,
  disarmed: [],
  armable: [],
  armedFor: [],
  maintenance: null,
  twoPeople: [],
  open: [],
  ended: 0,
  broken: null,
};

function of(id: string, live: Partial<Live> | null = null, over: Site = site): Rehearsal {
  const response = over.model.responses.find((one) => one.id === id)!;
  const assumed = assumedReadings(over.model, 1, at);
  const seen = live && { now: at, readings: [...assumed, ...services()], gate: calm, ...live };
  return rehearse(over, response, { live: seen, assumed });
}

/** Every service where it belongs. */
const services = (): readonly Reading[] =>
  site.services.map(({ id }) => ({ point: `${id}/service.site` as Reading["point"], at, quality: "good", value: 0 }));

const wrongs = ({ steps }: Rehearsal): readonly string[] => steps.flatMap(({ wrong }) => wrong);

describe("a response rehearsed", () => {
  test("begins its steps when those that they need are over, as the core would", () => {
    const { steps, endsMs, end } = of("move-tier-0");
    expect(steps.map(({ stage, startsMs, lastsMs }) => [stage, startsMs, lastsMs])).toEqual([
      ["login", 0, 45_000],
      ["message", 45_000, 60_000],
      ["pay", 45_000, 60_000],
    ]);
    expect([endsMs, end]).toEqual([105_000, "every step is confirmed"]);
  });

  test("counts the announced wait in", () => {
    expect(of("move-tier-1").steps.map(({ startsMs }) => startsMs)).toEqual([240_000, 240_000]);
  });

  test("is a shed stage by stage, until the meters would show that it is enough", () => {
    const { steps, end } = of("stretch-batteries");
    expect(steps.length).toBeGreaterThan(5);
    expect(new Set(steps.map(({ command }) => command.point)).size).toBe(steps.length);
    expect(end).toMatch(/every supply is relieved|still too much/);
    expect(steps.every(({ sends }) => sends !== null)).toBe(true);
  });

  test("takes of an outlet what is said of it, and of its device's writes; all its time where nothing is said", () => {
    const all = of("stretch-batteries").steps;
    expect(all.map(({ lastsMs }) => lastsMs)).toEqual(all.map(() => 10_000));
    const device = deviceOf(all[0]!.command.point);
    const power = { ...site.model.power, writeTimes: new Map([[device, ms(700)]]) };
    const responses = site.model.responses.map((response) =>
      response.action.kind === "shed" ? { ...response, action: { ...response.action, usual: ms(1000) } } : response,
    );
    const { steps } = of("stretch-batteries", null, { ...site, model: { ...site.model, power, responses } });
    const own = steps.filter(({ startsMs, command }) => startsMs === 30_000 && deviceOf(command.point) === device);
    expect(own.map(({ lastsMs }) => lastsMs)).toEqual(own.map((_, i) => Math.max(1000, 700 * (i + 1))));
    expect(own.length).toBeGreaterThan(1);
  });

  test("takes it that the plant shows what a step asks for beside it, and says what that is", () => {
    const shows = { point: "ups-a/output.power" as Reading["point"], is: "<" as const, value: 3 };
    const responses = site.model.responses.map((response) =>
      response.action.kind === "failover"
        ? {
            ...response,
            action: { ...response.action, steps: response.action.steps.map((step) => ({ ...step, shows })) },
          }
        : response,
    );
    const { steps, end } = of("move-tier-0", null, { ...site, model: { ...site.model, responses } });
    expect(end).toBe("every step is confirmed");
    expect(steps[0]!.waitsFor).toBe("login/service.site = anyang and ups-a/output.power < 3 within 90 s");
  });

  test("shows what is taken only in another's place", () => {
    const model = { ...site.model, responses: site.model.responses.map((response) => ({ ...response })) };
    const [response] = model.responses.filter(({ id }) => id === "move-tier-0");
    const steps = response!.action.kind === "failover" ? response!.action.steps : [];
    const action = {
      kind: "failover" as const,
      steps: steps.map((step) => (step.id === "message" ? { ...step, fallback: "pay" } : step)),
    };
    const { steps: shown } = of("move-tier-0", null, {
      ...site,
      model: { ...model, responses: [{ ...response!, action }] },
    });
    expect(shown.map(({ stage, startsMs, instead }) => [stage, startsMs, instead])).toEqual([
      ["login", 0, []],
      ["message", 45_000, []],
      ["pay", null, ["message"]],
    ]);
  });

  test("could not be sent where the gate has no leave, and says so", () => {
    const without = { ...site, gate: { ...site.gate, allow: site.gate.allow.filter((id) => id !== "login") } };
    expect(wrongs(of("move-tier-0", null, without))).toEqual(["login is not on the allow-list"]);
    const unarmed = { ...site, gate: { ...site.gate, armed: [], armable: ["move-tier-0"], twoPeople: ["pay"] } };
    const { steps } = of("move-tier-0", null, unarmed);
    expect(steps.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(steps.map(({ notes }) => notes)).toEqual([
      ["move-tier-0 must be armed at the gate first"],
      ["move-tier-0 must be armed at the gate first"],
      ["move-tier-0 must be armed at the gate first", "pay needs the yes of two people"],
    ]);
  });

  test("is held against what a running service says: what does not answer, and how the gate stands", () => {
    expect(wrongs(of("move-tier-0", {}))).toEqual([]);
    const silent = services().filter(({ point }) => point !== "pay/service.site");
    expect(wrongs(of("move-tier-0", { readings: silent }))).toEqual([
      expect.stringMatching(/^pay\/service\.site is not seen/),
    ]);
    const said = { by: "lead", why: "works", at };
    const gate = {
      ...calm,
      maintenance: said,
      disarmed: [{ ...said, response: "move-tier-0" }],
      broken: "the disk is full",
    };
    expect(new Set(wrongs(of("move-tier-0", { gate })))).toEqual(
      new Set([
        "the gate can write nothing: the disk is full",
        "maintenance by lead: works",
        "move-tier-0 was disarmed by lead: works",
      ]),
    );
    expect(wrongs(of("drain-site", { gate: { unknown: "it does not answer" } }))).toEqual([
      "nobody knows how the gate stands: it does not answer",
    ]);
  });

  test("says whether a precondition holds now, and does not know where nobody has looked", () => {
    const when = { point: "login/service.site" as Reading["point"], is: "=" as const, value: 1 };
    const responses = site.model.responses.map((response) =>
      response.action.kind === "failover"
        ? {
            ...response,
            action: { ...response.action, steps: response.action.steps.map((step) => ({ ...step, when })) },
          }
        : response,
    );
    const over = { ...site, model: { ...site.model, responses } };
    expect(of("drain-site", null, over).steps[0]!.precondition).toMatchObject({ holds: null });
    const now = of("drain-site", {}, over);
    expect(now.steps[0]!.precondition).toEqual({
      says: expect.stringContaining("login/service.site = "),
      holds: false,
    });
    expect(wrongs(now)).toEqual([expect.stringContaining("does not hold now")]);
  });
});
