import { describe, expect, test } from "vitest";
import type { AlarmDefinition } from "../../../src/core/alarm/definition.ts";
import { checkpoint, restore } from "../../../src/core/checkpoint.ts";
import type { DetectorSpec } from "../../../src/core/detect/index.ts";
import { explain } from "../../../src/core/explain.ts";
import type { Response } from "../../../src/core/respond/response.ts";
import { ms } from "../../../src/core/time.ts";
import { readingsOf, relieving, twoFeeds, wire } from "../feeds.ts";
import type { Bench } from "../fixture.ts";
import { alarm, bench, doubtful, good, point, responseId, site, told } from "../fixture.ts";

const below = (limit: number): DetectorSpec => ({ kind: "limit", side: "below", limit, deadband: 0 });
const witness = { point: point("pdu-a/input.voltage"), is: "<", value: 50 } as const;

/** UPS A's supply is lost, by its own card. */
const lost = alarm("ups-a-lost", { on: ["ups-a/input.voltage"], detect: below(100) });
/** Its card is silent and the board below it is dead: two signs, of two devices. */
const gone: AlarmDefinition = {
  ...alarm("ups-a-gone", { need: 2 }),
  channels: [
    { point: point("ups-a/input.voltage"), detect: { kind: "stale" } },
    { point: witness.point, detect: below(50) },
  ],
};

const wiring = wire(twoFeeds({ one: { kw: 10, is: "batch", on: ["a"] } }));

function rig(sketch: Partial<Response>, alarms: readonly AlarmDefinition[] = [lost]): Bench {
  const response: Response = {
    id: responseId("shed"),
    title: { en: "shed" },
    when: alarms.map(({ id }) => id),
    ifBlind: "act",
    mode: "act",
    after: ms(0),
    action: relieving(0, "ups-a"),
    ...sketch,
  };
  const points = { "pdu-a/input.voltage": { maxAge: ms(3000), unit: "V" } };
  return bench(site({ alarms, responses: [response], power: wiring.tree, points }));
}

/** The plant's meters speak; so do these. */
const see = (b: Bench, after: number, ...said: readonly (readonly [string, number])[]) =>
  b.scan(after, { readings: [...readingsOf(wiring, after), ...said.map(([name, value]) => good(name, value, after))] });

const card = (volts: number) => ["ups-a/input.voltage", volts] as const;
const board = (volts: number) => ["pdu-a/input.voltage", volts] as const;
const events = (output: ReturnType<Bench["scan"]>): readonly string[] =>
  output.notices.map(({ event, text }) => `${event}: ${text}`);

/** The card speaks once and is silent from then on; the board says this until the end. */
function afterDeath(b: Bench, volts: number | null) {
  see(b, 0, card(400), board(230));
  return [1000, 2000, 3001, 4000, 5000, 6000, 7000, 8000].map((after) =>
    see(b, after, ...(volts === null ? [] : [board(volts)])),
  );
}

const lacking = "unwitnessed: nothing is done: ups-a-lost is blind, and no second witness says so: ";

describe("a management card that falls silent", () => {
  test("is announced, and takes no load: the board below it is seen to be alive", () => {
    const outputs = afterDeath(rig({ witness: [witness] }), 230);
    expect(outputs.flatMap(told)).toEqual(["ups-a-lost: normal → normal, blind"]);
    expect(outputs.flatMap(events)).toEqual([`${lacking}pdu-a/input.voltage < 50 V (seen not to be so)`]);
    expect(outputs.flatMap(({ commands }) => commands)).toEqual([]);
  });

  test("takes load beside a witness that power is gone, and the command says who it was", () => {
    const outputs = afterDeath(rig({ witness: [witness] }), 0);
    const [command] = outputs.flatMap(({ commands }) => commands);
    expect(command).toMatchObject({ point: "a.one/outlet", value: 0 });
    expect(outputs.flatMap(events)[0]).toMatch(/^stage: /);
  });

  test("takes no load where the witness is silent as well, and says that", () => {
    const outputs = afterDeath(rig({ witness: [witness] }), null);
    expect(outputs.flatMap(({ commands }) => commands)).toEqual([]);
    expect(outputs.flatMap(events)).toEqual([`${lacking}pdu-a/input.voltage < 50 V (not seen)`]);
  });

  test("takes no load where the witness is in doubt, which is said anew when it is another reason", () => {
    const b = rig({ witness: [witness] });
    afterDeath(b, 230);
    const unsure = b.scan(8500, { readings: [doubtful("pdu-a/input.voltage", 0, 8500)] });
    expect(unsure.commands).toEqual([]);
    expect(events(unsure)).toEqual([`${lacking}pdu-a/input.voltage < 50 V (in doubt)`]);
    expect(events(see(b, 9000, board(0)))[0]).toMatch(/^stage: /);
  });

  test("takes no load on the word of the same device, nor where there is no witness at all", () => {
    const own = { point: point("ups-a/output.power"), is: "<", value: 1 } as const;
    for (const some of [{ witness: [own] }, {}]) {
      const outputs = afterDeath(rig(some), 0);
      expect(outputs.flatMap(({ commands }) => commands)).toEqual([]);
      expect(outputs.flatMap(events)).toEqual([`${lacking}it has none`]);
    }
  });

  test("needs no witness for what an alarm saw before it: the alarm stands, and calls", () => {
    const b = rig({ ifBlind: "hold", after: ms(5000) });
    see(b, 0, card(0));
    const later = [1000, 2000, 3001, 4000, 5000].flatMap((after) => see(b, after).commands);
    expect(later).toHaveLength(1);
  });

  test("stops a countdown whose witness is gone, and begins anew beside one", () => {
    const b = rig({ witness: [witness], after: ms(2000) });
    see(b, 0, card(400), board(230));
    see(b, 3001, board(0));
    expect(events(see(b, 4000, board(230)))).toEqual([
      `${lacking}pdu-a/input.voltage < 50 V (seen not to be so)`,
      "stopped: its cause has gone; nothing more is done",
    ]);
    see(b, 4500, board(230));
    expect(events(see(b, 5000, board(0)))).toEqual([
      "counting: ups-a-lost is blind, and pdu-a/input.voltage < 50 V: begins in 2 s",
    ]);
    expect(see(b, 7000, board(0)).commands).toHaveLength(1);
  });

  test("says after a restart what it lacks once, and why when it is asked", () => {
    const b = rig({ witness: [witness] });
    afterDeath(b, 230);
    b.plant = restore(b.plant.site, JSON.parse(JSON.stringify(checkpoint(b.plant))));
    expect(events(see(b, 8100, board(230)))).toEqual([]);
    expect(explain(b.plant, "ups-a-lost")?.next).toMatchObject([
      { called: false, lacks: expect.stringContaining("no second witness says so") },
    ]);
  });

  test("moves services without a witness where the file says so, and with one only where it names one", () => {
    const step = { id: "db", title: {}, point: point("db/at"), value: 1, needs: [], within: ms(1000), retries: 0 };
    const action = { kind: "failover", steps: [{ ...step, ifFailed: "stop" }] } as const;
    const writes = (sketch: Partial<Response>) => afterDeath(rig(sketch), 230).flatMap(({ commands }) => commands);
    expect(writes({ action })).toHaveLength(1);
    expect(writes({ action, witness: [witness] })).toEqual([]);
  });
});

