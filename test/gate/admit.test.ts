import { describe, expect, it } from "vitest";
import type { Command, Outcome, ResponseId } from "../../src/core/command.ts";
import type { PointId } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import { admit, barred, interlocksOf, partnersOf } from "../../src/gate/admit.ts";
import type { Book, Step } from "../../src/gate/book.ts";
import { emptyBook, enter, stepsOf } from "../../src/gate/book.ts";
import type { GatePolicy } from "../../src/gate/policy.ts";
import { command, point, policy, start } from "./fixture.ts";

const feeds: readonly PointId[] = [point("pdu-a/outlet[1].state"), point("pdu-b/outlet[1].state")];
const onA = command();
const onB = command({ id: "shed#1/b=0", point: "pdu-b/outlet[1].state" });

function decide(of: Command, at: { book?: Book; rules?: GatePolicy; now?: Instant; token?: number } = {}) {
  const { book = emptyBook(), rules = policy(), now = start, token = 1 } = at;
  return admit(book, rules, { command: of, token, now });
}

function reasonFor(...args: Parameters<typeof decide>): string {
  const admission = decide(...args);
  return admission.is === "refused" ? admission.reason : admission.is;
}

function bookWith(...steps: Parameters<typeof enter>[1][]): Book {
  const book = emptyBook();
  for (const step of steps) enter(book, step);
  return book;
}

const admitted = (of: Command, token = 1) => ({ step: "admitted", at: start, token, command: of }) as const;
const sent = (of: Command, at: Instant = start) => ({ step: "sent", at, id: of.id, readBefore: 1 }) as const;
const outcomeOf = (of: Command): Outcome => ({ command: of.id, at: start, result: "done", detail: "seen" });
const ended = (of: Command) => ({ step: "ended", at: start, expires: of.expires, outcome: outcomeOf(of) }) as const;

