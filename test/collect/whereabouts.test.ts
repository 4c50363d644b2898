import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { collectWhereabouts } from "../../src/collect/index.ts";
import type { Reading } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function mover(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/mail`;
}

/** Asks each mover once: the clock's first wait ends the collecting. */
async function askOnce(urls: Readonly<Record<string, string>>): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const stop = new AbortController();
  let left = Object.keys(urls).length;
  const clock = {
    now: () => instant(1000),
    wait: () => {
      left -= 1;
      const over = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
      if (left === 0) stop.abort();
      return over;
    },
  };
  const places = Object.entries(urls).map(([id, url]) => ({ id, url, sites: ["here", "there"] }));
  const done = collectWhereabouts(places, clock, stop.signal, (batch) => readings.push(...batch));
  await Promise.race([done, new Promise((resolve) => stop.signal.addEventListener("abort", resolve))]);
  return readings;
}

test("a service is where its mover says it is, also while it moves", async () => {
  const url = await mover(200, JSON.stringify({ service: "mail", site: "there", state: "moving" }));
  expect(await askOnce({ mail: url })).toEqual([{ point: "mail/service.site", at: 1000, quality: "good", value: 1 }]);
});

test.each([
  ["names a site that nobody knows", 200, '{"site":"elsewhere"}', "configuration"],
  ["answers with no JSON", 200, "moved", "noCommunication"],
  ["answers without a site", 200, "{}", "noCommunication"],
  ["fails", 500, '{"site":"here"}', "noCommunication"],
  ["redirects", 302, '{"site":"here"}', "noCommunication"],
])("a mover that %s gives no place", async (_, status, body, reason) => {
  const url = await mover(status, body);
  expect(await askOnce({ mail: url })).toEqual([{ point: "mail/service.site", at: 1000, quality: "bad", reason }]);
});

test("a mover that is gone delays no other", async () => {
  const url = await mover(200, '{"site":"here"}');
  const readings = await askOnce({ gone: "http://127.0.0.1:1/", mail: url });
  expect(readings.map(({ point, quality }) => `${point} ${quality}`).toSorted()).toEqual([
    "gone/service.site bad",
    "mail/service.site good",
  ]);
});
