import { describe, expect, onTestFinished, test } from "vitest";
import { receiveTraps, type TrapRules } from "../../../src/collect/traps/receive.ts";
import type { Reading } from "../../../src/core/reading.ts";
import { privProtocols } from "../../../src/profiles/cipher.ts";
import type { SnmpUser } from "../../../src/profiles/link.ts";
import { describeWith } from "../../setup/available.ts";
import { clockAt, device, HOST, modbusPoint } from "../fixture.ts";
import { asUser, ENGINE, freeUdpPort, notify, ON_BATTERY, rulesAt, trapV1 } from "./fixture.ts";

const points = [modbusPoint("mode", 0), modbusPoint("charge", 1, { scan: "slow" })];
const model = { ...device("ups-a", 0, points).model, traps: { [ON_BATTERY]: ["charge"] } };

/** A receiver on a port of its own that hurries one device, and what it has said so far. */
async function receiving(over: Partial<TrapRules> = {}, host: string = HOST, communities?: "none") {
  const port = await freeUdpPort();
  const stop = new AbortController();
  const hurried: (readonly string[])[] = [];
  const counts = new Map<string, Reading>();
  const { community, ...rules } = rulesAt(port, over);
  const running = receiveTraps(
    communities === "none" ? rules : { ...rules, ...(community && { community }) },
    [{ host, model, hurry: (names) => hurried.push(names) }],
    {
      clock: clockAt(20),
      stop: stop.signal,
      sink: (batch) => batch.forEach((reading) => counts.set(reading.point.slice("haechi/traps.".length), reading)),
    },
  );
  const count = (name: string) => {
    const reading = counts.get(name);
    return reading?.quality === "good" ? reading.value : null;
  };
  const close = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  onTestFinished(close);
  await expect.poll(() => count("received")).toBe(0);
  return { port, hurried, count, counts, close };
}

const USERS: readonly SnmpUser[] = [
  { name: "open", level: "noAuthNoPriv" },
  { name: "md5", level: "authNoPriv", authProtocol: "md5", authKey: "authentication" },
  ...(["sha", "sha224", "sha256", "sha384", "sha512"] as const).flatMap((authProtocol) =>
    privProtocols.map((privProtocol): SnmpUser => {
      const keys = { authKey: "authentication", privKey: "confidential" };
      return { name: `${authProtocol}-${privProtocol}`, level: "authPriv", authProtocol, privProtocol, ...keys };
    }),
  ),
];

