import { describe, expect, test } from "vitest";
import { lead, nmc } from "../../../../simulators/plant/battery/chemistry.ts";
import { warmModules } from "../../../../simulators/plant/battery/module-heat.ts";
import { heat, makeString } from "../../../../simulators/plant/battery/string.ts";

describe.each([
  ["nmc", nmc],
  ["lead", lead],
])("the modules of a string of %s", (_, chemistry) => {
  test("keep or give to the air all of the heat that goes into them, to 0.1 %", () => {
    const string = makeString(chemistry, 40);
    let outJ = 0;
    for (let i = 0; i < 3600; i++) {
      heat(string, 500);
      outJ += warmModules(string, 25, 1);
    }
    const { size, coreC, shellC } = string;
    let keptJ = 0;
    coreC.forEach((core, i) => {
      keptJ += (chemistry.coreKjK * (core - 25) + chemistry.shellKjK * (shellC[i]! - 25)) * 1000 * size;
    });
    expect((keptJ + outJ) / (3600 * 500)).toBeCloseTo(1, 3);
  });

  test("are warmer inside than outside while they are heated, and warmest at the top of the rack", () => {
    const string = makeString(chemistry, 40);
    for (let i = 0; i < 6 * 3600; i++) {
      heat(string, 200);
      warmModules(string, 25, 1);
    }
    const { coreC, shellC } = string;
    expect(coreC[0]!).toBeGreaterThan(shellC[0]!);
    expect(shellC.at(-1)! - shellC[0]!).toBeGreaterThan(1);
    expect(shellC.at(-1)! - shellC[0]!).toBeLessThan(2);
  });
});
