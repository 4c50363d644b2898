import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type AccessWords, addressOf } from "../../src/cli/address.ts";
import { exit, Refusal } from "../../src/cli/exit.ts";

afterEach(() => vi.unstubAllEnvs());

const plain: AccessWords = { community: "public" };
const of = (text: string, words: Partial<AccessWords> = {}) => addressOf(text, { ...plain, ...words });

function refusal(text: string, words: Partial<AccessWords> = {}): string {
  try {
    of(text, words);
  } catch (error) {
    if (error instanceof Refusal && error.code === exit.usage) return error.message;
    throw error;
  }
  return "";
}

describe("an address on the command line", () => {
  test("has the usual port and unit where it does not say others", () => {
    expect(of("modbus://10.0.0.7")).toEqual({ protocol: "modbus", address: { host: "10.0.0.7", port: 502, unit: 1 } });
    expect(of("modbus://[fd00::7]:1502/17").address).toEqual({ host: "fd00::7", port: 1502, unit: 17 });
    expect(of("snmp://ups.example").address).toMatchObject({ host: "ups.example", port: 161 });
  });

  test.each(["10.0.0.7", "http://10.0.0.7", "modbus://", "modbus:10.0.0.7"])("is refused as %s", (text) =>
    expect(refusal(text)).toContain("write modbus://HOST[:PORT][/UNIT]"),
  );

  test("says by its beginning how Modbus is carried", () => {
    expect(of("modbus+rtu://10.0.0.7:4001/3").address).toEqual({
      host: "10.0.0.7",
      port: 4001,
      unit: 3,
      transport: { kind: "rtu" },
    });
    expect(of("modbuss://ups.example/2").address).toEqual({
      host: "ups.example",
      port: 802,
      unit: 2,
      transport: { kind: "tls" },
    });
    expect(of("serial:/dev/ttyUSB0").address).toEqual({
      host: "/dev/ttyUSB0",
      port: 0,
      unit: 1,
      transport: { kind: "serial", baud: 9600, parity: "none", dataBits: 8, stopBits: 1 },
    });
    expect(of("serial:/dev/ttyS1?unit=17&baud=19200&parity=even&stopBits=2").address).toMatchObject({
      unit: 17,
      transport: { baud: 19_200, parity: "even", stopBits: 2 },
    });
  });

  test.each([
    ["serial:/dev/ttyS0?parity=mark", "none, even, odd"],
    ["serial:/dev/ttyS0?baud=fast", "no baud rate"],
    ["serial:/dev/ttyS0?stopBits=3", "1 or 2"],
    ["serial:/dev/ttyS0?unit=300", "0 to 255"],
    ["serial:/dev/ttyS0?bauds=9600", 'has no "bauds"'],
    ["serial:ttyS0", "is no address"],
  ])("is refused as %s", (text, message) => expect(refusal(text)).toContain(message));

  test("takes the certificates of TLS from files, and says which it cannot read", () => {
    const dir = mkdtempSync(join(tmpdir(), "haechi-address-"));
    const file = join(dir, "ca.pem");
    writeFileSync(file, "the authority");
    const { transport } = of("modbuss://h", { ca: file, name: "ups.example" }).address;
    expect(transport).toEqual({ kind: "tls", ca: "the authority", name: "ups.example" });
    expect(refusal("modbuss://h", { cert: file })).toContain("belong together");
    rmSync(dir, { recursive: true });
    expect(refusal("modbuss://h", { ca: file })).toContain(`${file} cannot be read: ENOENT`);
  });

  test.each(["modbus://h/256", "modbus://h/x", "modbus://h/1/2"])("is refused with no such unit as %s", (text) =>
    expect(refusal(text)).toContain("0 to 255"),
  );

  test("is spoken to in the version that is said", () => {
    expect(of("snmp://h", { community: "rack" }).address.snmp).toEqual({ version: "2c", community: "rack" });
    expect(of("snmp://h", { v1: true }).address.snmp).toEqual({ version: "1", community: "public" });
    expect(of("snmp://h", { v3: "haechi" }).address.snmp).toEqual({
      version: "3",
      user: { name: "haechi", level: "noAuthNoPriv" },
    });
  });

  test("takes a user's pass phrases from the environment, and says which it misses", () => {
    const words = { v3: "haechi", auth: "sha256", priv: "aes" } as const;
    vi.stubEnv("HAECHI_AUTH_KEY", "authentication");
    vi.stubEnv("HAECHI_PRIV_KEY", "");
    expect(refusal("snmp://h", words)).toContain("HAECHI_PRIV_KEY");
    vi.stubEnv("HAECHI_PRIV_KEY", "confidential");
    expect(of("snmp://h", words).address.snmp?.user).toEqual({
      name: "haechi",
      level: "authPriv",
      authProtocol: "sha256",
      authKey: "authentication",
      privProtocol: "aes",
      privKey: "confidential",
    });
  });

  test.each<[Partial<AccessWords>, string]>([
    [{ auth: "sha" }, "--v3 USER"],
    [{ v3: "haechi", priv: "aes" }, "--priv needs --auth"],
    [{ v3: "haechi", v1: true }, "two versions"],
  ])("is refused with %j", (words, message) => expect(refusal("snmp://h", words)).toContain(message));
});
