import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { jsonSchema } from "../../src/site/index.ts";
import { changed, problemsAfter, siteAfter, siteText } from "./fixture.ts";

describe("the JSON Schema of a site file", () => {
  const printed = JSON.stringify(jsonSchema());
  const schema = z.fromJSONSchema(JSON.parse(printed) as Parameters<typeof z.fromJSONSchema>[0]);
  const demo = readFileSync(fileURLToPath(new URL("../../simulators/sites/demo.yaml", import.meta.url)), "utf8");

  test("knows every section", () => {
    const { properties } = JSON.parse(printed) as { properties: object };
    expect(Object.keys(properties)).toEqual([
      "version",
      "site",
      "profileAlarms",
      "spaces",
      "devices",
      "routes",
      "power",
      "loads",
      "cooling",
      "services",
      "targets",
      "haechi",
      "alarms",
      "responses",
      "water",
      "gate",
      "serve",
      "store",
      "notify",
      "self",
      "selfTest",
      "traps",
    ]);
  });

  test("accepts what the product accepts", () => {
    expect(schema.safeParse(parse(siteText)).success).toBe(true);
    expect(schema.safeParse(parse(demo)).success).toBe(true);
  });

  test("refuses keys that there are not, and values of the wrong kind", () => {
    const refused = [
      changed(["priority: critical", "priority: urgent"]),
      changed(["latch: true", "latsh: true"]),
      changed(["need: 2", "need: two"]),
      changed(["ifBlind: hold", "ifBlind: perhaps"]),
    ];
    for (const text of refused) expect(schema.safeParse(parse(text)).success).toBe(false);
  });
});

describe("the outlets of a site", () => {
  const end = "armed: [move, shed]\n";

  test("have defaults: this machine only, and history on its disk", () => {
    const { serve, store, notify } = siteAfter();
    expect(serve).toEqual({ host: "127.0.0.1", port: 8080 });
    expect(store).toEqual({ retention: 400 * 86_400_000, journalMb: 512, spoolMb: 1024, spoolAge: 30 * 86_400_000 });
    expect(notify).toEqual({ webhooks: [] });
  });

  test("may be databases, brokers and webhooks, each with its secret kept elsewhere", () => {
    const written = `serve: { port: 0, operatorToken: "\${env:T}" }
store:
  influx1: { url: "http://db:8086", database: haechi, username: u, password: "\${env:P}" }
  influx2: { url: "https://db:8087", org: o, bucket: b, token: "\${file:/run/t}" }
notify:
  mqtt: { url: "mqtts://broker:8883", username: u, password: "\${env:Q}" }
  webhooks: [{ url: "https://hook.example/", secret: "\${env:W}" }]
`;
    const { serve, store, notify } = siteAfter([end, end + written]);
    expect(serve).toEqual({ host: "127.0.0.1", port: 0, operatorToken: "${env:T}" });
    expect(store.influx1).toEqual({ url: "http://db:8086", database: "haechi", username: "u", password: "${env:P}" });
    expect(store.influx2?.token).toBe("${file:/run/t}");
    expect(notify.mqtt).toEqual({
      url: "mqtts://broker:8883",
      username: "u",
      password: "${env:Q}",
      prefix: "haechi",
      version: 5,
    });
    expect(notify.webhooks).toEqual([{ url: "https://hook.example/", secret: "${env:W}" }]);
  });

  test.each([
    [
      "serve: { operatorToken: letmein }\n",
      "107:25 serve.operatorToken: a secret does not stand in this file: write ${env:NAME} or ${file:/path}",
    ],
    ["store: { journalMb: 0 }\n", "107:21 store.journalMb: must be at least 1"],
    [
      'store: { influx2: { url: x, org: o, bucket: b, token: "${env:T}" } }\n',
      "107:26 store.influx2.url: must be an http or https address without a password in it",
    ],
    [
      'notify: { mqtt: { url: "mqtt://u:p@broker" } }\n',
      "107:24 notify.mqtt.url: must be a mqtt or mqtts address without a password in it",
    ],
  ])("are refused as %s", (written, problem) => {
    expect(problemsAfter([end, end + written])).toEqual([problem]);
  });
});
