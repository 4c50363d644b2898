/** A million packets of real traffic with the demo site's simulated devices, every one looked into by tshark. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dissect } from "../../test/simulators/third/dissect.ts";
import { catchTraffic } from "../../test/simulators/third/traffic.ts";

const wanted = 1_000_000;
/** tshark remembers every connection and packet that it has seen: files are kept short. */
const eachFile = 100_000;

/** Packets that were looked into, and those in error or not made out to their end: both are to be 0. */
export async function figures(): Promise<Record<string, number>> {
  let [packets, messages, bad, unread] = [0, 0, 0, 0];
  while (packets < wanted) {
    const folder = mkdtempSync(join(tmpdir(), "haechi-dissect-"));
    try {
      const file = join(folder, "site.pcap");
      const caught = await catchTraffic(file, Math.min(eachFile, wanted - packets));
      const found = await dissect(file, caught.held);
      packets += caught.packets;
      messages += found.modbus + found.snmp;
      bad += found.bad.length;
      unread += Math.abs(caught.modbus - found.modbus) + Math.abs(caught.snmp - found.snmp);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { dissected_packets: packets, dissected_messages: messages, dissected_bad: bad, dissected_unread: unread };
}
