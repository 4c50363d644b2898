/**
 * What only the device can say: which rows its tables have, which of them are of a kind, which of
 * several objects it has for a point, and by what power of ten it writes a number. A profile's
 * points of that sort become tables here, which the collectors fill in when they are connected.
 */
import type { PointModel, RowIndex, RowScale, RowTest, TableModel } from "./model.ts";
import { letterOf, withInstance } from "./names.ts";
import { type Fitted, type Instance, repeated } from "./repeat.ts";
import type {
  PointSource,
  RepeatSource,
  RowScale as ScaleSource,
  SnmpSource,
  RowTest as TestSource,
} from "./schema.ts";

/** Makes the point of one instance; nothing where its profile gives it no address. */
export type PointOf = (instance: Instance<PointSource>) => readonly PointModel[];

/** Whether it has to be looked up on the device where a point stands, or whether it stands there. */
export const isLookedUp = ({ snmp }: Pick<PointSource, "snmp">): boolean =>
  snmp !== undefined && (snmp.or.length > 0 || snmp.where !== undefined || snmp.scaleBy !== undefined);

/** The tables of a profile's points. Columns with one parent and the same conditions are of one table. */
export function tablesOf(
  points: Readonly<Record<string, PointSource>>,
  fitted: Fitted,
  pointOf: PointOf,
): readonly TableModel[] {
  const tables = new Map<string, Omit<TableModel, "points"> & { points: PointModel[] }>();
  for (const [name, source] of Object.entries(points)) {
    for (const { key, table, instance } of placesOf(name, source, fitted)) {
      const known = tables.get(key) ?? { ...table, points: [] };
      tables.set(key, known);
      known.points.push(...pointOf(instance));
    }
  }
  return [...tables.values()];
}

/** Where one form of a point is to be looked for. */
interface Place {
  /** The same for points that are looked for together. */
  readonly key: string;
  readonly table: Omit<TableModel, "points">;
  readonly instance: Instance<PointSource>;
}

function placesOf(name: string, source: PointSource, fitted: Fitted): readonly Place[] {
  if (!source.snmp) return [];
  const letter = letterOf(name) ?? "";
  const run = source.repeat?.[letter];
  const walked = run && !("from" in run) && fitted[letter] === undefined ? run : null;
  if (!walked && !isLookedUp(source)) return [];
  const { or, ...first } = source.snmp;
  return [first, ...or].flatMap((form, rank) => {
    const one = { ...source, snmp: { ...form, or: [] } };
    if (walked) return [wholeTable(name, one, { letter, rank, run: walked })];
    return repeated(name, one, source.repeat, fitted).map((instance) => singleRow(instance, form, rank));
  });
}

function wholeTable(
  name: string,
  source: PointSource & { readonly snmp: SnmpSource },
  { letter, rank, run }: { letter: string; rank: number; run: Exclude<RepeatSource, { from: number }> },
): Place {
  const { oid, where, scaleBy } = source.snmp;
  const column = oid.slice(0, -`.{${letter}}`.length);
  const parent = column.slice(0, column.lastIndexOf("."));
  const index: RowIndex = run.index;
  const template = { name, letter: "", index: 0, number: 0, shown: 0, source };
  return {
    key: JSON.stringify([parent, letter, index, rank, where, scaleBy]),
    table: { letter, column, index, rank, tests: testsOf(where), scales: scalesOf(scaleBy) },
    instance: template,
  };
}

function singleRow(instance: Instance<PointSource>, { oid, where, scaleBy }: SnmpSource, rank: number): Place {
  const { letter, number } = instance;
  const fill = (text: string): string => (letter === "" ? text : withInstance(text, letter, number));
  const object = fill(oid);
  const at = object.lastIndexOf(".");
  const filled = <T extends { oid?: string | undefined }>(one: T): T =>
    one.oid === undefined ? one : { ...one, oid: fill(one.oid) };
  return {
    key: JSON.stringify([object, rank, where, scaleBy]),
    table: {
      letter: "",
      column: object.slice(0, at),
      row: object.slice(at + 1),
      index: "whole",
      rank,
      tests: testsOf(where?.map(filled)),
      scales: scalesOf(scaleBy?.map(filled)),
    },
    instance,
  };
}

const testsOf = (tests: readonly TestSource[] = []): readonly RowTest[] =>
  tests.map(({ oid, index, in: among, not, matches }) => {
    const pattern = index ?? matches;
    return {
      ...(oid === undefined ? {} : { oid }),
      ...(among && { among: among.map(String) }),
      ...(not && { except: not.map(String) }),
      ...(pattern === undefined ? {} : { pattern }),
    };
  });

const scalesOf = (scales: readonly ScaleSource[] = []): readonly RowScale[] =>
  scales.map(({ oid, as = "ratio", map }) => ({ oid, as: map ?? as }));

/** Whether a row passes a test, by its index or by what the test's object says of it. */
export function passes({ among, except, pattern }: RowTest, said: string): boolean {
  if (pattern !== undefined) return new RegExp(pattern).test(said);
  return among?.includes(said) ?? !(except ?? []).includes(said);
}

/** The factor that an object says; NaN where it says none. Powers of ten are written out, for 10 ** -1 is not exact. */
export function factorOf({ as }: RowScale, said: number): number {
  if (typeof as === "object") return as[said] ?? Number.NaN;
  if (as === "digits") return Number(`1e${-said}`);
  if (as === "exponent") return Number(`1e${said}`);
  // A ratio below zero divides.
  return said < 0 ? -1 / said : said === 0 ? 1 : said;
}
