import { describe, expect, test } from "vitest";
import { actuate, apply } from "../../../simulators/plant/index.ts";
import { plantOf, run, secondsUntil, siteWith } from "./run.ts";

const targets = `targets:
  standby: { name: { en: S }, http: { url: "http://a/b", secret: s, states: [cold, warm] } }
  node-7: { name: { en: N }, kubernetes: { url: "https://a", node: n } }
  zone: { name: { en: Z }, dns: { host: a, zone: example.org, sets: { one: [], two: [], three: [] } } }
  orders: { name: { en: O }, patroni: { members: { pg-1: "http://a", pg-2: "http://b" } } }
  limit: { name: { en: L }, redfishLimit: { url: "https://a", limits: { full: none, capped: 350 } } }
  vms: { name: { en: V }, exec: { run: { here: [/a], there: [/b] }, show: [/c] } }
alarms:
`;

const withTargets = () => plantOf(siteWith([], (text) => text.replace("alarms:\n", targets)));
const warm = "worker.state";

describe("a target of the plant", () => {
  test("is of any kind, with as many states as the site file gives it", () => {
    const { plant } = withTargets();
    expect(plant.targets.map(({ id, point, stateCount }) => [id, point, stateCount])).toEqual([
      ["standby", warm, 2],
      ["node-7", "node.state", 3],
      ["zone", "records.set", 3],
      ["orders", "cluster.leader", 2],
      ["limit", "machine.limit", 2],
      ["vms", "program.state", 2],
    ]);
  });

  test("takes an order, takes its time, and shows its state as a point", () => {
    const { plant, shows } = withTargets();
    expect(shows("standby", warm)).toBe(0);
    expect(actuate(plant, "standby", warm, 1)).toBe("done");
    run(plant, 10);
    expect(shows("standby", warm)).toBe(0);
    const leftS = secondsUntil(plant, () => shows("standby", warm) === 1, 60);
    expect(10 + leftS).toBeGreaterThanOrEqual(16);
    expect(10 + leftS).toBeLessThanOrEqual(25);
    expect(actuate(plant, "standby", warm, 0)).toBe("done");
    run(plant, 30);
    expect(shows("standby", warm)).toBe(0);
  });

  test("is not held up by an order that comes again, and goes back at once where it has not left", () => {
    const { plant, shows } = withTargets();
    for (let i = 0; i < 30; i++) {
      expect(actuate(plant, "standby", warm, 1)).toBe("done");
      run(plant, 1);
    }
    expect(shows("standby", warm)).toBe(1);
    actuate(plant, "standby", warm, 0);
    run(plant, 2);
    actuate(plant, "standby", warm, 1);
    run(plant, 60);
    expect(shows("standby", warm)).toBe(1);
  });

  test.each([
    ["another point", "other.state", 1],
    ["a state it has not", warm, 2],
    ["no state", warm, 0.5],
  ] as const)("refuses %s", (_, point, value) => {
    const { plant, shows } = withTargets();
    expect(actuate(plant, "standby", point, value)).toBe("refused");
    run(plant, 60);
    expect(shows("standby", warm)).toBe(0);
  });

  test("that is stuck takes the order and never arrives, until it is sound again", () => {
    const { plant, shows } = withTargets();
    apply(plant, { target: "standby", is: "stuck" });
    expect(actuate(plant, "standby", warm, 1)).toBe("done");
    run(plant, 120);
    expect(shows("standby", warm)).toBe(0);
    apply(plant, { target: "standby", is: "sound" });
    run(plant, 30);
    expect(shows("standby", warm)).toBe(1);
  });

  test("that refuses stays as it is, and one that is mute shows nothing and hears nothing", () => {
    const { plant, shows } = withTargets();
    apply(plant, { target: "standby", is: "refusing" });
    expect(actuate(plant, "standby", warm, 1)).toBe("refused");
    expect(shows("standby", warm)).toBe(0);
    apply(plant, { target: "standby", is: "mute" });
    expect(actuate(plant, "standby", warm, 1)).toBe("refused");
    expect(shows("standby", warm)).toBeNull();
    apply(plant, { target: "standby", is: "sound" });
    run(plant, 60);
    expect(shows("standby", warm)).toBe(0);
  });

  test("is mute when all that serves it is dark, unless its tools stand elsewhere", () => {
    const { plant, shows } = withTargets();
    apply(plant, { cut: "site" });
    run(plant, 5);
    expect(shows("standby", warm)).toBeNull();
    apply(plant, { tools: "anyang" });
    expect(shows("standby", warm)).toBe(0);
    expect(actuate(plant, "standby", warm, 1)).toBe("done");
  });
});
