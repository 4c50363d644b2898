/** What the standing answers cost on a large campus: every question that a person may ask, asked again and again. */

import type { PointRule } from "../../src/core/image.ts";
import { imageAt } from "../../src/core/image.ts";
import type { PointId, Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant, minutes, seconds } from "../../src/core/time.ts";
import { audit } from "../../src/core/topology/audit.ts";
import { blastOf } from "../../src/core/topology/blast.ts";
import { cutOf } from "../../src/core/topology/cut.ts";
import { isolationOf } from "../../src/core/topology/isolation.ts";
import type { Sight } from "../../src/core/topology/live.ts";
import { sightOf } from "../../src/core/topology/live.ts";
import { marginsOf } from "../../src/core/topology/margin.ts";
import type { Load, NodeId, PowerNode } from "../../src/core/topology/power.ts";
import type { CoolingLoop, Grounds, Premises, Tenant } from "../../src/core/topology/premises.ts";
import { groundsOf } from "../../src/core/topology/premises.ts";
import { median, timed } from "../median.ts";

const rooms = 50;
const racks = 9_500;
const services = 1_000;
const halls = 38;
const upsCount = 20;
const rowsPerHall = 10;
const rounds = 7;
const now = instant(1_700_000_000_000);

/** Milliseconds that 99 of 100 questions take at most, each the median of its rounds; the worst single answer of all; and the index, made once. */
export function answersFigures(): Readonly<Record<string, number>> {
  const premises = campus();
  const grounds = groundsOf(premises);
  const asked = questions(grounds, seen(premises));
  const took = asked.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [i, question] of asked.entries()) took[i]!.push(timed(question));
  const medians = took.map(median).toSorted((a, b) => a - b);
  return {
    answers_index_ms: median(Array.from({ length: rounds }, () => timed(() => void groundsOf(premises)))),
    answers_p99_ms: medians[Math.floor(medians.length * 0.99)]!,
    answers_slowest_ms: Math.max(...took.flat()),
  };
}

/** A new look for every question: what was worked out for one is not there for the next. */
function questions(grounds: Grounds, sight: () => Sight): readonly (() => void)[] {
  const { premises } = grounds;
  const stand = () => ({ sight: sight(), responses: [], campaigns: [] });
  const ids = [...premises.rooms.keys()];
  return [
    ...ids.map((id) => () => void blastOf(grounds, { kind: "space", id }, sight())),
    ...ids.map((id) => () => void cutOf(grounds, id, stand())),
    ...ids.map((id) => () => void isolationOf(grounds, id)),
    ...[...premises.power.nodes.keys()]
      .slice(0, rooms)
      .map((id) => () => void blastOf(grounds, { kind: "node", id }, sight())),
    () => void blastOf(grounds, { kind: "site", id: "site" }, sight()),
    () => void audit(grounds, sight().image),
    () => void marginsOf(grounds, sight()),
  ];
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const node = (id: string, kind: PowerNode["kind"], from: readonly string[], space: string): PowerNode => ({
  id: id as NodeId,
  kind,
  feed: null,
  space,
  from: from as readonly NodeId[],
  ratedKw: 2000,
  power: pointId(id, "power.active"),
  battery: kind === "ups" ? `${id}-battery` : null,
  device: id,
});

/** Two rooms of switchgear, ten of UPS and batteries, and halls of racks on rows of two UPS each. */
function campus(): Premises {
  const room = (i: number): string => `room-${i % rooms}`;
  const hall = (i: number): string => room(rooms - halls + (i % halls));
  const nodes = [
    node("utility", "utility", [], room(0)),
    node("gen", "generator", [], room(1)),
    node("ats-0", "ats", ["utility", "gen"], room(0)),
    node("ats-1", "ats", ["utility", "gen"], room(1)),
    ...range(upsCount).map((i) => node(`ups-${i}`, "ups", [`ats-${i % 2}`], room(2 + (i % 10)))),
    ...range(halls * rowsPerHall).map((i) => node(`row-${i}`, "pdu", [`ups-${i % upsCount}`], hall(i))),
  ];
  return {
    rooms: new Map(
      range(rooms).map((i) => [room(i), { compartment: `c-${i >> 1}`, plenum: i % 3 === 0 ? `p-${i % 5}` : null }]),
    ),
    routes: new Map(
      range(rooms).map((i) => [`route-${i}`, { kind: "cable", through: [room(i), room(i * 7)] } as const]),
    ),
    power: { nodes: new Map(nodes.map((one) => [one.id, one])), loads: range(racks).map((i) => rack(i, hall(i))) },
    batteryRooms: new Map(range(upsCount).map((i) => [`ups-${i}-battery`, room(2 + ((i + 3) % 10))])),
    supplyRoutes: new Map(
      range(halls * rowsPerHall).map((i) => [
        `row-${i}` as NodeId,
        new Map([[`ups-${i % upsCount}` as NodeId, [`route-${i % rooms}`]]]),
      ]),
    ),
    feedRoutes: new Map(),
    loops: new Map(range(halls).map((i) => [`air-${i}`, air(i, hall(i))])),
    services: range(services).map(tenant),
    spareKw: new Map([["there", 4000]]),
    own: { loads: ["rack-0"], spaces: [], needs: [] },
  };
}

const rack = (i: number, space: string): Load => ({
  id: `rack-${i}`,
  space,
  ratedKw: 8,
  importance: "normal",
  feeds: [0, 1].map((side) => ({
    node: `row-${(i % halls) + halls * ((i + side) % rowsPerHall)}` as NodeId,
    outlet: pointId(`rack-${i}`, `outlet[${side}].state`),
    closed: pointId(`rack-${i}`, `contact[${side}].state`),
    power: pointId(`rack-${i}`, `outlet[${side}].power`),
  })),
});

const air = (i: number, space: string): CoolingLoop => ({
  id: `air-${i}`,
  machines: [0, 1, 2].map((n) => ({ device: `crac-${i}-${n}`, space, from: ["ats-0" as NodeId], ratedKw: 800 })),
  from: [],
  serves: [space],
  routes: [],
});

const tenant = (i: number): Tenant => ({
  id: `service-${i}`,
  tier: i % 4,
  importance: null,
  loads: range(12).map((n) => `rack-${(i * 131 + n * 977) % racks}`),
  needs: i === 0 ? [] : [`service-${Math.floor(i / 2)}`],
  move: { point: pointId(`service-${i}`, "service.site"), host: `mover-${i % 3}` },
  by: null,
  p95: minutes(2),
  targets: [{ site: "there", sharePct: 100, lag: null }],
});

/** Every meter, contact and whereabouts read once. */
function seen({ power, services: all }: Premises): () => Sight {
  const newest = new Map<PointId, Reading>();
  const rules = new Map<PointId, PointRule>();
  const says = (point: PointId | null, value: number): void => {
    if (point === null) return;
    newest.set(point, { point, at: now, quality: "good", value });
    rules.set(point, { maxAge: seconds(30) });
  };
  for (const one of power.nodes.values()) says(one.power, 500);
  for (const { feeds } of power.loads)
    for (const { outlet, closed, power: drawn } of feeds) {
      says(outlet, 1);
      says(closed, 1);
      says(drawn, 3);
    }
  for (const { move } of all) says(move?.point ?? null, 0);
  return () => sightOf(power, imageAt(newest, rules, now), rules);
}