describe("what the gate admits", () => {
  it("admits an armed command to an allowed outlet", () => {
    expect(decide(onA)).toEqual({ is: "admitted" });
  });

  it("refuses a token below the highest that it has seen, and leaves the id free", () => {
    const book = bookWith(admitted(onB, 7));
    expect(decide(onA, { book, token: 6 })).toEqual({
      is: "refused",
      reason: "token 6 is stale: 7 has been seen",
      lasting: false,
    });
    expect(decide(onA, { book, token: 7 }).is).toBe("admitted");
  });

  it("gives the earlier outcome again for a command that is over, even after it has expired", () => {
    const book = bookWith(ended(onA));
    expect(decide(onA, { book, now: instant(onA.expires + 1) })).toEqual({ is: "known", outcome: outcomeOf(onA) });
  });

  it("refuses a stale token before it gives an earlier outcome", () => {
    expect(reasonFor(onA, { book: bookWith(admitted(onB, 3), ended(onA)), token: 2 })).toMatch(/stale/);
  });

  it("takes a command issued after an old one of its id had expired for a new decision", () => {
    const later = { ...onA, issued: instant(onA.expires + 1), expires: instant(onA.expires + 10_000) };
    expect(decide(later, { book: bookWith(ended(onA)), now: later.issued }).is).toBe("admitted");
  });

  it("lets a second asker wait with the first", () => {
    expect(decide(onA, { book: bookWith(admitted(onA)) }).is).toBe("joined");
  });

  it("refuses an expired command, and takes one at the instant of its expiry", () => {
    expect(reasonFor(onA, { now: instant(onA.expires + 250) })).toBe("expired 250 ms ago");
    expect(decide(onA, { now: onA.expires }).is).toBe("admitted");
  });

  it("refuses what would stay valid for more than a day", () => {
    expect(reasonFor(command({ expires: instant(start + 25 * 3_600_000) }))).toMatch(/more than a day/);
  });

  it("refuses a response that the site file does not arm", () => {
    expect(reasonFor(command({ response: "drain" }))).toBe("drain is not armed");
  });

  it("refuses a response that a person has disarmed, and says who and why", () => {
    const said = { response: "shed" as ResponseId, by: "operator", why: "electricians in row A", at: start };
    const book = bookWith({ step: "disarmed", ...said });
    expect(reasonFor(onA, { book })).toBe("shed was disarmed by operator: electricians in row A");
    enter(book, { step: "armed", ...said });
    expect(decide(onA, { book }).is).toBe("admitted");
  });

  it("refuses a device that is not on the allow-list, known or not", () => {
    expect(reasonFor(onA, { rules: policy({ allow: new Set(["pdu-b"]) }) })).toBe("pdu-a is not on the allow-list");
    const rules = policy({ allow: new Set(["pdu-z"]) });
    expect(reasonFor(command({ point: "pdu-z/outlet[1].state" }), { rules })).toBe("pdu-z is not known to the gate");
  });

  it("refuses fire equipment even where a site file allows it and a profile has a command", () => {
    expect(reasonFor(command({ point: "asd/smoke.level" }))).toBe("asd is fire equipment, which is only ever read");
  });

  it("refuses points and values that no command of the profile writes", () => {
    expect(reasonFor(command({ point: "pdu-a/outlet[9].state" }))).toBe("pdu-a/outlet[9].state cannot be commanded");
    expect(reasonFor(command({ value: 2 }))).toBe("pdu-a/outlet[1].state cannot be commanded to 2");
  });

  it("refuses more writes in a minute than the site allows, and counts those that are about to be made", () => {
    const rules = policy({ writesPerMinute: 2 });
    const book = bookWith(admitted(onB), sent(onB), ended(onB), admitted(command({ id: "c" })));
    expect(reasonFor(onA, { book, rules })).toBe("more than 2 writes a minute");
    const later = { ...onA, expires: instant(start + 70_000) };
    expect(decide(later, { book, rules, now: instant(start + 60_000) }).is).toBe("admitted");
  });

  describe("of a plan", () => {
    const outlets = Array.from({ length: 2000 }, (_, i) => point(`pdu-${i}/outlet[1].state`));
    const writes = new Map([["outlet[1].state", [0, 1]]]);
    const devices = outlets.map((_, i) => `pdu-${i}`);
    const rules = policy({
      allow: new Set(devices),
      plans: new Map([["shed", new Set(outlets)]]),
      targets: new Map(devices.map((id) => [id, { class: "pdu", writes }])),
      writesPerMinute: 60,
    });
    const opening = (n: number, run = 1, more: Parameters<typeof command>[0] = {}): Command =>
      command({ id: `shed#${run}/${n}`, point: outlets[n]!, ...more });

    /** Admits commands one after the other, each entered as the gate enters it, and sends them. */
    function burst(book: Book, commands: readonly Command[], now: Instant = start): number {
      return commands.filter((of) => {
        const admission = decide(of, { book, rules, now });
        if (admission.is !== "admitted") return false;
        const planned = admission.planned ? { planned: true as const } : {};
        enter(book, { ...admitted(of), at: now, ...planned });
        enter(book, sent(of, now));
        return true;
      }).length;
    }

    it("admits a stage as large as the plan at once, beyond what a minute may have otherwise", () => {
      expect(
        burst(
          emptyBook(),
          outlets.map((_, i) => opening(i)),
        ),
      ).toBe(2000);
    });

    it("counts what comes again within a minute, so that a runaway ends at the site's limit", () => {
      const book = emptyBook();
      const first = outlets.slice(0, 100).map((_, i) => opening(i));
      expect(burst(book, first)).toBe(100);
      for (const of of first) enter(book, ended(of));
      const again = [2, 3, 4].flatMap((run) => first.map((_, i) => opening(i, run)));
      expect(burst(book, again)).toBe(60);
      const minuteLater = instant(start + 60_000);
      const expires = instant(minuteLater + 10_000);
      const next = first.map((_, i) => opening(i, 9, { issued: minuteLater, expires }));
      expect(burst(book, next, minuteLater)).toBe(100);
    });

    it("leaves what a minute may have to what is of no plan, and gives a plan's leave to no other response", () => {
      const book = emptyBook();
      expect(
        burst(
          book,
          outlets.map((_, i) => opening(i)),
        ),
      ).toBe(2000);
      const others = Array.from({ length: 80 }, (_, i) => opening(i, 2, { response: "restore" }));
      expect(burst(book, others)).toBe(60);
    });

    it("is remembered by a ledger that is opened anew", () => {
      const book = emptyBook();
      const first = outlets.slice(0, 70).map((_, i) => opening(i));
      burst(book, first);
      for (const of of first) enter(book, ended(of));
      const reopened = bookWith(...(JSON.parse(JSON.stringify(stepsOf(book))) as Step[]));
      expect(
        burst(
          reopened,
          first.map((_, i) => opening(i, 2)),
        ),
      ).toBe(60);
    });
  });

  it("never opens a protected outlet, and always closes it", () => {
    const rules = policy({ protectedOutlets: new Set([onA.point]) });
    expect(reasonFor(onA, { rules })).toBe("pdu-a/outlet[1].state is never opened");
    expect(decide(command({ value: 1 }), { rules }).is).toBe("admitted");
  });

  it("refuses the second feed of a load while the first is being opened, and after it was", () => {
    const rules = policy({ neverBoth: [feeds] });
    expect(decide(onA, { rules }).is).toBe("admitted");
    expect(reasonFor(onB, { rules, book: bookWith(admitted(onA)) })).toMatch(/would open the last feed/);
    expect(reasonFor(onB, { rules, book: bookWith(admitted(onA), sent(onA), ended(onA)) })).toMatch(/last feed/);
  });

  it("lets the second feed be opened once the gate has closed the first again", () => {
    const close = command({ id: "restore", value: 1 });
    const book = bookWith(admitted(onA), sent(onA), ended(onA), admitted(close), sent(close), ended(close));
    expect(decide(onB, { book, rules: policy({ neverBoth: [feeds] }) }).is).toBe("admitted");
  });
});

