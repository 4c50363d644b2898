import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { CommandId } from "../../src/core/command.ts";
import { instant } from "../../src/core/time.ts";
import { serviceMover, signatureOf } from "../../src/gate/http.ts";
import type { ServiceLink } from "../../src/gate/policy.ts";
import { freePort } from "../collect/fixture.ts";
import { describeWith } from "../setup/available.ts";
import { startNginx } from "../setup/services.ts";
import { stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";

const secret = "whsec_" + Buffer.from("the key of the mover").toString("base64");
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function server(answer: Answer): Promise<string> {
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    http.closeAllConnections();
    return new Promise<void>((resolve) => void http.close(() => resolve()));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/services/login`;
}

/** A mover as one ought to be: it checks what it is told, moves once an order, and takes two questions' time over it. */
async function mover(now = () => Date.now()) {
  const state = { site: "seoul", state: "here", moves: [] as string[], refusals: [] as string[], asked: 0 };
  let target: string | null = null;
  const url = await server((request, response, body) => {
    if (request.method === "GET") {
      state.asked += 1;
      if (target !== null && state.asked > 2) Object.assign(state, { site: target, state: "moved" });
      response.end(JSON.stringify({ service: "login", site: state.site, state: state.state }));
      return;
    }
    const id = String(request.headers["webhook-id"]);
    const timestamp = String(request.headers["webhook-timestamp"]);
    const key = Buffer.from(secret.slice(6), "base64");
    const wanted = `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
    const order = JSON.parse(body) as { id: string; to: string; expires: number };
    const isLate = Math.abs(now() / 1000 - Number(timestamp)) > 300;
    if (request.headers["webhook-signature"] !== wanted || isLate || order.id !== id) {
      state.refusals.push(id);
      response.writeHead(401).end();
      return;
    }
    if (!state.moves.includes(id)) {
      state.moves.push(id);
      state.state = "moving";
      state.asked = 0;
      target = order.to;
    }
    response.writeHead(202).end();
  });
  return { url, state };
}

const link = (url: string, over: Partial<ServiceLink> = {}): ServiceLink => ({
  id: "login",
  url,
  secret,
  sites: ["seoul", "anyang"],
  ...over,
});

const order = {
  id: "move#1/login=1" as CommandId,
  point: "service.site",
  value: 1,
  expires: instant(4_000_000_000_000),
};

function moverAt(url: string, over: Partial<ServiceLink> = {}, now?: () => number) {
  const actuator = serviceMover(link(url, over), now);
  closers.push(() => actuator.close());
  return actuator;
}

