import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../../cli/folder.ts";
import { describeWith } from "../../setup/available.ts";
import { openPcap } from "../../whole/pcap.ts";
import { demoKeys } from "../demo-site.ts";
import { program } from "../wire/program.ts";
import { dissect } from "./dissect.ts";
import { catchTraffic } from "./traffic.ts";

/** Packets of real traffic; `npm run bench dissect` does a million. */
const thousands = 5000;
const longMs = 180_000;
const user = ["-v3", "-l", "authPriv", "-u", "haechi", "-a", "SHA", "-x", "AES"];
const keys = ["-A", demoKeys.HAECHI_DEMO_AUTH, "-X", demoKeys.HAECHI_DEMO_PRIV];

/** What others say to the devices, right and wrong questions both. */
async function others(ports: ReadonlyMap<string, number>): Promise<void> {
  const at = (device: string): string => `127.0.0.1:${ports.get(device)}`;
  await program("snmpwalk", ["-v1", "-c", "public", "-m", "", at("ups-b"), ".1"]);
  await program("snmpbulkwalk", ["-v2c", "-c", "public", "-m", "", "-Cr40", at("crac-1"), ".1"]);
  await program("snmpwalk", [...user, ...keys, "-m", "", at("pdu-a1"), ".1"]);
  await program("snmpset", ["-v2c", "-c", "public", "-m", "", at("ups-a"), ".1.3.6.1.2.1.1.5.0", "s", "other"]);
  const poll = ["-m", "tcp", "-0", "-1", "-p", String(ports.get("meter-main"))];
  await program("mbpoll", [...poll, "-t", "4:float", "-B", "-r", "3059", "-c", "1", "127.0.0.1"]);
  await program("mbpoll", [...poll, "-t", "3", "-r", "1", "-c", "9", "127.0.0.1"]);
  await program("mbpoll", [...poll, "-t", "0", "-r", "1", "-c", "9", "127.0.0.1"]);
}

describeWith("tshark", "tshark looks into real traffic with every simulated device", () => {
  test(
    "and finds no packet malformed or in error, encrypted ones included",
    async () => {
      const file = join(folderWith(), "site.pcap");
      const { packets, modbus, snmp, held } = await catchTraffic(file, thousands, others);
      expect(packets).toBeGreaterThanOrEqual(thousands);
      const found = await dissect(file, held);
      expect(found.bad).toEqual([]);
      // What was put in is made out, all of it: the check looked at what it was to look at.
      expect(found.modbus).toBe(modbus);
      expect(found.snmp).toBe(snmp);
    },
    longMs,
  );

  test("and says so of an answer that is broken", async () => {
    const file = join(folderWith(), "broken.pcap");
    const pcap = openPcap(file);
    // A question of a register that ends before it says how many, and one of objects that are no objects.
    pcap.segment(40_000, 15_020, Buffer.from("00010000000401030000", "hex"));
    const question = `302902010104067075626c6963a01c020411223344020100020100300e${"7f".repeat(14)}`;
    pcap.datagram(40_001, 16_101, Buffer.from(question, "hex"));
    pcap.close();
    const found = await dissect(file, { modbus: [15_020], snmp: [16_101] });
    expect(found.bad.length).toBe(2);
  });
});
