import { expect, test } from "vitest";
import type { Stage, ToldOnStage } from "../../../simulators/scenario/player.ts";
import { player } from "../../../simulators/scenario/player.ts";
import type { Happening } from "../../../simulators/scenario.ts";
import type { AlarmId } from "../../../src/core/alarm/definition.ts";
import type { ResponseId } from "../../../src/core/command.ts";
import type { Request } from "../../../src/core/plant.ts";
import { instant } from "../../../src/core/time.ts";

const nothing: Omit<Happening, "at"> = { does: null, event: null, fault: null, asks: null, arming: null };
const by = { by: "an operator", why: "seen" };
const shelve: Request = {
  to: "alarm",
  alarm: "hot" as AlarmId,
  event: { kind: "shelve", until: instant(9_000), ...by },
};
const timeline: readonly Happening[] = [
  { ...nothing, at: instant(1_000), does: "the utility fails", event: { utility: "fail" } },
  { ...nothing, at: instant(2_000), asks: shelve },
  { ...nothing, at: instant(3_000), arming: { kind: "arm", response: "shed" as ResponseId, ...by } },
];

/** A stage that keeps what comes to it. */
function keeping(): { readonly stage: Stage; readonly told: ToldOnStage[]; readonly seen: unknown[] } {
  const told: ToldOnStage[] = [];
  const seen: unknown[] = [];
  const stage: Stage = {
    board: null,
    tell: (one) => void told.push(one),
    apply: (event) => void seen.push(event),
    ask: (request) => void seen.push(request),
    arm: (_, refused) => refused("there is no gate"),
  };
  return { stage, told, seen };
}

test("a timeline is played once, in the order of its time, and tells when the next of it is due", () => {
  const { stage, told, seen } = keeping();
  const playing = player(timeline, stage);
  expect([playing.next, playing.playTo(instant(999)), playing.next]).toEqual([1_000, null, 1_000]);
  expect([playing.playTo(instant(2_500)), playing.next]).toEqual([2_000, 3_000]);
  expect([playing.playTo(instant(60_000)), playing.next, playing.playTo(instant(90_000))]).toEqual([3_000, null, null]);
  expect(seen).toEqual([{ utility: "fail" }, shelve]);
  expect(told).toEqual([
    { at: 1_000, kind: "plant", text: "the utility fails" },
    { at: 3_000, kind: "fault", text: "arm shed: there is no gate" },
  ]);
});

test("what an operator asks lasts as long on a stage whose time is later than the scenario's", () => {
  const { stage, seen } = keeping();
  player(timeline, stage, 500).playTo(instant(2_000));
  expect(seen[1]).toMatchObject({ event: { kind: "shelve", until: 9_500 } });
});