describe("what the gate looks at in the moment before a write", () => {
  const rules = policy({ neverBoth: [feeds] });
  const open = { command: onA, token: 1, sentAt: null, readBefore: null };
  const seeing = (...values: [PointId, number | null][]) => ({ now: start, values: new Map(values) });

  it("asks for the other feeds only where an outlet is to be opened", () => {
    expect(partnersOf(rules, onA)).toEqual([feeds[1]]);
    expect(partnersOf(rules, command({ value: 1 }))).toEqual([]);
    expect(partnersOf(policy(), onA)).toEqual([]);
  });

  it("opens a feed only while another is seen to be closed: open and unreadable are the same", () => {
    expect(barred(emptyBook(), rules, open, seeing([feeds[1]!, 1]))).toBeNull();
    expect(barred(emptyBook(), rules, open, seeing([feeds[1]!, 0]))).toMatch(/no other feed/);
    expect(barred(emptyBook(), rules, open, seeing([feeds[1]!, null]))).toMatch(/no other feed/);
    expect(barred(emptyBook(), rules, open, seeing())).toMatch(/no other feed/);
  });

  it("refuses where the precondition does not hold or cannot be read", () => {
    const precondition = { point: point("meter/power.active"), is: "<", value: 4 } as const;
    const wanting = { ...open, command: { ...onA, precondition } };
    const bar = (value: number | null) => barred(emptyBook(), policy(), wanting, seeing([precondition.point, value]));
    expect(bar(3)).toBeNull();
    expect(bar(4)).toBe("the precondition meter/power.active < 4 does not hold: it is 4");
    expect(bar(null)).toBe("the precondition meter/power.active < 4 cannot be read");
  });

  it("checks expiry and arming again", () => {
    expect(barred(emptyBook(), policy(), open, { now: instant(onA.expires + 1), values: new Map() })).toMatch(
      /expired/,
    );
    const book = bookWith({ step: "disarmed", response: onA.response, by: "operator", why: "stop", at: start });
    expect(barred(book, policy(), open, seeing())).toMatch(/disarmed by operator/);
  });
});

describe("an interlock", () => {
  const door = point("door/contact.state");
  const lock = { point: door, is: "=", value: 1, forbids: ["pdu-a"], why: "somebody is at the rack" } as const;
  const rules = policy({ interlocks: [lock] });
  const open = { command: onA, token: 1, sentAt: null, readBefore: null };
  const bar = (value: number | null | undefined, of = onA) =>
    barred(
      emptyBook(),
      rules,
      { ...open, command: of },
      {
        now: start,
        values: new Map(value === undefined ? [] : [[door, value]]),
      },
    );

  it("forbids while it holds and while it cannot be read, and says why", () => {
    expect(bar(0)).toBeNull();
    expect(bar(1)).toBe("the interlock door/contact.state = 1 forbids it: somebody is at the rack");
    expect(bar(null)).toBe("the interlock door/contact.state cannot be read: somebody is at the rack");
    expect(bar(undefined)).toMatch(/cannot be read/);
  });

  it("forbids nothing that it does not name", () => {
    expect(bar(1, onB)).toBeNull();
    expect(interlocksOf(rules, onB)).toEqual([]);
    expect(interlocksOf(rules, onA)).toEqual([lock]);
  });
});

