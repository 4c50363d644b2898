import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, demoSiteFile } from "../../../simulators/plant/index.ts";
import type { ServedServices } from "../../../simulators/wire/index.ts";
import { accessTo, serveServices } from "../../../simulators/wire/index.ts";
import { seconds } from "../../../src/core/time.ts";
import type { Order } from "../../../src/gate/actuator.ts";
import { serviceMover, signedHeaders } from "../../../src/gate/http.ts";
import type { ServiceLink } from "../../../src/gate/policy.ts";

const secret = "s3cret";
const plantTime = 1_000_000;
let plant: Plant;
let served: ServedServices;

beforeEach(async () => {
  plant = demoPlant(5);
  served = await serveServices(accessTo(plant), {
    sites: ["demo", "anyang"],
    secrets: new Map(["login", "pay"].map((service) => [service, secret])),
    now: () => plantTime,
  });
});
afterEach(() => served.close());

const urlOf = (service: string): string => `${served.url}/services/${service}`;
const ask = async (service: string) => (await fetch(urlOf(service))).json();

interface Wanted {
  readonly id?: string;
  readonly to?: string;
  readonly expires?: number;
  readonly service?: string;
  readonly key?: string;
  readonly ageS?: number;
}

async function order(service: string, said: Wanted = {}): Promise<number> {
  const id = said.id ?? "cmd-1";
  const named = said.service ?? service;
  const body = JSON.stringify({
    id,
    service: named,
    to: said.to ?? "anyang",
    expires: said.expires ?? plantTime + 1000,
  });
  const timestamp = String(Math.floor(Date.now() / 1000) - (said.ageS ?? 0));
  const signature = createHmac("sha256", said.key ?? secret)
    .update(`${id}.${timestamp}.${body}`)
    .digest("base64");
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  return (await fetch(urlOf(service), { method: "POST", headers, body })).status;
}

describe("a service's mover", () => {
  test("says where it is, moves it on a signed order, and says when it has moved", async () => {
    expect(await ask("login")).toEqual({ service: "login", site: "demo", state: "here" });
    expect(await order("login")).toBe(202);
    expect(await ask("login")).toEqual({ service: "login", site: "demo", state: "moving" });
    for (let i = 0; i < 60; i++) advance(plant, seconds(1));
    expect(await ask("login")).toEqual({ service: "login", site: "anyang", state: "moved" });
  });

  test("follows an order that comes twice once", async () => {
    expect(await order("login")).toBe(202);
    for (let i = 0; i < 60; i++) advance(plant, seconds(1));
    expect(await order("login", { id: "cmd-2", to: "demo" })).toBe(202);
    expect(await order("login", { id: "cmd-1" })).toBe(202);
    for (let i = 0; i < 60; i++) advance(plant, seconds(1));
    expect(await ask("login")).toMatchObject({ site: "demo", state: "here" });
    expect([...served.orders]).toEqual(["cmd-1", "cmd-2"]);
  });

  test.each<[string, Wanted, number]>([
    ["signed with another key", { key: "guess" }, 401],
    ["with a signature of an hour ago", { ageS: 3600 }, 401],
    ["that has expired in the plant's time", { expires: plantTime }, 410],
    ["to a site that is not known", { to: "atlantis" }, 400],
    ["that names another service", { service: "pay" }, 400],
  ])("refuses an order %s", async (_, said, status) => {
    expect(await order("login", said)).toBe(status);
    expect(await ask("login")).toMatchObject({ state: "here" });
    expect(served.orders.size).toBe(0);
  });

  test("refuses orders without a signature, orders to a service without a secret, and strange requests", async () => {
    expect((await fetch(urlOf("login"), { method: "POST", body: "{}" })).status).toBe(401);
    expect(await order("all")).toBe(401);
    expect((await fetch(urlOf("nobody"))).status).toBe(404);
    expect((await fetch(urlOf("login"), { method: "DELETE" })).status).toBe(405);
    expect(
      (await fetch(urlOf("login"), { method: "POST", body: "x".repeat(100_000) }).catch(() => ({ status: 400 })))
        .status,
    ).toBe(400);
  });

  test("cannot move a service whose racks are dark any more", async () => {
    apply(plant, { cut: "site" });
    for (let i = 0; i < 3; i++) advance(plant, seconds(1));
    expect(await ask("login")).toMatchObject({ state: "failed" });
    expect(await order("login")).toBe(409);
  });
});

