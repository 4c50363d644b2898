/**
 * The gate without hands: it admits as the gate does, over a book of its own, and tells in words what would go
 * out. It opens nothing, reads nothing and has no way to write; it needs no secret, and shows none.
 */
import type { Command } from "../core/command.ts";
import { deviceOf, pointNameOf } from "../core/reading.ts";
import type { DeviceModel } from "../profiles/index.ts";
import { rawSnmp, registerImage, writeRaw } from "../profiles/index.ts";
import type { DeviceLink } from "../profiles/link.ts";
import { admit } from "./admit.ts";
import { emptyBook, enter } from "./book.ts";
import { orderBody } from "./http.ts";
import type { GatePolicy, ServiceLink } from "./policy.ts";
import { servicePoint } from "./policy.ts";
import type { MovedLink, TargetLink } from "./target.ts";
import { held } from "./transport.ts";

/** All that a gate could write to. */
export interface Reaches {
  readonly devices: readonly DeviceLink[];
  readonly services: readonly (Omit<ServiceLink, "secret"> | MovedLink)[];
  readonly targets: readonly TargetLink[];
}

/** What would become of a command: the words that would go out, or why none would. */
export type DryWrite = { readonly sends: string } | { readonly refused: string };

/** A gate that writes nothing. */
export interface DryGate {
  /** Admits a command as the gate would that has had those before it, and takes it as done at once. */
  take(command: Command): DryWrite;
}

/** What people can arm counts as armed, and what two must say yes to as said: whether they have is not a plan's fault. */
export function dryGate(policy: GatePolicy, reaches: Reaches): DryGate {
  const book = emptyBook();
  const lenient = { ...policy, armed: new Set([...policy.armed, ...policy.armable]), twoPeople: new Set<string>() };
  return {
    take(command) {
      const { id, issued: at, expires } = command;
      const admission = admit(book, lenient, { command, token: 0, now: at });
      if (admission.is === "refused") return { refused: admission.reason };
      const write = wordingOf(reaches, command);
      enter(book, { step: "admitted", at, token: 0, command });
      enter(book, { step: "sent", at, id, readBefore: null });
      enter(book, { step: "ended", at, expires, outcome: { command: id, at, result: "done", detail: "rehearsed" } });
      return write;
    },
  };
}

/** What goes out for a command, as the actuator of what it is for would send it. */
export function wordingOf({ devices, services, targets }: Reaches, command: Command): DryWrite {
  const id = deviceOf(command.point);
  const device = devices.find((link) => link.id === id);
  if (device) return deviceWrite(device, command);
  const target = targets.find((link) => link.id === id);
  if (target) return targetWrite(target, command.value);
  const service = services.find((link) => link.id === id);
  if (!service || command.point !== `${id}/${servicePoint}`)
    return { refused: `nothing here can write to ${command.point}` };
  if ("url" in service) return serviceWrite(service, command);
  const mover = targets.find((link) => link.id === service.by);
  const state = service.states[command.value] ?? null;
  if (!mover || state === null) return { refused: `${id}: no such site` };
  return targetWrite(mover, state);
}

function deviceWrite({ model, address }: DeviceLink, { point, value }: Command): DryWrite {
  const { host, port, unit = 1, transport } = address;
  const name = pointNameOf(point);
  const write = model.commands.find((one) => one.point === name && one.value === value)?.write;
  if (!write) return { refused: `the profile has no command for ${point} = ${value}` };
  if (write.at.protocol === "snmp") {
    const { oid, type } = write.at;
    return { sends: `SNMP SET ${oid} = ${type} ${String(rawSnmp(write.at, write.raw).value)} to ${host}:${port}` };
  }
  if (transport?.kind === "serial") return { refused: held };
  return { sends: `Modbus write ${modbusWords(write)} to unit ${unit} at ${host}:${port}` };
}

type Write = DeviceModel["commands"][number]["write"];

/** "coil 3 = 1", "holding 40 = 0x0001 0x0002", and of a part of a word its mask's value. */
function modbusWords({ at, raw }: Write): string {
  if (at.protocol !== "modbus") return "";
  const base = at.model === null ? "" : `SunSpec model ${at.model} + `;
  const place = `${at.table} ${base}${at.addr}`;
  if (at.table === "coil") return `${place} = ${raw === 0 ? 0 : 1}`;
  const registers = registerImage();
  writeRaw(at, at.addr, raw, registers);
  const words = Array.from({ length: at.count }, (_, i) => registers.get(at.table, at.addr + i) ?? 0);
  const isPart = at.type === "bit" || at.type === "bits";
  return `${place} = ${words.map(hex).join(" ")}${isPart ? " (its other bits as they are)" : ""}`;
}

const hex = (word: number): string => `0x${word.toString(16).padStart(4, "0")}`;

function serviceWrite(link: Omit<ServiceLink, "secret">, command: Command): DryWrite {
  const to = link.sites[command.value];
  if (to === undefined) return { refused: `${link.id}: no such site` };
  return { sends: `POST ${link.url}, signed: ${orderBody(link, command, to, command.issued)}` };
}

function targetWrite(link: TargetLink, value: number): DryWrite {
  const state = link.states[value];
  return state === undefined ? { refused: `${link.id}: no such state` } : { sends: wordsOf(link, state) };
}

function wordsOf(link: TargetLink, state: string): string {
  switch (link.kind) {
    case "dns": {
      const { zone, host, port, sets } = link.settings;
      const records = (sets[state] ?? []).map(
        ({ name, type, ttl, data }) => `${name} ${ttl} ${type} ${data.join(" ")}`,
      );
      return `DNS UPDATE of ${zone} at ${host}:${port}, signed: ${records.join("; ")}`;
    }
    case "mqtt":
      return `MQTT PUBLISH to ${link.settings.request} at ${link.settings.url}: ${state}`;
    case "http":
      return `POST ${link.settings.url}, signed: ${state}`;
    case "kubernetes": {
      const { url, node } = link.settings;
      const evicts = state === "drained" ? ", then an eviction of every pod" : "";
      return `PATCH ${url}/api/v1/nodes/${node}: ${state === "schedulable" ? "schedulable" : "unschedulable"}${evicts}`;
    }
    case "redfishPower": {
      const reset = state === "on" ? "On" : "GracefulShutdown";
      return `POST ComputerSystem.Reset ${reset} to ${link.settings.url}${link.settings.system}`;
    }
    case "redfishLimit": {
      const { url, control, limits } = link.settings;
      const limit = limits[state] ?? null;
      return `PATCH ${url}${control}: ${limit === null ? "no limit" : `${limit} W`}`;
    }
    case "patroni":
      return `POST /switchover, candidate ${state}, to ${Object.values(link.settings.members).join(" or ")}`;
    case "sentinel":
      return `SENTINEL FAILOVER ${link.settings.group} to ${placesOf(link.settings.sentinels)}, meant for ${state}`;
    case "exec":
      return `runs ${(link.settings.run[state] ?? []).join(" ")}`;
  }
}

const placesOf = (places: readonly { readonly host: string; readonly port: number }[]): string =>
  places.map(({ host, port }) => `${host}:${port}`).join(" or ");
