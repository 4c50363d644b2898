import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CommandId, ResponseId } from "../../src/core/command.ts";
import { instant, ms } from "../../src/core/time.ts";
import type { Gate } from "../../src/gate/gate.ts";
import { openGate } from "../../src/gate/gate.ts";
import { memoryLedger } from "../../src/gate/ledger.ts";
import type { Interlock } from "../../src/gate/policy.ts";
import { bench, command, FakeDevice, point, policy, settled, standingClock, start } from "./fixture.ts";

const outlet = "outlet[1].state";
const shed = "shed" as ResponseId;

describe("a command at the gate", () => {
  it("is written once, read back and done", async () => {
    const { gate, a } = bench();
    const outcome = await gate.submit(command(), 1);
    expect(outcome).toMatchObject({ command: command().id, result: "done", readBack: 0 });
    expect(a.orders).toEqual([{ id: command().id, point: outlet, value: 0, expires: command().expires }]);
  });

  it("is done without a write where the plant is so already", async () => {
    const { gate, a, ledger } = bench();
    a.values.set(outlet, 0);
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "done", readBack: 0 });
    expect(a.orders).toEqual([]);
    expect(ledger.book.sends).toEqual([]);
  });

  it("has its earlier outcome given again, and is not done again", async () => {
    const { gate, a } = bench();
    const first = await gate.submit(command(), 1);
    a.values.set(outlet, 1);
    expect(await gate.submit(command(), 2)).toEqual(first);
    expect(a.orders).toHaveLength(1);
  });

  it("sent twice at once is done once, and both askers are told", async () => {
    const { gate, a } = bench();
    const outcomes = await Promise.all([gate.submit(command(), 1), gate.submit(command(), 1)]);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(a.orders).toHaveLength(1);
  });

  it("fails where the device says yes and does nothing", async () => {
    const { gate, a, clock } = bench();
    a.onWrite = () => ({ result: "accepted" });
    const outcome = await gate.submit(command(), 1);
    expect(outcome).toMatchObject({ result: "failed", readBack: 1, detail: `pdu-a/${outlet} reads 1` });
    expect(clock.now()).toBe(start + 10_000);
  });

  it("fails where the outlet reads open and the load still draws power", async () => {
    const { gate } = bench();
    const expect_ = { point: point("meter/power.active"), is: "<", value: 0.05, within: ms(5000) } as const;
    const outcome = await gate.submit(command({ expect: expect_ }), 1);
    expect(outcome).toMatchObject({ result: "failed", readBack: 0 });
    expect(outcome?.detail).toBe(`pdu-a/${outlet} reads 0, meter/power.active reads 5`);
  });

  it("is done when the effect shows late, as long as it shows in time", async () => {
    const { gate, a, clock } = bench();
    a.onWrite = () => ({ result: "accepted" });
    a.onRead = (name) => (name === outlet && clock.now() >= start + 7000 ? 0 : 1);
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "done", readBack: 0 });
    expect(a.orders).toHaveLength(1);
  });

  it("leaves an effect that it cannot see to the core", async () => {
    const { gate } = bench();
    const elsewhere = { point: point("meter-9/power.active"), is: "<", value: 0.05, within: ms(5000) } as const;
    expect(await gate.submit(command({ expect: elsewhere }), 1)).toMatchObject({ result: "done" });
  });

  it("is not sent again where only the answer was lost: reading back tells", async () => {
    const { gate, a } = bench();
    a.onWrite = (order) => {
      a.act(order);
      return { result: "unsure", detail: "no answer in time" };
    };
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "done" });
    expect(a.orders).toHaveLength(1);
  });

  it("is tried again while the device is out of reach, until it expires", async () => {
    const { gate, a } = bench();
    let refusals = 3;
    a.onWrite = (order) => {
      if (refusals-- > 0) return { result: "again", detail: "connection refused" };
      a.act(order);
      return { result: "accepted" };
    };
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "done" });
    expect(a.orders).toHaveLength(4);
    a.onWrite = () => ({ result: "again", detail: "connection refused" });
    const lost = await gate.submit(command({ id: "two", point: "pdu-a/outlet[2].state" }), 1);
    expect(lost).toMatchObject({ result: "failed", detail: "pdu-a could not be written to: connection refused" });
  });

  it("fails at once where the device refuses it", async () => {
    const { gate, a, clock } = bench();
    a.onWrite = () => ({ result: "refused", detail: "Modbus exception 2" });
    expect(await gate.submit(command(), 1)).toMatchObject({
      result: "failed",
      detail: "pdu-a refused: Modbus exception 2",
    });
    expect(clock.now()).toBe(start);
  });

  it("is refused, unwritten, for each reason of admission", async () => {
    const { gate, a, b } = bench({ rules: { writesPerMinute: 1 } });
    const reasons = [
      command({ id: "1", response: "drain" }),
      command({ id: "2", point: "asd/smoke.level" }),
      command({ id: "3", point: "pdu-a/outlet[9].state" }),
      command({ id: "4", expires: instant(start - 1) }),
    ];
    for (const of of reasons) expect((await gate.submit(of, 1))?.result).toBe("refused");
    expect((await gate.submit(command(), 1))?.result).toBe("done");
    expect(await gate.submit(command({ id: "5", point: "pdu-b/outlet[1].state" }), 1)).toMatchObject({
      result: "refused",
      detail: "more than 1 writes a minute",
    });
    expect(a.orders).toHaveLength(1);
    expect(b.orders).toEqual([]);
  });

  it("is refused where its precondition does not hold at the moment of writing", async () => {
    const { gate, a, meter } = bench();
    const precondition = { point: point("meter/power.active"), is: "<", value: 4 } as const;
    meter.values.set("power.active", 4.5);
    expect(await gate.submit(command({ precondition }), 1)).toMatchObject({ result: "refused" });
    expect(a.orders).toEqual([]);
  });

  it("never opens both feeds of a load, in whatever order the two are asked for", async () => {
    const feeds = [point("pdu-a/outlet[1].state"), point("pdu-b/outlet[1].state")];
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const { gate, a, b } = bench({ rules: { neverBoth: [feeds] } });
      const both = order.map((i) => gate.submit(command({ id: `cut-${i}`, point: feeds[i]! }), 1));
      const results = (await Promise.all(both)).map((outcome) => outcome?.result);
      expect(results).toEqual(["done", "refused"]);
      expect(a.values.get(outlet)! + b.values.get(outlet)!).toBe(1);
    }
  });

  it("does not open a feed where somebody else has opened the other, or nobody can see it", async () => {
    const neverBoth = [[point("pdu-a/outlet[1].state"), point("pdu-b/outlet[1].state")]];
    for (const other of [0, null]) {
      const { gate, a, b } = bench({ rules: { neverBoth } });
      b.values.set(outlet, other);
      expect(await gate.submit(command(), 1)).toMatchObject({ result: "refused" });
      expect(a.orders).toEqual([]);
    }
  });

  it("waits for no other device: one that does not answer holds up nobody", async () => {
    const { gate, a, b } = bench();
    a.onRead = () => new Promise<never>(() => undefined);
    void gate.submit(command(), 1);
    expect(await gate.submit(command({ id: "b", point: "pdu-b/outlet[1].state" }), 1)).toMatchObject({
      result: "done",
    });
    expect(b.orders).toHaveLength(1);
  });

  it("decides and writes one after the other on one device", async () => {
    const { gate, a } = bench();
    let writing = 0;
    let most = 0;
    a.onWrite = async (order) => {
      writing += 1;
      most = Math.max(most, writing);
      await settled();
      a.act(order);
      writing -= 1;
      return { result: "accepted" };
    };
    const all = [1, 2, 3, 4].map((n) => gate.submit(command({ id: `c${n}`, point: `pdu-a/outlet[${n}].state` }), 1));
    expect((await Promise.all(all)).map((outcome) => outcome?.result)).toEqual(["done", "done", "done", "done"]);
    expect(most).toBe(1);
    expect(a.orders.map((order) => order.id)).toEqual(["c1", "c2", "c3", "c4"]);
  });

  it("gives way to a later command for the same point", async () => {
    const clock = standingClock();
    const { gate, a } = bench({ clock });
    a.onWrite = () => ({ result: "accepted" });
    const off = gate.submit(command(), 1);
    await settled();
    const on = gate.submit(command({ id: "restore", value: 1 }), 1);
    expect(await off).toMatchObject({ result: "failed", detail: "restore commands the same point" });
    expect(await on).toMatchObject({ result: "done" });
  });
});