describe("what two people must say yes to", () => {
  const yes = (by: string, what = "shed", at = start) => ({ step: "yes", what, by, why: "agreed", at }) as const;
  const rules = policy({ twoPeople: new Set(["shed"]) });
  const reason = (...steps: readonly Step[]) => reasonFor(onA, { book: bookWith(...steps), rules });

  it("is refused without, with one, and with one who says it twice", () => {
    expect(reason()).toBe("shed needs the yes of two people: nobody has said it");
    expect(reason(yes("Ahn"))).toBe("shed needs the yes of two people: only Ahn has said it");
    expect(reason(yes("Ahn"), yes(" AHN "))).toMatch(/only {2}AHN {2}has said it/);
    expect(reason(yes("Ahn"), yes("Baek", "pdu-a"))).toMatch(/only Ahn/);
  });

  it("is admitted with two, for ten minutes after the first", () => {
    const book = bookWith(yes("Ahn"), yes("Baek", "shed", instant(start + 60_000)));
    const late = { ...onA, expires: instant(start + 3_600_000) };
    expect(decide(late, { book, rules, now: instant(start + 599_999) }).is).toBe("admitted");
    expect(reasonFor(late, { book, rules, now: instant(start + 600_000) })).toMatch(/only Baek/);
  });

  it("may be what is written to, whatever response wants it", () => {
    const marked = policy({ twoPeople: new Set(["pdu-a"]) });
    expect(reasonFor(onA, { rules: marked })).toMatch(/^pdu-a needs the yes/);
    expect(decide(onB, { rules: marked }).is).toBe("admitted");
    expect(decide(onA, { rules: marked, book: bookWith(yes("Ahn", "pdu-a"), yes("Baek", "pdu-a")) }).is).toBe(
      "admitted",
    );
  });
});

describe("what people say to the gate", () => {
  const shed = onA.response;
  const hour = 3_600_000;
  const said = { by: "operator", why: "a drill", at: start } as const;
  const inAnHour = instant(start + hour);
  const late = { ...onA, expires: instant(start + 2 * hour) };

  it("disarms until it says, and then the site file holds again", () => {
    const book = bookWith({ step: "disarmed", response: shed, ...said, until: inAnHour });
    expect(reasonFor(late, { book, now: instant(inAnHour - 1) })).toBe("shed was disarmed by operator: a drill");
    expect(decide(late, { book, now: inAnHour }).is).toBe("admitted");
  });

  it("arms until it says what the file lets people arm, and nothing else", () => {
    const book = bookWith({ step: "armed", response: shed, ...said, until: inAnHour });
    const rules = policy({ armed: new Set(), armable: new Set(["shed"]) });
    expect(reasonFor(late, { rules })).toBe("shed is not armed");
    expect(decide(late, { book, rules }).is).toBe("admitted");
    expect(reasonFor(late, { book, rules, now: inAnHour })).toBe("shed is not armed");
    expect(reasonFor(late, { book, rules: policy({ armed: new Set() }) })).toBe("shed is not armed");
  });

  it("counts as it was said last", () => {
    const rules = policy({ armed: new Set(), armable: new Set(["shed"]) });
    const book = bookWith({ step: "armed", response: shed, ...said, until: inAnHour });
    enter(book, { step: "disarmed", response: shed, ...said });
    expect(reasonFor(late, { book, rules })).toBe("shed is not armed");
  });

  it("refuses everything during maintenance, whatever is armed, and ends by itself or when it is said", () => {
    const book = bookWith({ step: "maintenance", ...said, until: inAnHour });
    expect(reasonFor(late, { book })).toBe("maintenance by operator: a drill");
    expect(
      barred(
        book,
        policy(),
        { command: late, token: 1, sentAt: null, readBefore: null },
        { now: start, values: new Map() },
      ),
    ).toMatch(/maintenance/);
    expect(decide(late, { book, now: inAnHour }).is).toBe("admitted");
    enter(book, { step: "maintenance", ...said, until: start });
    expect(decide(late, { book }).is).toBe("admitted");
  });
});
