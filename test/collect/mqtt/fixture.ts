import { connect, type MqttClient } from "mqtt";
import { expect, onTestFinished } from "vitest";
import { realClock } from "../../../src/clock.ts";
import { collect, type DeviceLink } from "../../../src/collect/index.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { ms } from "../../../src/core/time.ts";
import type { MqttAccess, MqttAddress, PointModel } from "../../../src/profiles/index.ts";
import { type Running, startMosquitto } from "../../setup/services.ts";
import { device, HOST, modbusPoint } from "../fixture.ts";

const point = (name: string, at: MqttAddress, over: Partial<PointModel>): PointModel => ({
  ...modbusPoint(name, 0, { period: ms(60_000), ...over }),
  at,
});

export const jsonPoint = (
  name: string,
  topic: string,
  path = "",
  { at = null, ...over }: Omit<Partial<PointModel>, "at"> & { readonly at?: string | null } = {},
): PointModel => point(name, { protocol: "mqtt", form: "json", topic, path, at }, over);

export const metricPoint = (name: string, metric: string, over: Partial<PointModel> = {}): PointModel =>
  point(name, { protocol: "mqtt", form: "sparkplug", metric }, over);

/** A device that publishes to a broker of the loopback. */
export function published(
  id: string,
  port: number,
  points: readonly PointModel[],
  over: Partial<MqttAccess> = {},
): DeviceLink {
  return { ...device(id, port, points), address: { host: HOST, port, mqtt: { tls: false, version: 5, ...over } } };
}

/** A real broker, gone with the test. */
export async function broker(lines?: readonly string[]): Promise<Running> {
  const running = await startMosquitto(lines ? { lines } : {});
  onTestFinished(() => running.stop());
  return running;
}

/** Somebody who publishes. */
export async function publisher(port: number, options: object = {}) {
  const client: MqttClient = connect({ host: HOST, port, protocol: "mqtt", ...options });
  onTestFinished(() => client.endAsync(true));
  await new Promise<void>((connected) => client.once("connect", () => connected()));
  return (topic: string, body: string | Buffer, retain = false): Promise<unknown> =>
    client.publishAsync(topic, body, { qos: 1, retain });
}

/** What is read of devices from here on, until the test is over; `up` waits until their links are. */
export async function collecting(links: readonly DeviceLink[]) {
  const stop = new AbortController();
  const readings: Reading[] = [];
  const running = collect({ links }, realClock(), stop.signal, (batch) => readings.push(...batch));
  const close = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  onTestFinished(close);
  const of = (id: string): readonly Reading[] => readings.filter((reading) => reading.point === id);
  const said = (id: string): readonly unknown[] =>
    of(id).map((reading) => (reading.quality === "good" ? reading.value : short(reading)));
  return { readings, of, said, last: (id: string) => said(id).at(-1), close };
}

const short = (reading: Exclude<Reading, { quality: "good" }>): string =>
  reading.quality === "bad" ? `bad ${reading.reason}` : `${reading.value} ${reading.reason}`;

/** Publishes again and again until something came of it: nobody says when a subscription has become good. */
export async function until(publish: () => Promise<unknown>, heard: () => unknown): Promise<void> {
  await expect
    .poll(
      async () => {
        await publish();
        return Boolean(heard());
      },
      { timeout: 10_000 },
    )
    .toBe(true);
}