describe("leave to write, taken away", () => {
  it("stops commands that have not been written, and refuses new ones, until it is given back", async () => {
    const clock = standingClock();
    const { gate, a } = bench({ clock });
    a.onWrite = () => ({ result: "again", detail: "connection refused" });
    const trying = gate.submit(command(), 1);
    await settled();
    await gate.disarm(shed, "operator", "electricians");
    await clock.advance(300);
    expect(await trying).toMatchObject({ result: "failed", detail: "shed was disarmed by operator: electricians" });
    expect(a.orders).toHaveLength(1);
    expect(await gate.submit(command({ id: "next" }), 1)).toMatchObject({ result: "refused" });
    expect(gate.state()).toMatchObject({ armed: ["restore"], disarmed: [{ response: "shed", by: "operator" }] });
    await gate.arm(shed, "operator", "done");
    a.onWrite = (order) => {
      a.act(order);
      return { result: "accepted" };
    };
    expect(await gate.submit(command({ id: "later" }), 1)).toMatchObject({ result: "done" });
  });

  it("cannot be given at run time to a response that the site file does not arm", async () => {
    const { gate, a } = bench();
    await gate.arm("drain" as ResponseId, "operator", "why not");
    expect(await gate.submit(command({ response: "drain" }), 1)).toMatchObject({ result: "refused" });
    expect(a.orders).toEqual([]);
  });
});

