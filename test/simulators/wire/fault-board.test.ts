import { describe, expect, test } from "vitest";
import { faultSchema } from "../../../simulators/wire/fault.ts";
import { faultBoard } from "../../../simulators/wire/fault-board.ts";
import { demoDevices } from "../demo-site.ts";

const models = new Map(demoDevices().map(({ id, model }) => [id, model]));
/** Two devices behind one gateway, and one alone. */
const devices = [
  { id: "meter-a2", model: models.get("meter-a2")!, link: "gateway" },
  { id: "meter-b2", model: models.get("meter-b2")!, link: "gateway" },
  { id: "ups-a", model: models.get("ups-a")!, link: "alone" },
];

function board() {
  const clock = { now: 0 };
  return { clock, faults: faultBoard(devices, { seed: 1, now: () => clock.now }) };
}

const said = (fault: object) => faultSchema.parse(fault);

describe("the faults of a site", () => {
  test("are of one device, or of all that share its link", () => {
    const { faults } = board();
    expect(faults.begin(said({ fault: "drop", on: "meter-a2" }))).toBeNull();
    expect(faults.begin(said({ fault: "delay", link: "meter-b2", by: "50ms" }))).toBeNull();
    const [a, b, ups] = devices.map(({ id }) => faults.of(id).next());
    expect(a).toMatchObject({ isLost: true, delayMs: 50 });
    expect(b).toMatchObject({ isLost: false, delayMs: 50 });
    expect(ups).toMatchObject({ isLost: false, delayMs: 0 });
  });

  test("strike a link as one: what is once in a period is not once for each of its devices", () => {
    const { faults } = board();
    faults.begin(said({ fault: "drop", link: "meter-a2", every: "10s" }));
    expect([faults.of("meter-a2").next().isLost, faults.of("meter-b2").next().isLost]).toEqual([true, false]);
  });

  test("end when their time is over, and say when they begin and end", () => {
    const { clock, faults } = board();
    faults.begin(said({ fault: "drop", on: "ups-a", share: 1, for: "5s" }));
    expect(faults.move()).toEqual(["begins: drop on ups-a, 1 of all answers"]);
    clock.now = 4999;
    expect([faults.move(), faults.of("ups-a").next().isLost]).toEqual([[], true]);
    clock.now = 5000;
    expect(faults.move()).toEqual(["ends: drop on ups-a, 1 of all answers"]);
    expect(faults.of("ups-a").next().isLost).toBe(false);
  });

  test("may be planned, and begin and end on their own", () => {
    const { clock, faults } = board();
    faults.plan([
      { said: said({ fault: "frozen", on: "ups-a" }), fromMs: 2000, untilMs: 3000 },
      { said: said({ fault: "frozen", on: "meter-a2" }), fromMs: 1000, untilMs: null },
    ]);
    const frozen = (): readonly boolean[] => ["ups-a", "meter-a2"].map((id) => faults.of(id).frozen());
    const seen = [0, 1000, 2000, 3000].map((at) => {
      clock.now = at;
      faults.move();
      return frozen();
    });
    expect(seen).toEqual([
      [false, false],
      [false, true],
      [true, true],
      [false, true],
    ]);
  });

  test("are refused in words for strangers, foreign protocols and points that are not there", () => {
    const { faults } = board();
    const begin = (fault: object) => faults.begin(said(fault));
    expect(begin({ fault: "drop", on: "ups-z" })).toBe('there is no device "ups-z"');
    expect(begin({ fault: "exception", on: "ups-a", by: 6 })).toContain("exceptions are Modbus's");
    expect(begin({ fault: "spike", on: "ups-a/flux", by: 6 })).toBe('ups-a has no point "flux"');
    expect(begin({ fault: "spike", on: "ups-a/battery.charge", by: 6 })).toBeNull();
  });
});
