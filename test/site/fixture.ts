import { expect } from "vitest";
import type { Library } from "../../src/profiles/index.ts";
import { formatProblem, loadLibrary } from "../../src/profiles/index.ts";
import type { Site } from "../../src/site/index.ts";
import { parseSite } from "../../src/site/index.ts";

// A small site in which every rule has something to bite on. Tests change a piece of its text.

let loaded: Library | undefined;

/** All profiles: read when the first test asks for them, which not every test of a file does. */
export const library = (): Library => (loaded ??= loadLibrary());

export const siteText = `version: 1
site: { id: here, name: { en: Here }, timezone: Asia/Seoul, elsewhere: [there] }
profileAlarms: none
spaces:
  battery-room: { kind: battery-room, name: { en: Battery room } }
  hall: { kind: hall, name: { en: Hall } }
devices:
  ups-a: { profile: ups/eaton-xups, space: hall, snmp: { host: 10.0.0.1, version: 2c, community: public } }
  ups-b: { profile: ups/eaton-xups, space: hall, snmp: { host: 10.0.0.2, version: 2c, community: public } }
  bat-a: { profile: battery/sunspec-802-803, space: battery-room, modbus: { host: 10.0.0.3 }, fitted: { n: 1 } }
  asd: { profile: fire/honeywell-faast-8100, space: battery-room, modbus: { host: 10.0.0.4 } }
  pdu-a: { profile: pdu/apc-rpdu2, space: hall, snmp: { host: 10.0.0.5, version: 2c, community: public }, fitted: { n: 2 } }
  pdu-b: { profile: pdu/apc-rpdu2, space: hall, snmp: { host: 10.0.0.6, version: 2c, community: public }, fitted: { n: 2 } }
  crac: { profile: cooling/apc-inrow, space: hall, snmp: { host: 10.0.0.7, version: 2c, community: public } }
  io: { profile: remote-io/moxa-iologik-e1210, space: hall, modbus: { host: 10.0.0.8 }, rename: { "contact[0].state": offgas.state } }
power:
  mains: { kind: utility, ratedKw: 100 }
  feed-a: { kind: ups, feed: A, from: [mains], ratedKw: 50, power: ups-a/output.power, battery: bat-a, device: ups-a }
  feed-b: { kind: ups, feed: B, from: [mains], ratedKw: 50, power: ups-b/output.power }
loads:
  rack-1:
    space: hall
    ratedKw: 5
    importance: protected
    feeds:
      - { node: feed-a, outlet: "pdu-a/outlet[1].state", closed: "pdu-a/outlet[1].state", power: "pdu-a/outlet[1].power" }
      - { node: feed-b, outlet: "pdu-b/outlet[1].state", closed: "pdu-b/outlet[1].state" }
  rack-2:
    space: hall
    ratedKw: 5
    importance: normal
    feeds:
      - { node: feed-a, outlet: "pdu-a/outlet[2].state", closed: "pdu-a/outlet[2].state" }
services:
  login: { tier: 0, name: { en: Login }, loads: [rack-1], move: { url: "http://mover.example/login", secret: "\${env:MOVER}" } }
alarms:
  fire:
    title: { en: Fire }
    priority: critical
    latch: true
    point: asd/smoke.level
    at: [fire1, fire2]
    cause: c
    consequence: d
    response: e
  low:
    title: { en: Low }
    priority: high
    need: 2
    channels:
      - { point: ups-a/battery.runtime, below: 300, deadband: 60 }
      - { point: ups-a/ups.mode, at: [battery] }
    suppressedBy: [fire]
    cause: c
    consequence: d
    response: e
  hot:
    title: { en: Hot, ko: 고온 }
    priority: medium
    point: crac/temperature.inlet
    limits: { HH: { limit: 35, priority: critical }, H: 30, L: 10, LL: 5 }
    deadband: 1
    onDelay: 10s
    cause: c
    consequence: d
    response: e
  heating:
    title: { en: Heating }
    priority: medium
    point: crac/temperature.inlet
    rising: 0.5
    window: 60s
    cause: c
    consequence: d
    response: e
  blind:
    title: { en: Blind }
    priority: medium
    need: 1
    channels:
      - { point: asd/smoke.level, stale: true }
      - { point: bat-a/battery.voltage, flatline: { window: 1h, band: 0.1 } }
    cause: c
    consequence: d
    response: e
responses:
  move:
    title: { en: Move }
    when: [fire]
    ifBlind: hold
    mode: act
    after: 0s
    failover:
      steps:
        - { id: one, service: login, to: there, within: 90s, retries: 1, ifFailed: carryOn }
        - { id: two, service: login, to: there, needs: [one], within: 90s, ifFailed: stop }
  shed:
    title: { en: Shed }
    when: [low]
    ifBlind: hold
    mode: act
    after: 30s
    shed: { relieve: [{ node: feed-a, toKw: 10 }], within: 10s, settle: 10s }
gate:
  allow: [pdu-a, pdu-b, login]
  armed: [move, shed]
`;

type Change = readonly [from: string, to: string];

/** The small site's text with pieces of it replaced; each piece must be in it. */
export function changed(...changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text, "the piece to be replaced").toContain(from);
    return text.replace(from, () => to);
  }, siteText);
}

/** What is wrong with a text, each as "line:column path: message". */
export function problemsOf(text: string): readonly string[] {
  const loaded = parseSite("site.yaml", text, library());
  return "problems" in loaded ? loaded.problems.map((problem) => formatProblem(problem).replace("site.yaml:", "")) : [];
}

export const problemsAfter = (...changes: readonly Change[]): readonly string[] => problemsOf(changed(...changes));

/** The small site, with pieces of its text replaced. */
export function siteAfter(...changes: readonly Change[]): Site {
  const loaded = parseSite("site.yaml", changed(...changes), library());
  if ("site" in loaded) return loaded.site;
  throw new Error(loaded.problems.map(formatProblem).join("\n"));
}
