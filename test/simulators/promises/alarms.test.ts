import { describe, expect, test } from "vitest";
import { judged, raised, transition } from "./held.ts";

describe("a promise about alarms", () => {
  test("by a time: kept at it, and broken by how much later it came", () => {
    const sentence = "alarm utility-lost raised by 09:01:00";
    expect(judged(sentence, { transitions: [raised("utility-lost", 60)] })).toBeNull();
    expect(judged(sentence, { transitions: [raised("utility-lost", 63)] })).toBe("it was raised 3 s too late");
    expect(judged(sentence, { transitions: [raised("ups-a-lost", 6)] })).toBe("it was never raised");
  });

  test("before a time: broken at it", () => {
    const sentence = "alarm utility-lost raised before 09:01";
    expect(judged(sentence, { transitions: [raised("utility-lost", 59.999)] })).toBeNull();
    expect(judged(sentence, { transitions: [raised("utility-lost", 60)] })).toBe("it was raised 0.001 s too late");
  });

  test("within a time of a label or of another alarm, which must have come first", () => {
    const ofLabel = 'alarm utility-lost raised within 30 s of "the spark"';
    expect(judged(ofLabel, { transitions: [raised("utility-lost", 90)] })).toBeNull();
    expect(judged(ofLabel, { transitions: [raised("utility-lost", 59)] })).toBe("it was raised only before that");
    const ofAlarm = "alarm utility-lost normal within 10 s of ups-a-lost";
    const normal = transition("utility-lost", 100, "normal");
    expect(judged(ofAlarm, { transitions: [normal] })).toBe("ups-a-lost was never raised");
    expect(judged(ofAlarm, { transitions: [raised("ups-a-lost", 95), normal] })).toBeNull();
  });

  test("of sight and of people: blind, seeing, acknowledged", () => {
    const transitions = [
      transition("utility-lost", 10, "normal", { blind: true }),
      transition("utility-lost", 20, "normal", { blind: false }),
      transition("utility-lost", 40, "latchedAcknowledged"),
    ];
    for (const what of ["blind by +10s", "seeing by +20s", "acknowledged by +40s"])
      expect(judged(`alarm utility-lost ${what}`, { transitions })).toBeNull();
    expect(judged("alarm utility-lost blind by +9s", { transitions })).toBe("it was blind 1 s too late");
  });

  test("that there be none is broken by the first", () => {
    const transitions = [raised("utility-lost", 5)];
    expect(judged("no alarms", {})).toBeNull();
    expect(judged("no alarms", { transitions })).toBe("utility-lost went normal → unacknowledged");
    for (const sentence of ["no alarm utility-lost", "alarm utility-lost never raised"]) {
      expect(judged(sentence, { transitions })).toBe("it was raised 5 s after the start");
      expect(judged(sentence, { transitions: [transition("utility-lost", 5, "suppressedByDesign")] })).toBeNull();
    }
  });

  test("that there be few counts the worst span wherever it lies, and its two ends", () => {
    const transitions = [0, 100, 101, 102, 161].map((at) => raised("utility-lost", at));
    expect(judged("at most 4 primary alarms in any 61s", { transitions })).toBeNull();
    expect(judged("at most 3 primary alarms in any 61s", { transitions })).toMatch(/^there were 4: utility-lost, /);
    expect(judged("at most 3 primary alarms in any 60s", { transitions })).toBeNull();
    expect(judged("at most 3 primary alarms from 09:01:40 to 09:01:42", { transitions })).toBeNull();
    expect(judged("at most 2 primary alarms from 09:01:40 to 09:01:42", { transitions })).toMatch(/^there were 3/);
    expect(judged("alarm utility-lost raised at most 4 times", { transitions })).toBe("it was raised 5 times");
  });

  test("between two times: kept at both ends, and told on which side it was missed", () => {
    const sentence = "alarm utility-lost raised between 09:01:00 and 09:01:05";
    for (const at of [60, 65]) expect(judged(sentence, { transitions: [raised("utility-lost", at)] })).toBeNull();
    expect(judged(sentence, { transitions: [raised("utility-lost", 66)] })).toBe("it was raised 1 s too late");
    expect(judged(sentence, { transitions: [raised("utility-lost", 59)] })).toBe("it was raised only before that");
    expect(judged(sentence, {})).toBe("it was never raised");
  });

  test("of how it stands at a time goes by the last that is known of it until then", () => {
    const transitions = [
      raised("utility-lost", 10),
      transition("utility-lost", 20, "acknowledged"),
      transition("utility-lost", 30, "acknowledged", { blind: true }),
      transition("utility-lost", 40, "normal", { blind: false }),
    ];
    const at = (s: number, word: string) => judged(`alarm utility-lost is ${word} at +${s}s`, { transitions });
    expect([at(9, "normal"), at(10, "active"), at(10, "unacknowledged"), at(20, "acknowledged")]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(at(29, "seeing")).toBeNull();
    expect(at(30, "blind")).toBeNull();
    expect(at(30, "active")).toBeNull();
    expect(at(40, "blind")).toBe("it was seeing");
    expect(at(40, "active")).toBe("it was normal");
  });
});
