/**
 * A site file for its own simulation. What a simulation must not reach is left out: people who would be told, and
 * databases that keep the real site's history. Keys that are not at hand are made up. Devices are reached over plain TCP
 * on the loopback whatever they are reached over in the building; all else, comments too, stays as it is.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { isMap, isScalar, parseDocument, visit } from "yaml";
import type { Served, ServedServices } from "../../simulators/wire/index.ts";
import type { Site } from "../site/index.ts";
import { isSecretRef, resolveSecret } from "../site/index.ts";

export interface PrepareOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where keys that are made up are kept; it is made when it is needed. */
  readonly keysFolder: string;
  /** The port of this machine at which traps are taken. */
  readonly trapPort: number;
  /** Where devices publish that publish at all; null leaves them where they are. */
  readonly broker: string | null;
}

/** A site file that may be simulated, though not yet where its devices are. */
export interface PreparedSite {
  readonly text: string;
  /** Parts of the file that are not in the text. */
  readonly leftOut: readonly string[];
  /** Keys that were made up. */
  readonly madeUp: readonly string[];
}

const outlets = [["notify"], ["store", "influx1"], ["store", "influx2"]] as const;
const host = "127.0.0.1";

/** Why a site cannot be simulated on the wire; null where it can. Of targets only those that are asked over HTTP can. */
export function unsimulated({ targets, services }: Pick<Site, "targets" | "services">): string | null {
  const foreign = targets.filter(({ kind }) => kind !== "http").map(({ id }) => id);
  if (foreign.length > 0)
    return `what these targets are in the world is not simulated on the wire, and must not be reached from there: ${foreign.join(", ")}`;
  const moved = services.filter(({ by }) => by !== undefined).map(({ id }) => id);
  if (moved.length === 0) return null;
  return `services that are moved by a target are not simulated on the wire: ${moved.join(", ")}`;
}

/** The text of a good site file, prepared. */
export function prepareSite(text: string, options: PrepareOptions): PreparedSite {
  const document: Document = parseDocument(text);
  const leftOut = outlets.filter((path) => document.hasIn(path));
  for (const path of leftOut) document.deleteIn(path);
  if (document.has("traps")) {
    document.setIn([...ownMap(document, ["traps"]), "bind"], host);
    document.setIn(["traps", "port"], options.trapPort);
  }
  const links = new Map<string, string>();
  const { devices = {} } = document.toJS() as { devices?: Readonly<Record<string, { modbus?: ModbusWritten }>> };
  for (const [id, { modbus }] of Object.entries(devices)) {
    if (modbus) overTcp(document, id, { modbus, links });
    if (options.broker !== null && document.hasIn(["devices", id, "mqtt"]))
      document.setIn([...ownMap(document, ["devices", id, "mqtt"]), "url"], options.broker);
  }
  const madeUp = makeUpKeys(document, options);
  return { text: document.toString({ lineWidth: 0 }), leftOut: leftOut.map((path) => path.join(".")), madeUp };
}

/** The text with the places at which the devices are served, the services' movers, and the targets. */
export function withPlaces(
  text: string,
  site: Site,
  { served, services }: { readonly served: Served; readonly services: ServedServices },
): string {
  const why = unsimulated(site);
  if (why !== null) throw new Error(why);
  const document: Document = parseDocument(text);
  for (const { id, model } of site.devices) {
    const at = served.addresses.get(id);
    if (!at) continue;
    const path = ownMap(document, ["devices", id, model.protocol]);
    if (document.getIn([...path, "host"]) !== at.host) document.setIn([...path, "host"], at.host);
    document.setIn([...path, "port"], at.port);
  }
  for (const { id } of site.services)
    document.setIn([...ownMap(document, ["services", id, "move"]), "url"], `${services.url}/services/${id}`);
  for (const { id } of site.targets)
    document.setIn([...ownMap(document, ["targets", id, "http"]), "url"], `${services.url}/targets/${id}`);
  return document.toString({ lineWidth: 0 });
}

/** What stands there by an alias stands there by itself from now on, so that it can be changed alone. */
function ownMap(document: Document, path: readonly string[]): readonly string[] {
  for (let depth = 1; depth <= path.length; depth++) {
    const part = path.slice(0, depth);
    if (!isMap(document.getIn(part, true))) {
      const value = part.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document.toJS());
      document.setIn(part, document.createNode(value));
    }
  }
  return path;
}

interface ModbusWritten {
  readonly serial?: string;
  readonly unit?: number;
  readonly share?: object;
  readonly transport?: string;
  readonly tls?: object;
}

/** Frames of a serial line, over one or over TCP, and TLS become plain TCP; devices of one line stay together. */
function overTcp(
  document: Document,
  id: string,
  { modbus, links }: { readonly modbus: ModbusWritten; readonly links: Map<string, string> },
): void {
  const path = ["devices", id, "modbus"];
  const { serial, unit, share, transport, tls } = modbus;
  if (serial === undefined && transport === undefined && tls === undefined) return;
  ownMap(document, path);
  for (const key of ["transport", "tls", "serial", "baud", "parity", "dataBits", "stopBits"])
    document.deleteIn([...path, key]);
  if (serial === undefined) return;
  const link = links.get(serial) ?? `serial-${links.size + 1}`;
  links.set(serial, link);
  document.setIn(
    path,
    document.createNode({ host: link, ...(unit === undefined ? {} : { unit }), ...(share ? { share } : {}) }),
  );
}

/** Keys that cannot be had from where the file says are made up, each once, and kept where only this user reads them. */
function makeUpKeys(document: Document, { env, keysFolder }: PrepareOptions): readonly string[] {
  const files = new Map<string, string>();
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== "string" || !isSecretRef(node.value)) return;
      const ref = node.value;
      if ("secret" in resolveSecret(ref, env)) return;
      const file = files.get(ref) ?? join(keysFolder, `key-${files.size + 1}`);
      if (!files.has(ref)) {
        mkdirSync(keysFolder, { recursive: true, mode: 0o700 });
        writeFileSync(file, randomBytes(16).toString("hex"), { mode: 0o600 });
        files.set(ref, file);
      }
      node.value = `\${file:${file}}`;
    },
  });
  return [...files.keys()];
}
