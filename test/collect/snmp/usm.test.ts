import { describe, expect, test } from "vitest";
import { LineFault } from "../../../src/collect/line.ts";
import { Malformed } from "../../../src/collect/snmp/ber.ts";
import { getQuestion, readAnswer } from "../../../src/collect/snmp/pdu.ts";
import { readSecured } from "../../../src/collect/snmp/secure.ts";
import { UsmWrapping } from "../../../src/collect/snmp/usm.ts";
import type { SnmpUser } from "../../../src/profiles/link.ts";
import { OID, USER } from "./fixture.ts";
import { ENGINE, type Said, SecuredAgent } from "./secured.ts";

const NUMBER = 0x0123_4567;
const question = getQuestion([OID]);
const FIVE = Buffer.of(2, 1, 5);
const OTHER_ENGINE = Buffer.from("80001f8880ffffffffffffffff", "hex");
const plain = { level: "noAuthNoPriv" } as const;
const flagsOf = (request: Buffer): number => readSecured(request).flags & 3;

/** A user who has met the agent. */
function met(user: SnmpUser = USER) {
  const agent = new SecuredAgent(user);
  const usm = new UsmWrapping(user);
  usm.wrap(question, NUMBER);
  expect(usm.unwrap(agent.report(4, { number: NUMBER, ...plain, user: "" }))).toBe("again");
  const request = (): Buffer => Buffer.from(usm.wrap(question, NUMBER));
  const answer = (said: Partial<Said> = {}): Buffer => agent.answer(question, [FIVE], { number: NUMBER, ...said });
  const hears = (said: Partial<Said> = {}): unknown => valueOf(usm.unwrap(answer(said)));
  return { agent, usm, request, answer, hears };
}

function valueOf(unwrapped: ReturnType<UsmWrapping["unwrap"]>): unknown {
  if (unwrapped === "again" || unwrapped instanceof LineFault) return unwrapped;
  return readAnswer(unwrapped.reader, unwrapped.end, question).varbinds[0]?.value;
}

