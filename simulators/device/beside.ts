/**
 * The objects beside an agent's rows: those that say of what kind a row is, and by what its numbers are multiplied. What
 * a profile accepts is tried out with what it writes in its conditions.
 */
import type { PointModel, RowScale, RowTest, SnmpValue, TableModel } from "../../src/profiles/index.ts";
import { encodeSnmp } from "../../src/profiles/index.ts";
import { withInstance } from "../../src/profiles/names.ts";
import { numberSaid, textSaid } from "../../src/profiles/snmp.ts";
import { factorOf, passes } from "../../src/profiles/tables.ts";
import { coursesOf } from "./course.ts";
import { samplesOf } from "./pattern.ts";

const octets = 4;
const integer = 2;
/** Codes that are tried beside those that a profile names. */
const codes = Array.from({ length: 20 }, (_, i) => String(i + 1));

/** What stands beside rows, as it grows. */
export class Beside {
  readonly objects = new Map<string, SnmpValue>();
  readonly #points = new Map<string, PointModel>();
  /** What the rows that were given out ask of an object. */
  readonly #asked = new Map<string, RowTest[]>();

  constructor(points: readonly PointModel[]) {
    this.know(points);
  }

  /** Points that are served: what they say may be what a row is known by. */
  know(points: readonly PointModel[]): void {
    for (const point of points)
      if (point.at.protocol === "snmp" && !this.#points.has(point.at.oid)) this.#points.set(point.at.oid, point);
  }

  /** Writes down what makes a row one of a table and returns its factor; null, and nothing written, where it is of another. */
  take(table: TableModel, row: string): number | null {
    const written = new Map<string, SnmpValue>();
    for (const [oid, tests] of testsOf(table, row)) {
      const before = this.#said(oid);
      const value = before && isAccepted(tests, before) ? before : this.#valueFor(oid, tests);
      if (!value) return null;
      if (value !== before) written.set(oid, value);
    }
    let factor = 1;
    for (const scale of table.scales) {
      const at = fill(table, scale.oid, row);
      const before = this.#said(at) ?? written.get(at);
      const raw = before ? numberSaid(before) : rawsOf(scale).find((one) => isFactor(factorOf(scale, one)));
      if (raw === undefined || !isFactor(factorOf(scale, raw))) return null;
      if (!before) written.set(at, { type: integer, value: raw });
      factor *= factorOf(scale, raw);
    }
    for (const [oid, value] of written) this.objects.set(oid, value);
    for (const [oid, tests] of testsOf(table, row)) this.#asked.set(oid, [...(this.#asked.get(oid) ?? []), ...tests]);
    return factor;
  }

  /** Leaves objects to the points that turned out to stand there, where those say what is asked of them. */
  leaveTo(points: readonly PointModel[]): void {
    for (const point of points) {
      const oid = point.at.protocol === "snmp" ? point.at.oid : "";
      const asked = this.#asked.get(oid);
      const value = asked && atRest(point);
      if (value && isAccepted(asked, value)) this.objects.delete(oid);
    }
  }

  /** The factor of a row that stands there already, where all there is makes it one of the table; otherwise null. */
  holds(table: TableModel, row: string): number | null {
    for (const [oid, tests] of testsOf(table, row)) {
      const value = this.#said(oid);
      if (!value || !isAccepted(tests, value)) return null;
    }
    const factors = table.scales.map((scale) => {
      const value = this.#said(fill(table, scale.oid, row));
      return value ? factorOf(scale, numberSaid(value)) : Number.NaN;
    });
    return factors.every(isFactor) ? factors.reduce((product, one) => product * one, 1) : null;
  }

  #said(oid: string): SnmpValue | undefined {
    const point = this.#points.get(oid);
    return this.objects.get(oid) ?? (point && atRest(point));
  }

  /** A value for an object that nothing stands at, or only a point, which may say something else for once. */
  #valueFor(oid: string, tests: readonly RowTest[]): SnmpValue | undefined {
    if (this.objects.has(oid)) return undefined;
    const own = [...(this.#points.get(oid)?.map?.keys() ?? [])].map(String);
    const said = tests.flatMap(({ among = [], pattern }) => [
      ...among,
      ...(pattern === undefined ? [] : samplesOf(pattern)),
    ]);
    return [...own, ...said, ...codes, "other"].map(valueOf).find((value) => isAccepted(tests, value));
  }
}

/** Raw values that an object may say a factor by. */
const rawsOf = ({ as }: RowScale): readonly number[] => (typeof as === "object" ? Object.keys(as).map(Number) : [0, 1]);

const isAccepted = (tests: readonly RowTest[], value: SnmpValue): boolean =>
  tests.every((test) => passes(test, textSaid(value)));

const isFactor = (factor: number): boolean => Number.isFinite(factor) && factor !== 0;

const fill = ({ letter }: TableModel, oid: string, row: string): string =>
  letter === "" ? oid : withInstance(oid, letter, row);

/** All that is asked of each object. */
function testsOf(table: TableModel, row: string): ReadonlyMap<string, readonly RowTest[]> {
  const tests = new Map<string, RowTest[]>();
  for (const test of table.tests) {
    if (test.oid === undefined) continue;
    const oid = fill(table, test.oid, row);
    tests.set(oid, [...(tests.get(oid) ?? []), test]);
  }
  return tests;
}

function atRest(point: PointModel): SnmpValue | undefined {
  const course = coursesOf([point], 0).get(point.name);
  return course && encodeSnmp(point, course.middle);
}

const valueOf = (word: string): SnmpValue =>
  /^-?\d{1,9}$/.test(word)
    ? { type: integer, value: Number(word) }
    : { type: octets, value: Buffer.from(word, "latin1") };
