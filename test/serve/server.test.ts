import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Plant, Request } from "../../src/core/plant.ts";
import type { Beat, Delta, Snapshot } from "../../src/serve/api.ts";
import { clientsMax } from "../../src/serve/clients.ts";
import type { Served, ServeOptions } from "../../src/serve/server.ts";
import { quiet, serveDemo } from "./bed.ts";
import { again, begin, burning, calmPlant, cycle, fire, moveTier0 } from "./plants.ts";
import { subscribe } from "./subscriber.ts";

const token = "correct-horse-battery-staple";
const opened: Served[] = [];

interface House {
  readonly served: Served;
  readonly url: string;
  readonly plant: Plant;
  readonly asked: Request[];
}

async function open(options: Partial<ServeOptions> = {}, isPublished = true): Promise<House> {
  const asked: Request[] = [];
  const ask = (request: Request): boolean => asked.push(request) < 4;
  const served = await serveDemo({ token, ask, ...options });
  opened.push(served);
  const plant = calmPlant();
  if (isPublished) served.publish(plant, quiet);
  return { served, url: served.url, plant, asked };
}

afterEach(async () => {
  for (const served of opened.splice(0)) await served.close();
});

const post = (
  url: string,
  body: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${token}` },
): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const said = { by: "operator", why: "seen on site" };

async function problemOf(response: Response): Promise<{ status: number; detail: string; errors?: { path: string }[] }> {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  const problem = (await response.json()) as { type: string; title: string; status: number; detail: string };
  expect(problem).toMatchObject({ type: "about:blank", title: expect.any(String), status: response.status });
  return problem;
}

describe("what can be read", () => {
  test("the snapshot is that of the last scan that was published", async () => {
    const { url, plant, served } = await open();
    served.publish(plant, cycle(plant, begin + 500, again(burning)));
    const snapshot = (await (await fetch(`${url}/api/v1/snapshot`)).json()) as Snapshot;
    expect(snapshot).toMatchObject({ version: 1, build: "b1", hasHistory: false, at: begin + 500, mode: "failover" });
    expect(snapshot.alarms.map(({ id }) => id)).toContain(fire);
  });

  test("nothing is shown before the first scan", async () => {
    const { url } = await open({}, false);
    expect((await problemOf(await fetch(`${url}/api/v1/snapshot`))).status).toBe(503);
    expect((await fetch(`${url}/api/v1/stream`)).status).toBe(503);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  test("any single point can be asked for, those that no display shows as well", async () => {
    const { url } = await open();
    const path = encodeURIComponent("outlet[3].state");
    expect(await (await fetch(`${url}/api/v1/points/pdu-a1/${path}`)).json()).toMatchObject({
      v: 1,
      q: 0,
      at: begin,
      states: ["off", "on"],
    });
    expect((await problemOf(await fetch(`${url}/api/v1/points/pdu-a1/nothing`))).status).toBe(404);
  });

  test("a bad point has no value and a reason", async () => {
    const { url, plant, served } = await open();
    served.publish(plant, cycle(plant, begin + 31_000, {}));
    expect(await (await fetch(`${url}/api/v1/points/ups-a/ups.mode`)).json()).toMatchObject({
      v: null,
      q: 2,
      reason: "stale",
      at: begin,
    });
  });

  test("history is handed on as it was asked for, and refused where there is none", async () => {
    const { url } = await open({
      history: async ({ point: id, from, to, count }) => [
        [from, count],
        [to, id.length],
      ],
    });
    const asked = await fetch(`${url}/api/v1/history?point=ups-a/ups.mode&from=1000&to=2000&count=5`);
    expect(await asked.json()).toEqual({
      point: "ups-a/ups.mode",
      samples: [
        [1000, 5],
        [2000, 14],
      ],
    });
    const none = await open();
    expect((await problemOf(await fetch(`${none.url}/api/v1/history?point=ups-a/ups.mode&from=1&to=2`))).status).toBe(
      501,
    );
  });

  test.each([
    ["point=ups-a/ups.mode&from=2000&to=1000", 400],
    ["point=ups-a/ups.mode&from=now&to=1000", 400],
    ["point=ups-a/ups.mode&from=1&to=2&count=1000000", 400],
    ["point=ups-a/ups.mode&from=0&to=99999999999", 400],
    ["point=ups-a/ups.mode&from=1&to=2&drop=table", 400],
    ["point=nobody/knows&from=1&to=2", 404],
  ])("history refuses %s with %i", async (query, status) => {
    const { url } = await open({ history: async () => [] });
    expect((await problemOf(await fetch(`${url}/api/v1/history?${query}`))).status).toBe(status);
  });

  test("a historian that fails is said to have failed", async () => {
    const { url } = await open({ history: () => Promise.reject(new Error("disk gone")) });
    const problem = await problemOf(await fetch(`${url}/api/v1/history?point=ups-a/ups.mode&from=1&to=2`));
    expect(problem).toMatchObject({ status: 502, detail: expect.stringContaining("disk gone") });
  });
});

describe("the stream", () => {
  test("begins with everything, goes on with what changes, and beats each second", async () => {
    const { url, plant, served } = await open();
    await using stream = await subscribe(`${url}/api/v1/stream`);
    const snapshot = (await stream.next("snapshot")) as Snapshot;
    expect(snapshot.at).toBe(begin);
    served.publish(plant, cycle(plant, begin + 700, again({ "crac-1/temperature.inlet": 25.5 })));
    const delta = (await stream.next("delta")) as Delta;
    expect(delta).toEqual({ at: begin + 700, points: { "crac-1/temperature.inlet": { v: 25.5, q: 0, at: null } } });
    const first = (await stream.next("beat")) as Beat;
    const second = (await stream.next("beat")) as Beat;
    expect(second.seq).toBe(first.seq + 1);
    expect(second).toMatchObject({ build: "b1", at: begin + 700 });
  });

  test("gathers quick changes, and sends the last of them", async () => {
    const { url, plant, served } = await open();
    await using stream = await subscribe(`${url}/api/v1/stream`);
    await stream.next("snapshot");
    for (let i = 1; i <= 50; i += 1)
      served.publish(plant, cycle(plant, begin + i, again({ "crac-1/temperature.inlet": 25 + i / 10 })));
    let shown = 0;
    let deltas = 0;
    while (shown < 30) {
      const { points } = (await stream.next("delta")) as Delta;
      shown = points?.["crac-1/temperature.inlet"]?.v ?? shown;
      deltas += 1;
    }
    expect(shown).toBe(30);
    expect(deltas).toBeLessThan(5);
  });

  test("gives a client that comes later the same state as one that was there before", async () => {
    const { url, plant, served } = await open();
    await using early = await subscribe(`${url}/api/v1/stream`);
    await early.next("snapshot");
    served.publish(plant, cycle(plant, begin + 100, again(burning)));
    const delta = (await early.next("delta")) as Delta;
    await using late = await subscribe(`${url}/api/v1/stream`);
    const snapshot = (await late.next("snapshot")) as Snapshot;
    expect(snapshot.alarms).toEqual(delta.alarms);
    expect(snapshot.responses).toEqual(delta.responses);
  });

  test("stands still in its beats when the scan does", async () => {
    const { url } = await open();
    await using stream = await subscribe(`${url}/api/v1/stream`);
    await stream.next("beat");
    expect([((await stream.next("beat")) as Beat).at, ((await stream.next("beat")) as Beat).at]).toEqual([
      begin,
      begin,
    ]);
  });

  test("takes no more displays than it can serve, and takes others when some have gone", async () => {
    const { url } = await open();
    const streams = await Promise.all(Array.from({ length: clientsMax }, () => subscribe(`${url}/api/v1/stream`)));
    const refused = await fetch(`${url}/api/v1/stream`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    await problemOf(refused);
    for (const stream of streams) await stream[Symbol.asyncDispose]();
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text()).toContain("haechi_stream_clients 0");
    await using again_ = await subscribe(`${url}/api/v1/stream`);
    expect(((await again_.next("snapshot")) as Snapshot).at).toBe(begin);
  });

  test("ends for everybody when the server closes", async () => {
    const { url, served } = await open();
    await using stream = await subscribe(`${url}/api/v1/stream`);
    await stream.next("snapshot");
    await served.close();
    await expect(stream.next("beat").then(() => stream.next("beat"))).rejects.toThrow();
  });
});

describe("what people ask", () => {
  test("an acknowledgement reaches the next scan with who and why", async () => {
    const { url, asked } = await open();
    const answer = await post(`${url}/api/v1/alarms/${fire}/acknowledge`, said);
    expect([answer.status, await answer.json()]).toEqual([202, { accepted: true }]);
    expect(asked).toEqual([{ to: "alarm", alarm: fire, event: { kind: "acknowledge", ...said } }]);
  });

  test("shelving says for how long", async () => {
    const { url, asked } = await open();
    expect((await post(`${url}/api/v1/alarms/${fire}/shelve`, { ...said, minutes: 30 })).status).toBe(202);
    expect(asked).toEqual([{ to: "alarm", alarm: fire, event: { kind: "shelve", ...said, until: begin + 1_800_000 } }]);
  });

  test("taking out of service names its permit, a bypass its sensor, and both end by themselves", async () => {
    const { url, asked } = await open();
    const path = `${url}/api/v1/alarms/${fire}`;
    const bodies = { outOfService: { permit: "W-1", minutes: 1440 }, bypass: { channel: "a/b", minutes: 480 } };
    for (const [event, body] of Object.entries(bodies))
      expect((await post(`${path}/${event}`, { ...said, ...body })).status).toBe(202);
    expect(asked.map((request) => "event" in request && request.event)).toEqual([
      { kind: "outOfService", ...said, permit: "W-1", until: begin + 86_400_000 },
      { kind: "bypass", ...said, channel: "a/b", until: begin + 28_800_000 },
    ]);
  });

  test("an alarm can be looked at, and all of which anything is to be said", async () => {
    const { url } = await open();
    const one = (await (await fetch(`${url}/api/v1/alarms/${fire}`)).json()) as { at: number; alarm: object };
    expect(one).toMatchObject({ at: begin, alarm: { id: fire, status: "normal", vote: { as: "1oo1" }, said: {} } });
    expect(await (await fetch(`${url}/api/v1/alarms`)).json()).toEqual({ at: begin, alarms: [] });
    expect((await problemOf(await fetch(`${url}/api/v1/alarms/none`))).status).toBe(404);
  });

  test.each([
    ["approve", "stop"],
    ["abort", "restore"],
  ])("a response is asked to %s and to %s", async (...events) => {
    const { url, asked } = await open();
    for (const event of events)
      expect((await post(`${url}/api/v1/responses/${moveTier0}/${event}`, said)).status).toBe(202);
    expect(asked).toMatchObject(events.map((event) => ({ to: "response", response: moveTier0, event, ...said })));
  });

  test("nothing is asked of a service without a token: it is read-only", async () => {
    const { url, asked } = await open({ token: null });
    expect((await problemOf(await post(`${url}/api/v1/alarms/${fire}/acknowledge`, said))).status).toBe(403);
    expect((await fetch(`${url}/api/v1/snapshot`)).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test.each([
    ["no token", {}],
    ["another token", { authorization: "Bearer correct-horse-battery-stapl0" }],
    ["part of the token", { authorization: `Bearer ${token.slice(0, -1)}` }],
    ["another scheme", { authorization: `Basic ${token}` }],
  ])("%s is refused before anything is read", async (_, headers: Record<string, string>) => {
    const { url, asked } = await open();
    const answer = await post(`${url}/api/v1/alarms/${fire}/acknowledge`, "not even JSON", headers);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect((await problemOf(answer)).status).toBe(401);
    expect(asked).toEqual([]);
  });

  test.each([
    ["alarms/battery-room-fire/acknowledge", { by: "operator" }, 400, "why"],
    ["alarms/battery-room-fire/acknowledge", { by: " ", why: "x" }, 400, "by"],
    ["alarms/battery-room-fire/acknowledge", { by: "k".repeat(81), why: "x" }, 400, "by"],
    ["alarms/battery-room-fire/acknowledge", { ...said, minutes: 5 }, 400, ""],
    ["alarms/battery-room-fire/acknowledge", [], 400, ""],
    ["alarms/battery-room-fire/shelve", said, 400, "minutes"],
    ["alarms/battery-room-fire/shelve", { ...said, minutes: 481 }, 400, "minutes"],
    ["alarms/battery-room-fire/shelve", { ...said, minutes: 0 }, 400, "minutes"],
    ["alarms/battery-room-fire/outOfService", { ...said, minutes: 60 }, 400, "permit"],
    ["alarms/battery-room-fire/outOfService", { ...said, permit: " ", minutes: 60 }, 400, "permit"],
    ["alarms/battery-room-fire/outOfService", { ...said, permit: "W-1", minutes: 1441 }, 400, "minutes"],
    ["alarms/battery-room-fire/bypass", { ...said, minutes: 60 }, 400, "channel"],
    ["alarms/battery-room-fire/bypass", { ...said, channel: "a/b", minutes: 481 }, 400, "minutes"],
    ["alarms/battery-room-fire/delete", said, 400, "event"],
    ["responses/move-tier-0/begin", said, 400, "event"],
  ])("%s refuses %j and names what is wrong", async (path, body, status, field) => {
    const { url, asked } = await open();
    const problem = await problemOf(await post(`${url}/api/v1/${path}`, body));
    expect(problem.status).toBe(status);
    expect(problem.errors?.map((error) => error.path)).toContain(field);
    expect(asked).toEqual([]);
  });

  test("what does not exist is said not to", async () => {
    const { url } = await open();
    expect((await problemOf(await post(`${url}/api/v1/alarms/none/acknowledge`, said))).status).toBe(404);
    expect((await problemOf(await post(`${url}/api/v1/responses/none/stop`, said))).status).toBe(404);
    expect((await problemOf(await fetch(`${url}/nowhere`))).status).toBe(404);
  });

  test("a body that is broken, too large or of another kind is refused", async () => {
    const { url } = await open();
    const path = `${url}/api/v1/alarms/${fire}/acknowledge`;
    expect((await problemOf(await post(path, "{"))).status).toBe(400);
    expect((await problemOf(await post(path, { ...said, why: "x".repeat(70_000) }))).status).toBe(413);
    expect(
      (await problemOf(await post(path, "a=b", { authorization: `Bearer ${token}`, "content-type": "text/csv" })))
        .status,
    ).toBe(415);
  });

  test("a full queue is said to be full", async () => {
    const { url } = await open();
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await post(`${url}/api/v1/alarms/${fire}/acknowledge`, said)).status);
    expect(statuses).toEqual([202, 202, 202, 503, 503]);
  });

  test("a token that can be guessed is refused at the start", async () => {
    await expect(open({ token: "1234" })).rejects.toThrow("16 characters");
  });
});

describe("the server's own health", () => {
  test("is told to Prometheus: scans, overruns, points, alarms, actions, clients and the spool", async () => {
    const { url, plant, served } = await open({ spoolBytes: () => 4096 });
    const output = cycle(plant, begin + 500, again(burning));
    expect(output.commands.length).toBe(1);
    served.publish(plant, output, { scanMs: 0.4, overran: true });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain(`haechi_points{quality="good"} ${plant.site.points.size}`);
    expect(text).toContain('haechi_alarms_active{priority="critical"} 2');
    expect(text).toContain("haechi_scan_duration_seconds_count 1");
    expect(text).toContain("haechi_scan_overruns_total 1");
    expect(text).toContain("haechi_actions_total 1");
    expect(text).toContain("haechi_spool_bytes 4096");
    expect(text).toContain("haechi_stream_clients 0");
  });

  test("is ready once a scan has been published", async () => {
    const { url } = await open();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test("two servers in one process do not count each other's scans", async () => {
    const [one, other] = [await open(), await open()];
    one.served.publish(one.plant, quiet, { scanMs: 1 });
    expect(await (await fetch(`${other.url}/metrics`)).text()).toContain("haechi_scan_duration_seconds_count 0");
  });

  test("a port that is taken is refused in words, and leaves nothing running", async () => {
    const { url } = await open();
    await expect(open({ port: Number(new URL(url).port) })).rejects.toThrow("EADDRINUSE");
  });

  test("it listens on loopback only unless it is told otherwise", async () => {
    expect(new URL((await open()).url).hostname).toBe("127.0.0.1");
  });
});

describe("the wall's files", () => {
  const folder = mkdtempSync(join(tmpdir(), "haechi-wall-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>wall</title>");

  test.each(["/", "/wall"])("%s is the wall, with a policy that lets nothing foreign in", async (path) => {
    const { url } = await open({ wall: folder });
    const page = await fetch(url + path);
    expect(await page.text()).toContain("<title>wall</title>");
    expect(page.headers.get("content-security-policy")).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(page.headers.get("cache-control")).toBe("no-cache");
  });

  test.each(["/../package.json", "/%2e%2e/package.json", "/..%2f..%2fetc/passwd"])("%s leads nowhere", async (path) => {
    const { url } = await open({ wall: folder });
    const { hostname, port } = new URL(url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      let text = "";
      socket.on("data", (data) => (text += data.toString()));
      socket.on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 40[0-9]/);
    expect(answer).not.toContain("root:");
  });

  test("a service without a built wall says that there is none", async () => {
    const { url } = await open();
    expect((await problemOf(await fetch(`${url}/wall`))).status).toBe(404);
  });
});
