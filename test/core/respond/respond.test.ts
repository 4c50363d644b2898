import { describe, expect, test } from "vitest";
import { AssertionError } from "../../../src/core/assert.ts";
import { checkpoint, restore, resume } from "../../../src/core/checkpoint.ts";
import type { Command } from "../../../src/core/command.ts";
import type { ScanOutput } from "../../../src/core/plant.ts";
import type { PointId } from "../../../src/core/reading.ts";
import type { Campaign } from "../../../src/core/respond/campaign.ts";
import type { Response } from "../../../src/core/respond/response.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { LoadSketch, Wiring } from "../feeds.ts";
import { readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, alarmId, bench, good, ids, noticed, order, outcome, point, responseId, site, t0 } from "../fixture.ts";

const said = { by: "operator", why: "drill" } as const;

type Sketch = Partial<Omit<Response, "id" | "after">> & { readonly id?: string; readonly after?: number };

/** Takes everything off UPS A while alarm "go" calls for it. */
const response = ({ id = "shed", after = 0, ...rest }: Sketch = {}): Response => ({
  title: { en: id },
  when: [alarmId("go")],
  ifBlind: "hold",
  mode: "act",
  action: relieving(0, "ups-a"),
  ...rest,
  id: responseId(id),
  after: ms(after),
});

const twoLoads: Readonly<Record<string, LoadSketch>> = {
  one: { kw: 10, is: "batch", on: ["a"] },
  two: { kw: 10, is: "normal", on: ["a"] },
};

interface Rig extends Bench {
  readonly wiring: Wiring;
  campaign(of?: string): Campaign;
  /** A scan in which every meter and contact speaks, and x, on which the alarm hangs. */
  see(after: number, x?: number): ScanOutput;
  /** Does what commands say. */
  obey(commands: readonly Command[]): void;
}

function rig(responses: readonly Response[] = [response()], loads = twoLoads): Rig {
  const wiring = wire(twoFeeds(loads));
  const model = site({ alarms: [alarm("go"), alarm("also", { on: ["y"] })], responses, power: wiring.tree });
  const made = bench(model);
  return Object.assign(made, {
    wiring,
    campaign: (of = responses[0]!.id as string) => made.plant.campaigns.find((c) => c.response === of)!,
    see: (after: number, x = 11) =>
      made.scan(after, { readings: [...readingsOf(wiring, after), good("x", x, after), good("y", 0, after)] }),
    obey: (commands: readonly Command[]) => {
      for (const command of commands) wiring.open.add(command.point);
    },
  });
}

const targets = (output: ScanOutput): readonly PointId[] => output.commands.map((command) => command.point);

