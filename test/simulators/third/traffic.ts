/** Real traffic with every device of the demo site, caught in a file: our own collectors read through taps. */
import { setTimeout as wait } from "node:timers/promises";
import { realClock } from "../../../src/clock.ts";
import { collect } from "../../../src/collect/index.ts";
import type { DeviceLink } from "../../../src/profiles/index.ts";
import { openPcap } from "../../whole/pcap.ts";
import type { Seen, Tap } from "../../whole/tap.ts";
import { tapModbus, tapSnmp } from "../../whole/tap.ts";
import { demoKeys } from "../demo-site.ts";
import type { Dissected } from "./dissect.ts";
import { devicesOf, showSite } from "./shown.ts";

/** What was caught. */
export interface Caught {
  readonly packets: number;
  /** Packets with bytes of Modbus in them, and of SNMP. */
  readonly modbus: number;
  readonly snmp: number;
  readonly held: Required<Dissected>;
}

/** What may be said to the devices beside what our collectors say: each device's tap, by its id. */
type Beside = (ports: ReadonlyMap<string, number>) => Promise<void>;

/** Collectors' time against the wall's: they ask that many times as often as they would a real site. */
const speed = 50;
const lookMs = 20;

/** Reads every device over and over until the file holds so many packets. */
export async function catchTraffic(file: string, packets: number, beside: Beside = async () => {}): Promise<Caught> {
  const pcap = openPcap(file);
  const counts = { modbus: 0, snmp: 0 };
  const held = { modbus: new Set<number>(), snmp: new Set<number>() };
  const open: { close(): Promise<void> }[] = [];
  const tapped = async (protocol: "modbus" | "snmp", port: number): Promise<Tap> => {
    const heard: Seen["heard"] = (from, to, bytes) => {
      counts[protocol] += 1;
      if (protocol === "modbus") pcap.segment(from, to, bytes);
      else pcap.datagram(from, to, bytes);
    };
    held[protocol].add(port);
    const tap = await (protocol === "modbus" ? tapModbus : tapSnmp)(port, { functions: new Map(), heard });
    open.unshift(tap);
    return tap;
  };
  try {
    const links: DeviceLink[] = [];
    for (const protocol of ["modbus", "snmp"] as const) {
      const { served } = await showSite(protocol);
      open.push(served);
      for (const { id, model } of devicesOf(protocol)) {
        const address = served.addresses.get(id)!;
        const tap = await tapped(protocol, address.port);
        links.push({ id, model, address: { ...address, port: tap.port } });
      }
    }
    await beside(new Map(links.map(({ id, address }) => [id, address.port])));
    const stop = new AbortController();
    const collecting = collect({ links }, realClock(speed), stop.signal, () => undefined);
    while (pcap.packets < packets) await wait(lookMs);
    stop.abort();
    await collecting;
  } finally {
    for (const one of open) await one.close();
    pcap.close();
  }
  const user = { name: "haechi", authKey: demoKeys.HAECHI_DEMO_AUTH, privKey: demoKeys.HAECHI_DEMO_PRIV };
  return { packets: pcap.packets, ...counts, held: { modbus: [...held.modbus], snmp: [...held.snmp], user } };
}
