import { ms } from "../../src/core/time.ts";
import type { LinkRules, ModbusAddress, PointModel, Profile } from "../../src/profiles/index.ts";
import { formatProblem, parseProfile } from "../../src/profiles/index.ts";

/** A Modbus point that reads one holding word as it stands, with what a test cares about put in. */
export function modbusPoint(at: Partial<ModbusAddress>, point: Partial<PointModel> = {}): PointModel {
  return {
    name: "power.active",
    unit: "kW",
    states: null,
    range: [-1e18, 1e18],
    scan: "fast",
    period: ms(1000),
    scale: 1,
    offset: 0,
    invalid: [],
    map: null,
    at: {
      protocol: "modbus",
      table: "holding",
      addr: 10,
      count: 1,
      type: "u16",
      words: "msw",
      bit: 0,
      mask: 0,
      scaleAt: null,
      model: null,
      ...at,
    },
    ...point,
  };
}

export const linkRules: LinkRules = {
  timeout: ms(1000),
  retries: 0,
  turnaround: ms(20),
  gap: ms(0),
  afterConnect: ms(0),
  maxWords: 10,
  maxGap: 2,
  oids: 3,
};

/** The smallest profile of a rack PDU, with lines put in place of its own points or added after them. */
export function pduText(change: { points?: string; rest?: string; head?: string } = {}): string {
  return `profile: pdu/test
class: pdu
name: Test PDU
source: a test
evidence: unproven
scan: { safety: 1s, fast: 2s, normal: 10s, slow: 60s }
${change.head ?? ""}points:
${
  change.points ??
  `  power.active:
    unit: kW
    scan: fast
    snmp: { oid: 1.3.6.1.4.1.1.0, scale: 0.01 }
    modbus: { table: holding, addr: 5, type: u16 }
  "outlet[n].state":
    scan: fast
    repeat: { n: { from: 1, to: 8 } }
    snmp: { oid: "1.3.6.1.4.1.2.{n}", map: { 1: "off", 2: "on" } }
    modbus: { table: coil, addr: 100, stride: 2, type: bit, map: { 0: "off", 1: "on" } }
`
}${change.rest ?? ""}`;
}

/** The profile of a text, which must be sound. */
export function profileOf(text: string, file = "devices/pdu/test.yaml"): Profile {
  const parsed = parseProfile(file, text);
  if ("problems" in parsed) throw new Error(parsed.problems.map(formatProblem).join("\n"));
  return parsed.profile;
}

/** What is wrong with a text, as people read it. */
export function problemsIn(text: string, file = "devices/pdu/test.yaml"): readonly string[] {
  const parsed = parseProfile(file, text);
  return "problems" in parsed ? parsed.problems.map(formatProblem) : [];
}