describe("a response", () => {
  test("counts down, in sight, before it acts, and acts to the millisecond", () => {
    const r = rig([response({ after: 1000 })]);
    const begun = r.see(0);
    expect(noticed(begun)).toEqual(["counting"]);
    expect(begun.commands).toEqual([]);
    expect(r.campaign()).toMatchObject({
      phase: "counting",
      until: t0 + 1000,
      outlook: { stage: "drop batch", kw: 10 },
    });
    expect(r.scan(999).commands).toEqual([]);
    expect(targets(r.scan(1000))).toEqual(["a.one/outlet"]);
  });

  test("does nothing when its cause goes while it counts", () => {
    const r = rig([response({ after: 1000 })]);
    r.see(0);
    expect(noticed(r.see(500, 5))).toEqual(["stopped"]);
    expect(r.wait(3000).flatMap(({ commands }) => commands)).toEqual([]);
    expect(r.campaign().phase).toBe("idle");
  });

  test("that advises waits for a yes, shows its plan, and then acts", () => {
    const r = rig([response({ mode: "advise" })]);
    const advised = r.see(0);
    expect(noticed(advised)).toEqual(["advised"]);
    expect(advised.notices[0]?.text).toContain("drop batch, 10.0 kW");
    expect(r.see(1000).commands).toEqual([]);
    const approved = r.order(1500, "shed", "approve");
    expect(noticed(approved)).toEqual(["approved", "stage"]);
    expect(targets(approved)).toEqual(["a.one/outlet"]);
  });

  test("that advised forgets its plan when its cause goes", () => {
    const r = rig([response({ mode: "advise" })]);
    r.see(0);
    expect(noticed(r.see(500, 5))).toEqual(["stopped"]);
    expect(noticed(r.order(600, "shed", "approve"))).toEqual(["refused"]);
  });

  test("that observes says what it would have done, once, and writes nothing", () => {
    const r = rig([response({ mode: "observe" })]);
    expect(noticed(r.see(0))).toEqual(["observed"]);
    const later = [r.see(1000), r.order(1001, "shed", "approve"), ...r.wait(60_000)];
    expect(later.flatMap(({ commands }) => commands)).toEqual([]);
    expect(later.flatMap((output) => noticed(output))).toEqual(["refused"]);
  });

  test("plans the next stage only when every command of the former is confirmed, and the meters have settled", () => {
    const r = rig();
    const first = r.see(0);
    expect(targets(first)).toEqual(["a.one/outlet"]);
    expect(r.see(500).commands).toEqual([]);
    r.obey(first.commands);
    expect(noticed(r.see(1000))).toEqual(["confirmed"]);
    expect(r.campaign()).toMatchObject({ until: t0 + 3000, outlook: { stage: "drop normal" } });
    expect(r.see(2999).commands).toEqual([]);
    const second = r.see(3000);
    expect(targets(second)).toEqual(["a.two/outlet"]);
    r.obey(second.commands);
    r.see(4000);
    const done = r.see(6000);
    expect(done.notices.map(({ event, text }) => `${event}: ${text}`)).toEqual(["done: every supply is relieved"]);
    expect(r.campaign().phase).toBe("done");
  });

  test("goes on to the next load when a command is refused, and says why", () => {
    const r = rig();
    const [command] = r.see(0).commands;
    const refused = r.scan(100, { outcomes: [outcome(command!, "refused", 100)] });
    expect(refused.notices).toMatchObject([{ event: "failed", text: "a.one/outlet := 0: refused" }]);
    expect(targets(r.see(2100))).toEqual(["a.two/outlet"]);
  });

  test("gives up a command whose effect is not seen in its time and the gate's, to the millisecond, and takes the next load", () => {
    const r = rig();
    expect(r.see(0).commands[0]).toMatchObject({ issued: t0, expires: t0 + 5000 });
    expect(noticed(r.see(7999))).toEqual([]);
    expect(noticed(r.scan(8000))).toEqual(["failed"]);
    r.see(9000);
    expect(targets(r.see(10_000))).toEqual(["a.two/outlet"]);
  });

  test("that could not do enough says what is left", () => {
    const r = rig([response()], { ...twoLoads, three: { kw: 10, is: "protected", on: ["a"] } });
    for (let after = 0; after < 20_000; after += 500) r.obey(r.see(after).commands);
    expect(r.wiring.open.size).toBe(2);
    expect(r.campaign().phase).toBe("done");
  });

  test("stops between two stages when its cause has gone", () => {
    const r = rig();
    r.obey(r.see(0).commands);
    expect(noticed(r.see(1000, 5))).toEqual(["confirmed", "stopped"]);
    expect(r.see(9000, 5).commands).toEqual([]);
  });

  test("does not begin again while its cause stands, and does when it comes back", () => {
    const r = rig([response({ mode: "observe" })]);
    r.see(0);
    expect(noticed(r.see(1000))).toEqual([]);
    r.see(2000, 5);
    expect(noticed(r.see(3000))).toEqual(["observed"]);
    expect(r.campaign().run).toBe(2);
  });

  test("that has stopped for want of a cause begins anew for one that comes in the very next scan", () => {
    const r = rig([response({ after: 1000 })]);
    r.see(0);
    expect(noticed(r.see(500, 5))).toEqual(["stopped"]);
    expect(noticed(r.see(600))).toEqual(["counting"]);
    expect(targets(r.see(1600))).toEqual(["a.one/outlet"]);
  });

  test("that is done by a person's word begins for an alarm that comes in the very next scan, once, and when its node may act", () => {
    const r = rig([response()], { one: { kw: 10, is: "batch", on: ["a"] } });
    r.see(0, 5);
    r.obey(r.order(100, "shed", "start").commands);
    r.see(1000, 5);
    expect(noticed(r.see(3100, 5))).toEqual(["done"]);
    expect(noticed(r.scan(3200, { leads: false, readings: [good("x", 11, 3200)] }))).toEqual([]);
    expect(noticed(r.see(3300))).toEqual(["done"]);
    expect(noticed(r.see(3400))).toEqual([]);
    expect(r.campaign().run).toBe(2);
  });

  test("that is stopped with a command out begins for an alarm that has gone and come meanwhile, when that is over", () => {
    const r = rig();
    r.see(0);
    r.order(100, "shed", "stop");
    r.see(200, 5);
    expect([r.see(300), r.see(1000)].flatMap(targets)).toEqual([]);
    expect(targets(r.see(8000))).toEqual(["a.one/outlet"]);
  });

  test("that a person stops stays stopped while its cause stands, though none stood when it was started", () => {
    const r = rig();
    r.see(0, 5);
    const { commands } = r.order(100, "shed", "start");
    r.obey(commands);
    r.see(200, 5);
    r.see(300);
    r.order(400, "shed", "stop");
    expect([500, 1000, 9000].flatMap((after) => noticed(r.see(after)))).toEqual([]);
  });
});

