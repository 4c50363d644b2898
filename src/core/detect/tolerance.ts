/**
 * How long a device bears more load than it is rated for. Makers differ by a factor of two hundred (an overload of a
 * third is borne for 3 s to 5 min), so the curve is data. Manuals tell it in two ways, and the difference is of life:
 * as classes ("110 to 130 %: 30 s"), where 111 % is borne for 30 s and no longer, or as points of a curve, between
 * which the logarithm of the time goes in a straight line. Beyond the last of them nothing is borne.
 */
import { z } from "zod";
import { durationSchema } from "../duration.ts";

/** Points that a manual's table may have, with room to spare. */
const pointsMax = 16;
/** In per cent of the rating. */
const loadMax = 1000;

const loads = z
  .array(z.strictObject({ load: z.number().positive().max(loadMax), for: durationSchema }))
  .min(1)
  .max(pointsMax)
  .refine((list) => list.every(({ load }, i) => i === 0 || load > list[i - 1]!.load), "loads come in ascending order")
  .refine(
    (list) => list.every((one, i) => one.for > 0 && (i === 0 || one.for <= list[i - 1]!.for)),
    "more load is never borne for longer",
  );

/** The tolerance as profiles and site files write it: loads in per cent of the rating. */
export const toleranceSchema = z
  .strictObject({
    /** What is borne for ever. */
    continuous: z.number().min(50).max(loadMax).optional(),
    upTo: loads.optional(),
    through: loads.optional(),
    /** In air that is warmer than this, Cel, this share of the time is left. */
    hot: z.strictObject({ above: z.number(), share: z.number().positive().max(1) }).optional(),
    /** Rest that gives back all of it. */
    recovers: durationSchema.optional(),
  })
  .refine(({ upTo, through }) => (upTo === undefined) !== (through === undefined), "needs upTo or through, one of them")
  .refine(
    ({ continuous = rating, upTo, through }) => (upTo ?? through ?? []).every(({ load }) => load > continuous),
    "what is borne for ever is less than what is borne for a time",
  );

export type Tolerance = z.output<typeof toleranceSchema>;

/** Where nothing else is said, a device bears its rating. */
const rating = 100;

/** Whether a load is more than is borne for ever. */
export const isOver = ({ continuous = rating }: Tolerance, load: number): boolean => load > continuous;

/** Seconds for which a load is borne from rest: infinite for one that is borne for ever, 0 beyond the curve. */
export function borneS(tolerance: Tolerance, load: number, isHot: boolean): number {
  if (!isOver(tolerance, load)) return Number.POSITIVE_INFINITY;
  const { upTo, through = [], hot } = tolerance;
  const ms = upTo ? (upTo.find((step) => load <= step.load)?.for ?? 0) : onLineMs(through, load);
  return (ms / 1000) * (isHot && hot ? hot.share : 1);
}

function onLineMs(points: NonNullable<Tolerance["through"]>, load: number): number {
  const at = points.findIndex((point) => load <= point.load);
  const [before, next] = [points[at - 1], points[at]];
  if (!next) return 0;
  if (!before) return next.for;
  const part = (load - before.load) / (next.load - before.load);
  return Math.exp(Math.log(before.for) + part * Math.log(next.for / before.for));
}
