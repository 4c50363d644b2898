import { type DeviceAddress, type ModbusTransport, plainTcp } from "../../profiles/link.ts";

/** Where to connect, and how. */
export interface ModbusTarget {
  readonly host: string;
  readonly port: number;
  /** Default: plain TCP. */
  readonly transport?: ModbusTransport;
  /** Real milliseconds in which the connection must stand. */
  readonly timeoutMs: number;
  /** Silence kept after connecting. */
  readonly afterConnectMs: number;
}

/** Something that bytes can be sent over. */
export interface Wire {
  readonly writable: boolean;
  write(bytes: Uint8Array): unknown;
  destroy(): unknown;
}

/** Who is told what comes in. */
export interface WireEnd {
  /** The first `length` bytes of `chunk` came; they are written over afterwards. False stops the flow. */
  receive(chunk: Uint8Array, length: number): boolean;
  /** Nothing more will come, for this reason. May be called more than once. */
  ended(reason: string): void;
}

/** The one name of a target: who uses the same shares a connection. */
export const wireKey = ({ host, port, transport = plainTcp }: Omit<DeviceAddress, "unit">): string =>
  `${transport.kind} ${host} ${port}`;
