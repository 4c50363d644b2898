import { describe, expect, test } from "vitest";
import { pointId } from "../../src/core/reading.ts";
import { matrixOf } from "../../src/site/index.ts";
import { problemsAfter, siteAfter } from "./fixture.ts";

/** Targets of every kind, as a site file writes them. */
const targets = `targets:
  zone:
    name: { en: Addresses }
    dns:
      host: 10.0.9.1
      zone: example.org
      key: { name: haechi, secret: "\${env:ZONE_KEY}" }
      sets:
        seoul: [{ name: www.example.org, type: A, ttl: 30, data: [192.0.2.1] }]
        busan: [{ name: www.example.org, type: A, ttl: 30, data: [198.51.100.1] }]
  batch:
    name: { en: Batch }
    mqtt: { url: "mqtts://10.0.9.2", request: batch/order, state: batch/state, states: [running, paused] }
  standby:
    name: { en: Standby }
    http: { url: "https://10.0.9.9/standby", secret: "\${env:WORKER}", states: [cold, warm] }
  node-7:
    name: { en: Node 7 }
    kubernetes: { url: "https://10.0.9.3:6443", ca: /etc/haechi/ca.pem, token: "\${env:KUBE}", node: node-7.example.org }
  srv-1:
    name: { en: Server 1 }
    redfishPower: { url: "https://10.0.9.4", user: haechi, password: "\${env:BMC}", system: /redfish/v1/Systems/1 }
  cap-1:
    name: { en: Limit of server 1 }
    redfishLimit: { url: "https://10.0.9.4", user: haechi, password: "\${env:BMC}", control: /redfish/v1/Chassis/1/Power, limits: { full: none, capped: 350 } }
  orders:
    name: { en: Orders }
    patroni: { members: { pg-1: "http://10.0.9.5:8008", pg-2: "http://10.1.9.5:8008" }, user: haechi, password: "\${env:PG}" }
  cache:
    name: { en: Cache }
    sentinel: { sentinels: [{ host: 10.0.9.6, port: 26379 }], group: cache, members: { a: { host: 10.0.9.7, port: 6379 }, b: { host: 10.1.9.7, port: 6379 } } }
  vms:
    name: { en: Virtual machines }
    exec: { run: { here: [/usr/bin/ssh, -o, BatchMode=yes, vms, here], there: [/usr/bin/ssh, -o, BatchMode=yes, vms, there] }, show: [/usr/bin/ssh, -o, BatchMode=yes, vms], timeout: 20s }
alarms:
`;
const withTargets = ["alarms:\n", targets] as const;
const step = "{ id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }";
const drain = "{ id: one, target: node-7, to: drained, within: 10min, ifFailed: carryOn }";
const allowed = ["allow: [pdu-a, pdu-b, login]", "allow: [pdu-a, pdu-b, login, node-7, srv-1, zone]"] as const;
const byOrders = [
  '{ url: "http://mover.example/login", secret: "${env:MOVER}" }',
  "{ target: orders, at: { here: pg-1, there: pg-2 } }",
] as const;

