import type { AlarmDefinition, AlarmId } from "../../src/core/alarm/definition.ts";
import type { ResponseId } from "../../src/core/command.ts";
import type { PointRule } from "../../src/core/image.ts";
import type { Plant, ScanInput, ScanOutput, SiteModel } from "../../src/core/plant.ts";
import { start } from "../../src/core/plant.ts";
import { quantityOf } from "../../src/core/quantity.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import type { Response } from "../../src/core/respond/response.ts";
import { scan } from "../../src/core/scan.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant, minutes, seconds } from "../../src/core/time.ts";
import type { Load, NodeId, PowerNode } from "../../src/core/topology/power.ts";
import type { PointInfo, SiteInfo } from "../../src/serve/info.ts";

// A small site made by hand, and the moments of its life that a display has to show.

/** 2026-06-01 15:28:00 in Seoul. */
export const begin = instant(Date.UTC(2026, 5, 1, 6, 28, 0));

const id = <T extends string>(text: string): T => text as T;
export const point = (text: string): PointId => id<PointId>(text);

type NodeSketch = Partial<PowerNode> & Pick<PowerNode, "kind">;

const node = (name: string, sketch: NodeSketch): [NodeId, PowerNode] => [
  id<NodeId>(name),
  {
    id: id<NodeId>(name),
    feed: null,
    space: null,
    from: [],
    ratedKw: 80,
    power: null,
    battery: null,
    device: null,
    ...sketch,
  },
];

const from = (...names: string[]): readonly NodeId[] => names.map((name) => id<NodeId>(name));

const nodes = new Map([
  node("utility", { kind: "utility", ratedKw: 400, power: point("meter-main/power.active"), device: "meter-main" }),
  node("gen", { kind: "generator", ratedKw: 250, power: point("gen-1/generator.power"), device: "gen-1" }),
  node("ats", { kind: "ats", from: from("utility", "gen"), ratedKw: 400, device: "io-switch" }),
  ...["a", "b"].flatMap((feed) => [
    node(`ups-${feed}`, {
      kind: "ups",
      feed: feed.toUpperCase(),
      space: "ups-room",
      from: from("ats"),
      power: point(`ups-${feed}/output.power`),
      battery: `bat-${feed}`,
      device: `ups-${feed}`,
    }),
    ...[1, 2].map((hall) =>
      node(`row-${feed}${hall}`, {
        kind: "pdu",
        feed: feed.toUpperCase(),
        space: `hall-${hall}`,
        from: from(`ups-${feed}`),
        ratedKw: 44,
        power: point(`pdu-${feed}${hall}/power.active`),
        device: `pdu-${feed}${hall}`,
      }),
    ),
  ]),
]);

const rackOf = (hall: number, n: number): Load => ({
  id: `r${hall}0${n}`,
  space: `hall-${hall}`,
  ratedKw: 5,
  importance: n > 6 ? "batch" : "normal",
  feeds: ["a", "b"].map((feed) => ({
    node: id<NodeId>(`row-${feed}${hall}`),
    outlet: point(`pdu-${feed}${hall}/outlet[${n}].state`),
    closed: point(`pdu-${feed}${hall}/outlet[${n}].state`),
    power: null,
  })),
});

const loads = [1, 2].flatMap((hall) => Array.from({ length: hall === 1 ? 8 : 6 }, (_, n) => rackOf(hall, n + 1)));

/** Everything that the site measures, with its calm value. */
const calm: Readonly<Record<string, number>> = {
  "meter-main/power.active": 58,
  "gen-1/generator.power": 0,
  "gen-1/generator.state": 0,
  "gen-1/fuel.level": 94,
  "io-switch/ats.on_utility": 1,
  "io-switch/ats.on_generator": 0,
  "ups-a/ups.mode": 1,
  "ups-a/output.power": 26.4,
  "ups-a/battery.runtime": 700,
  "ups-a/battery.charge": 100,
  "ups-b/ups.mode": 1,
  "ups-b/output.power": 24.9,
  "ups-b/battery.runtime": 745,
  "ups-b/battery.charge": 100,
  "bat-a/module.temperature.max": 26.1,
  "bat-b/module.temperature.max": 26.6,
  "asd-battery/smoke.level": 0,
  "asd-ups/smoke.level": 0,
  "asd-hall-1/smoke.level": 0,
  "asd-hall-2/smoke.level": 0,
  "io-battery/offgas.state": 0,
  "io-ups/temperature.ambient": 27.1,
  "crac-1/temperature.inlet": 24.6,
  "crac-1/cooling.mode": 3,
  "crac-2/temperature.inlet": 23.9,
  "crac-2/cooling.mode": 3,
  "login/service.site": 0,
  "message/service.site": 0,
  "all/service.site": 0,
  ...Object.fromEntries([...nodes.values()].filter(({ kind }) => kind === "pdu").map((pdu) => [`${pdu.power}`, 12.8])),
  ...Object.fromEntries(loads.flatMap(({ feeds }) => feeds.map(({ closed }) => [`${closed}`, 1]))),
};