describe("two nodes that both believe they lead", () => {
  it("never both act: the old one's token is refused once the new one's was seen", async () => {
    const { gate, a } = bench();
    await gate.submit(command({ id: "new" }), 2);
    await gate.submit(command({ id: "restore", value: 1 }), 2);
    expect(await gate.submit(command({ id: "old" }), 1)).toMatchObject({ result: "refused", detail: /stale/ as never });
    expect(a.values.get(outlet)).toBe(1);
  });

  it("a refused token leaves the id free for the node that leads", async () => {
    const { gate, a } = bench();
    await gate.submit(command({ id: "b", point: "pdu-b/outlet[1].state" }), 2);
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "refused" });
    expect(await gate.submit(command(), 2)).toMatchObject({ result: "done" });
    expect(a.orders).toHaveLength(1);
  });

  it("a command that still waits is not written once a newer token was seen", async () => {
    const { gate, a } = bench();
    let look: (value: number) => void = () => undefined;
    a.onRead = () => new Promise((resolve) => (look = resolve));
    const old = gate.submit(command(), 1);
    await settled();
    await gate.submit(command({ id: "b", point: "pdu-b/outlet[1].state" }), 2);
    look(1);
    expect(await old).toMatchObject({ result: "refused", detail: "token 1 is stale: 2 has been seen" });
    expect(a.orders).toEqual([]);
  });

  it("the same decision of both is done once, under the newer token", async () => {
    const { gate, a } = bench();
    let look: (value: number) => void = () => undefined;
    a.onRead = () => new Promise((resolve) => (look = resolve));
    const old = gate.submit(command(), 1);
    await settled();
    const now = gate.submit(command(), 2);
    await settled();
    a.onRead = (name) => a.values.get(name) ?? null;
    look(1);
    expect(await now).toMatchObject({ result: "done" });
    expect(await old).toEqual(await now);
    expect(a.orders).toHaveLength(1);
  });
});

