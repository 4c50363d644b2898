/** What a transfer switch shows: where it stands, what its supplies are worth, and what it gives. */
import type { Gauges } from "../gauge-table.ts";
import { place } from "../gauge-table.ts";
import type { Plant } from "../plant.ts";
import { origin } from "./grid.ts";
import type { Transfer } from "./transfer.ts";

const powerFactor = 0.98;
const rootOfThree = Math.sqrt(3);
/** How makers name the sources of a switch of two. */
const sides = ["a", "b"];
const named: readonly (readonly string[])[] = [["utility"], ["secondary"]];

export function transferGauges(plant: Plant, transfer: Transfer): Gauges {
  const { grid } = plant;
  const supplies = [...grid.supplies.subarray(grid.firstSupply[transfer.node], grid.firstSupply[transfer.node + 1])];
  const feed = () => place("source.feed", transfer.position < 0 ? "none" : (sides[transfer.position] ?? "other"));
  const good = () => supplies.filter((at) => grid.live[at] === 1).length;
  const dark = () => grid.live[transfer.node] !== 1;
  const moved = () => place("switch.status", transfer.stuck ? "fault" : "normal");
  return {
    "ats.on_utility": () => (transfer.position === 0 && !isGenerator(plant, supplies[0]!) ? 1 : 0),
    "ats.on_generator": () => (transfer.position >= 0 && isGenerator(plant, supplies[transfer.position]!) ? 1 : 0),
    "source.feed": feed,
    "output.feed": feed,
    "switch[1].feed": feed,
    "selected.feed": () => place("selected.feed", sides[0]!),
    "redundancy.status": () => place("redundancy.status", good() > 1 ? "normal" : "alarm"),
    "redundancy[1].status": () => place("redundancy.status", good() > 1 ? "normal" : "alarm"),
    "switch.status": moved,
    "switch[1].status": moved,
    "device.status": moved,
    "output.status": () => place("output.status", dark() ? "fault" : "normal"),
    "output.state": () => place("output.state", dark() ? "off" : "on"),
    "source.phase.status": () => place("source.phase.status", good() > 0 ? "normal" : "warning"),
    "output.voltage": () => grid.voltage[transfer.node]!,
    "output.frequency": () => grid.hz[transfer.node]!,
    "transfer.count": () => transfer.count,
    "transfer[1].count": () => transfer.count,
    ...Object.assign({}, ...supplies.map((at, i) => sourceGauges(plant, transfer, { at, place: i }))),
  };
}

/** A source is told by its number, and the two of a switch before the UPS by their names too. */
function sourceGauges({ grid }: Plant, transfer: Transfer, { at, place: i }: { at: number; place: number }): Gauges {
  const volts = () => grid.voltage[at]!;
  const hz = () => grid.hz[at]!;
  const status = () => place("source.status", grid.live[at] === 1 ? "normal" : "fault");
  const on = () => transfer.position === i;
  const gauges: Gauges = {
    [`source[${i + 1}].status`]: status,
    [`source[${i + 1}].voltage.status`]: status,
    [`source[${i + 1}].frequency.status`]: status,
    [`input[${i + 1}].status`]: status,
    [`input[${i + 1}].voltage.status`]: status,
    [`input[${i + 1}].frequency.status`]: status,
    [`source[${i + 1}].voltage`]: volts,
    [`input[${i + 1}].voltage`]: volts,
    [`source[${i + 1}].frequency`]: hz,
    [`input[${i + 1}].frequency`]: hz,
    [`source[${i + 1}].power`]: () => (on() ? grid.kw[transfer.node]! : 0),
    [`source[${i + 1}].contact`]: () => place("source.contact", on() ? "closed" : "open"),
    [`source[${i + 1}].state`]: () => place("source.state", on() ? "on" : grid.live[at] === 1 ? "standby" : "off"),
    [`source[${i + 1}].breaker.contact`]: () => place("source.breaker.contact", "closed"),
    [`source[${i + 1}].breaker.status`]: () => place("source.breaker.status", "normal"),
    [`source[${i + 1}].bypass.breaker.contact`]: () => place("source.bypass.breaker.contact", "open"),
    [`input.voltage[${i + 1}]`]: volts,
    [`input.frequency[${i + 1}]`]: hz,
  };
  for (const name of named[i] ?? []) {
    gauges[`${name}.frequency`] = hz;
    for (const n of [1, 2, 3]) {
      gauges[`${name}.phase[${n}].voltage`] = volts;
      gauges[`${name}.line[${n}].voltage`] = () => volts() * rootOfThree;
      gauges[`${name}.phase[${n}].current`] = () =>
        on() && volts() > 0 ? (grid.kw[transfer.node]! * 1000) / 3 / volts() / powerFactor : 0;
      gauges[`${name}.phase[${n}].power`] = () => (on() ? grid.kw[transfer.node]! / 3 : 0);
    }
  }
  return gauges;
}

/** Whether what comes by a supply comes, or would come, from generators alone. */
function isGenerator({ grid }: Plant, at: number): boolean {
  if (grid.live[at] === 1) return grid.origin[at] === origin.generator;
  let above = at;
  while (grid.firstSupply[above + 1]! > grid.firstSupply[above]!) above = grid.supplies[grid.firstSupply[above]!]!;
  return grid.kind[above] === 1;
}
