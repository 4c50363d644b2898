import { describe, expect, test } from "vitest";
import type { AlarmId } from "../../src/core/alarm/definition.ts";
import type { Command, CommandId, ResponseId } from "../../src/core/command.ts";
import type { Transition } from "../../src/core/plant.ts";
import { quantities } from "../../src/core/quantity.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant, ms } from "../../src/core/time.ts";
import { eventLine, gapLine, measurementOf } from "../../src/store/line.ts";

describe("the measurement", () => {
  test.each([
    ["battery.temperature", "temperature"],
    ["outlet[3].state", "state"],
    ["outlet[n].power", "power"],
    ["input.voltage[2]", "voltage"],
    ["energy.active", "energy"],
    ["output.load[1]", "load"],
    ["battery.charge", "charge"],
    ["battery.runtime", "duration"],
    ["power.factor", "factor"],
    ["of.a.site", "site"],
    ["", "value"],
  ])("of %s is %s", (quantity, measurement) => expect(measurementOf(quantity)).toBe(measurement));

  test("of every standard quantity is a plain word", () => {
    for (const quantity of Object.keys(quantities)) expect(measurementOf(quantity)).toMatch(/^[a-z][a-z0-9_]*$/);
  });
});

describe("an event as a line", () => {
  const transition: Transition = {
    alarm: "battery_hot" as AlarmId,
    at: instant(5),
    priority: "critical",
    from: "normal",
    to: "unacknowledged",
    because: 'ups-a/battery.temperature = 61 "hot"',
  };
  const command: Command = {
    id: "shed-1" as CommandId,
    response: "shed" as ResponseId,
    point: pointId("pdu-a", "outlet[3].state"),
    value: 0,
    why: "on battery",
    issued: instant(6),
    expires: instant(7),
    expect: { point: pointId("pdu-a", "outlet[3].state"), is: "=", value: 0, within: ms(1000) },
  };

  test("tells an alarm's way from state to state", () => {
    expect(eventLine("s", { kind: "transition", transition })).toBe(
      'alarm_event,site=s,alarm=battery_hot,priority=critical,status=unacknowledged was="normal",because="ups-a/battery.temperature = 61 \\"hot\\"" 5',
    );
  });

  test("does not overwrite the loss of sight with a state of the same instant", () => {
    const lines = [transition, { ...transition, blind: true }].map((t) =>
      eventLine("s", { kind: "transition", transition: t }),
    );
    expect(new Set(lines.map((line) => line.split(" ")[0])).size).toBe(2);
  });

  test("tells a command and what became of it, under the same point", () => {
    const outcome = { command: command.id, at: instant(8), result: "done" as const, detail: "read back", readBack: 0 };
    expect(eventLine("s", { kind: "command", command })).toBe(
      'action_event,site=s,point=pdu-a/outlet[3].state,response=shed,result=planned command="shed-1",detail="on battery",value=0 6',
    );
    expect(eventLine("s", { kind: "outcome", outcome, point: command.point })).toBe(
      'action_event,site=s,point=pdu-a/outlet[3].state,result=done command="shed-1",detail="read back",value=0 8',
    );
  });

  test("leaves out a read-back that there was not", () => {
    const outcome = { command: command.id, at: instant(8), result: "refused" as const, detail: "line one\nline two" };
    expect(eventLine("s", { kind: "outcome", outcome, point: command.point })).toMatch(/detail="line one line two" 8$/);
  });

  test("tells a notice and a gap", () => {
    const notice = { at: instant(9), about: "response" as const, id: "shed", event: "held", text: "blind" };
    expect(eventLine("s", { kind: "notice", notice })).toBe(
      'notice_event,site=s,about=response,id=shed,event=held text="blind" 9',
    );
    expect(gapLine("s", { kind: "gap", at: 4, lines: 12, damaged: 1 })).toBe("spool_gap,site=s lines=12i,damaged=1i 4");
  });
});
