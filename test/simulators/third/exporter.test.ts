import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { DeviceAddress } from "../../../src/profiles/index.ts";
import { folderWith } from "../../cli/folder.ts";
import { describeWith } from "../../setup/available.ts";
import { freePort } from "../../setup/services.ts";
import { demoKeys } from "../demo-site.ts";
import type { ShownPoint, ShownSite } from "./shown.ts";
import { devicesOf, showSite, wrongs } from "./shown.ts";

let site: ShownSite;
beforeAll(async () => {
  site = await showSite("snmp");
});
afterAll(() => site.served.close());

const exporter = "prometheus-snmp-exporter";
const devices = devicesOf("snmp");
const startMs = 20_000;

const objectOf = ({ model: { at } }: ShownPoint): string => (at.protocol === "snmp" ? at.oid : "");
const numbersOf = (device: string): readonly string[] => [
  ...new Set(site.points.filter((point) => point.device === device).map(objectOf)),
];
const seriesOf = (oid: string): string => `o_${oid.replaceAll(".", "_")}`;

/** One module a device and version, as its own configuration has it: what is asked for, and how. */
function moduleOf(name: string, access: object, oids: readonly string[]): Readonly<Record<string, unknown>> {
  const metrics = oids.map((oid) => ({ name: seriesOf(oid), oid, type: "gauge", help: oid }));
  return { [name]: { get: oids, metrics, ...access } };
}

function accessOf({ snmp }: DeviceAddress, version: 1 | 2): object {
  if (snmp?.version !== "3") return { version, auth: { community: "public" } };
  const keys = { password: demoKeys.HAECHI_DEMO_AUTH, priv_password: demoKeys.HAECHI_DEMO_PRIV };
  const auth = { username: "haechi", security_level: "authPriv", auth_protocol: "SHA", priv_protocol: "AES", ...keys };
  return { version: 3, auth };
}

/** Starts it with a configuration; JSON is YAML. */
async function startExporter(modules: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = folderWith({ "snmp.yml": JSON.stringify(modules) });
  const port = await freePort();
  const words = [`--config.file=${join(folder, "snmp.yml")}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn(exporter, words, { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  for (const began = Date.now(); Date.now() - began < startMs; ) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${exporter} does not come up`);
}

async function scraped(url: string, device: string, name: string): Promise<ReadonlyMap<string, number>> {
  const target = `127.0.0.1:${site.served.addresses.get(device)!.port}`;
  const answer = await fetch(`${url}/snmp?target=${target}&module=${name}`);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const lines = text.matchAll(/^(o_\w+) (\S+)$/gm);
  return new Map([...lines].map(([, series, value]) => [series!, Number(value)]));
}

describeWith(exporter, "Prometheus' SNMP exporter agrees with the plant", () => {
  test("of every point of every SNMP device, in each version that the device speaks", async () => {
    const wanted = devices.flatMap((device) =>
      (device.address.snmp?.version === "3" ? ([2] as const) : ([1, 2] as const)).map((version) => ({
        ...device,
        name: `${device.id}_${version}`,
        access: accessOf(device.address, version),
      })),
    );
    const url = await startExporter(
      Object.assign({}, ...wanted.map(({ id, name, access }) => moduleOf(name, access, numbersOf(id)))),
    );
    for (const { id, name } of wanted) {
      const read = await scraped(url, id, name);
      expect(read.size, name).toBe(numbersOf(id).length);
      const points = site.points.filter((point) => point.device === id);
      expect(
        wrongs(points, (point) => read.get(seriesOf(objectOf(point)))),
        name,
      ).toEqual([]);
    }
  });
});