describe("a command is confirmed", () => {
  test("only by a reading that is newer than the command", () => {
    const r = rig();
    const [command] = r.see(0).commands;
    r.scan(100, { outcomes: [outcome(command!, "done", 100)] });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
    r.scan(200, { readings: [good("a.one/power", 0, 0)] });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
    r.scan(300, { readings: [good("a.one/power", 0, 1)] });
    expect(r.campaign().sent[0]?.state).toBe("confirmed");
  });

  test("not by a point that has gone silent", () => {
    const r = rig();
    r.see(0);
    r.read(100, { "a.one/power": "deviceFailure" });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
    expect(r.wait(8000).flatMap((output) => noticed(output))).toContain("failed");
  });

  test("not by silence that follows a low reading of before it, nor is the supply called relieved by it", () => {
    const r = rig();
    r.scan(0, { readings: [...readingsOf(r.wiring), good("x", 11)] });
    const silent = ["ups-a/kw", "row-a/kw", "a.one/power", "a.one/closed"];
    r.read(100, Object.fromEntries(silent.map((name) => [name, "deviceFailure" as const])));
    const later = Array.from({ length: 16 }, (_, i) => {
      const after = 1000 * (i + 1);
      const readings = readingsOf(r.wiring, after).filter(({ point: of }) => !silent.includes(of));
      return r.scan(after, { readings: [...readings, good("x", 11, after)] });
    });
    const said = later.flatMap(({ notices }) => notices.map(({ event, text }) => `${event}: ${text}`));
    expect(said[0]).toBe("failed: a.one/outlet := 0: the plant showed no effect in time");
    expect(said.filter((text) => text.includes("confirmed") || text.includes("relieved"))).toEqual([]);
  });

  test("by what the gate read back, where the outlet itself shows the effect", () => {
    const r = rig([response()], { one: { kw: 10, on: ["a"], without: ["power", "closed"] } });
    const [command] = r.see(0).commands;
    expect(command?.expect.point).toBe("a.one/outlet");
    r.scan(100, { outcomes: [outcome(command!, "done", 100, 1)] });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
    r.scan(200, { outcomes: [outcome(command!, "done", 200, 0)] });
    expect(r.campaign().sent[0]?.state).toBe("confirmed");
  });

  test("not by what the gate read back of an outlet where a meter is to show the effect", () => {
    const r = rig();
    const [command] = r.see(0).commands;
    r.scan(100, { outcomes: [outcome(command!, "done", 100, 0)] });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
  });

  test("by nothing that is said of another command", () => {
    const r = rig();
    const [command] = r.see(0).commands;
    r.scan(100, { outcomes: [{ ...outcome(command!, "failed", 100), command: `${command!.id}x` as Command["id"] }] });
    expect(r.campaign().sent[0]?.state).toBe("waiting");
  });
});

