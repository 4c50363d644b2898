/** Relays of remote I/O that feed no rack: each stands as it was last told, and does what somebody has wired to it. */
import type { Layout } from "./layout.ts";

/** Every such relay, "device/relay[0].state": 1 while it is on. All are off at first. */
export function contactsOf({ devices, power }: Layout): Map<string, number> {
  const feeding = new Set(power.loads.flatMap(({ feeds }) => feeds.map(({ outlet }) => outlet as string | null)));
  const relays = devices
    .filter((device) => device.class === "remote-io")
    .flatMap(({ id, fitted }) => Array.from({ length: fitted }, (_, i) => `${id}/relay[${i}].state`));
  return new Map(relays.filter((relay) => !feeding.has(relay)).map((relay) => [relay, 0]));
}
