import type { ModbusTransport } from "../../profiles/link.ts";

/** Modbus over Serial Line 1.02, 2.5.1.1: characters of silence around a frame, and where they stop to shrink. */
const SILENCE_CHARACTERS = 3.5;
const SHORTEST_MS = 1.75;
const FASTEST_BAUD = 19_200;
/** What a line behind a gateway is most often set to: the gateway does not say. */
const USUAL_BAUD = 9600;
const USUAL_BITS = 11;

/** Real milliseconds for which a line is silent between two frames. */
export function silenceMs(transport: ModbusTransport): number {
  if (transport.kind !== "serial") return (SILENCE_CHARACTERS * USUAL_BITS * 1000) / USUAL_BAUD;
  const { baud, parity, dataBits, stopBits } = transport;
  if (baud > FASTEST_BAUD) return SHORTEST_MS;
  const bits = 1 + dataBits + (parity === "none" ? 0 : 1) + stopBits;
  return Math.max(SHORTEST_MS, (SILENCE_CHARACTERS * bits * 1000) / baud);
}