describeWith("snmptrap", "notifications of Debian's snmptrap and snmpinform", () => {
  test("of version 2c hurry the points that the device's profile has for them", async () => {
    const { port, hurried, count } = await receiving();
    await notify("snmptrap", port, ["-v", "2c", "-c", "right"]);
    await expect.poll(() => hurried).toEqual([["charge"]]);
    await expect.poll(() => count("received")).toBe(1);
    expect([count("dropped"), count("refused"), count("unknown")]).toEqual([0, 0, 0]);
  });

  test("that no profile knows hurry what is most urgent", async () => {
    const { port, hurried } = await receiving();
    await notify("snmptrap", port, ["-v", "2c", "-c", "right"], "1.3.6.1.4.1.99999.0.7");
    await expect.poll(() => hurried).toEqual([["mode"]]);
  });

  test("of version 1 are known by the names that version 2 has for them", async () => {
    const { port, hurried } = await receiving();
    await trapV1(port, "right", ["1.3.6.1.2.1.33.2", 6, 1]);
    await expect.poll(() => hurried).toEqual([["charge"]]);
    await trapV1(port, "right", ["1.3.6.1.4.1.99999", 0, 0]);
    await expect.poll(() => hurried).toEqual([["charge"], ["mode"]]);
  });

  test("that are informs of version 2c are acknowledged", async () => {
    const { port, hurried } = await receiving();
    expect(await notify("snmpinform", port, ["-v", "2c", "-c", "right"])).toMatchObject({ code: 0 });
    expect(hurried).toEqual([["charge"]]);
  });

  test.each(USERS)("of version 3 by $name hurry, and informs are acknowledged", async (user) => {
    const { port, hurried } = await receiving({ users: USERS });
    expect(await notify("snmptrap", port, [...asUser(user), "-e", ENGINE])).toMatchObject({ code: 0 });
    await expect.poll(() => hurried).toEqual([["charge"]]);
    expect(await notify("snmpinform", port, asUser(user))).toMatchObject({ code: 0 });
    expect(hurried).toEqual([["charge"], ["charge"]]);
  });

  test("with a wrong community are refused and counted, and an inform gets no answer", async () => {
    const { port, hurried, count } = await receiving();
    await notify("snmptrap", port, ["-v", "2c", "-c", "wrong"]);
    await trapV1(port, "wrong", ["1.3.6.1.2.1.33.2", 6, 1]);
    expect((await notify("snmpinform", port, ["-v", "2c", "-c", "wrong"])).code).not.toBe(0);
    await expect.poll(() => count("refused")).toBe(3);
    expect(hurried).toEqual([]);
  });

  test("of a user whom nobody knows, with a wrong key, or with less protection than was agreed are refused", async () => {
    const user = USERS.find(({ name }) => name === "sha256-aes")!;
    const { port, hurried, count } = await receiving({ users: [user] });
    const wrong: readonly SnmpUser[] = [
      { ...user, name: "nobody" },
      { ...user, authKey: "not the right one" },
      { ...user, privKey: "not the right one" },
      { ...user, level: "authNoPriv" },
      { name: user.name, level: "noAuthNoPriv" },
    ];
    for (const one of wrong) await notify("snmptrap", port, [...asUser(one), "-e", ENGINE]);
    await expect.poll(() => count("refused")).toBe(wrong.length);
    for (const one of wrong) expect((await notify("snmpinform", port, asUser(one))).code).not.toBe(0);
    await expect.poll(() => count("refused")).toBe(2 * wrong.length);
    expect(hurried).toEqual([]);
  });

  test("of versions that the site says nothing about are refused", async () => {
    const { port, hurried, count } = await receiving({ users: USERS }, HOST, "none");
    await notify("snmptrap", port, ["-v", "2c", "-c", "right"]);
    await notify("snmptrap", port, ["-v", "2c", "-c", "undefined"]);
    await expect.poll(() => count("refused")).toBe(2);
    expect(hurried).toEqual([]);
  });

  test("from an address at which no device is read are counted and no more", async () => {
    const { port, hurried, count } = await receiving({}, "127.0.0.2");
    await notify("snmptrap", port, ["-v", "2c", "-c", "right"]);
    await expect.poll(() => count("unknown")).toBe(1);
    expect([count("refused"), hurried]).toEqual([0, []]);
  });

  test("are taken from a device whose address is a name", async () => {
    const { port, hurried } = await receiving({}, "localhost");
    // Until the name has been looked up, its address is one of a stranger.
    await expect
      .poll(async () => {
        await notify("snmptrap", port, ["-v", "2c", "-c", "right"]);
        return hurried[0];
      })
      .toEqual(["charge"]);
  });
});

describe("a port that is taken", () => {
  test("makes the counts bad instead of ending the service", async () => {
    const { port } = await receiving();
    const stop = new AbortController();
    const said: Reading[] = [];
    const running = receiveTraps(rulesAt(port), [], {
      clock: clockAt(20),
      stop: stop.signal,
      sink: (batch) => said.push(...batch),
    });
    await expect.poll(() => said.length).toBeGreaterThan(3);
    stop.abort();
    await running;
    expect(said.slice(0, 4).map(({ quality }) => quality)).toEqual(["bad", "bad", "bad", "bad"]);
    expect(said[0]).toMatchObject({ point: "haechi/traps.received", reason: "configuration" });
  });
});
