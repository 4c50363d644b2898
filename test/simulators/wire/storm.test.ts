import { describe, expect, onTestFinished, test } from "vitest";
import { serveAlone } from "../../../simulators/device/served.ts";
import { type Fault, parseFault } from "../../../simulators/wire/fault.ts";
import { realClock } from "../../../src/clock.ts";
import { receiveTraps } from "../../../src/collect/traps/receive.ts";
import { bindDevice, loadLibrary, type SnmpAccess } from "../../../src/profiles/index.ts";
import { rulesAt } from "../../collect/traps/fixture.ts";
import { freeUdpPort } from "../../setup/services.ts";

const profile = loadLibrary().profiles.get("ups/eaton-xups")!;
const model = bindDevice(profile, { protocol: "snmp" });
const user = {
  name: "ops",
  level: "authPriv",
  authProtocol: "sha256",
  authKey: "a long secret",
  privProtocol: "aes",
  privKey: "another secret",
} as const;

/** Polls that the storm of a device hurries, as the product's own receiver hears it. */
async function hurried(access: SnmpAccess, enough: number): Promise<readonly string[]> {
  const [port, traps] = [await freeUdpPort(), await freeUdpPort()];
  const stop = new AbortController();
  const heard: string[] = [];
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const hurry = (names: readonly string[]): void => {
    heard.push(...names);
    if (heard.length >= enough) done();
  };
  const rules = rulesAt(traps, access.user ? { users: [access.user] } : {});
  const receiving = receiveTraps(rules, [{ host: "127.0.0.1", model, hurry }], {
    clock: realClock(),
    stop: stop.signal,
    sink: () => undefined,
  });
  const alone = await serveAlone(profile, {
    protocol: "snmp",
    address: { host: "127.0.0.1", port, snmp: access },
    rows: 1,
    seed: 1,
    faults: [parseFault("trap-storm=50", "snmp") as Fault],
    traps: { host: "127.0.0.1", port: traps },
  });
  onTestFinished(() => alone.close());
  await all;
  stop.abort();
  await receiving;
  return heard;
}

describe("a storm of traps", () => {
  const accesses: readonly (readonly [string, SnmpAccess])[] = [
    ["1", { version: "1", community: "right" }],
    ["2c", { version: "2c", community: "right" }],
    ["3", { version: "3", user }],
  ];
  test.each(accesses)("of version %s is heard as what it is, traps that the profile knows", async (_, access) => {
    const heard = await hurried(access, 3);
    const known = new Set(Object.values(model.traps ?? {}).flat());
    expect(heard.filter((name) => !known.has(name))).toEqual([]);
  });
});
