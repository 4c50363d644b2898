/** Default alarms of a profile: from what its file writes to what a detector needs to be told. */
import { assert } from "../core/assert.ts";
import type { DetectorSpec } from "../core/detect/index.ts";
import { quantityOf } from "../core/quantity.ts";
import type { Condition } from "./condition.ts";
import { parseCondition } from "./condition.ts";
import type { DeviceModel } from "./model.ts";
import type { Profile, ProfileAlarm } from "./profile.ts";
import type { AlarmSource } from "./schema.ts";

/** An alarm whose expressions have been checked. */
export function alarmOf(id: string, source: AlarmSource): ProfileAlarm {
  const { on, off, latch = false, ...rest } = source;
  const raise = parseCondition(on);
  assert(raise !== null, `alarm ${id} has been checked`);
  return {
    ...rest,
    id,
    latch,
    detect: detectorOf(source.point, raise, off === undefined ? null : parseCondition(off)),
  };
}

function detectorOf(point: string, on: Condition, off: Condition | null): DetectorSpec {
  if (on.is === "in") {
    const states = quantityOf(point)?.states ?? [];
    return { kind: "state", among: on.states.map((name) => states.indexOf(name)) };
  }
  const back = off && off.is !== "in" ? off.limit : on.limit;
  // Rounded, for 40 - 39.9 is not 0.1 in binary.
  const deadband = Number(Math.abs(on.limit - back).toPrecision(12));
  return { kind: "limit", side: on.is === ">" ? "above" : "below", limit: on.limit, deadband };
}

/** A profile's alarms on one device: one for every instance of a repeated point, none for points it has not got. */
export function bindAlarms(profile: Profile, model: DeviceModel): readonly ProfileAlarm[] {
  return profile.alarms.flatMap((alarm) => {
    const [head = "", tail] = alarm.point.split(/\[[a-z]\]/);
    if (tail === undefined) return model.points.some(({ name }) => name === alarm.point) ? [alarm] : [];
    return model.points
      .map(({ name }) => ({ name, instance: /\[[\d.]+\]/.exec(name)?.[0] ?? "" }))
      .filter(({ name, instance }) => instance !== "" && name === head + instance + tail)
      .map(({ name, instance }) => ({ ...alarm, id: alarm.id + instance, point: name }));
  });
}
