import { describe, expect, test } from "vitest";
import { makeOld, resist } from "../../../simulators/plant/battery/ageing.ts";
import { chargeOf, isBatteryGood, runBattery } from "../../../simulators/plant/battery/battery.ts";
import type { Chemistry } from "../../../simulators/plant/battery/chemistry.ts";
import { lead, lfp, nmc } from "../../../simulators/plant/battery/chemistry.ts";
import { mindBattery } from "../../../simulators/plant/battery/mind-battery.ts";
import { between, dice } from "../../../simulators/plant/dice.ts";
import { measure } from "../../../simulators/plant/index.ts";
import { makeDetector } from "../../../src/core/detect/index.ts";
import { seconds } from "../../../src/core/time.ts";
import { bankOf } from "../../simulators/plant/bank.ts";
import { good, judge } from "../fixture.ts";
import type { Spec } from "./runtime-spec.ts";
import { battery, promisedS, ratedKw, specOf, volts } from "./runtime-spec.ts";
import { siteText, watched } from "./watched.ts";

// Simulated banks of every chemistry, age, warmth and load, drawn on until they give out.

interface Trace {
  readonly chemistry: Chemistry;
  readonly years: number;
  readonly warmC: number;
  /** Share of the rating at a second, given when the first alarm came. */
  readonly load: (s: number, alarmS: number) => number;
}

/** When each detector's alarm comes, and the supply ends: the battery is drawn on until it gives out. */
function drain(
  { chemistry, years, warmC, load }: Trace,
  specs: readonly Spec[],
): readonly { readonly alarmS: number; readonly endS: number }[] {
  const bank = bankOf(chemistry);
  for (const string of bank.strings) {
    makeOld(string, years);
    string.coreC.fill(warmC);
    string.shellC.fill(warmC);
    string.temperatureC = warmC;
    resist(string);
  }
  const judges = specs.map((spec) => ({ spec, detector: makeDetector(spec), alarmS: Number.POSITIVE_INFINITY }));
  let s = 0;
  for (; isBatteryGood(bank); s++) {
    const kw = load(s, Math.min(...judges.map(({ alarmS }) => alarmS))) * ratedKw;
    for (let tenth = 0; tenth < 10 && isBatteryGood(bank); tenth++) runBattery(bank, kw, 0.1);
    mindBattery(bank, { roomC: warmC, smothered: false, wet: false });
    const values = { "ups/ups.mode": battery, kw, charge: Math.round(chargeOf(bank) * 100), warmth: warmC };
    const all = { ...values, volts: Math.round(bank.voltage) };
    for (const one of judges) {
      const { charge, voltage } = one.spec;
      const isMute = (name: string) => (name === "charge" && !charge) || (name === "volts" && !voltage);
      for (const [name, value] of Object.entries(all)) {
        if (isMute(name)) continue;
        const verdict = judge(one.detector, good(name, value, s * 1000));
        if (verdict === "abnormal" && one.alarmS === Number.POSITIVE_INFINITY) one.alarmS = s;
      }
    }
  }
  return judges.map(({ alarmS }) => ({ alarmS, endS: s }));
}

/** A rated runtime that is right, and one that is wrong by a fifth either way. */
const rated = (spec: Spec): readonly Spec[] =>
  [0.8, 1, 1.2].map((wrong) => ({
    ...spec,
    rated: { ...spec.rated, lasts: seconds((spec.rated.lasts / 1000) * wrong) },
  }));
const traces = (chemistry: Chemistry, ages: readonly number[]): readonly Trace[] =>
  ages.flatMap((years) =>
    [5, 15, 25, 35].flatMap((warmC) =>
      [0.25, 0.5, 0.75, 1].map((share) => ({ chemistry, years, warmC, load: () => share })),
    ),
  );
const withoutCharge = (spec: Spec): Spec =>
  Object.fromEntries(Object.entries(spec).filter(([key]) => key !== "charge")) as unknown as Spec;

