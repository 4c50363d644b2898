import { describe, expect, test } from "vitest";
import { command, judged, outcome } from "./held.ts";

const onA = command("stretch-batteries", "1", 10, "pdu-a1/outlet[7].state=0");
const onProtected = command("stretch-batteries", "1", 10, "pdu-b1/outlet[1].state=0");

describe("a promise about what is written", () => {
  test("knows the outlets of a feed and of protected loads", () => {
    const record = { commands: [onA] };
    expect(judged("no command on feed B", record)).toBeNull();
    expect(judged("no command on feed A", record)).toBe("pdu-a1/outlet[7].state := 0 was commanded");
    expect(judged("no command on protected loads", record)).toBeNull();
    expect(judged("no command on protected loads", { commands: [onProtected] })).toMatch(/was commanded$/);
    expect(judged("no command on device pdu-b1", record)).toBeNull();
    expect(judged("no command on device pdu-a1", record)).toMatch(/was commanded$/);
  });

  test("tells a command that the gate refused from a write", () => {
    const refused = { commands: [onA], outcomes: [outcome(onA, "refused")] };
    const failed = { commands: [onA], outcomes: [outcome(onA, "failed")] };
    expect(judged("no commands", refused)).toMatch(/was commanded$/);
    for (const sentence of ["no writes", "no write on feed A", "no write on device pdu-a1", "at most 0 writes"]) {
      expect(judged(sentence, refused), sentence).toBeNull();
      expect(judged(sentence, failed), sentence).not.toBeNull();
    }
    expect(judged("no write on feed A", failed)).toBe("pdu-a1/outlet[7].state := 0 was written");
  });

  test("counts, and sees one outlet switched twice", () => {
    const again = command("stretch-batteries", "2", 40, "pdu-a1/outlet[7].state=1");
    const record = { commands: [onA, onProtected, again] };
    expect(judged("at most 3 commands", record)).toBeNull();
    expect(judged("at most 2 commands", record)).toBe("there were 3");
    expect(judged("no two commands to one outlet within 30 s", record)).toBeNull();
    expect(judged("no two commands to one outlet within 31 s", record)).toBe(
      "pdu-a1/outlet[7].state was commanded twice within 30 s",
    );
  });
});
