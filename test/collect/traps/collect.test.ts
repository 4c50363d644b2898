import { describe, expect, onTestFinished, test } from "vitest";
import { collect } from "../../../src/collect/index.ts";
import type { TrapRules } from "../../../src/collect/traps/receive.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { ms } from "../../../src/core/time.ts";
import type { DeviceLink, PointModel } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { clockAt, device, of, snmpPoint } from "../fixture.ts";
import { OID, realAgent } from "../snmp/fixture.ts";
import { freeUdpPort, notify, ON_BATTERY, rulesAt, trapFrom } from "./fixture.ts";
import { storm } from "./storm.ts";

const charge = (period: number, over: Partial<PointModel> = {}): PointModel =>
  snmpPoint("battery.charge", `${OID}.0`, { period: ms(period), ...over });

/** A device that is collected from, and what has been read of it so far. */
async function collecting(link: DeviceLink, traps?: TrapRules) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  const running = collect({ links: [link], traps }, clockAt(), stop.signal, (batch) => readings.push(...batch));
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  const values = (): readonly unknown[] =>
    of(readings, "ups-a/battery.charge").map((reading) => reading.quality === "good" && reading.value);
  await expect.poll(values).toEqual([42]);
  if (traps) await expect.poll(() => of(readings, "haechi/traps.received").at(-1)?.quality).toBe("good");
  return { readings, values };
}

/** A real agent that holds 42, read once in ten minutes, and the port at which its notifications are waited for. */
async function watched() {
  const agent = await realAgent();
  onTestFinished(() => agent.close());
  const { model, ...rest } = device("ups-a", agent.port, [charge(600_000)], { timeout: 2000 });
  const link = { ...rest, model: { ...model, traps: { [ON_BATTERY]: ["battery.charge"] } } };
  return { agent, link, port: await freeUdpPort() };
}

describeWith("snmptrap", "a device that sends a trap", () => {
  test("is asked before its turn, and what it answers is what counts", async () => {
    const { agent, link, port } = await watched();
    const { values } = await collecting(link, rulesAt(port));
    agent.set(17);
    const claim = [`${OID}.0`, "i", "99"];
    await notify("snmptrap", port, ["-v", "2c", "-c", "right"], ON_BATTERY, claim);
    await expect.poll(values).toEqual([42, 17]);
  });

  test("with a wrong community is not asked, and nothing changes", async () => {
    const { agent, link, port } = await watched();
    const { readings, values } = await collecting(link, rulesAt(port));
    agent.set(17);
    await notify("snmptrap", port, ["-v", "2c", "-c", "wrong"], ON_BATTERY, [`${OID}.0`, "i", "99"]);
    await expect.poll(() => of(readings, "haechi/traps.refused").at(-1)).toMatchObject({ value: 1 });
    expect(values()).toEqual([42]);
  });

  test("is not heard where the site listens for none", async () => {
    const { agent, link, port } = await watched();
    const { readings, values } = await collecting(link);
    agent.set(17);
    expect((await notify("snmpinform", port, ["-v", "2c", "-c", "right"])).code).not.toBe(0);
    expect(values()).toEqual([42]);
    expect(readings.filter(({ point }) => point.startsWith("haechi/"))).toEqual([]);
  });
});

describe("a storm of ten thousand traps a second", () => {
  test("from a device that is read every second costs it no poll, and the service no memory", async () => {
    const agent = await realAgent();
    onTestFinished(() => agent.close());
    const link = device("ups-a", agent.port, [charge(1000)], { timeout: 900 });
    const port = await freeUdpPort();
    const { readings, values } = await collecting(link, rulesAt(port));
    const before = process.memoryUsage().rss;
    const sent = await storm(port, await trapFrom("right"), { perSecond: 10_000, seconds: 3 });
    const polls = values().length;
    await expect.poll(() => values().length).toBeGreaterThan(polls);
    expect(sent).toBe(30_000);
    const last = (name: string): number => {
      const reading = of(readings, name).at(-1);
      return reading?.quality === "good" ? reading.value : Number.NaN;
    };
    expect(last("ups-a/link.misses")).toBe(0);
    expect(values().every((value) => value === 42)).toBe(true);
    expect(last("haechi/traps.received")).toBeGreaterThan(1000);
    expect(last("haechi/traps.dropped") / last("haechi/traps.received")).toBeGreaterThan(0.9);
    // Hurried no more than once a second beside the polls that there are anyway, of which there were at least three.
    expect(values().length).toBeLessThan(2 * (of(readings, "ups-a/link.state").length + 1));
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(100);
  });
});
