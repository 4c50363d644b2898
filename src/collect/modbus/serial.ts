/**
 * A serial port as a wire, opened by modbus-serial. Its own search for frames is passed by: it would
 * give what looks like an answer wherever it stands in the stream, and keep from us whether the line is silent.
 */
import { createRequire } from "node:module";
import type { SerialSettings } from "../../profiles/link.ts";
import { LineFault } from "../line.ts";
import type { Wire, WireEnd } from "./wire.ts";

/** The part of modbus-serial's RTU port that is used here: its types do not tell of it. */
interface RtuPort {
  readonly isOpen: boolean;
  /** The serial port beneath. */
  readonly _client: {
    on(event: "data", listener: (chunk: Buffer) => void): void;
    flush(done: (error: Error | null) => void): void;
  };
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "close", listener: () => void): void;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  write(bytes: Buffer): void;
}

type RtuPortClass = new (path: string, settings: object) => RtuPort;

/** Opens a serial port; nobody else can open it meanwhile. Rejects with a {@link LineFault}. */
export async function openSerial(
  path: string,
  { baud, parity, dataBits, stopBits }: SerialSettings,
  end: WireEnd,
  stop: AbortSignal,
): Promise<Wire> {
  await closings.get(path);
  const port = new (portClass())(path, { baudRate: baud, parity, dataBits, stopBits, lock: true });
  port.on("error", (error) => end.ended(error.message));
  port.on("close", () => end.ended("the serial port was closed"));
  port._client.on("data", (chunk) => end.receive(chunk, chunk.length));
  await new Promise<void>((resolve, reject) => {
    const failed = ({ message }: Error): LineFault =>
      new LineFault("broken", message.replace(/^Error:? /, ""), { asked: false });
    port.open((error) => (error ? reject(failed(error)) : resolve()));
  });
  const wire = new SerialWire(path, port);
  if (!stop.aborted) return wire;
  wire.destroy();
  throw new LineFault("broken", "stopped", { asked: false });
}

/** Ports that are being closed: none can be opened again before that is done. */
const closings = new Map<string, Promise<void>>();

class SerialWire implements Wire {
  readonly #path: string;
  readonly #port: RtuPort;

  constructor(path: string, port: RtuPort) {
    this.#path = path;
    this.#port = port;
  }

  get writable(): boolean {
    return this.#port.isOpen;
  }

  write(bytes: Uint8Array): void {
    this.#port.write(Buffer.from(bytes));
  }

  destroy(): void {
    if (!this.#port.isOpen || closings.has(this.#path)) return;
    const closed = new Promise<void>((resolve) => {
      // What still waits to be sent is dropped: closing would wait for it, on a line that takes nothing.
      this.#port._client.flush(() => (this.#port.isOpen ? this.#port.close(() => resolve()) : resolve()));
    });
    closings.set(
      this.#path,
      closed.finally(() => closings.delete(this.#path)),
    );
  }
}

/** Loaded when a site has a serial line: what it needs of the platform is optional to install. */
function portClass(): RtuPortClass {
  try {
    return createRequire(import.meta.url)("modbus-serial/ports/rtubufferedport") as RtuPortClass;
  } catch (error) {
    const words = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new LineFault("broken", `no serial ports here: ${words}`, { asked: false, reason: "configuration" });
  }
}
