import { afterEach, describe, expect, test } from "vitest";
import type { Line } from "../../../src/collect/line.ts";
import { modbusOpener } from "../../../src/collect/modbus/line.ts";
import { POLLS_UNTIL_ASKED_AGAIN } from "../../../src/collect/refusals.ts";
import type { PointModel, Sample } from "../../../src/profiles/model.ts";
import { device, exception, modbusAt, modbusPoint, modbusServer, type Peer, peer, reply, running } from "../fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const alone = async (): Promise<void> => {};
const rangeOf = (request: Buffer): [number, number] => [request.readUInt16BE(8), request.readUInt16BE(10)];
const word = (addr: number): number => addr * 10;

/** A device that answers every read by `word`, except where the test says which exception it gives. */
async function deviceThat(refuses: (addr: number, count: number, number: number) => number | null): Promise<Peer> {
  const server = await peer((request, socket, number) => {
    const [addr, count] = rangeOf(request);
    const code = refuses(addr, count, number);
    const words = Array.from({ length: count }, (_, index) => word(addr + index));
    socket.write(code === null ? reply(request, words) : exception(request, code));
  });
  closers.push(() => server.close());
  return server;
}

/** A device that is silent where the test says so. */
async function silentDevice(isSilent: (addr: number, count: number) => boolean): Promise<Peer> {
  const server = await peer((request, socket) => {
    const [addr, count] = rangeOf(request);
    const words = Array.from({ length: count }, (_, index) => word(addr + index));
    if (!isSilent(addr, count)) socket.write(reply(request, words));
  });
  closers.push(() => server.close());
  return server;
}

async function lineTo(port: number, points: readonly PointModel[], over = {}): Promise<Line> {
  const line = await modbusOpener(device("meter", port, points, over))(running());
  closers.push(() => line.close());
  return line;
}

const outcomes = (samples: readonly Sample[]): Record<string, number | string> =>
  Object.fromEntries(samples.map((sample) => [sample.point.name, "fault" in sample ? sample.fault : sample.value]));

const within = (addr: number, count: number, wanted: number): boolean => addr <= wanted && wanted < addr + count;

