import { describe, expect, test } from "vitest";
import { actuate, apply, demoPlant } from "../../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "../run.ts";

const stateOf = (plant: ReturnType<typeof demoPlant>, id: string) => plant.services.find((one) => one.id === id)?.state;

describe("a service", () => {
  test("moves in its tier's time and stays there when its racks go dark", () => {
    const { plant, shows } = plantWith();
    expect(actuate(plant, "login", "service.site", 1)).toBe("done");
    expect(stateOf(plant, "login")).toBe("moving");
    const movedS = secondsUntil(plant, () => shows("login", "service.site") === 1, 120);
    expect(movedS).toBeGreaterThan(30);
    expect(movedS).toBeLessThan(50);
    apply(plant, { cut: "site" });
    run(plant, 10);
    expect(stateOf(plant, "login")).toBe("moved");
    expect(stateOf(plant, "mail")).toBe("failed");
  });

  test("whose racks are dark before it has moved has failed and takes no order", () => {
    const { plant } = plantWith();
    actuate(plant, "login", "service.site", 1);
    run(plant, 5);
    apply(plant, { cut: "site" });
    run(plant, 120);
    expect(stateOf(plant, "login")).toBe("failed");
    expect(actuate(plant, "login", "service.site", 1)).toBe("refused");
  });

  test("on two racks bears the loss of one", () => {
    const { plant } = plantWith();
    for (const outlet of ["pdu-a1", "pdu-b1"]) actuate(plant, outlet, "outlet[1].state", 0);
    run(plant, 10);
    expect(plant.racks.find(({ id }) => id === "r101")?.live).toBe(false);
    expect(stateOf(plant, "login")).toBe("here");
  });

  test("whose racks have switched themselves off for heat has failed, though they have power", () => {
    const { plant } = plantWith({ cooling: "crac-1", fail: true }, { service: "mail", stuck: true });
    const hot = () => plant.racks.find(({ id }) => id === "r103")?.tooHot === true;
    expect(secondsUntil(plant, hot, 3600)).toBeLessThan(3600);
    run(plant, 2);
    expect(plant.racks.find(({ id }) => id === "r103")?.live).toBe(true);
    expect(stateOf(plant, "mail")).toBe("failed");
    expect(stateOf(plant, "map")).toBe("here");
  });

  test("that is ordered twice moves once, and one that hangs never arrives", () => {
    const { plant, shows } = plantWith({ service: "pay", stuck: true });
    actuate(plant, "login", "service.site", 1);
    run(plant, 20);
    actuate(plant, "login", "service.site", 1);
    actuate(plant, "pay", "service.site", 1);
    run(plant, 30);
    expect(shows("login", "service.site")).toBe(1);
    run(plant, 3600);
    expect(stateOf(plant, "pay")).toBe("moving");
  });

  test("is back by itself five minutes after its racks are", () => {
    const { plant } = plantWith({ cut: "site" });
    run(plant, 60);
    apply(plant, { cut: "lifted" });
    run(plant, 200);
    expect(stateOf(plant, "map")).toBe("failed");
    run(plant, 200);
    expect(stateOf(plant, "map")).toBe("here");
  });
});