describe("a gate that was stopped in the middle", () => {
  const admitted = { step: "admitted", at: start, token: 1, command: command() } as const;
  const sent = { step: "sent", at: start, id: command().id, readBefore: 1 } as const;

  it("writes an admitted command that it had not sent", async () => {
    const ledger = memoryLedger();
    await ledger.append([admitted]);
    const { a, resumed } = bench({ ledger });
    await settled();
    expect(resumed).toMatchObject([{ result: "done" }]);
    expect(a.orders).toHaveLength(1);
  });

  it("writes nothing where the device shows that the sent command arrived", async () => {
    const ledger = memoryLedger();
    await ledger.append([admitted, sent]);
    const a = new FakeDevice({ [outlet]: 0 });
    const { resumed } = bench({ ledger, actuators: new Map([["pdu-a", a]]) });
    await settled();
    expect(resumed).toMatchObject([{ result: "done", readBack: 0 }]);
    expect(a.orders).toEqual([]);
  });

  it("writes again where the device shows that it did not", async () => {
    const ledger = memoryLedger();
    await ledger.append([admitted, sent]);
    const { a, resumed } = bench({ ledger });
    await settled();
    expect(resumed).toMatchObject([{ result: "done" }]);
    expect(a.orders).toHaveLength(1);
  });

  it("only looks, where a second order would be a second deed, and says so", async () => {
    for (const [shown, result, detail] of [
      [0, "done", /reads 0$/],
      [1, "failed", /reads 1; it was sent once, and is not sent twice$/],
    ] as const) {
      const ledger = memoryLedger();
      await ledger.append([admitted, sent]);
      const a = Object.assign(new FakeDevice(), { once: true });
      const { resumed } = bench({ ledger, actuators: new Map([["pdu-a", a]]) });
      await nextTurn();
      a.values.set(outlet, shown);
      for (let i = 0; i < 10; i += 1) await settled();
      expect(resumed).toMatchObject([{ result, detail: expect.stringMatching(detail) }]);
      expect(a.orders).toEqual([]);
    }
  });

  it("waits for a device that cannot be read, and gives up when the command expires", async () => {
    const ledger = memoryLedger();
    await ledger.append([admitted, sent]);
    const clock = standingClock();
    const { a, resumed } = bench({ ledger, clock });
    a.onRead = () => null;
    for (let i = 0; i < 15; i += 1) await clock.advance(1000);
    expect(resumed).toMatchObject([{ result: "failed" }]);
    expect(a.orders).toEqual([]);
  });

  it("does not write again what has expired, what was disarmed or what a later command has overtaken", async () => {
    const said = { response: shed, by: "operator", why: "stop", at: start } as const;
    const restore = command({ id: "restore", response: "restore", value: 1 });
    const late = standingClock();
    await late.advance(20_000);
    const cases = [
      { steps: [admitted, sent], clock: late },
      { steps: [admitted, sent, { step: "disarmed", ...said } as const] },
      { steps: [admitted, sent, { step: "admitted", at: start, token: 1, command: restore } as const] },
    ];
    for (const { steps, ...over } of cases) {
      const ledger = memoryLedger();
      await ledger.append(steps);
      const { a, resumed } = bench({ ledger, ...over });
      await settled();
      expect(resumed.find((outcome) => outcome.command === command().id)?.result).toBe("failed");
      expect(a.orders).toEqual([]);
    }
  });

  it("takes a command that comes again while it is being resumed for the same one", async () => {
    const ledger = memoryLedger();
    await ledger.append([admitted, sent]);
    const { gate, a } = bench({ ledger });
    expect(await gate.submit(command(), 2)).toMatchObject({ result: "done" });
    expect(a.orders).toHaveLength(1);
  });

  it("leaves open commands open when it is closed, and says so by saying nothing", async () => {
    const ledger = memoryLedger();
    const { gate, a } = bench({ ledger, clock: standingClock() });
    a.onWrite = () => ({ result: "accepted" });
    const outcome = gate.submit(command(), 1);
    await settled();
    await gate.close();
    expect(await outcome).toBeNull();
    expect([...ledger.book.open.keys()]).toEqual([command().id]);
    expect(await gate.submit(command({ id: "after" }), 1)).toBeNull();
  });
});

