import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fetchKeys, fetchOutlets, fetchTargets, fetchTraps } from "../src/secrets.ts";
import type { SecretRef, Site } from "../src/site/index.ts";
import { folderWith } from "./cli/folder.ts";
import { demoKeys, demoSite } from "./simulators/demo-site.ts";

const ref = (text: string): SecretRef => text as SecretRef;

describe("the keys of a site", () => {
  test("are every device's address and every service's secret", () => {
    const site = demoSite();
    const keys = fetchKeys(site, demoKeys);
    if ("missing" in keys) throw new Error(keys.missing.join("\n"));
    expect([...keys.addresses.keys()]).toEqual(site.devices.map(({ id }) => id));
    expect(JSON.stringify(keys.addresses.get("pdu-a1"))).toContain(demoKeys.HAECHI_DEMO_AUTH);
    expect(new Set(keys.services.values())).toEqual(new Set([demoKeys.HAECHI_DEMO_SECRET]));
  });

  test("that are missing are all named at once, with whose they are, and none that is there is said", () => {
    const keys = fetchKeys(demoSite(), { HAECHI_DEMO_AUTH: "known-and-secret" });
    if (!("missing" in keys)) throw new Error("nothing is missing");
    expect(keys.missing).toHaveLength(2 + 6);
    expect(keys.missing).toContain("device pdu-b1: the environment variable HAECHI_DEMO_PRIV is not set");
    expect(keys.missing).toContain("service all: the environment variable HAECHI_DEMO_SECRET is not set");
    expect(keys.missing.join()).not.toContain("known-and-secret");
  });

  test("are only those of the devices and services that are asked for", () => {
    const { devices } = demoSite();
    const few = devices.filter(({ id }) => id === "meter-main");
    expect(fetchKeys({ devices: few, services: [] }, {})).not.toHaveProperty("missing");
  });
});

describe("the keys of targets", () => {
  const settings = { members: { "pg-1": "http://10.0.9.5:8008" }, user: "haechi", password: ref("${env:PG}") };
  const orders = {
    id: "orders",
    kind: "patroni",
    name: { en: "O" },
    point: "cluster.leader",
    states: ["pg-1"],
    settings,
  };
  const deep = { key: { name: "k", secret: ref("${env:ZONE}") }, sets: { ca: [{ data: ["${env:PG}"] }] } };
  const zone = { ...orders, id: "zone", kind: "dns", settings: deep };
  const targets = [orders, zone] as unknown as Site["targets"];

  test("are put where they belong, however deep, and nowhere else", () => {
    const found = fetchTargets(targets, { PG: "pgpass", ZONE: "em9uZQ==" });
    expect(found).toMatchObject({
      targets: [
        { id: "orders", settings: { members: settings.members, user: "haechi", password: "pgpass" } },
        { id: "zone", settings: { key: { name: "k", secret: "em9uZQ==" }, sets: deep.sets } },
      ],
    });
  });

  test("that are missing are all named at once", () => {
    expect(fetchTargets(targets, {})).toEqual(
      expect.objectContaining({
        missing: [
          "target orders: the environment variable PG is not set",
          "target zone: the environment variable ZONE is not set",
        ],
      }),
    );
  });
});

describe("the secrets of a site's outlets", () => {
  const outlets = (): Pick<Site, "store" | "notify" | "serve"> => {
    const { store, notify, serve } = demoSite();
    return {
      store,
      notify: { ...notify, webhooks: [{ url: "https://example.net/hook", secret: ref("${env:HOOK}") }] },
      serve: { ...serve, operatorToken: ref("${env:TOKEN}") },
    };
  };

  test("are put where they belong", () => {
    const found = fetchOutlets(outlets(), { HOOK: "h00k", TOKEN: "t0ken-of-the-operators" });
    expect(found).toMatchObject({
      operatorToken: "t0ken-of-the-operators",
      notify: { webhooks: [{ url: "https://example.net/hook", secret: "h00k" }] },
    });
  });

  test("may be kept in files, whose last line break is no part of them", () => {
    const folder = folderWith({ token: "from-a-file-on-disk\n" });
    const { serve, ...rest } = outlets();
    const kept = { ...rest, serve: { ...serve, operatorToken: ref(`\${file:${join(folder, "token")}}`) } };
    expect(fetchOutlets(kept, { HOOK: "h00k" })).toMatchObject({ operatorToken: "from-a-file-on-disk" });
  });

  test("that are missing are all named at once", () => {
    expect(fetchOutlets(outlets(), {})).toMatchObject({
      missing: [
        "webhook https://example.net/hook: the environment variable HOOK is not set",
        "operator token: the environment variable TOKEN is not set",
      ],
    });
  });

  test("are none where the site names none: then nobody may ask anything", () => {
    const { store, notify, serve } = demoSite();
    expect(fetchOutlets({ store, notify, serve }, {})).toMatchObject({ operatorToken: null, notify: { webhooks: [] } });
  });
});

describe("the secrets by which notifications are believed", () => {
  const user = { name: "ups", level: "authNoPriv", authProtocol: "sha", authKey: "${env:KEY}" } as const;
  const traps = { port: 162, bind: "0.0.0.0", community: "${env:COMMUNITY}", users: [user] };

  test("are put where they belong; a community may stand in the file", () => {
    expect(fetchTraps(traps, { KEY: "k3y-of-the-ups", COMMUNITY: "campus" })).toEqual({
      traps: { ...traps, community: "campus", users: [{ ...user, authKey: "k3y-of-the-ups" }] },
    });
    expect(fetchTraps({ ...traps, community: "public", users: [] }, {})).toMatchObject({
      traps: { community: "public" },
    });
  });

  test("that are missing are all named at once", () => {
    expect(fetchTraps(traps, {})).toMatchObject({
      missing: [
        "traps community: the environment variable COMMUNITY is not set",
        "traps user ups: the environment variable KEY is not set",
      ],
    });
  });

  test("are none where the site does not listen", () => {
    expect(fetchTraps(null, {})).toEqual({ traps: null });
  });
});
