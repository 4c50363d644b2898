/**
 * The hands of a simulated plant in virtual time, as the gate's actuators. What befalls a device's answers befalls those
 * to the gate, too: a write whose answer is lost is made, and nobody knows it; one that is refused is not.
 */
import type { Plant } from "../../simulators/plant/index.ts";
import { actuate, measure, targetAnswers } from "../../simulators/plant/index.ts";
import type { Faults } from "../../simulators/wire/faults.ts";
import { lookThrough } from "../../simulators/wire/look-through.ts";
import { isNoAnswer } from "../../simulators/wire/poll-through.ts";
import type { Actuator } from "../gate/index.ts";
import type { Device, Site } from "../site/index.ts";

/** An actuator for each device and service of a site, by its id. `faultsOf` gives a device's faults; without it there are none. */
export function virtualActuators(
  site: Site,
  plant: Plant,
  faultsOf?: (device: string) => Faults,
): ReadonlyMap<string, Actuator> {
  const devices = site.devices.map((device): [string, Actuator] => {
    const sound = soundActuator(plant, device.id);
    return [device.id, faultsOf ? faulty(device, sound, { plant, faults: faultsOf(device.id) }) : sound];
  });
  return new Map([
    ...devices,
    ...site.services.map(({ id }): [string, Actuator] => [id, soundActuator(plant, id)]),
    ...site.targets.map(({ id, point }): [string, Actuator] => [id, targetHand(plant, id, point)]),
  ]);
}

/** A target that does not answer may be asked again, as its real one may: its states are absolute. */
function targetHand(plant: Plant, id: string, point: string): Actuator {
  const sound = soundActuator(plant, id);
  const target = plant.targets.find((one) => one.id === id);
  return {
    ...sound,
    read: (name, stop) => (name === point ? sound.read(name, stop) : Promise.resolve(null)),
    write: (order, stop) =>
      target && !targetAnswers(plant, target)
        ? Promise.resolve({ result: "again", detail: "no answer" })
        : sound.write(order, stop),
  };
}

function soundActuator(plant: Plant, id: string): Actuator {
  const shows = measure(plant);
  return {
    read: (point) => Promise.resolve(shows(id, point)),
    write: ({ point, value }) => {
      const done = actuate(plant, id, point, value) === "done";
      return Promise.resolve(done ? { result: "accepted" } : { result: "refused", detail: "the device refused" });
    },
    close: () => undefined,
  };
}

function faulty(
  { id, model }: Device,
  sound: Actuator,
  { plant, faults }: { readonly plant: Plant; readonly faults: Faults },
): Actuator {
  const shows = measure(plant);
  const looks = new Map(
    model.points.map((point) => [point.name, lookThrough(() => shows(id, point.name), point, faults)]),
  );
  return {
    ...sound,
    read: (point) => {
      const mishap = faults.next();
      const isHeard = !isNoAnswer(mishap, model.link) && mishap.refusal === null;
      return Promise.resolve(isHeard ? (looks.get(point)?.() ?? null) : null);
    },
    write: async (order, stop) => {
      const mishap = faults.next();
      if (mishap.refusal !== null) return { result: "refused", detail: `the device refused: ${mishap.refusal}` };
      const outcome = await sound.write(order, stop);
      return isNoAnswer(mishap, model.link) ? { result: "unsure", detail: "no answer" } : outcome;
    },
  };
}
