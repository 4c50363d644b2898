/**
 * Readings without sockets, for time that is not real: the same devices, profiles and codecs as on the wire. A value goes
 * through its device's encoder and decoder, so that it comes out as coarse as the device would say it; one that has
 * not changed is not encoded again. Faults befall them as they would on the wire: a lost answer is a bad reading.
 */
import type { Fault, PointId, Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import type { DeviceModel, PointModel, Sample } from "../../src/profiles/index.ts";
import { decodeModbus, decodeSnmp, encodeSnmp } from "../../src/profiles/index.ts";
import type { Plant } from "../plant/plant.ts";
import type { Look, PlantAccess } from "./access.ts";
import { accessTo } from "./access.ts";
import type { Faults } from "./faults.ts";
import { lookThrough } from "./look-through.ts";
import { pollThrough, type Requests, requestsFor } from "./poll-through.ts";
import type { LiveRegisters } from "./registers.ts";
import { liveRegisters } from "./registers.ts";
import { sayable } from "./sayable.ts";

/** A device as a site has it. */
export interface VirtualDevice {
  readonly id: string;
  readonly model: DeviceModel;
}

/** Collects in virtual time. */
export interface VirtualSource {
  /** The readings of all points whose period has passed, and of each device's link beside its quickest points. */
  readings(now: Instant): readonly Reading[];
}

/** Points of one device that are read together. */
interface Round {
  readonly device: string;
  readonly model: DeviceModel;
  readonly faults: Faults | null;
  /** Only where there may be faults. */
  readonly requests: Requests;
  readonly points: readonly VirtualPoint[];
  readonly period: Duration;
  /** The points of the device's link, where the round is the device's quickest and speaks of them. */
  readonly link: LinkPoints | null;
  due: number;
  misses: number;
  /** Misses one after the other. */
  missed: number;
  lastAt: Instant | null;
}

const linkNames = ["state", "misses", "missed", "latency", "period", "jitter"] as const;
type LinkPoints = Readonly<Record<(typeof linkNames)[number], PointId>>;

interface VirtualPoint {
  readonly id: PointId;
  readonly model: PointModel;
  readonly live: LiveRegisters | null;
  readonly look: Look;
  shown: number | null | undefined;
  sample: Sample | null;
}

/** What a poll on loopback takes, ms. */
const latencyMs = 1;

/**
 * A source of all devices; their rounds are spread over each period, from the first instant asked about. `faultsOf` gives a
 * device's faults; without it there are none.
 */
export function virtualSource(
  plant: Plant,
  devices: readonly VirtualDevice[],
  faultsOf?: (device: string) => Faults,
): VirtualSource {
  const access = accessTo(plant);
  let rounds: readonly Round[] | null = null;
  return {
    readings(now) {
      rounds ??= devices.flatMap((device, at) => {
        const faults = faultsOf?.(device.id) ?? null;
        return roundsOf(device, access, { start: now, share: at / devices.length, faults });
      });
      const into: Reading[] = [];
      for (const round of rounds) {
        if (round.due > now) continue;
        // A round that is far behind is read once and not once for each period missed.
        round.due += Math.max(1, Math.ceil((now - round.due + 1) / round.period)) * round.period;
        readRound(round, access, { now, into });
      }
      return into;
    },
  };
}

interface Start {
  readonly start: Instant;
  /** Part of each period that its rounds are shifted by. */
  readonly share: number;
  readonly faults: Faults | null;
}

function roundsOf({ id, model }: VirtualDevice, plant: PlantAccess, { start, share, faults }: Start): Round[] {
  const live = model.protocol === "modbus" ? liveRegisters(id, model, plant, faults ?? undefined) : null;
  const pointOf = (point: PointModel): VirtualPoint => {
    const look = plant.look(id, point.name);
    const seen = faults ? lookThrough(look, point, faults) : look;
    return { id: pointId(id, point.name), model: point, live, look: seen, shown: undefined, sample: null };
  };
  const link = Object.fromEntries(linkNames.map((name) => [name, pointId(id, `link.${name}`)])) as LinkPoints;
  const periods = [...new Set(model.points.map(({ period }) => period))].toSorted((a, b) => a - b);
  return periods.map((period, i) => {
    const points = model.points.filter((point) => point.period === period);
    return {
      device: id,
      model,
      faults,
      requests: faults ? requestsFor(model, points, live?.bases ?? new Map()) : [],
      points: points.map(pointOf),
      period,
      link: i === 0 ? link : null,
      due: start + Math.floor(share * period),
      misses: 0,
      missed: 0,
      lastAt: null,
    };
  });
}

interface Sink {
  readonly now: Instant;
  readonly into: Reading[];
}

function readRound(round: Round, plant: PlantAccess, sink: Sink): void {
  const { now, into } = sink;
  const { faults: faulty, model, requests } = round;
  const isThere = plant.answers(round.device);
  const polled = isThere && faulty ? pollThrough(faulty, model, requests) : null;
  const up = isThere && (polled?.isHeard ?? true);
  if (!up) round.misses += 1;
  round.missed = up ? 0 : round.missed + 1;
  for (const point of round.points) {
    const fault = isThere ? polled?.faults.get(point.model) : "noCommunication";
    into.push(fault === undefined ? readPoint(point, now) : bad(point.id, now, fault));
  }
  if (round.link) readLink(round, round.link, up ? (polled?.latencyMs ?? latencyMs) : null, sink);
  round.lastAt = now;
}

const bad = (point: PointId, at: Instant, reason: Fault): Reading => ({ point, at, quality: "bad", reason });

const good = (point: PointId, at: Instant, value: number): Reading => ({ point, at, quality: "good", value });

function readLink(round: Round, link: LinkPoints, tookMs: number | null, { now, into }: Sink): void {
  into.push(good(link.state, now, tookMs === null ? 0 : 1));
  into.push(good(link.misses, now, round.misses));
  into.push(good(link.missed, now, round.missed));
  into.push(tookMs === null ? bad(link.latency, now, "noCommunication") : good(link.latency, now, tookMs));
  if (round.lastAt === null) return;
  into.push(good(link.period, now, now - round.lastAt));
  into.push(good(link.jitter, now, Math.abs(now - round.lastAt - round.period)));
}

function readPoint(point: VirtualPoint, at: Instant): Reading {
  point.sample = point.live ? sampleIn(point, point.live) : sampleSaid(point);
  return readingOf(point.id, point.sample, at);
}

/** Registers look for themselves, and once: a look may be struck by a fault. */
function sampleIn({ model, sample }: VirtualPoint, live: LiveRegisters): Sample {
  return live.refresh(model) || sample === null ? decodeModbus(model, live.registers, live.bases) : sample;
}

function sampleSaid(point: VirtualPoint): Sample {
  const { model, sample } = point;
  const value = point.look();
  if (sample !== null && point.shown === value) return sample;
  point.shown = value;
  const said = sayable(model, value);
  if (said !== null) return decodeSnmp(model, encodeSnmp(model, said));
  return { point: model, fault: model.invalid.length > 0 ? "sensorFailure" : "notFitted" };
}

function readingOf(point: PointId, sample: Sample, at: Instant): Reading {
  if ("fault" in sample) return { point, at, quality: "bad", reason: sample.fault };
  const { value, doubt } = sample;
  return doubt === undefined
    ? { point, at, quality: "good", value }
    : { point, at, quality: "uncertain", value, reason: doubt };
}
