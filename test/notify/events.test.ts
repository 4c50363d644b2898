import { describe, expect, it } from "vitest";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { AlarmStatus } from "../../src/core/alarm/lifecycle.ts";
import type { Notice, Transition } from "../../src/core/plant.ts";
import { instant } from "../../src/core/time.ts";
import { commandEvent, noticeEvent, transitionEvent } from "../../src/notify/events.ts";
import { openNotify } from "../../src/notify/index.ts";
import { command } from "../gate/fixture.ts";

const transition = (from: AlarmStatus, to: AlarmStatus, blind?: boolean): Transition => ({
  alarm: "battery-room-fire" as AlarmId,
  at: instant(Date.UTC(2022, 9, 15, 6, 19)),
  priority: "critical",
  from,
  to,
  because: "asd-battery/smoke.level = fire1",
  ...(blind !== undefined && { blind }),
});

describe("an alarm's transition as an event", () => {
  it.each([
    ["normal", "unacknowledged", undefined, "raised"],
    ["shelved", "acknowledged", undefined, "raised"],
    ["unacknowledged", "acknowledged", undefined, "acknowledged"],
    ["unacknowledged", "returnedUnacknowledged", undefined, "returned"],
    ["acknowledged", "normal", undefined, "returned"],
    ["latchedAcknowledged", "normal", undefined, "cleared"],
    ["unacknowledged", "shelved", undefined, "withheld"],
    ["normal", "suppressedByDesign", undefined, "withheld"],
    ["normal", "normal", true, "blinded"],
    ["normal", "normal", false, "sighted"],
  ] as const)("from %s to %s (blind: %s) is %s", (from, to, blind, happened) => {
    expect(transitionEvent("demo", transition(from, to, blind)).type).toBe(`io.haechi.alarm.${happened}.v1`);
  });

  it("has the same id whenever it is told, and its time in RFC 3339", () => {
    const of = transition("normal", "unacknowledged");
    expect(transitionEvent("demo", of)).toEqual(transitionEvent("demo", { ...of }));
    expect(transitionEvent("demo", of)).toMatchObject({
      specversion: "1.0",
      source: "/haechi/demo",
      subject: "battery-room-fire",
      time: "2022-10-15T06:19:00.000Z",
      data: of,
    });
    expect(transitionEvent("판교", of).id).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe("a command as an event", () => {
  it("is told when it is issued, and again when it is over", () => {
    expect(commandEvent("demo", command())).toMatchObject({
      type: "io.haechi.command.issued.v1",
      subject: command().id,
    });
    const outcome = { command: command().id, at: instant(5), result: "failed", detail: "reads 1" } as const;
    expect(commandEvent("demo", outcome)).toMatchObject({ type: "io.haechi.command.failed.v1", data: outcome });
  });
});

describe("a notice as an event", () => {
  const notice = (text: string): Notice => ({
    at: instant(Date.UTC(2022, 9, 15, 6, 33)),
    about: "cause",
    id: "ups-a",
    event: "began",
    text,
  });

  it("is of the kind that it is about, and carries its text", () => {
    const of = notice("lost: feed A of 4 racks, on feed B at 61 %, margin 23 kW");
    expect(noticeEvent("demo", of)).toMatchObject({
      type: "io.haechi.cause.began.v1",
      subject: "ups-a",
      time: "2022-10-15T06:33:00.000Z",
      data: of,
    });
    expect(noticeEvent("demo", { ...of, about: "flood" }).type).toBe("io.haechi.flood.began.v1");
  });

  it("has the same id whenever it is told, and another one than what else is said at that instant", () => {
    const { id } = noticeEvent("demo", notice("relay-a2/contact[4].state = 0"));
    expect(noticeEvent("demo", notice("relay-a2/contact[4].state = 0")).id).toBe(id);
    expect(noticeEvent("demo", notice("relay-a2/contact[5].state = 0")).id).not.toBe(id);
    expect(id).toMatch(/^demo\/cause\/ups-a\/1665815580000\/began\/[0-9a-f]{16}$/);
  });
});

it("a site without outlets may say anything to nobody", async () => {
  const notify = openNotify({ webhooks: [] }, { id: "demo", unitOf: () => null });
  notify.points([]);
  notify.transition(transition("normal", "unacknowledged"));
  notify.command(command());
  notify.notice({ at: instant(0), about: "flood", id: "demo", event: "began", text: "11 alarms" });
  notify.state({});
  expect(notify.health()).toEqual({ mqtt: null, webhooks: [] });
  await notify.close();
});
