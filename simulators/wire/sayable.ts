import type { PointModel } from "../../src/profiles/model.ts";

/** The value as far as the device can say it; null where it cannot: a state that its profile has no raw value for. */
export function sayable(point: PointModel, value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  if (!point.map) return value;
  for (const place of [...point.map.values(), ...(point.texts?.values() ?? [])]) if (place === value) return value;
  return null;
}
