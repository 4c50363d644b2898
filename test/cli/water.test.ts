import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { watching } from "./answers.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();
const off = 0;

describe("haechi water", { timeout: longMs }, () => {
  test("is not ready by the site file alone, and says what would have to be shown and what stays live", async () => {
    const { code, stdout } = await haechi(["water", demo, "battery-room"]);
    expect(code).toBe(1);
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "NOT READY FOR WATER: Battery room (battery-room)",
      "STAYS LIVE: bat-a, bat-b. A battery cannot be switched off.",
      "water      spray. From the door, and at no string that still stands under voltage.",
      "unproven   open the breaker between the battery bat-a and ups-a: nothing shows it",
    ]);
    expect(stdout).toContain("nobody has looked at the plant: --url asks a running service\n");
  });

  test("tells of a running service what is shown to be dead, by which readings, and what is not", async () => {
    const url = await watching({ "ups-b/ups.mode": off, "pdu-b1/power.active": 0 });
    const { code, stdout } = await haechi(["water", demo, "battery-room", "--url", url]);
    expect(code).toBe(1);
    expect(stdout).toContain(
      "dead       open ups-b towards row-b1: ups-b/ups.mode is off, pdu-b1/power.active draws nothing\n",
    );
    expect(stdout).toContain("unproven   open the breaker between the battery bat-a and ups-a: nothing shows it\n");
    const json = await haechi(["water", demo, "battery-room", "--url", url, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      site: "demo",
      isReady: false,
      evacuate: ["move-tier-0", "move-tier-1", "drain-site"],
    });
  });

  test("announces no cut without a service, a token, a name and a reason", async () => {
    const cut = ["water", demo, "battery-room", "--cut-in", "6"];
    expect(await haechi(cut)).toMatchObject({ code: 2, stderr: expect.stringContaining("give --url") });
    expect(await haechi([...cut, "--url", "http://127.0.0.1:9"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("HAECHI_TOKEN"),
    });
  });
});
