import { describe, expect, it } from "vitest";
import { makeDetector, speaksOfInstrument } from "../../src/core/detect/index.ts";
import { quantityOf } from "../../src/core/quantity.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { Profile, ProfileAlarm } from "../../src/profiles/index.ts";
import { loadLibrary } from "../../src/profiles/index.ts";

// What smoke, fire and water have to be to every profile that sees them, whoever made the device.

const profiles = [...loadLibrary().profiles.values()];

/** The alarms that a state of a point raises. */
function raisedBy({ alarms }: Profile, point: string, state: string): readonly ProfileAlarm[] {
  const value = quantityOf(point)?.states?.indexOf(state) ?? -1;
  const reading = { point: pointId("d", point), at: instant(0), quality: "good", value } as const;
  return alarms.filter(
    (alarm) => alarm.point === point && makeDetector(alarm.detect).judge(reading, reading.at, false) === "abnormal",
  );
}

/** Points of a profile whose names are like this, each with its profile. */
const seenIn = (name: RegExp): readonly (readonly [id: string, point: string, profile: Profile])[] =>
  profiles.flatMap((profile) =>
    Object.keys(profile.points)
      .filter((point) => name.test(point))
      .map((point) => [profile.id, point, profile] as const),
  );

describe("an aspirating detector's levels", () => {
  const levelled = seenIn(/^smoke\.level$/);

  it("are told by one profile at least", () => expect(levelled.length).toBeGreaterThan(0));

  it.each(levelled)("of %s are five states with an alarm of its own for each but normal", (_, point, profile) => {
    const states = ["normal", "alert", "action", "fire1", "fire2"];
    expect(quantityOf(point)?.states).toEqual(states);
    const raised = states.map((state) => raisedBy(profile, point, state));
    expect(raised.map((alarms) => alarms.map(({ priority, latch }) => [priority, latch]))).toEqual([
      [],
      [["low", false]],
      [["high", false]],
      [["critical", true]],
      [["critical", true]],
    ]);
    expect(new Set(raised.flat().map(({ id }) => id)).size).toBe(4);
  });

  it.each(levelled)(
    "of %s say nothing of a detector that is faulty or isolated: that is a trouble",
    (_, point, profile) => {
      for (const trouble of ["smoke.fault", "smoke.airflow_fault", "smoke.isolated"].filter(
        (p) => p in profile.points,
      )) {
        const raised = raisedBy(profile, trouble, "alarm");
        for (const alarm of raised) expect([alarm.priority, alarm.point]).toEqual(["medium", trouble]);
      }
      const troubles = profile.alarms.filter((alarm) => alarm.point !== point);
      expect(troubles.map(({ priority }) => priority)).not.toContain("critical");
    },
  );
});

describe("smoke and fire", () => {
  const smoke = seenIn(/^(smoke(\[\w\])?|fire(\[\w\])?|rack\[\w\]\.fire|detector\[\w\])\.(alarm|detected|status)$/);

  it("are seen by detectors, panels, cooling units and sensors", () => {
    expect(new Set(smoke.map(([, , { class: kind }]) => kind)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(smoke)("of %s at %s raise a critical alarm that stays until a person resets it", (_, point, profile) => {
    const raised = raisedBy(profile, point, "alarm");
    expect(raised.map(({ priority, latch }) => [priority, latch])).toEqual([["critical", true]]);
    expect(raisedBy(profile, point, "normal")).toEqual([]);
  });
});

describe("water", () => {
  const water = seenIn(/^leak(\.sensor|\.rope)?(\[\w\])?\.(state|alarm|status)$/);

  it("is seen by leak panels, cooling units, sensors and rack PDUs", () => {
    expect(new Set(water.map(([, , { class: kind }]) => kind)).size).toBeGreaterThanOrEqual(4);
  });

  it.each(water)("of %s at %s is high at once, or more", (_, point, profile) => {
    const raised = raisedBy(profile, point, "alarm");
    expect(raised).toHaveLength(1);
    expect(["high", "critical"]).toContain(raised[0]!.priority);
    expect(raised[0]!.onDelay).toBeLessThanOrEqual(2000);
  });
});

describe("a release of agent", () => {
  // Its pressure switch says that it is out, and not that the fire is: what it raises stays, whatever else is told.
  const released = seenIn(/^(suppression\.released|module\[\w\]\.alarm)$/);

  it("is told by one profile at least", () => expect(released.length).toBeGreaterThan(0));

  it.each(released)("of %s at %s stays until a person resets it, and keeps people out", (_, point, profile) => {
    const raised = raisedBy(profile, point, "alarm");
    expect(raised.map(({ latch }) => latch)).toEqual([true]);
    expect(raised[0]!.response).toMatch(/Keep everybody out/);
    expect(raised.map(({ detect }) => speaksOfInstrument(detect))).toEqual([false]);
  });
});
