import { describe, expect, test } from "vitest";
import { command, judged, notice } from "./held.ts";

const cuts = [
  command("stretch-batteries", "1", 30, "pdu-a1/outlet[7].state=0"),
  command("stretch-batteries", "1", 30, "pdu-b1/outlet[7].state=0"),
  command("stretch-batteries", "2", 50, "pdu-a1/outlet[5].state=0"),
];
const confirmed = (n: number, at: number) =>
  notice("stretch-batteries", at, "confirmed", `${cuts[n]!.point} := ${cuts[n]!.value}: seen`);

describe("a promise about responses", () => {
  test("is held against what the response says of itself", () => {
    const notices = [
      notice("move-tier-0", 5, "counting"),
      notice("move-tier-0", 9, "step", "login"),
      notice("move-tier-0", 70, "done"),
    ];
    expect(judged("response move-tier-0 begun by +9s", { notices })).toBeNull();
    expect(judged("response move-tier-0 begun by +8s", { notices })).toBe("it was begun 1 s too late");
    expect(judged('response move-tier-0 done within 10 s of "the spark"', { notices })).toBeNull();
    expect(judged("response move-tier-0 not stopped", { notices })).toBeNull();
    expect(judged("response move-tier-0 not done", { notices })).toBe("it was done 70 s after the start");
    expect(judged("response drain-site not begun", { notices })).toBeNull();
  });

  test("of a stage is kept when the last of its commands is confirmed, and not before", () => {
    const sentence = "stage 1 of stretch-batteries confirmed by +40s";
    expect(judged(sentence, { commands: cuts, notices: [confirmed(0, 32), confirmed(1, 40)] })).toBeNull();
    expect(judged(sentence, { commands: cuts, notices: [confirmed(0, 32), confirmed(1, 41)] })).toBe(
      "it was confirmed 1 s too late",
    );
    expect(judged(sentence, { commands: cuts, notices: [confirmed(0, 32)] })).toBe(
      "pdu-b1/outlet[7].state := 0 was never confirmed",
    );
    expect(judged(sentence, {})).toBe("it was never ordered");
    expect(judged("stage 2 of stretch-batteries ordered by +50s", { commands: cuts })).toBeNull();
  });

  test("of a service looks at the order and at the move", () => {
    const commands = [command("move-tier-0", "login", 10, "login/service.site=1")];
    const notices = [notice("move-tier-0", 30, "confirmed", "login/service.site := 1: login/service.site = 1")];
    expect(judged("service login ordered by +10s", { commands })).toBeNull();
    expect(judged("service login moved by +30s", { commands, notices })).toBeNull();
    expect(judged("service login moved by +29s", { commands, notices })).toBe("it was confirmed 1 s too late");
    expect(judged("service login moved by +29s", { commands })).toBe("its move was never confirmed");
    expect(judged("service login never ordered", { commands })).toBe("it was ordered 10 s after the start");
    expect(judged("service pay never ordered", { commands })).toBeNull();
    expect(judged("stage login of move-tier-0 confirmed by +30s", { commands, notices })).toBeNull();
  });

  test("of the phase at a time goes by what was said of it last", () => {
    const notices = [
      notice("stretch-batteries", 10, "counting"),
      notice("stretch-batteries", 40, "stage"),
      notice("stretch-batteries", 45, "confirmed"),
      notice("stretch-batteries", 60, "done"),
    ];
    const at = (s: number, word: string) => judged(`response stretch-batteries is ${word} at +${s}s`, { notices });
    expect([at(10, "counting"), at(50, "running"), at(60, "done")]).toEqual([null, null, null]);
    expect(at(39, "running")).toBe("it was counting");
    expect(at(9, "running")).toBe("nothing had been said of it");
  });
});
