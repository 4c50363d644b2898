/**
 * The automatic transfer switch, open between its two positions. It leaves a lost utility after 0.7 s
 * and calls the generator in the same moment, closes onto the generator when that has voltage, and goes
 * back when the utility has been good for long enough (15 to 30 s is usual; a plant sets its own).
 */
export interface Transfer {
  position: "utility" | "open" | "generator";
  /** Its start signal to the generator. */
  calls: boolean;
  utilityBadS: number;
  utilityGoodS: number;
  openS: number;
  retransferS: number;
}

const confirmS = 0.7;
/** The contacts' way from one side to the other. */
const travelS = 0.3;
/** With no generator to wait on, a utility that is back is taken sooner. */
const hurriedS = 3;

export const makeTransfer = (retransferS: number): Transfer => ({
  position: "utility",
  calls: false,
  utilityBadS: 0,
  utilityGoodS: retransferS,
  openS: 0,
  retransferS,
});

/** A step of the switch. */
export function runTransfer(ats: Transfer, utilityGood: boolean, generatorGood: boolean, dtS: number): void {
  ats.utilityGoodS = utilityGood ? ats.utilityGoodS + dtS : 0;
  ats.utilityBadS = utilityGood ? 0 : ats.utilityBadS + dtS;
  ats.openS = ats.position === "open" ? ats.openS + dtS : 0;
  ats.position = next(ats, generatorGood);
  ats.calls = ats.position !== "utility";
}

function next(ats: Transfer, generatorGood: boolean): Transfer["position"] {
  const settled = ats.utilityGoodS >= (generatorGood ? ats.retransferS : hurriedS);
  switch (ats.position) {
    case "utility":
      return ats.utilityBadS >= confirmS ? "open" : "utility";
    case "generator":
      return settled || !generatorGood ? "open" : "generator";
    case "open":
      if (ats.openS < travelS) return "open";
      return settled ? "utility" : generatorGood ? "generator" : "open";
  }
}
