import { describe, expect, test } from "vitest";
import { actuate, apply, demoPlant } from "../../../simulators/plant/index.ts";
import { plantWith, run, secondsUntil } from "./run.ts";

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
