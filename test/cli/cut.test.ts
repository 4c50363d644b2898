import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { burning } from "../serve/plants.ts";
import { watching } from "./answers.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();

describe("haechi cut", { timeout: longMs }, () => {
  test("tells what a cut costs by the site file, and that it does not know what has moved", async () => {
    const { code, stdout, stderr } = await haechi(["cut", demo, "hall-2"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "if power to hall-2 is cut (by the site file alone)",
      "racks     dark 6 (r201, r202, r203, r204, r205, r206)",
      "services  6 of 6 not yet moved; ready in 20:00, if they are ordered now",
      "          where they are was not looked at: --url asks a running service",
    ]);
    expect(stdout).toMatch(/\nmap {6}1 {5}lost {6}nobody knows where it is {2}02:00\n/);
  });

  test("tells of a running service what has not moved yet, and when it will have", async () => {
    const url = await watching({ ...burning, "login/service.site": 1 });
    const { code, stdout } = await haechi(["cut", demo, "hall-1", "--url", url]);
    expect(code).toBe(0);
    expect(stdout).toContain("if power to hall-1 is cut now\n");
    expect(stdout).toContain("services  4 of 5 not yet moved; ready in ");
    expect(stdout).toMatch(/\nlogin +0 +degraded +moved +00:00\n/);
    const json = await haechi(["cut", demo, "hall-1", "--url", url, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ site: "demo", space: "hall-1", notMoved: 4 });
  });

  test("cuts rooms, and says which was meant", async () => {
    const [wrong, node] = await Promise.all([haechi(["cut", demo, "hal-2"]), haechi(["cut", demo, "ups-b"])]);
    expect(wrong).toMatchObject({ code: 2, stderr: 'there is no space "hal-2" (did you mean "hall-2"?)\n' });
    expect(node).toMatchObject({ code: 2, stderr: 'there is no space "ups-b"\n' });
  });
});
