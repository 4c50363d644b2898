import { describe, expect, test } from "vitest";
import { formatProblem, loadLibrary, parseProfile } from "../../src/profiles/index.ts";
import { fetchKeys } from "../../src/secrets.ts";
import { parseSite } from "../../src/site/index.ts";
import { siteText } from "./fixture.ts";

const sparkplug = parseProfile(
  "devices/remote-io/sparkplug.yaml",
  `profile: remote-io/sparkplug
class: remote-io
name: Test
source: a test
evidence: B
scan: { safety: 1s, fast: 2s, normal: 60s, slow: 60s }
points:
  "contact[1].state": { scan: safety, mqtt: { metric: In/1, map: { 0: open, 1: closed } } }
`,
);
const library = loadLibrary();
const profiles = new Map(library.profiles);
if ("profile" in sparkplug) profiles.set("remote-io/sparkplug", sparkplug.profile);

/** A site with a meter or an I/O more, reached like this. */
function parsed(mqtt: string, profile = "meter/shelly-pro-3em") {
  const text = siteText.replace("power:\n", `  m: { profile: ${profile}, space: hall, mqtt: ${mqtt} }\npower:\n`);
  return parseSite("site.yaml", text, { ...library, profiles });
}
const addressIn = (mqtt: string, profile?: string) => {
  const loaded = parsed(mqtt, profile);
  if ("problems" in loaded) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  return { site: loaded.site, address: loaded.site.devices.find(({ id }) => id === "m")!.address };
};
const wrongWith = (mqtt: string, profile?: string): readonly string[] => {
  const loaded = parsed(mqtt, profile);
  return "problems" in loaded
    ? loaded.problems.map(formatProblem).map((one) => one.replace(/^site.yaml:\d+:\d+ /, ""))
    : [];
};

describe("a device that is reached through a broker", () => {
  test("has the broker's address and its own name there", () => {
    expect(addressIn("{ url: mqtt://10.0.0.9, device: hall/m1 }").address).toEqual({
      host: "10.0.0.9",
      port: 1883,
      mqtt: { tls: false, version: 5, device: "hall/m1" },
    });
    expect(addressIn('{ url: "mqtts://[::1]", device: m, ca: /etc/ca.pem, version: 4 }').address).toEqual({
      host: "::1",
      port: 8883,
      mqtt: { tls: true, version: 4, device: "m", ca: "/etc/ca.pem" },
    });
    expect(addressIn("{ url: mqtt://b:1999, group: g, node: n }", "remote-io/sparkplug").address).toEqual({
      host: "b",
      port: 1999,
      mqtt: { tls: false, version: 5, group: "g", node: "n" },
    });
  });

  test("has its password fetched from where it is kept", () => {
    const { site } = addressIn('{ url: mqtt://b, device: m, user: haechi, password: "${env:BROKER}" }');
    const env = { MOVER: "m0ver", BROKER: "br0ker" };
    const keys = fetchKeys(site, env);
    expect("addresses" in keys && keys.addresses.get("m")?.mqtt).toMatchObject({ user: "haechi", password: "br0ker" });
    expect(fetchKeys(site, { MOVER: "m0ver" })).toEqual(
      expect.objectContaining({ missing: ["device m: the environment variable BROKER is not set"] }),
    );
  });

  test.each([
    ["{ url: http://b, device: m }", ["devices.m.mqtt.url: must be a mqtt or mqtts address without a password in it"]],
    [
      "{ url: mqtt://u:p@b, device: m }",
      ["devices.m.mqtt.url: must be a mqtt or mqtts address without a password in it"],
    ],
    ["{ url: mqtt://b }", ["devices.m.mqtt: its topics hold {device}: say device"]],
    ['{ url: mqtt://b, device: "a/#" }', ["devices.m.mqtt.device: a topic has no spaces and no wildcards"]],
    [
      "{ url: mqtt://b, device: m, group: g, node: n }",
      ["devices.m.mqtt: its profile is JSON: group and node belong to Sparkplug B"],
    ],
    ["{ url: mqtt://b, device: m, group: g }", ["devices.m.mqtt: Sparkplug B needs a group and a node"]],
    ["{ url: mqtt://b, device: m, ca: /ca.pem }", ["devices.m.mqtt: ca belongs to a mqtts address"]],
    ['{ url: mqtt://b, device: m, password: "${env:P}" }', ["devices.m.mqtt: a password needs a user"]],
  ])("is refused as %s", (mqtt, expected) => {
    expect(wrongWith(mqtt)).toEqual(expected);
  });

  test("is refused where its profile is of Sparkplug B and it is said to have topics, or has none of it", () => {
    expect(wrongWith("{ url: mqtt://b, device: m }", "remote-io/sparkplug")).toEqual([
      "devices.m.mqtt: its profile is Sparkplug B: say group and node",
    ]);
    expect(wrongWith("{ url: mqtt://b, device: m }", "ups/eaton-xups")).toEqual([
      "devices.m.mqtt: it does not speak mqtt, but snmp",
    ]);
  });
});