describe("what called for a response", () => {
  test("is the alarm that is seen or blind, in the record of it", () => {
    const seen = rig({ ifBlind: "hold", after: ms(5000) });
    see(seen, 0, card(0));
    expect(seen.plant.campaigns[0]).toMatchObject({ phase: "counting", startedBy: "ups-a-lost" });
    const step = { id: "db", title: {}, point: point("db/at"), value: 1, needs: [], within: ms(1000), retries: 0 };
    const blind = rig({ action: { kind: "failover", steps: [{ ...step, ifFailed: "stop" }] } });
    afterDeath(blind, 230);
    expect(blind.plant.campaigns[0]).toMatchObject({ startedBy: "ups-a-lost" });
  });

  test("is any of its alarms, and not only the first", () => {
    const other = alarm("other", { on: ["other/x"] });
    const b = rig({ ifBlind: "hold" }, [lost, other]);
    const output = see(b, 0, card(400), ["other/x", 11]);
    expect(output.commands).toHaveLength(1);
  });

  test("is no blind alarm where that is to hold, whatever a witness says", () => {
    const outputs = afterDeath(rig({ ifBlind: "hold", witness: [witness] }), 0);
    expect(outputs.flatMap(({ commands }) => commands)).toEqual([]);
    expect(outputs.flatMap(events)).toEqual([]);
  });

  test("lacks every witness of several, each with what is seen of it", () => {
    const second = { point: point("row-a/kw"), is: "<", value: 1 } as const;
    const outputs = afterDeath(rig({ witness: [witness, second] }), null);
    expect(outputs.flatMap(events)).toEqual([
      `${lacking}pdu-a/input.voltage < 50 V (not seen), row-a/kw < 1 (seen not to be so)`,
    ]);
  });
});

describe("silence and a dead board in one vote", () => {
  const play = (volts: number | null) => afterDeath(rig({ ifBlind: "hold" }, [gone]), volts);

  test("raise nothing while the board is alive, and take load when it is dead", () => {
    expect(play(230).flatMap(({ commands }) => commands)).toEqual([]);
    const dead = play(0);
    expect(dead.flatMap(told)).toEqual(["ups-a-gone: normal → unacknowledged"]);
    expect(dead.flatMap(({ commands }) => commands)).toHaveLength(1);
  });

  test("are blind where the board is silent too, which is said, and nothing is done", () => {
    const mute = play(null);
    expect(mute.flatMap(({ commands }) => commands)).toEqual([]);
    const [blind] = mute.flatMap(({ transitions }) => transitions);
    expect(blind).toMatchObject({ blind: true, because: expect.stringContaining("pdu-a/input.voltage stale") });
  });
});

test("an alarm out of service calls for nothing, blind or not", () => {
  const b = rig({ witness: [witness] });
  see(b, 0, card(400), board(0));
  const until = (b.plant.now + 60_000) as typeof b.plant.now;
  b.ask(10, "ups-a-lost", { kind: "outOfService", by: "operator", why: "work", until, permit: "W-1" });
  expect([4000, 5000].flatMap((after) => see(b, after, board(0)).commands)).toEqual([]);
});