describe("who may act", () => {
  test("a node that does not lead commands nothing, and takes over where it stands when it leads", () => {
    const r = rig();
    const follow = { leads: false, readings: [...readingsOf(r.wiring), good("x", 11)] };
    expect(r.scan(0, follow)).toMatchObject({ commands: [], transitions: [{ to: "unacknowledged" }] });
    expect(targets(r.scan(100))).toEqual(["a.one/outlet"]);
  });

  test("a node that lost the lead goes on with nothing, not even a countdown that has run out", () => {
    const r = rig([response({ after: 1000 })]);
    r.see(0);
    expect(r.scan(1000, { leads: false }).commands).toEqual([]);
    expect(targets(r.scan(1100))).toEqual(["a.one/outlet"]);
  });

  test("a node that does not lead refuses to start what a person asks for, and says so", () => {
    const r = rig();
    r.see(0, 5);
    const output = r.scan(100, { leads: false, requests: [order("shed", "start")] });
    expect(output.commands).toEqual([]);
    expect(noticed(output)).toEqual(["refused"]);
  });

  test("a shelved alarm still calls for its response; one that is out of service does not", () => {
    const shelved = rig();
    shelved.ask(0, "go", { kind: "shelve", until: instant(t0 + 60_000), ...said });
    expect(targets(shelved.see(100))).toEqual(["a.one/outlet"]);
    const out = rig();
    out.ask(0, "go", { kind: "outOfService", until: instant(t0 + 60_000), permit: "W-1", ...said });
    expect(out.see(100).commands).toEqual([]);
    expect(targets(out.ask(200, "go", { kind: "returnToService", ...said }))).toEqual(["a.one/outlet"]);
  });

  test.each(["act", "hold"] as const)(
    "a shed takes no load because its alarm is blind, whatever is written: %s",
    (ifBlind) => {
      const r = rig([response({ ifBlind })]);
      r.see(0, 5);
      expect(r.wait(60_000).flatMap(targets)).toEqual([]);
    },
  );

  test("any of its alarms is cause enough", () => {
    const r = rig([response({ when: [alarmId("also"), alarmId("go")] })]);
    expect(targets(r.see(0))).toEqual(["a.one/outlet"]);
  });
});

describe("what a person starts", () => {
  test("runs without an alarm, countdown and all, to its end", () => {
    const r = rig([response({ after: 1000 })]);
    r.see(0, 5);
    expect(noticed(r.order(100, "shed", "start"))).toEqual(["counting"]);
    expect(r.scan(1099).commands).toEqual([]);
    for (let after = 1100; after < 20_000; after += 500) r.obey(r.see(after, 5).commands);
    expect(r.wiring.open.size).toBe(2);
    expect(r.campaign().phase).toBe("idle");
  });

  test("still waits for a yes where the response advises", () => {
    const r = rig([response({ mode: "advise" })]);
    r.see(0, 5);
    r.order(100, "shed", "start");
    expect(r.see(1000, 5).commands).toEqual([]);
    expect(targets(r.order(1001, "shed", "approve"))).toEqual(["a.one/outlet"]);
  });

  test("a person stops, and it stays stopped while the cause stands", () => {
    const r = rig();
    r.see(0);
    expect(noticed(r.order(100, "shed", "stop"))).toEqual(["stopped"]);
    expect([r.see(9000), r.see(20_000)].flatMap(targets)).toEqual([]);
    expect(noticed(r.order(20_001, "shed", "stop"))).toEqual(["refused"]);
  });

  test("is not started twice, nor while commands of its last run are out", () => {
    const r = rig();
    r.see(0);
    expect(noticed(r.order(100, "shed", "start"))).toEqual(["refused"]);
    r.order(200, "shed", "stop");
    const again = r.order(300, "shed", "start");
    expect(noticed(again)).toEqual(["refused"]);
    expect(again.commands).toEqual([]);
  });
});

describe("a restart in the middle of a stage", () => {
  const reborn = (r: Rig): void => {
    r.plant = restore(r.plant.site, JSON.parse(JSON.stringify(checkpoint(r.plant))));
  };

  test("commands nothing twice, and goes on where it was", () => {
    const r = rig();
    const first = r.see(0);
    reborn(r);
    expect(r.see(100).commands).toEqual([]);
    r.obey(first.commands);
    expect(noticed(r.see(200))).toEqual(["confirmed"]);
    reborn(r);
    const second = r.see(2200);
    expect(targets(second)).toEqual(["a.two/outlet"]);
    expect(ids(second.commands)).not.toContain(first.commands[0]!.id);
  });

  test("looks at the plant first, before it calls a command lost or commands another", () => {
    const r = rig();
    r.obey(r.see(0).commands);
    reborn(r);
    resume(r.plant, instant(t0 + 60_000));
    expect(noticed(r.scan(60_000))).toEqual([]);
    expect(noticed(r.see(61_000))).toEqual(["confirmed"]);
    expect(r.see(63_500).commands).toEqual([]);
    r.see(65_000);
    expect(targets(r.see(67_000))).toEqual(["a.two/outlet"]);
  });

  test("gives up what the plant still does not show when it has been looked at", () => {
    const r = rig();
    r.see(0);
    reborn(r);
    resume(r.plant, instant(t0 + 60_000));
    r.see(61_000);
    expect(noticed(r.scan(64_999))).toEqual([]);
    expect(noticed(r.scan(65_000))).toEqual(["failed"]);
  });
});

