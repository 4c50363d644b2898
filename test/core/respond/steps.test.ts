import { describe, expect, test } from "vitest";
import type { Sent } from "../../../src/core/respond/campaign.ts";
import type { FailoverStep } from "../../../src/core/respond/response.ts";
import { isCalled, readySteps, statesOf } from "../../../src/core/respond/steps.ts";
import { ms } from "../../../src/core/time.ts";
import { point } from "../fixture.ts";

const step = (id: string, sketch: Partial<FailoverStep> = {}): FailoverStep => ({
  id,
  title: { en: id },
  point: point(`${id}/at`),
  value: 1,
  needs: [],
  within: ms(1000),
  retries: 0,
  ifFailed: "carryOn",
  ...sketch,
});

const sent = (stage: string, state: Sent["state"]): Sent => ({ stage, state, detail: "" }) as unknown as Sent;
const readyOf = (steps: readonly FailoverStep[], ...all: readonly Sent[]): readonly string[] =>
  readySteps(steps, statesOf(steps, { sent: [...all] })).map(({ id }) => id);

describe("the steps of a failover", () => {
  const steps = [step("db", { retries: 1, fallback: "spare" }), step("spare"), step("app", { needs: ["db"] })];

  test("are open until they are ordered, and again while attempts are left", () => {
    expect(readyOf(steps)).toEqual(["db"]);
    expect(readyOf(steps, sent("db", "failed"))).toEqual(["db"]);
    expect(readyOf(steps, sent("db", "failed"), sent("db.2", "waiting"))).toEqual([]);
  });

  test("include a fallback only when what it stands in for has failed for good", () => {
    const failed = [sent("db", "failed"), sent("db.2", "failed")];
    expect(readyOf(steps, ...failed)).toEqual(["spare"]);
    expect(readyOf(steps, ...failed, sent("spare", "failed"))).toEqual(["app"]);
    expect(statesOf(steps, { sent: [sent("db", "confirmed")] }).get("spare")).toBe("spared");
  });

  test("leave a fallback uncalled while nobody knows whether it is needed", () => {
    const states = statesOf(steps, { sent: [sent("db", "waiting")] });
    expect(states.get("spare")).toBe("open");
    expect(isCalled(steps, steps[1]!, states)).toBe(false);
  });

  test("that need one which is confirmed do not wait for what another one has called for", () => {
    const shared = [step("a", { fallback: "c" }), step("b", { fallback: "c" }), step("c"), step("d", { needs: ["a"] })];
    expect(readyOf(shared, sent("a", "confirmed"), sent("b", "failed"), sent("c", "waiting"))).toEqual(["d"]);
  });

  test("share a fallback: one that failed is enough to call for it", () => {
    const shared = [step("a", { fallback: "c" }), step("b", { fallback: "c" }), step("c")];
    expect(readyOf(shared, sent("a", "confirmed"), sent("b", "failed"))).toEqual(["c"]);
    expect(statesOf(shared, { sent: [sent("a", "confirmed"), sent("b", "waiting")] }).get("c")).toBe("open");
  });
});
