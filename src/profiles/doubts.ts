/** By what the values of a point are doubted, out of what a profile writes. */
import { pointTestOf } from "./condition.ts";
import type { Doubts, PointModel } from "./model.ts";
import type { PointSource } from "./schema.ts";

/** What the doubts of one instance need: what a point that it names is called, and the point of a second binding. */
interface Binding {
  readonly called: (written: string) => string;
  readonly bindSecond: (source: PointSource) => readonly PointModel[];
}

/** The doubts of a point, if it has any. */
export function doubtsOf(source: PointSource, { called, bindSecond }: Binding): { readonly doubts?: Doubts } {
  const { nominal, validWhen, frozenAfter, heartbeat, confirm } = source;
  const doubts: Doubts = {
    ...(nominal && { nominal }),
    ...(validWhen === undefined ? {} : { validWhen: pointTestOf(validWhen, called) }),
    ...(frozenAfter === undefined ? {} : { frozenAfter }),
    ...(heartbeat === undefined ? {} : { heartbeat }),
    ...(confirm && { confirm }),
    ...agreementOf(source, bindSecond),
  };
  return Object.keys(doubts).length > 0 ? { doubts } : {};
}

/** A second binding means what the first does, and is doubted by nothing else. */
function agreementOf(source: PointSource, bindSecond: Binding["bindSecond"]): Pick<Doubts, "agrees"> {
  const { agrees, unit, scan, repeat, range, otherwise, map, invalid } = source;
  if (!agrees) return {};
  const snmp = agrees.snmp && { ...agrees.snmp, or: [] };
  const [point] = bindSecond({ unit, scan, repeat, range, otherwise, map, invalid, snmp, modbus: agrees.modbus });
  return point ? { agrees: { point: { ...point, name: `${point.name} (second)` }, within: agrees.within } } : {};
}

/** The doubts of a row's point, out of those of its table. `fill` puts the row in for the table's letter. */
export function doubtsOfRow(
  doubts: Doubts | undefined,
  fill: (point: PointModel) => PointModel,
  called: (written: string) => string,
): { readonly doubts?: Doubts } {
  if (!doubts) return {};
  const { validWhen, agrees } = doubts;
  return {
    doubts: {
      ...doubts,
      ...(validWhen && { validWhen: { ...validWhen, point: called(validWhen.point) } }),
      ...(agrees && { agrees: { ...agrees, point: fill(agrees.point) } }),
    },
  };
}
