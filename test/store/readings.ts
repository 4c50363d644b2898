import type { PointId, Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { PointMeta } from "../../src/store/line.ts";

/** A good reading of a point. */
export const good = (point: string, at: number, value: number): Reading => ({
  point: idOf(point),
  at: instant(at),
  quality: "good",
  value,
});

/** A reading without a value. */
export const bad = (point: string, at: number): Reading => ({
  point: idOf(point),
  at: instant(at),
  quality: "bad",
  reason: "noCommunication",
});

/** What the tests' site knows of its points. */
export const meta = (point: PointId): PointMeta => {
  const [device = "", quantity = ""] = point.split("/");
  return { quantity, device, class: "ups", space: "hall-1" };
};

function idOf(point: string): PointId {
  const [device = "", name = ""] = point.split("/");
  return pointId(device, name);
}
