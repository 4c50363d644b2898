/**
 * Readings without sockets, for time that is not real: the same devices, profiles and codecs as on the wire. A value goes
 * through its device's encoder and decoder, so that it comes out as coarse as the device would say it; one that has
 * not changed is not encoded again.
 */
import type { PointId, Reading } from "../../src/core/reading.ts";
import { pointId } from "../../src/core/reading.ts";
import type { Duration, Instant } from "../../src/core/time.ts";
import type { DeviceModel, PointModel, Sample, SnmpValue } from "../../src/profiles/index.ts";
import { decodeModbus, decodeSnmp, encodeSnmp } from "../../src/profiles/index.ts";
import { answeringOf, gaugeOf } from "../plant/gauge.ts";
import type { Gauge } from "../plant/gauge-table.ts";
import type { Plant } from "../plant/plant.ts";
import { accessTo } from "./access.ts";
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
  readonly points: readonly VirtualPoint[];
  readonly period: Duration;
  /** The points of the device's link, where the round is the device's quickest and speaks of them. */
  readonly link: LinkPoints | null;
  readonly answers: () => boolean;
  due: number;
  misses: number;
  /** Misses one after the other. */
  missed: number;
  lastAt: Instant | null;
}

type LinkPoints = Readonly<Record<(typeof linkNames)[number], PointId>>;

interface VirtualPoint {
  readonly id: PointId;
  readonly model: PointModel;
  readonly live: LiveRegisters | null;
  readonly gauge: Gauge;
  /** What the gauge showed when the sample was taken. */
  shown: number | null;
  /** What the device said of it, where it speaks SNMP. */
  said: SnmpValue["value"] | null;
  sample: Sample | null;
}

const linkNames = ["state", "misses", "missed", "latency", "period", "jitter"] as const;

/** What a poll on loopback takes, ms. */
const latencyMs = 1;

/** A source of all devices; their rounds are spread over each period, from the first instant asked about. */
export function virtualSource(plant: Plant, devices: readonly VirtualDevice[]): VirtualSource {
  let rounds: readonly Round[] | null = null;
  return {
    readings(now) {
      rounds ??= devices.flatMap((device, at) => roundsOf(device, plant, { start: now, share: at / devices.length }));
      const into: Reading[] = [];
      for (const round of rounds) {
        if (round.due > now) continue;
        // A round that is far behind is read once and not once for each period missed.
        round.due += Math.max(1, Math.ceil((now - round.due + 1) / round.period)) * round.period;
        readRound(round, now, into);
      }
      return into;
    },
  };
}

function roundsOf(
  { id, model }: VirtualDevice,
  plant: Plant,
  { start, share }: { readonly start: Instant; readonly share: number },
): Round[] {
  const live = model.protocol === "modbus" ? liveRegisters(id, model, accessTo(plant)) : null;
  const link = Object.fromEntries(linkNames.map((name) => [name, pointId(id, `link.${name}`)])) as LinkPoints;
  const pointOf = (point: PointModel): VirtualPoint => ({
    id: pointId(id, point.name),
    model: point,
    live,
    gauge: gaugeOf(plant, id, point.name),
    shown: null,
    said: null,
    sample: null,
  });
  const periods = [...new Set(model.points.map(({ period }) => period))].toSorted((a, b) => a - b);
  return periods.map((period, i) => ({
    points: model.points.filter((point) => point.period === period).map(pointOf),
    period,
    link: i === 0 ? link : null,
    answers: answeringOf(plant, id),
    due: start + Math.floor(share * period),
    misses: 0,
    missed: 0,
    lastAt: null,
  }));
}

function readRound(round: Round, now: Instant, into: Reading[]): void {
  const up = round.answers();
  if (!up) round.misses += 1;
  round.missed = up ? 0 : round.missed + 1;
  for (const point of round.points) into.push(up ? readPoint(point, now) : bad(point.id, now, "noCommunication"));
  if (round.link) readLink(round, round.link, up, { now, into });
  round.lastAt = now;
}

const bad = (point: PointId, at: Instant, reason: "noCommunication" | "notFitted"): Reading => ({
  point,
  at,
  quality: "bad",
  reason,
});

const good = (point: PointId, at: Instant, value: number): Reading => ({ point, at, quality: "good", value });

interface Sink {
  readonly now: Instant;
  readonly into: Reading[];
}

function readLink(round: Round, link: LinkPoints, up: boolean, { now, into }: Sink): void {
  into.push(good(link.state, now, up ? 1 : 0));
  into.push(good(link.misses, now, round.misses));
  into.push(good(link.missed, now, round.missed));
  into.push(up ? good(link.latency, now, latencyMs) : bad(link.latency, now, "noCommunication"));
  if (round.lastAt === null) return;
  into.push(good(link.period, now, now - round.lastAt));
  into.push(good(link.jitter, now, Math.abs(now - round.lastAt - round.period)));
}

function readPoint(point: VirtualPoint, at: Instant): Reading {
  const value = point.gauge();
  let { sample } = point;
  if (sample === null || point.shown !== value) {
    sample = sampleOf(point, value, sample);
    point.shown = value;
    point.sample = sample;
  }
  return readingOf(point.id, sample, at);
}

/** The sample that a value comes out as: the one before, where the device says it in the same words. */
function sampleOf(point: VirtualPoint, value: number | null, before: Sample | null): Sample {
  const { model, live } = point;
  if (live) {
    const isChanged = live.show(model, value);
    return isChanged || before === null ? decodeModbus(model, live.registers, live.bases) : before;
  }
  const said = sayable(model, value);
  if (said === null) {
    point.said = null;
    return { point: model, fault: model.invalid.length > 0 ? "sensorFailure" : "notFitted" };
  }
  const varbind = encodeSnmp(model, said);
  if (before !== null && typeof varbind.value === "number" && varbind.value === point.said) return before;
  point.said = varbind.value;
  return decodeSnmp(model, varbind);
}

function readingOf(point: PointId, sample: Sample, at: Instant): Reading {
  if ("fault" in sample) return { point, at, quality: "bad", reason: sample.fault };
  const { value, doubt } = sample;
  return doubt === undefined ? good(point, at, value) : { point, at, quality: "uncertain", value, reason: doubt };
}