describe("a move", () => {
  const service = (plant: ReturnType<typeof demoPlant>, id: string) => plant.services.find((one) => one.id === id)!;

  test("lets connections fall away exponentially, to 2 % in three quarters of its time", () => {
    const { plant } = plantWith();
    actuate(plant, "mail", "service.site", 1);
    const { moveS } = service(plant, "mail");
    const at = (part: number): number => {
      run(plant, Math.round(moveS * part));
      return service(plant, "mail").connections;
    };
    const half = at(0.375);
    const drained = at(0.375);
    expect(half).toBeCloseTo(Math.exp(-2), 1);
    expect(drained / half).toBeCloseTo(half, 1);
    expect(drained).toBeLessThan(0.03);
    run(plant, Math.round(moveS));
    expect([service(plant, "mail").state, service(plant, "mail").connections]).toEqual(["moved", 1]);
  });

  test("waits for a replica that has fallen behind, and arrives once the link carries again", () => {
    const { plant, shows } = plantWith({ link: "anyang", carries: 0 });
    run(plant, 60);
    expect(Math.abs(shows("login", "service.age")! - 60)).toBeLessThan(2);
    actuate(plant, "login", "service.site", 1);
    run(plant, 600);
    expect(stateOf(plant, "login")).toBe("moving");
    apply(plant, { link: "anyang", carries: 1 });
    const caughtUpS = secondsUntil(plant, () => stateOf(plant, "login") === "moved", 1000);
    expect(caughtUpS).toBeGreaterThan(180);
    expect(caughtUpS).toBeLessThan(260);
    expect(service(plant, "login").lostS).toBe(0);
  });

  // Kakao, 2022-10-15: other sites had no room for what Pangyo carried.
  test("to a site without room is refused, and what is there takes the room of what comes next", () => {
    const { plant } = plantWith({ capacity: "anyang", kw: 15 });
    expect(actuate(plant, "login", "service.site", 1)).toBe("done");
    run(plant, 60);
    expect(actuate(plant, "pay", "service.site", 1)).toBe("refused");
    expect(service(plant, "pay").refusal).toBe("capacity");
    actuate(plant, "login", "service.site", 0);
    run(plant, 60);
    expect(actuate(plant, "pay", "service.site", 1)).toBe("done");
  });

  test("with tools that stand elsewhere saves what is dark here, but for what its replica was behind", () => {
    const { plant } = plantWith({ tools: "anyang" }, { link: "anyang", carries: 0 });
    run(plant, 30);
    apply(plant, { cut: "site" });
    run(plant, 5);
    expect(stateOf(plant, "login")).toBe("failed");
    expect(actuate(plant, "login", "service.site", 1)).toBe("done");
    run(plant, 20);
    expect(stateOf(plant, "login")).toBe("moved");
    expect(service(plant, "login").lostS).toBeGreaterThan(25);
    expect(service(plant, "login").lostS).toBeLessThan(40);
  });

  test("with tools that stand here dies with the site, and says why", () => {
    const { plant } = plantWith({ cut: "site" });
    run(plant, 5);
    expect(actuate(plant, "login", "service.site", 1)).toBe("refused");
    expect(service(plant, "login").refusal).toBe("tools");
  });
});

describe("a write", () => {
  test("opens an outlet, and its rack goes over to the other feed", () => {
    const { plant, shows } = plantWith();
    expect(actuate(plant, "pdu-a1", "outlet[3].state", 0)).toBe("done");
    run(plant, 1);
    expect(shows("pdu-a1", "outlet[3].state")).toBe(0);
    expect(shows("pdu-a1", "outlet[3].power")).toBe(0);
    expect(shows("pdu-b1", "outlet[3].power")).toBeGreaterThan(3);
  });

  test("moves a relay at once and its contactor a tenth of a second later", () => {
    const { plant, shows } = plantWith();
    actuate(plant, "relay-a2", "relay[2].state", 0);
    expect([shows("relay-a2", "relay[2].state"), shows("relay-a2", "contact[2].state")]).toEqual([0, 1]);
    expect(secondsUntil(plant, () => shows("relay-a2", "contact[2].state") === 0, 5)).toBe(0.1);
  });

  test("to a welded contact is taken and does nothing", () => {
    const { plant, shows } = plantWith({ outlet: "relay-a2/relay[2].state", stuck: true });
    expect(actuate(plant, "relay-a2", "relay[2].state", 0)).toBe("done");
    run(plant, 10);
    expect(shows("relay-a2", "contact[2].state")).toBe(1);
  });

  test.each([
    ["asd-battery", "smoke.level", 0],
    ["pdu-a1", "outlet[3].state", 2],
    ["pdu-a1", "power.active", 0],
    ["login", "service.site", 9],
    ["nobody", "outlet[1].state", 0],
  ])("to %s/%s of %s is refused", (device, point, value) => {
    expect(actuate(demoPlant(1), device, point, value)).toBe("refused");
  });
});
