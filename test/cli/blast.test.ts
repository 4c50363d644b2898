import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { withoutA } from "../serve/plants.ts";
import { watching } from "./answers.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();

describe("haechi blast", { timeout: longMs }, () => {
  test("tells what a site loses with a room, and by what the loss reaches further", async () => {
    const { code, stdout, stderr } = await haechi(["blast", demo, "battery-room"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "space battery-room is lost",
      "reaches ups-room by plenum b3-ceiling",
      "cut with it: duct-b",
      "UPS       lost 2 (ups-a, ups-b)",
      "          2 of 2 that stand in for each other",
      "feeds     A lost, B lost",
      "nodes     dead 4 (row-a1, row-b1, row-a2, row-b2)",
      "racks     dark 14 (r101, r102, r103, r104, r105, r106, r107, r108 and 6 more)",
      "services  lost 5 (login, message, pay, mail, map); unknown 1 (all)",
      "not said: in which racks run all",
      "",
    ]);
  });

  test("prints the same as JSON, of a node as of a room", async () => {
    const { stdout } = await haechi(["blast", demo, "ats", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      subject: { kind: "node", id: "ats" },
      at: null,
      ups: [{ is: "onBattery" }, { is: "onBattery" }],
      coolers: { lost: ["crac-1", "crac-2"] },
    });
  });

  test("asks a running service, which sees what is lost already", async () => {
    const url = await watching(withoutA);
    const { code, stdout } = await haechi(["blast", demo, "row-b1", "--url", url]);
    expect(code).toBe(0);
    expect(stdout).toContain("racks     dark 8 (r101, r102, r103, r104, r105, r106, r107, r108); on one feed 6 ");
  });

  test("says what was meant by a wrong word, and that nothing answers where nothing does", async () => {
    const [wrong, strange, nobody] = await Promise.all([
      haechi(["blast", demo, "ups-rom"]),
      haechi(["blast", demo, "moon"]),
      haechi(["blast", demo, "ups-room", "--url", "http://127.0.0.1:1"]),
    ]);
    const none = "there is no space, node, loop, route, compartment or plenum";
    expect(wrong).toMatchObject({ code: 2, stdout: "", stderr: `${none} "ups-rom" (did you mean "ups-room"?)\n` });
    expect(strange).toMatchObject({ code: 2, stdout: "", stderr: `${none} "moon"\n` });
    expect(nobody.code).toBe(69);
  });
});
