/** How a site file says where a Modbus device is: on a network, over TCP or TLS, or on a serial line of this machine. */
import { z } from "zod";
import type { DeviceAddress, ModbusTransport } from "../profiles/index.ts";
import { secret } from "./secret.ts";
import { host, port, text } from "./words.ts";

const MODBUS_PORT = 502;
/** Modbus/TCP Security. */
const SECURE_PORT = 802;
/** What most devices leave the factory with. */
const USUAL_BAUD = 9600;
/** Slower than any modem, faster than any RS-485 transceiver that devices have. */
const [SLOWEST_BAUD, FASTEST_BAUD] = [300, 1_000_000];

const advice = "certificates and keys do not stand in this file: write /path, ${env:NAME} or ${file:/path}";

/** A PEM text: the file that it stands in, or where it is kept as secrets are. */
export const pem = z
  .string(advice)
  .regex(/^\/|^\$\{/, advice)
  .transform(asReference)
  .pipe(secret);

function asReference(written: string): string {
  return written.startsWith("/") ? `\${file:${written}}` : written;
}

const tls = z.strictObject({ ca: pem, cert: pem, key: pem, name: host.optional() });

export const modbusSource = z
  .strictObject({
    host: host.optional(),
    port: port.optional(),
    /** Modbus's own frames over TCP or TLS, or those of a serial line over TCP. */
    transport: z.enum(["tcp", "rtu", "tls"]).optional(),
    tls: tls.optional(),
    /** The path of a serial port, in place of a host. */
    serial: text.regex(/^\/dev\/\S+$/, "a serial port is a path like /dev/ttyUSB0").optional(),
    baud: z.int().min(SLOWEST_BAUD).max(FASTEST_BAUD).optional(),
    parity: z.enum(["none", "even", "odd"]).optional(),
    /** RTU frames are made of bytes: there is no other choice. */
    dataBits: z.literal(8).optional(),
    stopBits: z.literal([1, 2]).optional(),
    unit: z.int().min(0).max(255).default(1),
    /** Lets others read the device at a port of this machine's loopback, over the one connection to it. */
    share: z.strictObject({ port }).optional(),
  })
  .superRefine((source, context) => {
    const say = (key: keyof typeof source | null, message: string): void =>
      context.addIssue({ code: "custom", message, path: key === null ? [] : [key] });
    if ((source.host === undefined) === (source.serial === undefined)) say(null, "needs one of host and serial");
    const others = source.serial === undefined ? ofSerial : ofHosts;
    for (const key of others) if (source[key] !== undefined) say(key, `${key} ${others.belongs}`);
    if (source.serial !== undefined) return;
    if (source.transport === "tls" && !source.tls) say("transport", "transport tls needs tls: { ca, cert, key }");
    if (source.transport !== "tls" && source.tls) say("tls", "tls needs transport: tls");
  });

/** Keys that mean nothing without what they belong to. */
const ofSerial = Object.assign(["baud", "parity", "dataBits", "stopBits"] as const, {
  belongs: "belongs to a serial line",
});
const ofHosts = Object.assign(["port", "transport", "tls"] as const, {
  belongs: "belongs to a host, and a serial line has none",
});

export type ModbusSource = z.output<typeof modbusSource>;

/** A device's address as the other parts know it. References to certificates and key in it are still references. */
export function modbusAddress(source: ModbusSource): DeviceAddress {
  const { unit, share } = source;
  const place = placeIn(source);
  return { ...place, unit, ...(share ? { share: share.port } : {}) };
}

function placeIn({ host: at = "", port: on, transport = "tcp", tls: access, serial, ...line }: ModbusSource): {
  host: string;
  port: number;
  transport?: ModbusTransport;
} {
  if (serial !== undefined) {
    const { baud = USUAL_BAUD, parity = "none", dataBits = 8, stopBits = 1 } = line;
    return { host: serial, port: 0, transport: { kind: "serial", baud, parity, dataBits, stopBits } };
  }
  if (transport === "tls" && access) {
    const { name, ...files } = access;
    const trust = { kind: "tls", ...files, ...(name === undefined ? {} : { name }) } as const;
    return { host: at, port: on ?? SECURE_PORT, transport: trust };
  }
  const plain = { host: at, port: on ?? MODBUS_PORT };
  return transport === "rtu" ? { ...plain, transport: { kind: "rtu" } } : plain;
}
