/** Promises about a cut of power to a room: that nothing which can be moved would be lost by it any more. */
import type { PointId } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { cutOf } from "../../src/core/topology/cut.ts";
import { groundsOf } from "../../src/core/topology/premises.ts";
import type { Form, Said } from "./form.ts";
import type { Record } from "./record.ts";
import { falls } from "./when.ts";

/** Where each service is shown to be that a cut of the room would take, by the site file, and that can be moved. */
function takenBy({ premises, names: [space] }: Said): readonly PointId[] {
  const lost = new Set(cutOf(groundsOf(premises), space!, null).services.map(({ id }) => id));
  return premises.services.flatMap(({ id, move }) => (move !== null && lost.has(id) ? [move.point] : []));
}

export const cutForms: readonly Form[] = [
  {
    text: "cut of SPACE ready WHEN",
    about:
      "Every service that a cut of this room would take, by the site file, and that can be moved, is seen elsewhere.",
    example: "cut of ups-room ready by 09:35:00",
    objection: (said) => (takenBy(said).length > 0 ? null : "a cut of it takes no service that can be moved"),
    points: takenBy,
    check: (said) => (record) =>
      falls(record, said.when, readyAt(record, takenBy(said)), { late: "it was ready", never: "it was never ready" }),
  },
];

/** The instants at which something was said of one of the points and all of them showed another site. */
function readyAt({ samples }: Record, points: readonly PointId[]): readonly Instant[] {
  const seen = points.flatMap((point) => samples.get(point) ?? []);
  const instants = [...new Set(seen.flatMap(({ at }) => at))].toSorted((a, b) => a - b);
  const isElsewhere = ({ at, values }: (typeof seen)[number], now: Instant): boolean =>
    (values[at.findLastIndex((since) => since <= now)] ?? 0) !== 0;
  return instants.filter((now) => seen.length === points.length && seen.every((shown) => isElsewhere(shown, now)));
}