describe("two responses", () => {
  // A person has said beforehand that all may go dark.
  const accept = "nobody is there to ask";
  const both = [
    response({ id: "first", accept }),
    response({ id: "second", accept, action: relieving(0, "ups-a", "ups-b") }),
  ];

  test("never command one outlet at once, and no stage of either darkens what the other one moves", () => {
    const r = rig(both, { ...twoLoads, dual: { kw: 10, is: "redundant" } });
    const sent = new Map<string, number>();
    for (let after = 0; after < 60_000; after += 500) {
      const { commands } = r.see(after);
      for (const id of targets({ commands, transitions: [], notices: [] })) sent.set(id, (sent.get(id) ?? 0) + 1);
      r.obey(commands);
    }
    expect([...sent.values()].filter((times) => times > 1)).toEqual([]);
    expect(sent.size).toBe(4);
  });

  test("that would move one load from opposite sides leave it lit", () => {
    const toB = response({ id: "first", action: relieving(0, "ups-a") });
    const toA = response({ id: "second", action: relieving(0, "ups-b") });
    const r = rig([toB, toA], { dual: { kw: 10, is: "normal" } });
    expect(targets(r.see(0))).toEqual(["a.dual/outlet"]);
  });

  test("that relieve one supply do not free the same kilowatts twice", () => {
    const action = relieving(10, "ups-a");
    const r = rig([response({ id: "first", action }), response({ id: "second", action })]);
    const begun = r.see(0);
    expect(targets(begun)).toEqual(["a.one/outlet"]);
    r.obey(begun.commands);
    expect([500, 1000, 20_000, 40_000].flatMap((after) => targets(r.see(after)))).toEqual([]);
  });

  test("do not fill the same room: what one is moving counts for the other", () => {
    const half = { kw: 30, is: "normal" } as const;
    const fixed = { kw: 40, is: "protected", on: ["b"] } as const;
    const first = response({ id: "first", action: relieving(20, "ups-a") });
    const r = rig([first, response({ id: "second" })], { one: half, two: half, fixed });
    // B carries 70 kW of 100 rated: there is room for one of two loads that would bring 15 kW each.
    const stages = r.see(0).notices.filter(({ event }) => event === "stage");
    expect(stages.map(({ id, text }) => `${id} ${text}`)).toEqual([
      "first 1: move normal, 15.0 kW over 1 outlets",
      "second 1: drop normal, 15.0 kW over 2 outlets",
    ]);
  });
});

test("a response that fails an assertion is stopped, in sight, and no other", () => {
  const broken = response({ id: "broken", action: relieving(0, "nowhere") });
  const r = rig([broken, response()]);
  r.see(0, 5);
  const output = r.see(50);
  expect(output.notices).toContainEqual(expect.objectContaining({ about: "fault", id: "broken", event: "faulted" }));
  expect(targets(output)).toEqual(["a.one/outlet"]);
  expect(r.campaign("broken").phase).toBe("stopped");
  expect(noticed(r.see(100), "fault")).toEqual([]);
});

test("an error that is no assertion is not swallowed", () => {
  const r = rig();
  const { campaigns } = r.plant;
  campaigns[0] = { ...campaigns[0]!, phase: "running", sent: null as unknown as Campaign["sent"] };
  expect(() => r.see(0)).toThrow(TypeError);
  expect(() => r.see(0)).not.toThrow(AssertionError);
});

test("a command says all that the gate needs: an id that its decision always gets, an absolute value, a life, and what to expect", () => {
  const [one, other] = [rig(), rig()];
  const [command] = one.see(0).commands;
  expect(other.see(0).commands).toEqual([command]);
  expect(one.campaign().sent).toEqual([{ command, stage: "1", state: "waiting", detail: "", darkens: "one" }]);
  expect(command).toEqual({
    id: "shed#1/1/a.one/outlet=0",
    response: "shed",
    point: point("a.one/outlet"),
    value: 0,
    why: "one (batch) goes dark",
    issued: t0,
    expires: t0 + 5000,
    expect: { point: "a.one/power", is: "<", value: 0.05, within: 5000 },
  });
});