describe("a move that comes as a CloudEvent", () => {
  const moveOf = (id: string): Order => ({
    id: id as Order["id"],
    point: "service.site",
    value: 1,
    expires: (plantTime + 1000) as Order["expires"],
  });
  const mover = (over: Partial<ServiceLink> = {}) =>
    serviceMover({
      id: "login",
      url: urlOf("login"),
      sites: ["demo", "anyang"],
      secret,
      format: "cloudevents",
      ...over,
    });

  test("is followed as a plain one is, and once", async () => {
    const { signal } = new AbortController();
    for (const format of ["cloudevents", "cloudevents", "plain"] as const)
      expect(await mover({ format }).write(moveOf("cmd-1"), signal)).toEqual({ result: "accepted" });
    expect([...served.orders]).toEqual(["cmd-1"]);
    for (let i = 0; i < 60; i++) advance(plant, seconds(1));
    expect(await mover().read("service.site", signal)).toBe(1);
  });

  test.each<[string, Record<string, unknown>]>([
    ["of another version", { specversion: "0.3" }],
    ["of another kind", { type: "com.example.other" }],
    ["whose id is not its order's", { id: "cmd-2" }],
    ["without an order", { data: undefined }],
  ])("is refused %s", async (_, over) => {
    const data = { id: "cmd-1", service: "login", to: "anyang", expires: plantTime + 1000 };
    const event = { specversion: "1.0", id: "cmd-1", source: "/haechi/demo", type: "haechi.service.move.v1", data };
    const body = JSON.stringify({ ...event, ...over });
    const headers = {
      "content-type": "application/cloudevents+json; charset=utf-8",
      ...signedHeaders(secret, { id: "cmd-1", body }, Date.now()),
    };
    expect((await fetch(urlOf("login"), { method: "POST", headers, body })).status).toBe(400);
    expect(served.orders.size).toBe(0);
  });
});

describe("a target's other end", () => {
  const text = readFileSync(demoSiteFile(), "utf8").replace(
    "alarms:\n",
    "targets:\n  standby: { http: { states: [cold, warm] } }\n  quiet: { http: { states: [a, b] } }\nalarms:\n",
  );

  async function targets() {
    const own = demoPlant(5, text);
    const of = new Map([["standby", { states: ["cold", "warm"], secret }]]);
    const site = { sites: ["demo"], secrets: new Map<string, string>(), targets: of, now: () => plantTime };
    const at = await serveServices(accessTo(own), site);
    onTestFinished(() => at.close());
    const url = `${at.url}/targets/standby`;
    const shown = async () => (await (await fetch(url)).json()) as object;
    async function order(state: string, { key = secret, id = "cmd-1", target = "standby" } = {}): Promise<number> {
      const body = JSON.stringify({ id, target, state, expires: plantTime + 1000 });
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
      const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
      return (await fetch(url, { method: "POST", headers, body })).status;
    }
    return { own, at, shown, order };
  }

  test("says its state, takes a signed order, and is there when its time is over", async () => {
    const { own, shown, order } = await targets();
    expect(await shown()).toEqual({ target: "standby", state: "cold" });
    expect(await order("warm")).toBe(202);
    expect(await order("warm")).toBe(202);
    expect(await shown()).toMatchObject({ state: "cold" });
    for (let i = 0; i < 30; i++) advance(own, seconds(1));
    expect(await shown()).toMatchObject({ state: "warm" });
  });

  test("refuses what is not signed, not meant for it, or no state of it, and what it is told to refuse", async () => {
    const { own, shown, order } = await targets();
    expect(await order("warm", { key: "guess" })).toBe(401);
    expect(await order("warm", { target: "quiet" })).toBe(400);
    expect(await order("hot")).toBe(400);
    apply(own, { target: "standby", is: "refusing" });
    expect(await order("warm")).toBe(409);
    expect(await shown()).toMatchObject({ state: "cold" });
  });

  test("that is mute hangs up, and one that nobody has named a secret for is a stranger", async () => {
    const { own, at, shown } = await targets();
    apply(own, { target: "standby", is: "mute" });
    await expect(shown()).rejects.toThrow();
    expect((await fetch(`${at.url}/targets/quiet`)).status).toBe(404);
    expect((await fetch(`${at.url}/targets/nobody`)).status).toBe(404);
  });
});