describe("an alarm below 45 s of a battery's runtime", () => {
  // The last column: by when it must not have come yet, so that it is worth listening to.
  test.each([
    ["NMC, by its charge", nmc, [0, 8, 15], specOf(nmc), 120],
    ["iron-phosphate, by its charge", lfp, [0, 8, 15], specOf(lfp), 120],
    ["lead-acid within its life, by its charge", lead, [0, 8], specOf(lead), 130],
    ["lead-acid of any age, by charge and voltage", lead, [0, 8, 15], specOf(lead, { voltage: volts(lead) }), 150],
    [
      "lead-acid of any age, by its voltage",
      lead,
      [0, 8, 15],
      withoutCharge(specOf(lead, { voltage: volts(lead) })),
      150,
    ],
  ] as const)(
    "leaves 45 s of supply, and not much more: %s, at every load, warmth and wrong rated runtime",
    (_, chemistry, ages, spec, mostS) => {
      const left = traces(chemistry, ages).flatMap((trace) =>
        drain(trace, rated(spec)).map(({ alarmS, endS }) => endS - alarmS),
      );
      expect(Math.min(...left)).toBeGreaterThanOrEqual(promisedS);
      expect(Math.max(...left)).toBeLessThanOrEqual(mostS);
    },
    120_000,
  );

  test.each([
    ["NMC", nmc, specOf(nmc)],
    ["iron-phosphate", lfp, specOf(lfp)],
    ["lead-acid", lead, specOf(lead, { voltage: volts(lead) })],
  ] as const)(
    "leaves 45 s of supply under a load that steps every half minute, or comes with the step that takes them: %s",
    (_, chemistry, spec) => {
      for (let seed = 1; seed <= 12; seed++) {
        const chance = dice(seed);
        const shares = Array.from({ length: 400 }, () => between(chance, 0.3, 0.9));
        const load = (s: number) => shares[Math.floor(s / 30)]!;
        // What the load does after the alarm, nobody can know at the alarm: it stays.
        const held = (s: number, alarmS: number) => load(Math.min(s, alarmS));
        for (const one of rated(spec)) {
          const [{ alarmS, endS } = { alarmS: 0, endS: 0 }] = drain({ chemistry, years: seed, warmC: 20, load: held }, [
            one,
          ]);
          const isStep = alarmS % 30 <= 1 && load(alarmS) > load(alarmS - 2);
          if (!isStep) expect(endS - alarmS).toBeGreaterThanOrEqual(promisedS);
          expect(endS - alarmS).toBeLessThanOrEqual(150);
        }
      }
    },
    120_000,
  );

  test("comes from the core 45 s before UPS A of the demo goes off, whose battery is 12 years old", () => {
    const text = siteText({
      low: {
        point: "ups-a/output.power",
        runtime: {
          below: "45s",
          onBattery: { point: "ups-a/ups.mode", at: ["battery"] },
          chemistry: "lithium",
          rated: { lasts: "6min", load: 80 },
          charge: "bat-a/battery.charge",
          temperature: "bat-a/module.temperature.mean",
          told: "ups-a/battery.runtime",
        },
      },
    });
    const site = watched(text, ["ups-a", "bat-a"]);
    site.happen({ battery: "bat-a", age: 12 });
    site.happen({ generator: "refuse-start" });
    site.run(10);
    site.happen({ utility: "fail" });
    const mode = () => measure(site.plant)("ups-a", "ups.mode");
    while (mode() !== 0 && site.now() < 3000) site.run(1, 1000);
    expect(mode()).toBe(0);
    expect(site.raised("low")).toHaveLength(1);
    expect(site.now() - site.raised("low")[0]!).toBeGreaterThanOrEqual(promisedS);
    expect(site.now() - site.raised("low")[0]!).toBeLessThan(150);
  }, 60_000);
});