const spaceOf: Readonly<Record<string, string>> = {
  "meter-main": "switch-room",
  "io-switch": "switch-room",
  "gen-1": "generator-yard",
  "ups-a": "ups-room",
  "ups-b": "ups-room",
  "io-ups": "ups-room",
  "asd-ups": "ups-room",
  "bat-a": "battery-room",
  "bat-b": "battery-room",
  "asd-battery": "battery-room",
  "io-battery": "battery-room",
  "asd-hall-1": "hall-1",
  "crac-1": "hall-1",
  "asd-hall-2": "hall-2",
  "crac-2": "hall-2",
};

function infoOf(pointName: string): PointInfo {
  const [device = "", quantity = ""] = pointName.split("/");
  const known = quantityOf(quantity);
  return { quantity, unit: known?.unit ?? null, states: known?.states ?? null, space: spaceOf[device] ?? null };
}

export const info: SiteInfo = {
  name: { en: "Demo A", ko: "데모 A" },
  timezone: "Asia/Seoul",
  spaces: [
    { id: "battery-room", kind: "battery-room", name: { en: "Battery room", ko: "배터리실" } },
    { id: "ups-room", kind: "ups-room", name: { en: "UPS room", ko: "UPS실" } },
    { id: "switch-room", kind: "switch-room", name: { en: "Switch room", ko: "수배전실" } },
    { id: "generator-yard", kind: "generator-yard", name: { en: "Generator yard", ko: "발전기실" } },
    { id: "hall-1", kind: "hall", name: { en: "Hall 1", ko: "전산실 1" } },
    { id: "hall-2", kind: "hall", name: { en: "Hall 2", ko: "전산실 2" } },
  ],
  services: [
    { id: "login", tier: 0, name: { en: "Login", ko: "로그인" } },
    { id: "message", tier: 0, name: { en: "Messaging", ko: "메시지" } },
    { id: "all", tier: 2, name: { en: "Everything else", ko: "나머지 전체" } },
  ],
  elsewhere: ["anyang"],
  points: new Map(Object.keys(calm).map((name) => [point(name), infoOf(name)])),
  nodeNames: new Map([
    ["utility", { en: "Utility", ko: "상용전원" }],
    ["gen", { en: "Gen 1", ko: "발전기 1" }],
    ["ats", { en: "ATS" }],
    ["ups-a", { en: "UPS A" }],
    ["ups-b", { en: "UPS B" }],
    ...["a", "b"].flatMap((feed) =>
      [1, 2].map((n): [string, Record<string, string>] => {
        const name = `${feed.toUpperCase()}${n}`;
        return [`row-${feed}${n}`, { en: `Row ${name}`, ko: `${name} 열` }];
      }),
    ),
  ]),
  nextDrill: { title: { en: "Move tier 0", ko: "0등급 이전" }, at: begin + 14 * 24 * 3600 * 1000 },
};

type AlarmSketch = Partial<AlarmDefinition> & Pick<AlarmDefinition, "id" | "title" | "channels" | "priority">;

const alarm = (sketch: AlarmSketch): AlarmDefinition => ({
  need: 1,
  onDelay: seconds(0),
  offDelay: seconds(0),
  latch: false,
  suppressedBy: [],
  cause: "Something is wrong.",
  consequence: "It gets worse.",
  response: "Look at it.",
  ...sketch,
});

const among = (name: string, ...states: number[]): AlarmDefinition["channels"][number] => ({
  point: point(name),
  detect: { kind: "state", among: states },
});

const above = (name: string, limit: number): AlarmDefinition["channels"][number] => ({
  point: point(name),
  detect: { kind: "limit", side: "above", limit, deadband: 1 },
});

export const fire = id<AlarmId>("battery-room-fire");
export const upsOnBattery = id<AlarmId>("ups-a-on-battery");

