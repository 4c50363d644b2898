import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { apply, demoPlant } from "../../simulators/plant/index.ts";
import { realClock } from "../../src/clock.ts";
import { readOnce } from "../../src/collect/index.ts";
import type { CommandId } from "../../src/core/command.ts";
import { instant } from "../../src/core/time.ts";
import { makeActuators } from "../../src/gate/index.ts";
import { loadLibrary, type Profile } from "../../src/profiles/index.ts";
import { fetchKeys } from "../../src/secrets.ts";
import { openPlantOnWire, type PlantOnWire } from "../../src/simulation/plant-on-wire.ts";
import { withPlaces } from "../../src/simulation/simulated-site.ts";
import { parseSite, type Site } from "../../src/site/index.ts";

const library = loadLibrary();
const protocols = ["modbus", "snmp"] as const;

const speaks = (profile: Profile, protocol: (typeof protocols)[number]): boolean =>
  Object.values(profile.points).some((point) => point[protocol] !== undefined);

/** Devices of every profile, over every protocol that it is asked in, each at an address of its own. */
function everyDevice(): readonly string[] {
  let port = 1000;
  return [...library.profiles.values()].flatMap((profile) =>
    protocols
      .filter((protocol) => speaks(profile, protocol))
      .map((protocol) => {
        port += 1;
        const id = `d${port}`;
        const address =
          protocol === "modbus"
            ? `modbus: { host: 10.0.0.1, port: ${port} }`
            : `snmp: { host: 10.0.0.1, port: ${port}, version: 2c, community: hush }`;
        return `  ${id}: { profile: ${profile.id}, space: hall, ${address} }`;
      }),
  );
}

const head = `
version: 1
site: { id: own, name: { en: Own }, timezone: UTC }
profileAlarms: none
spaces: { hall: { kind: hall, name: { en: Hall } } }
devices:
`;

function siteOf(devices: readonly string[], rest = ""): { readonly site: Site; readonly text: string } {
  const text = `${head}${devices.join("\n")}\n${rest}`;
  const loaded = parseSite("own.yaml", text, library);
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems.slice(0, 5)));
  return { site: loaded.site, text };
}

interface Written {
  readonly targets: { readonly standby: { readonly http: { readonly url: string } } };
}

interface OnWire {
  readonly site: Site;
  readonly text: string;
  readonly wire: PlantOnWire;
}

async function onWire(devices: readonly string[], { rest = "", speed = 1 } = {}): Promise<OnWire> {
  const { site, text } = siteOf(devices, rest);
  const keys = fetchKeys(site, {});
  if ("missing" in keys) throw new Error(keys.missing.join());
  const wire = await openPlantOnWire({
    site,
    plant: demoPlant(1, `${text}\npower: {}\nloads: {}\n`),
    profiles: library.profiles,
    keys: { ...keys, targets: new Map([["standby", "s3cret"]]) },
    clock: realClock(speed),
    seed: 1,
    rows: 2,
    ports: "free",
  });
  onTestFinished(() => wire.stop());
  return { site, text, wire };
}

/** What is asked of a device as a collector would, that is not good. */
async function notGood({ site, wire }: Awaited<ReturnType<typeof onWire>>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { id, model } of site.devices) {
    const { points, fault } = await readOnce({ id, model, address: wire.served.addresses.get(id)! });
    if (fault) found.push(`${model.profile} over ${model.protocol}: ${fault}`);
    for (const { name, reading } of points)
      if (reading.quality !== "good")
        found.push(`${model.profile} over ${model.protocol}: ${name} is ${reading.reason}`);
  }
  return found;
}

describe("a plant on the wire", () => {
  test("speaks for every device of the library, each point of it good", async () => {
    expect(await notGood(await onWire(everyDevice()))).toEqual([]);
  }, 120_000);

  test("has its targets answer beside the movers: the gate's own order is followed in the target's time", async () => {
    const standby =
      'targets:\n  standby: { name: { en: S }, http: { url: "http://a/b", secret: "${env:S}", states: [cold, warm] } }\n';
    const { site, wire, text } = await onWire(everyDevice().slice(0, 1), { rest: standby, speed: 100 });
    const { url } = (parse(withPlaces(text, site, wire)) as Written).targets.standby.http;
    expect(url).toBe(`${wire.services.url}/targets/standby`);
    const settings = { url, secret: "s3cret" };
    const link = { id: "standby", kind: "http", point: "worker.state", states: ["cold", "warm"], settings } as const;
    const hand = makeActuators([], [], [link]).get("standby")!;
    onTestFinished(() => hand.close());
    const stop = new AbortController().signal;
    const order = { id: "c" as CommandId, point: "worker.state", value: 1, expires: instant(Date.now() * 2) };
    expect(await hand.read("worker.state", stop)).toBe(0);
    expect(await hand.write(order, stop)).toEqual({ result: "accepted" });
    await expect.poll(() => hand.read("worker.state", stop), { timeout: 30_000 }).toBe(1);
    apply(wire.plant, { target: "standby", is: "mute" });
    expect(await hand.read("worker.state", stop)).toBeNull();
    expect(await hand.write({ ...order, id: "d" as CommandId }, stop)).toMatchObject({ result: "again" });
  }, 120_000);
});
