/** The hands that a plant has: outlets and relays that switch, services that can be told where to be, and targets. */

import type { Plant } from "./plant.ts";
import { forEachFeed } from "./power/gauge-row.ts";
import type { Feed } from "./power/load.ts";
import { disturbPower } from "./power/power.ts";
import { orderMove } from "./rooms/services.ts";
import { orderState, targetAnswers } from "./targets.ts";

/**
 * A write arrives at a device. "done" says that the device took it, not that its contact has moved: that shows a moment
 * later, or never. "refused" is a point that cannot be written, or a value that it does not know.
 */
export function actuate(plant: Plant, device: string, point: string, value: number): "done" | "refused" {
  if (point === "service.site") return moveService(plant, device, value);
  const target = plant.targets.find((one) => one.id === device);
  if (target)
    return point === target.point && targetAnswers(plant, target) && orderState(target, value) ? "done" : "refused";
  if (value !== 0 && value !== 1) return "refused";
  if (plant.contacts.has(`${device}/${point}`)) {
    plant.contacts.set(`${device}/${point}`, value);
    return "done";
  }
  const feed = feedAt(plant, `${device}/${point}`);
  if (!feed) return "refused";
  disturbPower(plant);
  feed.lagS = 0;
  feed.ordered = value === 1;
  return "done";
}

function feedAt(plant: Plant, id: string): Feed | null {
  let found: Feed | null = null;
  forEachFeed(plant, (feed, { outlet }) => {
    if (outlet === id) found = feed;
  });
  return found;
}

function moveService(plant: Plant, id: string, to: number): "done" | "refused" {
  const service = plant.services.find((one) => one.id === id);
  const known = Number.isInteger(to) && to >= 0 && to <= plant.layout.elsewhere.length;
  return service && known && orderMove(service, to, plant.estate) ? "done" : "refused";
}