describe("a Modbus line", () => {
  test("reads near points in one request and gives the words that stood on the wire", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("b", 4)];
    const server = await deviceThat(() => null);
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: 10, b: 40 });
    expect(poll).toMatchObject({ heard: true, fault: null });
    expect(poll.latencyMs).toBeGreaterThan(0);
    expect(poll.rawOf(points[1]!)).toEqual([40]);
    expect(server.requests).toBe(1);
  });

  test.each([
    [2, "notFitted"],
    [3, "configuration"],
  ])("finds the one point that is refused by exception %i, and remembers it", async (code, fault) => {
    const points = [1, 2, 3, 4, 5, 6, 7, 8].map((addr) => modbusPoint(`p${addr}`, addr));
    const server = await deviceThat((addr, count) => (within(addr, count, 6) ? code : null));
    const line = await lineTo(server.port, points);
    const expected = { p1: 10, p2: 20, p3: 30, p4: 40, p5: 50, p6: fault, p7: 70, p8: 80 };
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(expected);
    const learning = server.requests;
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(expected);
    expect(server.requests - learning).toBeLessThan(learning);
  });

  test("remembers to read around a gap that the device refuses", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("b", 3)];
    const server = await deviceThat((addr, count) => (within(addr, count, 2) ? 2 : null));
    const line = await lineTo(server.port, points);
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({ a: 10, b: 30 });
    expect(server.requests).toBe(3);
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({ a: 10, b: 30 });
    expect(server.requests).toBe(5);
  });

  test("takes a zero among others for a value only when the device gives it alone, where it fills with zeros what it lacks", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("lacking", 2), modbusPoint("zero", 3), modbusPoint("b", 4)];
    const asked: string[] = [];
    const server = await peer((request, socket) => {
      const [addr, count] = rangeOf(request);
      asked.push(`${addr}+${count}`);
      const words = Array.from({ length: count }, (_, i) => [0, 10, 0, 0, 40][addr + i]!);
      socket.write(addr === 2 && count === 1 ? exception(request, 2) : reply(request, words));
    });
    closers.push(() => server.close());
    const line = await lineTo(server.port, points, { zeroFilled: true });
    const read = { a: 10, lacking: "notFitted", zero: 0, b: 40 };
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(read);
    expect(asked).toEqual(["1+4", "2+1", "3+1"]);
    // Once proven a zero is a zero, and what is lacking is left alone; no word between two points is read.
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(read);
    expect(asked.slice(3)).toEqual(["1+4"]);
    expect(line.learned?.()).toEqual(["does not give lacking (notFitted)"]);
    // A device that fills nothing is believed at once.
    const other = await lineTo(server.port, points);
    expect(outcomes((await other.poll(points, alone)).samples)).toEqual({ ...read, lacking: 0 });
  });

  test("leaves a zero open while the device does not say whether it is one", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("zero", 2)];
    const server = await peer((request, socket) => {
      const [, count] = rangeOf(request);
      if (count > 1) socket.write(reply(request, [10, 0]));
    });
    closers.push(() => server.close());
    const line = await lineTo(server.port, points, { zeroFilled: true });
    const { samples } = await line.poll(points, alone);
    expect(outcomes(samples)["zero"]).not.toBe(0);
    expect(outcomes(samples)["a"]).toBe(10);
  });

  test("asks for a refused point again after a while, for a device that was only starting", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("b", 2)];
    let starting = true;
    const server = await deviceThat((addr, count) => (starting && within(addr, count, 2) ? 2 : null));
    const line = await lineTo(server.port, points);
    expect(outcomes((await line.poll(points, alone)).samples)["b"]).toBe("notFitted");
    starting = false;
    for (let poll = 1; poll < POLLS_UNTIL_ASKED_AGAIN; poll++) {
      expect(outcomes((await line.poll(points, alone)).samples)["b"]).toBe("notFitted");
    }
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({ a: 10, b: 20 });
  });

  test.each([
    [1, "configuration", true],
    [4, "deviceFailure", true],
    [8, "deviceFailure", true],
    [10, "noCommunication", false],
    [11, "noCommunication", false],
    [77, "deviceFailure", true],
  ])("takes exception %i for %s of its block only", async (code, fault, heard) => {
    const points = [modbusPoint("a", 1), modbusPoint("b", 2)];
    const server = await deviceThat(() => code);
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: fault, b: fault });
    expect(poll).toMatchObject({ heard, fault: null });
    expect(server.requests).toBe(1);
  });

  test("reads the other blocks when one is refused", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("far", 500)];
    const server = await deviceThat((addr) => (addr === 1 ? 4 : null));
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: "deviceFailure", far: 5000 });
  });

  test.each([5, 6])("asks a device that is busy (exception %i) again", async (code) => {
    const points = [modbusPoint("a", 1)];
    const server = await deviceThat((_addr, _count, number) => (number === 1 ? code : null));
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: 10 });
    expect(server.requests).toBe(2);
  });

  test("gives up on a device that stays busy", async () => {
    const points = [modbusPoint("a", 1)];
    const server = await deviceThat(() => 6);
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: "noCommunication" });
    expect(poll.heard).toBe(true);
    expect(server.requests).toBe(3);
  });

  test("keeps what was read before the connection broke, and leaves the rest open", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("far", 500)];
    const server = await peer((request, socket) => {
      if (rangeOf(request)[0] === 1) socket.write(reply(request, [10]));
      else socket.destroy();
    });
    closers.push(() => server.close());
    const line = await lineTo(server.port, points);
    const poll = await line.poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: 10 });
    expect(poll.fault).toMatchObject({ kind: "broken", asked: true });
    expect(poll.rawOf(points[1]!)).toBeNull();
    expect(line.usable).toBe(false);
  });

  test("asks last for what a device answers by silence, so that it costs the others nothing", async () => {
    const points = [modbusPoint("mute", 1), modbusPoint("far", 500)];
    const server = await peer((request, socket) => {
      if (rangeOf(request)[0] !== 1) socket.write(reply(request, [7]));
    });
    closers.push(() => server.close());
    const open = modbusOpener(device("meter", server.port, points));
    const polls = [];
    for (let i = 0; i < 3; i++) {
      const line = await open(running());
      polls.push(await line.poll(points, alone));
      line.close();
    }
    expect(polls.map(({ samples }) => outcomes(samples))).toEqual([
      {},
      { far: 7, mute: "noCommunication" },
      { far: 7, mute: "noCommunication" },
    ]);
    expect(polls.map(({ fault }) => fault?.kind ?? null)).toEqual(["silent", null, null]);
    // In the third poll the point is known, and costs no time-out any more.
    expect(server.requests).toBe(5);
  });

  test("finds the point that is answered by silence in a block of others", async () => {
    const points = [1, 2, 3, 4, 5, 6, 7, 8].map((addr) => modbusPoint(`p${addr}`, addr));
    const server = await silentDevice((addr, count) => within(addr, count, 6));
    const open = modbusOpener(device("meter", server.port, points, { timeout: 60 }));
    const polls: Record<string, number | string>[] = [];
    const line = await open(running());
    closers.push(() => line.close());
    for (let i = 0; i < 4; i++) polls.push(outcomes((await line.poll(points, alone)).samples));
    expect(polls[0]).toEqual({});
    const known = { p1: 10, p2: 20, p3: 30, p4: 40, p5: 50, p6: "noCommunication", p7: 70, p8: 80 };
    expect(polls[3]).toEqual(known);
    expect(line.learned?.().join("; ")).toContain("p6 (noCommunication)");
    const before = server.requests;
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual(known);
    expect(server.requests - before).toBeLessThanOrEqual(4);
  });

  test.each<[string, (over: boolean) => number | "silence" | null]>([
    ["an exception", (isOver) => (isOver ? 3 : null)],
    ["silence", (isOver) => (isOver ? "silence" : null)],
  ])("learns from %s that a device gives fewer words at once than its profile says", async (_, judge) => {
    const points = Array.from({ length: 64 }, (_, at) => modbusPoint(`p${at}`, at));
    const server = await peer((request, socket) => {
      const [addr, count] = rangeOf(request);
      const verdict = judge(count > 20);
      const words = Array.from({ length: count }, (_, index) => word(addr + index));
      if (verdict === null) socket.write(reply(request, words));
      else if (verdict !== "silence") socket.write(exception(request, verdict));
    });
    closers.push(() => server.close());
    const line = await lineTo(server.port, points, { timeout: 60 });
    let read = 0;
    for (let i = 0; i < 8 && read < 64; i++) {
      const { samples } = await line.poll(points, alone);
      read = samples.filter((sample) => "value" in sample).length;
    }
    expect(read).toBe(64);
    expect(line.learned?.()[0]).toBe("takes at most 16 words in a request, where its profile says 100");
    const before = server.requests;
    await line.poll(points, alone);
    expect(server.requests - before).toBe(4);
  });

  test("does not take a device that dies during a poll for one that refuses what was asked last", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("far", 500)];
    let isDead = false;
    const server = await silentDevice((addr) => {
      isDead ||= addr === 500;
      return isDead;
    });
    const line = await lineTo(server.port, points, { timeout: 60 });
    const poll = await line.poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: 10 });
    expect(poll.fault).toMatchObject({ kind: "silent" });
    expect(line.learned?.()).toEqual([]);
  });

  test("costs one time-out a poll while the device is dead, whatever it was asked for", async () => {
    const points = Array.from({ length: 32 }, (_, at) => modbusPoint(`p${at}`, at));
    let isDead = true;
    const server = await silentDevice(() => isDead);
    const open = modbusOpener(device("meter", server.port, points, { timeout: 60 }));
    for (let i = 1; i <= 5; i++) {
      const line = await open(running());
      expect((await line.poll(points, alone)).heard).toBe(false);
      line.close();
      expect(server.requests).toBe(i);
    }
    isDead = false;
    const line = await open(running());
    closers.push(() => line.close());
    expect((await line.poll(points, alone)).samples).toHaveLength(32);
    expect(line.learned?.()).toEqual([]);
  });

  test("asks again for what was lost on its way, as often as the profile says", async () => {
    const points = [modbusPoint("a", 1)];
    let asked = 0;
    const server = await silentDevice(() => {
      asked += 1;
      return asked <= 2;
    });
    const line = await lineTo(server.port, points, { timeout: 60, retries: 2 });
    expect(outcomes((await line.poll(points, alone)).samples)).toEqual({ a: 10 });
    expect(server.connections).toBe(1);
  });

  test("does not wait for a gateway's every word that it does not reach the device", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("b", 500), modbusPoint("c", 900)];
    const server = await deviceThat(() => 11);
    const poll = await (await lineTo(server.port, points)).poll(points, alone);
    expect(outcomes(poll.samples)).toEqual({ a: "noCommunication", b: "noCommunication", c: "noCommunication" });
    expect(poll).toMatchObject({ heard: false, fault: null });
    expect(server.requests).toBe(1);
  });

  test("knows after a reconnect what the device has taught before", async () => {
    const points = [1, 2, 3, 4].map((addr) => modbusPoint(`p${addr}`, addr));
    const server = await deviceThat((addr, count) => (within(addr, count, 3) ? 2 : null));
    const open = modbusOpener(device("meter", server.port, points));
    const first = await open(running());
    await first.poll(points, alone);
    const lessons = first.learned?.();
    expect(lessons).toEqual(["does not give p3 (notFitted)", expect.stringContaining("is asked in parts")]);
    first.close();
    const learning = server.requests;
    const second = await open(running());
    closers.push(() => second.close());
    expect(outcomes((await second.poll(points, alone)).samples)).toMatchObject({ p1: 10, p3: "notFitted", p4: 40 });
    expect(server.requests - learning).toBe(2);
    expect(second.learned?.()).toEqual(lessons);
  });

  test("says when there was nothing to ask", async () => {
    const points = [modbusPoint("a", 1)];
    const server = await deviceThat(() => 2);
    const line = await lineTo(server.port, points);
    expect((await line.poll(points, alone)).heard).toBe(true);
    expect((await line.poll(points, alone)).heard).toBeNull();
    expect(server.requests).toBe(1);
  });

  test("lets a more urgent poll go between two requests", async () => {
    const points = [modbusPoint("a", 1), modbusPoint("far", 500), modbusPoint("urgent", 900)];
    const order: number[] = [];
    const server = await deviceThat((addr) => {
      order.push(addr);
      return null;
    });
    const line = await lineTo(server.port, points);
    await line.poll(points.slice(0, 2), async () => {
      await line.poll(points.slice(2), alone);
    });
    expect(order).toEqual([1, 900, 500]);
  });
});

