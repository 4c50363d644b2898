import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { pointSchema, stretchSchema } from "../../../src/core/detect/kind.ts";
import { hours, minutes } from "../../../src/core/time.ts";

const wrong = (schema: z.ZodType, written: unknown): string | undefined =>
  schema
    .safeParse(written)
    .error?.issues.map(({ message }) => message)
    .join("; ");

describe("a point in the settings of a detector", () => {
  test("is a device and a point of it", () => {
    expect(pointSchema.parse("ups-a/ups.mode")).toBe("ups-a/ups.mode");
  });

  test.each(["ups-a", "/ups.mode", "ups-a/", "a/b/c", "site/ups-a/ups.mode", "ups a/ups.mode", "ups-a/ups mode", ""])(
    "is not %j, and the site file's author is told how one is written",
    (written) => {
      expect(wrong(pointSchema, written)).toBe("a point is written device/point, as in ups-a/ups.mode");
    },
  );
});

describe("a stretch of time in the settings of a detector", () => {
  const stretch = stretchSchema(hours(1));

  test("is more than nothing, and as long as it may be or shorter", () => {
    expect(stretch.parse("1ms")).toBe(1);
    expect(stretch.parse("60min")).toBe(minutes(60));
  });

  test("is refused in words where it is nothing or too long", () => {
    expect(wrong(stretch, "0s")).toBe("must be more than 0");
    expect(wrong(stretch, "61min")).toBe("must be at most 3600 s");
  });
});