describe("targets of a site", () => {
  test("each have one point, whose value is a place in their states", () => {
    const site = siteAfter(withTargets);
    expect(site.targets.map(({ id, kind, point, states }) => [id, kind, point, states.join(" ")])).toEqual([
      ["zone", "dns", "records.set", "seoul busan"],
      ["batch", "mqtt", "worker.state", "running paused"],
      ["standby", "http", "worker.state", "cold warm"],
      ["node-7", "kubernetes", "node.state", "schedulable cordoned drained"],
      ["srv-1", "redfishPower", "machine.power", "off on"],
      ["cap-1", "redfishLimit", "machine.limit", "full capped"],
      ["orders", "patroni", "cluster.leader", "pg-1 pg-2"],
      ["cache", "sentinel", "cluster.leader", "a b"],
      ["vms", "exec", "program.state", "here there"],
    ]);
    expect(site.targets[5]?.settings).toMatchObject({ limits: { full: null, capped: 350 } });
    expect(site.targets[8]?.settings).toMatchObject({ timeoutMs: 20_000 });
    expect(site.pointInfo.get(pointId("node-7", "node.state"))).toMatchObject({ class: "target", unit: null });
    expect(site.pointInfo.get(pointId("node-7", "node.pods"))).toMatchObject({ unit: "1", states: null });
  });

  test("are commanded by steps of a failover, like services are moved", () => {
    const site = siteAfter(withTargets, [step, drain], allowed);
    const { action } = site.model.responses[0]!;
    expect(action).toMatchObject({
      steps: [
        { id: "one", title: { en: "Node 7" }, point: "node-7/node.state", value: 2 },
        { id: "two", point: "login/service.site", value: 1 },
      ],
    });
    expect(matrixOf(site).effects[0]).toMatchObject({ hazard: "move", to: ["node-7", "login"] });
  });

  test("that are only held back are the least hazard of a response", () => {
    const two = "{ id: two, service: login, to: there, needs: [one], within: 90s, ifFailed: stop }";
    const capped = (id: string): string => drain.replace("one", id).replace("node-7, to: drained", "cap-1, to: capped");
    const site = siteAfter(
      withTargets,
      [step, capped("one")],
      [two, capped("two")],
      [allowed[0], "allow: [pdu-a, pdu-b, cap-1]"],
    );
    expect(matrixOf(site).effects[0]).toMatchObject({ hazard: "less", to: ["cap-1"] });
  });

  test("that go dark need more than one sensor, or a reason", () => {
    const shutdown = drain.replace("node-7, to: drained", "srv-1, to: off");
    expect(problemsAfter(withTargets, [step, shutdown], allowed)).toEqual([
      expect.stringMatching(/^\d+:\d+ responses\.move\.when\.0: fire .* and machines would go dark for it/),
    ]);
    const site = siteAfter(withTargets, [step, shutdown], allowed, [
      "    when: [fire]\n",
      "    when: [fire]\n    accept: a drill\n",
    ]);
    expect(matrixOf(site).effects[0]).toMatchObject({ hazard: "dark", accept: "a drill" });
  });

  test("move services, one state for each site", () => {
    const site = siteAfter(withTargets, byOrders);
    expect(site.services[0]).toMatchObject({
      url: null,
      secretRef: null,
      by: { target: "orders", at: { here: "pg-1", there: "pg-2" } },
    });
  });

  test.each([
    [
      "a target that is not there",
      [drain.replace("node-7,", "node-8,")],
      'target: there is no target "node-8" (did you mean "node-7"?)',
    ],
    [
      "a state that it does not have",
      [drain.replace("drained", "drain")],
      'to: node-7 has no state "drain" (did you mean "drained"?)',
    ],
    [
      "what gate.allow does not name",
      [drain.replace("node-7, to: drained", "cache, to: b")],
      "target: would command cache, which gate.allow does not name",
    ],
    [
      "nothing",
      [drain.replace("target: node-7, ", "")],
      "moves a service, or commands a target or a point: one of them",
    ],
    [
      "two things",
      [drain.replace("target", "service: login, target")],
      "moves a service, or commands a target or a point: one of them",
    ],
  ])("a step commands %s and is refused", (_, [written], problem) => {
    expect(problemsAfter(withTargets, [step, written!], allowed)).toEqual([
      expect.stringMatching(new RegExp(`^\\d+:\\d+ responses\\.move.*${problem.replaceAll(/[()?]/g, "\\$&")}$`)),
    ]);
  });

  test.each([
    ["of a site that nobody knows", "there: pg-2", "elsewhere: pg-2", 'at.elsewhere: there is no site "elsewhere"'],
    [
      "by a state that the target has not",
      "pg-2",
      "pg-3",
      'at.there: orders has no state "pg-3" (did you mean "pg-1"?)',
    ],
    ["to where it is", "pg-2", "pg-1", "at: two sites in one state cannot be told apart"],
    ["by a target that is not there", "orders", "order", 'target: there is no target "order" (did you mean "orders"?)'],
    ["from nowhere", "here: pg-1, ", "", "at: does not say in which state it is at here"],
  ])("a move %s is refused", (_, from, to, problem) => {
    const [written, moved] = byOrders;
    const problems = problemsAfter(withTargets, [written, moved.replace(from, to)]);
    expect(problems[0]).toMatch(/^35:\d+ services\.login\.move\./);
    expect(problems[0]?.endsWith(problem)).toBe(true);
  });

  test("a move to a site that its target has no state for is refused where it is ordered", () => {
    const [written, moved] = byOrders;
    expect(
      problemsAfter(
        withTargets,
        ["elsewhere: [there]", "elsewhere: [there, far]"],
        [written, moved.replace("there:", "far:")],
      ),
    ).toEqual(
      [1, 2].map(() => expect.stringContaining("login cannot go to there: its move names no state of orders for it")),
    );
  });

  test.each([
    ["of no kind", "    dns:\n", "    dnss:\n", 'zone.dnss: unknown key "dnss" (did you mean "dns"?)'],
    [
      "of two kinds",
      'mqtt: { url: "mqtts://10.0.9.2"',
      'exec: { run: { a: [/a], b: [/b] }, show: [/c] }\n    mqtt: { url: "mqtts://10.0.9.2"',
      "batch: needs one of dns, mqtt,",
    ],
    [
      "with a name of another zone",
      "www.example.org, type: A, ttl: 30, data: [198",
      "www.example.com, type: A, ttl: 30, data: [198",
      "zone.dns.sets.busan.0.name: www.example.com is not in example.org",
    ],
    ["with an address that is none", "198.51.100.1", "198.51.100", "zone.dns.sets.busan.0.data.0: no A record"],
    [
      "with sets of different records",
      "type: A, ttl: 30, data: [198.51.100.1]",
      'type: AAAA, ttl: 30, data: ["::1"]',
      "zone.dns.sets.busan: must have the same names and types as seoul",
    ],
    ["with one state only", ", b: { host: 10.1.9.7, port: 6379 }", "", "cache.sentinel.members: needs 2 to 16 states"],
    [
      "behind a path",
      "https://10.0.9.3:6443",
      "https://10.0.9.3:6443/clusters/7",
      "node-7.kubernetes.url: must be an address without a path",
    ],
    [
      "that sends its token in the clear",
      "https://10.0.9.3",
      "http://10.0.9.3",
      "node-7.kubernetes.url: must be an https address: a secret is sent to it",
    ],
    [
      "with a secret in the file",
      '"${env:KUBE}"',
      "eyJhbGciOi",
      "node-7.kubernetes.token: a secret does not stand in this file: write ${env:NAME} or ${file:/path}",
    ],
    [
      "whose program a path must find",
      "[/usr/bin/ssh, -o, BatchMode=yes, vms, here]",
      "[ssh, vms]",
      "vms.exec.run.here: begins with a program's absolute path",
    ],
    [
      "with wildcards in a topic",
      "batch/order",
      "batch/#",
      "batch.mqtt.request: a topic has no spaces and no wildcards",
    ],
    ["with a limit of nothing", "capped: 350", "capped: 0", "cap-1.redfishLimit.limits.capped: "],
    [
      "with the name of a device",
      "  cache:\n",
      "  crac:\n",
      "crac: a device is called crac already: crac/… must be one thing",
    ],
  ])("a target %s is refused, with its place in the file", (_, from, to, problem) => {
    expect(targets).toContain(from);
    const problems = problemsAfter([withTargets[0], targets.replace(from, to)]);
    expect(problems[0]).toMatch(/^\d+:\d+ targets\./);
    expect(problems.join("\n")).toContain(`targets.${problem}`);
  });
});
