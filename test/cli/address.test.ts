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
    expect(refusal(text)).toContain("modbus://HOST[:PORT][/UNIT] or snmp://HOST[:PORT]"),
  );

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
