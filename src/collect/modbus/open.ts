import { plainTcp } from "../../profiles/link.ts";
import { openSerial } from "./serial.ts";
import { openTcp, openTls } from "./socket.ts";
import type { ModbusTarget, Wire, WireEnd } from "./wire.ts";

/** Opens the way to a target; rejects with a {@link LineFault} when that fails, takes too long or `stop` aborts. */
export function openWire(target: ModbusTarget, end: WireEnd, stop: AbortSignal): Promise<Wire> {
  const { transport = plainTcp } = target;
  if (transport.kind === "serial") return openSerial(target.host, transport, end, stop);
  return transport.kind === "tls" ? openTls(target, transport, end, stop) : openTcp(target, end, stop);
}