describe("a user of SNMPv3", () => {
  test("says nothing of himself, and nothing of what he wants, to an agent that he has not met", () => {
    const first = Buffer.from(new UsmWrapping(USER).wrap(question, NUMBER));
    expect(flagsOf(first)).toBe(0);
    expect(readSecured(first)).toMatchObject({ user: Buffer.alloc(0), authority: Buffer.alloc(0) });
    expect(first.includes(Buffer.from(question.wires[0]!))).toBe(false);
    expect(first.includes("haechi")).toBe(false);
  });

  test("asks an agent that he has met with all the protection of his level, by the agent's clock", () => {
    const request = met().request();
    expect(flagsOf(request)).toBe(3);
    expect(readSecured(request)).toMatchObject({ authority: ENGINE, time: { boots: 7, seconds: 1000 } });
    expect(request.includes(Buffer.from(question.wires[0]!))).toBe(false);
  });

  test.each<[string, SnmpUser]>([
    ["authPriv", USER],
    ["authNoPriv", { ...USER, level: "authNoPriv" }],
    ["noAuthNoPriv", { name: "haechi", level: "noAuthNoPriv" }],
  ])("takes an answer at his level, %s", (_, user) => {
    expect(met(user).hears()).toBe(5);
  });

  test.each<[string, Partial<Said>]>([
    ["without authentication", plain],
    ["without privacy", { level: "authNoPriv" }],
    ["of another engine", { engine: OTHER_ENGINE }],
    ["in the context of another engine", { context: OTHER_ENGINE }],
    ["for another user", { user: "nobody" }],
    ["for another user, and unprotected", { ...plain, user: "nobody" }],
  ])("refuses an answer %s", (_, said) => {
    expect(() => met().hears(said)).toThrow(Malformed);
  });

  test("refuses more protection than he can look through", () => {
    const guest = met({ name: "haechi", level: "noAuthNoPriv" });
    const answer = met().answer();
    expect(() => guest.usm.unwrap(answer)).toThrow(Malformed);
  });

  test("refuses an answer in which any one bit is another", () => {
    const { usm, answer, hears } = met();
    const good = answer();
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const bad = Buffer.from(good);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => usm.unwrap(bad), `bit ${bit}`).toThrow(Malformed);
    }
    expect(hears()).toBe(5);
  });

  test("refuses what is older than the window, or of an earlier boot, and takes what is younger", () => {
    const { hears } = met();
    expect(hears({ seconds: 1000 })).toBe(5);
    expect(hears({ seconds: 870 })).toBe(5);
    expect(() => hears({ seconds: 800 })).toThrow("an answer from outside the time window");
    expect(hears({ seconds: 5000 })).toBe(5);
    expect(() => hears({ seconds: 1000 })).toThrow("an answer from outside the time window");
    expect(hears({ boots: 8, seconds: 1 })).toBe(5);
    expect(() => hears({ boots: 7, seconds: 6000 })).toThrow("an answer from outside the time window");
  });

  test("sets his clock by an authentic report, and asks again by it", () => {
    const { agent, usm, request, hears } = met();
    expect(hears()).toBe(5);
    const report = agent.report(2, { number: NUMBER, boots: 9, seconds: 3, level: "authNoPriv" });
    expect(usm.unwrap(report)).toBe("again");
    expect(readSecured(request()).time).toEqual({ boots: 9, seconds: 3 });
    expect(flagsOf(request())).toBe(3);
  });

  test("believes no time that nothing proves, but finds the agent out anew", () => {
    const { agent, usm, request, hears } = met();
    expect(hears()).toBe(5);
    expect(usm.unwrap(agent.report(2, { number: NUMBER, boots: 9, ...plain }))).toBe("again");
    expect(readSecured(request()).authority).toHaveLength(0);
  });

  test("finds an agent out anew whose clock went back, as some do that restart without counting it", () => {
    const { agent, usm, request, hears } = met();
    expect(hears({ seconds: 90_000 })).toBe(5);
    expect(usm.unwrap(agent.report(2, { number: NUMBER, seconds: 3, level: "authNoPriv" }))).toBe("again");
    expect(readSecured(request()).authority).toHaveLength(0);
    expect(usm.unwrap(agent.report(4, { number: NUMBER, seconds: 4, ...plain }))).toBe("again");
    expect(hears({ seconds: 5 })).toBe(5);
  });

  test("bears any name", () => {
    const name = "n".repeat(2000);
    const { request, hears } = met({ ...USER, name });
    expect(readSecured(request()).user.toString()).toBe(name);
    expect(hears()).toBe(5);
  });

  test("does not set his clock by a report with a wrong digest", () => {
    const { agent, usm, request } = met();
    const report = agent.report(2, { number: NUMBER, boots: 9, level: "authNoPriv" });
    report[report.length - 1]! ^= 1;
    expect(() => usm.unwrap(report)).toThrow("an answer with a wrong digest");
    expect(readSecured(request()).time.boots).toBe(7);
  });

  test("goes over to the engine that stands in the agent's place", () => {
    const { usm, request } = met();
    const other = new SecuredAgent(USER, OTHER_ENGINE);
    expect(usm.unwrap(other.report(4, { number: NUMBER, ...plain }))).toBe("again");
    expect(readSecured(request()).authority).toEqual(OTHER_ENGINE);
    expect(valueOf(usm.unwrap(other.answer(question, [FIVE], { number: NUMBER })))).toBe(5);
  });

  test("is told in words what no repetition would help against", () => {
    const { agent, usm } = met();
    const fault = usm.unwrap(agent.report(3, { number: NUMBER, ...plain }));
    expect(fault).toBeInstanceOf(LineFault);
    expect(fault).toMatchObject({ kind: "broken", reason: "configuration" });
  });

  test("has a way to ask without privacy, as long as he has not been understood with it", () => {
    const { usm, hears } = met();
    expect(new UsmWrapping(USER).withoutPrivacy()).toBeNull();
    expect(usm.withoutPrivacy()).not.toBeNull();
    hears();
    expect(usm.withoutPrivacy()).toBeNull();
    expect(met({ ...USER, level: "authNoPriv" }).usm.withoutPrivacy()).toBeNull();
  });
});