describe("a SunSpec device", () => {
  const point = modbusPoint("battery.charge", 0, { at: modbusAt(2, { model: 802 }) });
  const other = modbusPoint("other", 0, { at: modbusAt(2, { model: 124 }) });

  function holding(modelAt: number): Map<number, number> {
    const chain = [0x5375, 0x6e53, 1, modelAt - 40_004, ...Array.from<number>({ length: modelAt - 40_004 }).fill(0)];
    const words = [...chain, 802, 1, 88, 0xffff, 0];
    return new Map(words.map((value, index) => [40_000 + index, value]));
  }

  test("has its models found when it is connected, and again after a reconnect", async () => {
    let registers = holding(40_010);
    const server = await modbusServer({ getHoldingRegister: (addr: number) => registers.get(addr) ?? 0 });
    closers.push(() => server.close());
    const open = modbusOpener(device("battery", server.port, [point, other]));
    const first = await open(running());
    closers.push(() => first.close());
    expect(outcomes((await first.poll([point, other], alone)).samples)).toEqual({
      "battery.charge": 88,
      other: "notFitted",
    });
    registers = holding(40_020);
    first.close();
    const second = await open(running());
    closers.push(() => second.close());
    const poll = await second.poll([point], alone);
    expect(outcomes(poll.samples)).toEqual({ "battery.charge": 88 });
    expect(poll.rawOf(point)).toEqual([88]);
  });

  test("that has no models is not fitted with them, and is searched again after a while", async () => {
    const server = await deviceThat(() => 2);
    const line = await lineTo(server.port, [point]);
    for (let poll = 0; poll < POLLS_UNTIL_ASKED_AGAIN; poll++) {
      expect(line.usable).toBe(true);
      expect(outcomes((await line.poll([point], alone)).samples)).toEqual({ "battery.charge": "notFitted" });
    }
    expect(line.usable).toBe(false);
  });

  test("that falls silent while it is searched is not taken for one without models", async () => {
    const server = await peer(() => {});
    closers.push(() => server.close());
    await expect(modbusOpener(device("battery", server.port, [point]))(running())).rejects.toMatchObject({
      kind: "silent",
    });
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  test("that fails while it is searched is not taken for one without models", async () => {
    const server = await deviceThat(() => 4);
    await expect(modbusOpener(device("battery", server.port, [point]))(running())).rejects.toMatchObject({
      kind: "broken",
    });
  });
});
