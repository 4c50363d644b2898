import { describe, expect, test } from "vitest";
import { demoSiteFile } from "../../simulators/plant/index.ts";
import { haechi } from "./haechi.ts";

/** Reading a site file takes a busy machine many seconds. */
const longMs = 90_000;
const demo = demoSiteFile();

describe("haechi isolate", { timeout: longMs }, () => {
  test("prints the plan of the demo's battery room", async () => {
    const { code, stdout, stderr } = await haechi(["isolate", demo, "battery-room"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`ISOLATION PLAN: Battery room (battery-room) - Demo A

Cables of other rooms pass through: duct-b
Live from: utility utility, generator gen, battery bat-a, battery bat-b

[ ]  1. open the breaker between the battery bat-a and ups-a
        in UPS room (ups-room)
        then lost: nothing

[ ]  2. open the breaker between the battery bat-b and ups-b
        in UPS room (ups-room)
        then lost: nothing

[ ]  3. open ups-b towards row-b1
        in UPS room (ups-room)
        then lost: on one feed 7 (r101, r102, r103, r104, r105, r106, r107)

[ ]  4. open ups-b towards row-b2
        in UPS room (ups-room)
        then lost: on one feed 6 (r201, r202, r203, r204, r205, r206)

Lost in all: on one feed 13 (r101, r102, r103, r104, r105, r106, r107, r201 and 5 more)
STAYS LIVE: bat-a, bat-b. A battery cannot be switched off: water on it is water on live parts.
Prove that it is dead before anybody enters or uses water. Lock what was opened.
`);
  });

  test("gives it as JSON, and needs neither a service nor a secret", async () => {
    const { code, stdout } = await haechi(["isolate", demo, "switch-room", "--json"], {
      env: { HAECHI_DEMO_AUTH: undefined, HAECHI_DEMO_PRIV: undefined, HAECHI_DEMO_SECRET: undefined },
    });
    expect(code).toBe(0);
    const { steps } = JSON.parse(stdout) as { steps: { kind: string }[] };
    expect(steps.map(({ kind }) => kind)).toEqual(["farEnd", "farEnd", "standby", "utility"]);
  });

  test("refuses a room that is not there, and a file that is wrong", async () => {
    const [room, file] = await Promise.all([
      haechi(["isolate", demo, "batery-room"]),
      haechi(["isolate", "/nowhere/site.yaml", "hall-1"]),
    ]);
    expect(room).toMatchObject({ code: 2, stderr: 'there is no space "batery-room" (did you mean "battery-room"?)\n' });
    expect(file).toMatchObject({ code: 78, stderr: "/nowhere/site.yaml: there is no such file\n" });
  });
});