describe("the signature of an order", () => {
  it("is the one of Standard Webhooks", () => {
    // The worked example of the specification's reference libraries.
    const example = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: "1614265330",
      body: '{"test": 2432232314}',
    };
    expect(signatureOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", example)).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });
});

describe("a service that is moved", () => {
  it("is told its order in full, signed, and says where it is", async () => {
    const { url, state } = await mover();
    const actuator = moverAt(url);
    expect(await actuator.read("service.site", stop)).toBe(0);
    expect(await actuator.write(order, stop)).toEqual({ result: "accepted" });
    expect(state.moves).toEqual([order.id]);
    expect(await actuator.read("service.site", stop)).toBeNull();
    await actuator.read("service.site", stop);
    expect(await actuator.read("service.site", stop)).toBe(1);
  });

  it("moves through the gate as an outlet switches: written, waited for, done", async () => {
    const { url, state } = await mover();
    const targets = new Map([["login", { class: "service", writes: new Map([["service.site", [0, 1]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["login"]), targets },
      actuators: new Map([["login", moverAt(url)]]),
    });
    const at = "login/service.site";
    const move = command({
      point: at,
      value: 1,
      expires: instant(1_000_000 + 90_000),
      expect: { point: point(at), is: "=", value: 1, within: 90_000 as never },
    });
    expect(await gate.submit(move, 1)).toMatchObject({ result: "done", readBack: 1 });
    expect(await gate.submit(move, 1)).toMatchObject({ result: "done" });
    expect(state.moves).toEqual([move.id]);
  });

  it("moves once however often the order comes", async () => {
    const { url, state } = await mover();
    const actuator = moverAt(url);
    await actuator.write(order, stop);
    await actuator.write(order, stop);
    expect(state.moves).toEqual([order.id]);
  });

  it("is told its order as a CloudEvent where its link says so, signed as a whole", async () => {
    let heard: { headers: IncomingMessage["headers"]; body: string } | null = null;
    const url = await server((request, response, body) => {
      heard = { headers: request.headers, body };
      response.writeHead(202).end();
    });
    const now = Date.UTC(2026, 0, 1);
    expect(await moverAt(url, { format: "cloudevents" }, () => now).write(order, stop)).toEqual({ result: "accepted" });
    const { headers, body } = heard!;
    expect(headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
    expect(JSON.parse(body)).toEqual({
      specversion: "1.0",
      id: order.id,
      source: "/haechi/seoul",
      type: "haechi.service.move.v1",
      subject: "login",
      time: "2026-01-01T00:00:00.000Z",
      datacontenttype: "application/json",
      data: { id: order.id, service: "login", to: "anyang", expires: order.expires },
    });
    const signed = { id: order.id, timestamp: String(now / 1000), body };
    expect(headers["webhook-signature"]).toBe(signatureOf(secret, signed));
  });

  it("is not moved by an order with a wrong secret or an old date", async () => {
    const { url, state } = await mover();
    expect(await moverAt(url, { secret: "guessed" }).write(order, stop)).toEqual({
      result: "refused",
      detail: "HTTP 401",
    });
    const hourAgo = () => Date.now() - 3_600_000;
    expect(await moverAt(url, {}, hourAgo).write(order, stop)).toMatchObject({ result: "refused" });
    expect(state.moves).toEqual([]);
    expect(state.refusals).toHaveLength(2);
  });

  it("is not moved to a site that its link does not name", async () => {
    const { url, state } = await mover();
    expect(await moverAt(url).write({ ...order, value: 2 }, stop)).toMatchObject({ result: "refused" });
    expect(state.moves).toEqual([]);
  });

  it.each([
    [200, "accepted"],
    [202, "accepted"],
    [302, "refused"],
    [400, "refused"],
    [410, "refused"],
    [429, "again"],
    [500, "again"],
    [503, "again"],
  ] as const)("whose mover answers %i has its order %s", async (status, result) => {
    const url = await server((_, response) => response.writeHead(status, { location: "/elsewhere" }).end());
    expect((await moverAt(url).write(order, stop)).result).toBe(result);
  });

  it("follows no redirect, neither with an order nor with a question", async () => {
    let elsewhere = 0;
    const url = await server((request, response) => {
      if (request.url === "/elsewhere") elsewhere += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    const actuator = moverAt(url);
    await actuator.write(order, stop);
    expect(await actuator.read("service.site", stop)).toBeNull();
    expect(elsewhere).toBe(0);
  });

  it("may be ordered again where its mover is out of reach", async () => {
    const actuator = moverAt(`http://127.0.0.1:${await freePort()}/services/login`);
    expect((await actuator.write(order, stop)).result).toBe("again");
    expect(await actuator.read("service.site", stop)).toBeNull();
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["no site", '{"state":"here"}'],
    ["a site that the link does not name", '{"site":"busan","state":"here"}'],
    ["a state that nobody knows", '{"site":"seoul","state":"lost"}'],
    ["that it is between two sites", '{"site":"anyang","state":"moving"}'],
    ["more than anybody needs", `{"site":"seoul","state":"here","x":"${"x".repeat(70_000)}"}`],
  ])("is nowhere where its mover says %s", async (_, body) => {
    const url = await server((__, response) => response.end(body));
    expect(await moverAt(url).read("service.site", stop)).toBeNull();
  });

  it("is where it was when a move has failed", async () => {
    const url = await server((_, response) => response.end('{"site":"seoul","state":"failed"}'));
    expect(await moverAt(url).read("service.site", stop)).toBe(0);
  });

  it("is no longer waited for once the gate closes", async () => {
    const url = await server(() => undefined);
    const actuator = moverAt(url);
    const reading = actuator.read("service.site", stop);
    actuator.close();
    expect(await reading).toBeNull();
  });
});

describeWith("nginx", "a service whose mover stands behind nginx", () => {
  /** What nginx does with what is for the mover, told where that is. */
  async function behind(url: string, ...lines: readonly string[]): Promise<string> {
    const { origin, pathname } = new URL(url);
    const passed = [`proxy_pass ${origin};`, "proxy_read_timeout 1s;", ...lines];
    const nginx = await startNginx([`location /services/ { ${passed.join(" ")} }`]);
    closers.push(() => nginx.stop());
    return `${nginx.url}${pathname}`;
  }

  it("is told its order as it was signed, moves, and says where it is", async () => {
    const { url, state } = await mover();
    const actuator = moverAt(await behind(url));
    expect(await actuator.read("service.site", stop)).toBe(0);
    expect(await actuator.write(order, stop)).toEqual({ result: "accepted" });
    expect(state).toMatchObject({ moves: [order.id], refusals: [] });
    for (const site of [null, null, 1]) expect(await actuator.read("service.site", stop)).toBe(site);
  });

  it.each(["plain", "cloudevents"] as const)("is told an order in the form %s byte for byte", async (format) => {
    const heard: { body: string; headers: IncomingMessage["headers"] }[] = [];
    const url = await server(({ headers }, response, body) => {
      heard.push({ body, headers });
      response.writeHead(202).end();
    });
    await moverAt(await behind(url), { format }).write(order, stop);
    const [{ body, headers }] = heard as [(typeof heard)[number]];
    const signed = { id: String(headers["webhook-id"]), timestamp: String(headers["webhook-timestamp"]), body };
    expect(headers["webhook-signature"]).toBe(signatureOf(secret, signed));
  });

  it.each([
    ["502 for one that is gone", 502],
    ["504 for one that says nothing", 504],
  ])("may be ordered again where nginx answers %s, and is nowhere until then", async (_, status) => {
    const nobody = `http://127.0.0.1:${await freePort()}/services/login`;
    const url = status === 502 ? nobody : await server(() => undefined);
    const actuator = moverAt(await behind(url));
    expect(await actuator.write(order, stop)).toEqual({ result: "again", detail: `HTTP ${status}` });
    expect(await actuator.read("service.site", stop)).toBeNull();
  });

  it("may be ordered again where nginx lets no more requests through just now", async () => {
    const { url, state } = await mover();
    const actuator = moverAt(await behind(url, "limit_req zone=one;"));
    expect(await actuator.write(order, stop)).toEqual({ result: "accepted" });
    expect(await actuator.write(order, stop)).toEqual({ result: "again", detail: "HTTP 429" });
    expect(state.moves).toEqual([order.id]);
  });

  it("is refused where nginx has a page in its place, and is nowhere", async () => {
    const nginx = await startNginx(["location / { limit_except GET { deny all; } return 200 moved; }"]);
    closers.push(() => nginx.stop());
    const actuator = moverAt(`${nginx.url}/services/login`);
    expect(await actuator.write(order, stop)).toEqual({ result: "refused", detail: "HTTP 403" });
    expect(await actuator.read("service.site", stop)).toBeNull();
  });
});