const alarms: readonly AlarmDefinition[] = [
  alarm({
    id: fire,
    title: { en: "Battery room: fire", ko: "배터리실 화재" },
    space: "battery-room",
    priority: "critical",
    latch: true,
    channels: [among("asd-battery/smoke.level", 3, 4)],
    response: "Call 119. Nobody enters. Watch that tier 0 moves; prepare to cut the zone.",
  }),
  alarm({
    id: id<AlarmId>("battery-off-gas"),
    title: { en: "Battery room: off-gas", ko: "배터리실 오프가스" },
    space: "battery-room",
    priority: "critical",
    channels: [among("io-battery/offgas.state", 1)],
    response: "Stop charging and isolate the string.",
  }),
  alarm({
    id: id<AlarmId>("battery-room-smoke"),
    title: { en: "Battery room: smoke", ko: "배터리실 연기" },
    space: "battery-room",
    priority: "high",
    channels: [among("asd-battery/smoke.level", 1, 2, 3, 4)],
    suppressedBy: [fire],
  }),
  alarm({
    id: upsOnBattery,
    title: { en: "UPS A on battery", ko: "UPS A 배터리 운전" },
    space: "ups-room",
    priority: "high",
    channels: [among("ups-a/ups.mode", 3)],
    response: "See which supply failed; watch the countdown.",
  }),
  alarm({
    id: id<AlarmId>("hall-1-hot"),
    title: { en: "Hall 1: inlet hot", ko: "전산실 1 흡기 고온" },
    space: "hall-1",
    priority: "medium",
    channels: [above("crac-1/temperature.inlet", 30)],
    response: "Start the standby cooler; move batch work.",
  }),
  alarm({
    id: id<AlarmId>("hall-2-hot"),
    title: { en: "Hall 2: inlet hot", ko: "전산실 2 흡기 고온" },
    space: "hall-2",
    priority: "medium",
    channels: [above("crac-2/temperature.inlet", 30)],
  }),
  alarm({
    id: id<AlarmId>("fuel-low"),
    title: { en: "Generator fuel low", ko: "발전기 연료 부족" },
    space: "generator-yard",
    priority: "low",
    channels: [{ point: point("gen-1/fuel.level"), detect: { kind: "limit", side: "below", limit: 40, deadband: 2 } }],
    response: "Order fuel.",
  }),
  alarm({
    id: id<AlarmId>("power-monitoring-lost"),
    title: { en: "Power monitoring: no answer", ko: "전원 감시 무응답" },
    priority: "medium",
    channels: [{ point: point("ups-b/ups.mode"), detect: { kind: "stale" } }],
    response: "Check the link. No load is shed for silence alone.",
  }),
];

const step = (service: string, en: string, ko: string, needs: readonly string[] = []) => ({
  id: service,
  title: { en: `${en} → Anyang`, ko: `${ko} → 안양` },
  point: point(`${service}/service.site`),
  value: 1,
  needs,
  within: seconds(90),
  retries: 1,
  ifFailed: "carryOn" as const,
});

export const moveTier0 = id<ResponseId>("move-tier-0");
export const stretch = id<ResponseId>("stretch-batteries");

const responses: readonly Response[] = [
  {
    id: moveTier0,
    title: { en: "Move tier 0", ko: "0등급 이전" },
    when: [fire],
    ifBlind: "hold",
    mode: "act",
    after: seconds(0),
    action: {
      kind: "failover",
      steps: [step("login", "Login", "로그인"), step("message", "Messaging", "메시지", ["login"])],
    },
  },
  {
    id: id<ResponseId>("drain-site"),
    title: { en: "Everything else moves", ko: "나머지 전체 이전" },
    when: [fire],
    ifBlind: "hold",
    mode: "act",
    after: minutes(6),
    action: { kind: "failover", steps: [step("all", "Everything else", "나머지 전체")] },
  },
  {
    id: stretch,
    title: { en: "Stretch the batteries", ko: "배터리 연장" },
    when: [upsOnBattery],
    ifBlind: "hold",
    mode: "advise",
    after: seconds(25),
    action: {
      kind: "shed",
      relieve: [{ node: id<NodeId>("ups-a"), toKw: 18 }],
      within: seconds(10),
      settle: seconds(10),
    },
  },
];

export const site: SiteModel = {
  id: "demo",
  points: new Map(
    Object.keys(calm).map((name): [PointId, PointRule] => {
      const { states = null, unit } = infoOf(name);
      return [point(name), { maxAge: seconds(30), states, unit }];
    }),
  ),
  alarms,
  responses,
  power: { nodes, loads },
};

export const readings = (values: Readonly<Record<string, number>>, at: Instant): readonly Reading[] =>
  Object.entries(values).map(([name, value]) => ({ point: point(name), at, quality: "good", value }));

/** One scan with these readings. */
export function cycle(
  plant: Plant,
  at: number,
  values: Readonly<Record<string, number>>,
  rest: Partial<ScanInput> = {},
): ScanOutput {
  const now = instant(at);
  return scan(plant, { at: now, readings: readings(values, now), requests: [], outcomes: [], leads: true, ...rest });
}

/** A calm day: everything answers, nothing is wrong. */
export function calmPlant(): Plant {
  const plant = start(site, instant(begin - 1000));
  cycle(plant, begin, calm);
  return plant;
}

/** Every point says again what it says on a calm day, but for these. */
export const again = (values: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> => ({
  ...calm,
  ...values,
});

/** The ninth minute of a battery fire: UPS A on battery, services moving, a shed waiting for a yes. */
export const burning: Readonly<Record<string, number>> = {
  "asd-battery/smoke.level": 4,
  "io-battery/offgas.state": 1,
  "asd-ups/smoke.level": 1,
  "bat-a/module.temperature.max": 71.5,
  "ups-a/ups.mode": 3,
  "ups-a/battery.charge": 80,
  "crac-1/temperature.inlet": 31.2,
};

/** UPS A is off, and feed B carries every rack. */
export const withoutA: Readonly<Record<string, number>> = {
  "ups-a/ups.mode": 0,
  "ups-a/output.power": 0,
  "pdu-a1/power.active": 0,
  "pdu-a2/power.active": 0,
  "ups-b/output.power": 51.3,
  "pdu-b1/power.active": 25.6,
  "pdu-b2/power.active": 25.6,
};