describe("what keeps an armed command from being written", () => {
  it("is an interlock, read in the moment of the write", async () => {
    const lock = {
      point: point("meter/power.active"),
      is: ">",
      value: 4,
      forbids: ["pdu-a"],
      why: "it carries the hall",
    };
    const { gate, a, meter } = bench({ rules: { interlocks: [lock as Interlock] } });
    expect(await gate.submit(command(), 1)).toMatchObject({
      result: "refused",
      detail: "the interlock meter/power.active > 4 forbids it: it carries the hall",
    });
    meter.values.delete("power.active");
    expect(await gate.submit(command({ id: "unseen" }), 1)).toMatchObject({
      detail: expect.stringMatching(/cannot be read/),
    });
    expect(a.orders).toEqual([]);
    meter.values.set("power.active", 3);
    expect(await gate.submit(command({ id: "now" }), 1)).toMatchObject({ result: "done" });
  });

  it("is the lack of two people's yes, which is kept in the ledger and shown", async () => {
    const { gate, a, ledger } = bench({ rules: { twoPeople: new Set(["shed"]) } });
    await gate.sayYes("shed", "Ahn", "smoke is seen");
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "refused" });
    expect(a.orders).toEqual([]);
    await gate.sayYes("shed", "Baek", "agreed");
    expect(gate.state().twoPeople).toMatchObject([{ what: "shed", yes: [{ by: "Ahn" }, { by: "Baek" }] }]);
    expect(ledger.book.yes.get("shed")).toHaveLength(2);
    expect(await gate.submit(command({ id: "again" }), 1)).toMatchObject({ result: "done" });
    await expect(gate.sayYes("restore", "Ahn", "why not")).rejects.toThrow("gate.twoPeople does not name it");
  });
});

describe("what is said while a write is being tried again", () => {
  it("ends it: maintenance, and the end of an arming", async () => {
    const armable = { armed: new Set<string>(), armable: new Set(["shed"]) };
    const ways = [
      { rules: {}, says: (gate: Gate) => gate.maintain("shift lead", "a new PDU", 60_000), detail: /^maintenance by/ },
      { rules: armable, says: () => Promise.resolve(), detail: /is not armed/ },
    ];
    for (const { rules, says, detail } of ways) {
      const { gate, a } = bench({ rules });
      a.onWrite = async () => {
        await says(gate);
        return { result: "again", detail: "busy" };
      };
      await gate.arm(shed, "shift lead", "a drill", 2000);
      const outcome = gate.submit(command(), 1);
      expect(await outcome).toMatchObject({ result: "failed", detail: expect.stringMatching(detail) });
      expect(a.effects).toEqual([]);
    }
  });
});

describe("a gate whose disk fails", () => {
  it("writes to no device what it could not write down", async () => {
    const ledger = memoryLedger();
    const broken = {
      ...ledger,
      append: (steps: Parameters<typeof ledger.append>[0]) =>
        steps[0]?.step === "sent" ? Promise.reject(new Error("no space left")) : ledger.append(steps),
    };
    const { gate, a } = bench({ ledger: broken });
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "failed", detail: "no space left" });
    expect(a.orders).toEqual([]);
  });

  it("refuses everything once its ledger is broken, and says why", async () => {
    const ledger = { ...memoryLedger(), broken: () => "the ledger cannot be written: no space left" };
    const { gate, a } = bench({ ledger });
    expect(await gate.submit(command(), 1)).toMatchObject({ result: "refused", detail: ledger.broken() });
    expect(gate.state().broken).toBe(ledger.broken());
    expect(a.orders).toEqual([]);
  });
});

it("a site that arms nothing has no path to a write", async () => {
  const a = new FakeDevice();
  const ledger = memoryLedger();
  const rules = policy({ armed: new Set() });
  const gate = openGate({ policy: rules, ledger, clock: standingClock(), actuators: new Map([["pdu-a", a]]) });
  for (let n = 1; n <= 4; n += 1) {
    const id = `c${n}` as CommandId;
    expect(await gate.submit(command({ id, point: `pdu-a/outlet[${n}].state` }), n)).toMatchObject({
      result: "refused",
    });
  }
  expect(a.orders).toEqual([]);
});
