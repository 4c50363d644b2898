import { afterAll, beforeAll, expect, test } from "vitest";
import type { ModbusAddress, ModelBases } from "../../../src/profiles/index.ts";
import { findSunSpecModels } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { program } from "../wire/program.ts";
import type { ShownPoint, ShownSite } from "./shown.ts";
import { devicesOf, showSite, wrong } from "./shown.ts";

let site: ShownSite;
beforeAll(async () => {
  site = await showSite("modbus");
});
afterAll(() => site.served.close());

const devices = devicesOf("modbus");
const tableNumbers = { coil: "0", discrete: "1", input: "3", holding: "4" } as const;

/** One reading of mbpoll: what it prints behind each "[address]:". */
async function poll(device: string, kind: string, addr: number, count = 1): Promise<readonly number[]> {
  const { port, unit = 1 } = site.served.addresses.get(device)!;
  const words = [
    "-m",
    "tcp",
    "-0",
    "-1",
    "-B",
    "-a",
    String(unit),
    "-t",
    kind,
    "-r",
    String(addr),
    "-c",
    String(count),
  ];
  const { text } = await program("mbpoll", [...words, "-p", String(port), "127.0.0.1"]);
  return [...text.matchAll(/^\[\d+\]:\s+(\S+)/gm)].map(([, value]) => Number(value));
}

const isShort = ({ type }: ModbusAddress): boolean => type === "i16";

/** A point's raw number as mbpoll itself prints it: numbers of 32 bits and floats by its own arithmetic, others by their words. */
async function rawOf({ device, model: { at } }: ShownPoint, start: number): Promise<number | undefined> {
  if (at.protocol !== "modbus") return undefined;
  const table = tableNumbers[at.table];
  if (at.table === "coil" || at.table === "discrete") return (await poll(device, table, start))[0];
  if (at.type === "f32") return (await poll(device, `${table}:float`, start))[0];
  if (at.type === "i32") return (await poll(device, `${table}:int`, start))[0];
  const words = await poll(device, `${table}:hex`, start, at.count);
  if (at.type === "bit") return (words[0]! >> at.bit) & 1;
  if (at.type === "flags") return flagIn(words, at);
  if (at.type === "nibbles")
    return Math.max(...words.flatMap((word) => [12, 8, 4, 0].map((shift) => (word >> shift) & 15)));
  const whole = words.reduce((sum, word) => sum * 0x1_0000 + word, 0);
  return isShort(at) && whole >= 0x8000 ? whole - 0x1_0000 : whole;
}

/** One above the place of the highest flag that is set, of those that are the point's; 0 where none is. */
function flagIn(words: readonly number[], { flags = [], words: order, count }: ModbusAddress): number {
  const set = flags.filter((flag) => {
    const word = order === "lsw" ? flag >> 4 : count - 1 - (flag >> 4);
    return ((words[word] ?? 0) >> (flag & 15)) & 1;
  });
  return set.length === 0 ? 0 : Math.max(...set) + 1;
}

/** What a device multiplies a number by: ten to the power that stands in a register beside it. */
async function factorOf({ device, model: { at } }: ShownPoint, base: number): Promise<number> {
  if (at.protocol !== "modbus" || at.scaleAt === null) return 1;
  const [word = 0] = await poll(device, "4:hex", base + at.scaleAt);
  return Number(`1e${word >= 0x8000 ? word - 0x1_0000 : word}`);
}

async function basesOf(device: string): Promise<ModelBases> {
  const isSunSpec = site.points.some(
    (point) => point.device === device && point.model.at.protocol === "modbus" && point.model.at.model !== null,
  );
  if (!isSunSpec) return new Map();
  return findSunSpecModels(async (addr, count) => [...(await poll(device, "4:hex", addr, count))]);
}

describeWith("mbpoll", "mbpoll agrees with the plant", () => {
  test.each(devices.map(({ id }) => id))("%s, every point", async (device) => {
    const bases = await basesOf(device);
    const points = site.points.filter((point) => point.device === device);
    expect(points.length).toBeGreaterThan(1);
    const found: (string | null)[] = [];
    for (const point of points) {
      const { at } = point.model;
      const base = at.protocol === "modbus" && at.model !== null ? bases.get(at.model)! : 0;
      const raw = await rawOf(point, base + (at.protocol === "modbus" ? at.addr : 0));
      found.push(wrong(point, raw, await factorOf(point, base)));
    }
    expect(found.filter((one) => one !== null)).toEqual([]);
  });
});
