/**
 * Holds what a probe told of a device against what its recording is known to mean: each expectation is right, wrong,
 * in doubt, missing, or disputed, and all but the right ones come with their reason in words.
 */
import type { OnceResult } from "../../src/collect/index.ts";
import { valueOf } from "../../src/core/reading.ts";
import { type Dispute, speaksOf } from "./disputed.ts";
import type { Expectation } from "./recordings.ts";
import { inUnit } from "./units.ts";

type Told = OnceResult["points"][number];

/** "wrong" is a good reading of a wrong value: the one thing that must not be. */
export type Finding = "right" | "wrong" | "uncertain" | "missing" | "disputed";

/** What became of one expectation. */
export interface Verdict {
  readonly expected: Expectation;
  readonly finding: Finding;
  /** In words, for all but what is right. */
  readonly reason: string;
}

/** What was told of a device: its points, or why there are none. */
export type Account = { readonly points: readonly Told[]; readonly profile: string } | { readonly refusal: string };

/** A share of the expected value that is let pass: recordings and profiles round differently. */
const TOLERANCE = 0.005;
/** Of one unit of the last digit, so that 0.3 - 0.2 is one of 0.1. */
const SLACK = 1e-9;

/** A verdict on each expectation of one recording. */
export function judge(
  expectations: readonly Expectation[],
  account: Account,
  disputes: readonly Dispute[],
): readonly Verdict[] {
  if ("refusal" in account)
    return expectations.map((expected) => ({ expected, finding: "missing", reason: account.refusal }));
  const bySource = new Map<string, Told[]>();
  for (const point of account.points) bySource.set(point.source, [...(bySource.get(point.source) ?? []), point]);
  return expectations.map((expected) => {
    const told = bySource.get(expected.oid) ?? [];
    const verdict = verdictOn(expected, told, account.profile);
    const dispute = disputeOf(verdict, told, disputes);
    return dispute ? { expected, finding: "disputed", reason: `${verdict.reason}; ${dispute.reason}` } : verdict;
  });
}

/** A dispute speaks of values: it excuses nothing that was not read. */
function disputeOf({ expected, finding }: Verdict, told: readonly Told[], disputes: readonly Dispute[]) {
  const isRead = told.some(({ raw }) => raw !== null);
  if (finding === "right" || !isRead) return undefined;
  return disputes.find(
    (dispute) =>
      speaksOf(dispute, expected.oid) &&
      (dispute.value ?? expected.value) === expected.value &&
      expected.value > (dispute.above ?? Number.NEGATIVE_INFINITY),
  );
}

const gravest: readonly Finding[] = ["wrong", "right", "uncertain", "missing"];

/** One object may be several points, such as a state and an alarm: one that is wrong is not made good by the others. */
function verdictOn(expected: Expectation, told: readonly Told[], profile: string): Verdict {
  if (told.length === 0) return { expected, finding: "missing", reason: `oid not in ${profile}` };
  const verdicts = told.map((point) => ({ expected, ...findingOn(expected, point) }));
  return verdicts.toSorted((a, b) => gravest.indexOf(a.finding) - gravest.indexOf(b.finding))[0]!;
}

function findingOn(expected: Expectation, point: Told): Pick<Verdict, "finding" | "reason"> {
  const { reading, raw } = point;
  const said = `${point.name}, raw ${String(raw)}`;
  if (reading.quality === "bad") return { finding: "missing", reason: `bad: ${reading.reason} (${said})` };
  const problem = problemOf(expected, point);
  if (reading.quality === "uncertain")
    return {
      finding: "uncertain",
      reason: `uncertain: ${reading.reason} (${said})${problem === null ? "" : `; ${problem}`}`,
    };
  if (problem === NOT_COMPARABLE) return { finding: "uncertain", reason: `${problem} (${said})` };
  return problem === null ? { finding: "right", reason: "" } : { finding: "wrong", reason: `${problem} (${said})` };
}

const STATE = "enum";
const NOT_COMPARABLE = "a code is expected, and the device says it in words";

function problemOf(expected: Expectation, point: Told): string | null {
  if (point.states !== null) return codeProblem(expected, point);
  if (expected.unit !== STATE) return valueProblem(expected, point);
  // What a recording takes for a code may be a number to us.
  return valueOf(point.reading) === expected.value ? null : codeProblem(expected, point);
}

/** States are told by names of our own and expected as the device's codes: what is compared is the code. */
function codeProblem({ value }: Expectation, { raw }: Told): string | null {
  const code = typeof raw === "string" && raw.trim() !== "" ? Number(raw) : typeof raw === "string" ? Number.NaN : raw;
  if (Number.isNaN(code)) return NOT_COMPARABLE;
  return Number(code) === value ? null : `code ${String(code)} is not the ${value} expected`;
}

function valueProblem({ value, unit, class: kind }: Expectation, { reading, unit: ours }: Told): string | null {
  if (reading.quality === "bad") return null;
  // Recordings count percents without saying so, but for the power factor, which is a ratio.
  const isPercent = ours === "%" && unit === "1" && kind !== "power_factor";
  const found = isPercent ? reading.value : inUnit(reading.value, ours ?? "1", unit);
  if (found === null) return `${reading.value} ${ours} cannot be held against ${unit}`;
  const isRight = Math.abs(found - value) <= Math.max(TOLERANCE * Math.abs(value), lastDigit(value) * (1 + SLACK));
  return isRight ? null : `${Number(found.toPrecision(7))} ${unit} is not the ${value} ${unit} expected`;
}

/** One unit of the last digit that a number is written with. */
function lastDigit(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  return 10 ** (Number(exponent) - (mantissa.split(".")[1]?.length ?? 0));
}
