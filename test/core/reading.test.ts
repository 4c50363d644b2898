import { describe, expect, test } from "vitest";
import { deviceOf, fresh, pointId, pointNameOf, valueOf } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import { bad, doubtful, good, t0 } from "./fixture.ts";

describe("a reading", () => {
  test("is itself up to the very end of its age and bad a millisecond later, without its value", () => {
    const reading = good("x", 7);
    expect(fresh(reading, instant(t0 + 1000), ms(1000))).toBe(reading);
    const aged = fresh(reading, instant(t0 + 1001), ms(1000));
    expect(aged).toEqual({ point: "x", at: t0, quality: "bad", reason: "stale" });
    expect(valueOf(aged)).toBeNull();
  });

  test("that is uncertain ages too, and has its value until then", () => {
    const reading = doubtful("x", 7);
    expect(valueOf(fresh(reading, instant(t0), ms(0)))).toBe(7);
    expect(valueOf(fresh(reading, instant(t0 + 1), ms(0)))).toBeNull();
  });

  test("that is bad keeps its own reason, however old it is", () => {
    const reading = bad("x", "sensorFailure");
    expect(fresh(reading, instant(t0 + 1e9), ms(1))).toBe(reading);
  });

  test("of a value of nothing is 0, and of no value is null", () => {
    expect(valueOf(good("x", 0))).toBe(0);
    expect(valueOf(bad("x", "noCommunication"))).toBeNull();
  });
});

test("a point's id holds its device's, and its name on it", () => {
  const id = pointId("pdu-a1", "outlet[3].state");
  expect(id).toBe("pdu-a1/outlet[3].state");
  expect(deviceOf(id)).toBe("pdu-a1");
  expect(pointNameOf(id)).toBe("outlet[3].state");
});
