import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { CloudEvent, WebhookOutlet } from "../../src/notify/webhook.ts";
import { openWebhook } from "../../src/notify/webhook.ts";
import { freePort } from "../setup/services.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const pace = { firstWaitMs: 5, longestWaitMs: 20, timeoutMs: 200 };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Post {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver that answers as it is told to, 200 when it has no orders left. A null answer is silence. */
async function receiver(answers: (number | null)[] = []) {
  const posts: Post[] = [];
  const waiting = new Set<() => void>();
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      posts.push({ headers: request.headers, body });
      for (const look of waiting) look();
      const status = answers.length > 0 ? answers.shift()! : 200;
      if (status !== null) response.writeHead(status, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    http.closeAllConnections();
    return new Promise<void>((resolve) => void http.close(() => resolve()));
  });
  const count = (n: number): Promise<Post[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (posts.length < n) return;
        waiting.delete(look);
        resolve(posts);
      };
      waiting.add(look);
      look();
    });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook`, posts, count };
}

const eventOf = (n: number): CloudEvent => ({
  specversion: "1.0",
  id: `demo/e${n}`,
  source: "/haechi/demo",
  type: "io.haechi.alarm.raised.v1",
  subject: "battery-room-fire",
  time: new Date(1000).toISOString(),
  datacontenttype: "application/json",
  data: { n },
});

function webhook(url: string): WebhookOutlet {
  const made = openWebhook({ url, secret }, pace);
  closers.push(() => made.close());
  return made;
}

const ids = (posts: readonly Post[]): string[] => posts.map(({ body }) => (JSON.parse(body) as CloudEvent).id);

describe("a webhook", () => {
  it("gets a signed CloudEvent in structured JSON", async () => {
    const { url, count } = await receiver();
    webhook(url).post(eventOf(1));
    const [{ headers, body }] = (await count(1)) as [Post];
    expect(JSON.parse(body)).toEqual(eventOf(1));
    expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
    expect(headers["webhook-id"]).toBe("demo/e1");
    const key = Buffer.from(secret.slice(6), "base64");
    const content = `demo/e1.${String(headers["webhook-timestamp"])}.${body}`;
    expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(content).digest("base64")}`);
  });

  it("gets events in order, each again until it is taken, under the same id", async () => {
    const { url, count } = await receiver([500, 503, null, 429, 200]);
    const outlet = webhook(url);
    for (const n of [1, 2, 3]) outlet.post(eventOf(n));
    expect(ids(await count(7))).toEqual(["demo/e1", "demo/e1", "demo/e1", "demo/e1", "demo/e1", "demo/e2", "demo/e3"]);
  });

  it("that refuses an event for good, or redirects it, gets the next one", async () => {
    const { url, count } = await receiver([400, 302, 200]);
    const outlet = webhook(url);
    for (const n of [1, 2, 3]) outlet.post(eventOf(n));
    expect(ids(await count(3))).toEqual(["demo/e1", "demo/e2", "demo/e3"]);
    await outlet.close();
    expect(outlet.health()).toEqual({ waiting: 0, dropped: 0, refused: 2 });
  });

  it("that is away holds up nobody, and what finds no room is counted", async () => {
    const outlet = webhook(`http://127.0.0.1:${await freePort()}/hook`);
    for (let n = 0; n < 10_010; n += 1) outlet.post(eventOf(n));
    expect(outlet.health()).toEqual({ waiting: 10_000, dropped: 10, refused: 0 });
  });

  it("gets what is still in the queue when the service ends, if it is there", async () => {
    const { url, posts } = await receiver();
    const outlet = webhook(url);
    for (const n of [1, 2, 3]) outlet.post(eventOf(n));
    await outlet.close();
    expect(posts).toHaveLength(3);
    outlet.post(eventOf(4));
    expect(outlet.health().waiting).toBe(0);
  });
});
