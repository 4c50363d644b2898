/**
 * Promises about what points show, and about racks, whose power is read off their contacts and meters as the service
 * sees them. Silence breaks no such promise by itself; one that was never seen at all is not kept either.
 */
import type { PointId } from "../../src/core/reading.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import type { Load, LoadFeed, PowerTree } from "../../src/core/topology/power.ts";
import { deadKw, pathOf } from "../../src/core/topology/power.ts";
import type { Form, Said } from "./form.ts";
import type { Promised, Record, Samples } from "./record.ts";
import { falls } from "./when.ts";

const pointOf = ({ names: [point] }: Said): PointId => point as PointId;
const isBeyond = (side: string, limit: number, value: number): boolean =>
  side === "below" ? value < limit : value > limit;

/** The samples that stood at some time of a span: what was said in it, and what still held when it began. */
function during({ at, values }: Samples, from: Instant, to: Instant): readonly { at: Instant; value: number }[] {
  const seen: { at: Instant; value: number }[] = [];
  at.forEach((since, i) => {
    const until = at[i + 1] ?? Number.POSITIVE_INFINITY;
    const value = values[i]!;
    if (value !== null && since <= to && until > from) seen.push({ at: since, value });
  });
  return seen;
}

export const pointForms: readonly Form[] = [
  {
    text: "point POINT stays below|above NUMBER [from TIME to TIME]",
    about: "Every value that it shows lies on this side; a state is its place in the list of states.",
    example: "point crac-1/temperature.inlet stays below 35",
    points: (said) => [pointOf(said)],
    check: (said) => (record) => {
      const [limit, side] = [said.numbers[0]!, said.words[0]!];
      const { times } = said;
      const samples = record.samples.get(pointOf(said)) ?? { at: [], values: [] };
      const seen = during(samples, times[0] ?? record.starts, times[1] ?? record.ends);
      if (seen.length === 0) return "it was never seen in that time";
      const hit = seen.find(({ value }) => !isBeyond(side, limit, value));
      return hit ? `it was ${tidy(hit.value)} ${(hit.at - record.starts) / 1000} s after the start` : null;
    },
  },
  {
    text: "point POINT below|above NUMBER WHEN",
    about: "It comes to lie there.",
    example: "point ups-a/output.power below 18 by 09:04:00",
    points: (said) => [pointOf(said)],
    check: (said) => (record) => {
      const [limit, side] = [said.numbers[0]!, said.words[0]!];
      const span = said.when(record);
      if (typeof span === "string") return span;
      const seen = during(record.samples.get(pointOf(said)) ?? { at: [], values: [] }, span.from, record.ends);
      const hits = seen
        .filter(({ value }) => isBeyond(side, limit, value))
        .map(({ at }) => instant(Math.max(at, span.from)));
      return falls(record, said.when, hits, {
        late: `it went ${side} ${limit}`,
        never: `it was never ${side} ${limit}`,
      });
    },
  },
  {
    text: "rack RACK keeps power [from TIME to TIME]",
    about: "It is never seen without a feed that is closed and carries something.",
    example: "rack r101 keeps power",
    points: ({ site, names: [rack] }) => racksOf(site.power, rack!).flatMap((load) => pointsOfRack(site.power, load)),
    check: ({ site, names: [rack], times: [from, to] }) => keepPower(site.power, racksOf(site.power, rack!), from, to),
  },
  {
    text: "every|protected rack keeps power [from TIME to TIME]",
    about: "The same of all racks, or of all that the site file calls protected.",
    example: "protected rack keeps power",
    points: ({ site, words: [word] }) => chosen(site.power, word!).flatMap((load) => pointsOfRack(site.power, load)),
    check: ({ site, words: [word], times: [from, to] }) => keepPower(site.power, chosen(site.power, word!), from, to),
  },
];

const tidy = (value: number): number => Math.round(value * 1000) / 1000;

const racksOf = ({ loads }: PowerTree, rack: string): readonly Load[] => loads.filter(({ id }) => id === rack);
const chosen = ({ loads }: PowerTree, word: string): readonly Load[] =>
  word === "every" ? loads : loads.filter(({ importance }) => importance === "protected");

/** What shows that a feed is open (0), and the meters that show that nothing comes through it. */
const contactOf = ({ closed, outlet }: LoadFeed): PointId | null => closed ?? outlet;
const metersOf = (tree: PowerTree, { node, power }: LoadFeed): readonly PointId[] =>
  [power, ...pathOf(tree, node).map((above) => above.power)].filter((point) => point !== null);

const pointsOfRack = (tree: PowerTree, { feeds }: Load): readonly PointId[] =>
  feeds.flatMap((feed) => [contactOf(feed), ...metersOf(tree, feed)]).filter((point) => point !== null);

const keepPower =
  (tree: PowerTree, racks: readonly Load[], from?: Instant, to?: Instant): Promised["check"] =>
  (record) => {
    for (const rack of racks) {
      const dark = darkAt(record, tree, rack, { from: from ?? record.starts, to: to ?? record.ends });
      if (dark !== null) return `${rack.id} ${dark}`;
    }
    return null;
  };

/** When a rack was first seen to be dark, in words; null where it never was. */
function darkAt(
  record: Record,
  tree: PowerTree,
  rack: Load,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): string | null {
  const points = pointsOfRack(tree, rack);
  const changes = points.flatMap((point) => record.samples.get(point)?.at ?? []).filter((at) => at <= to);
  if (points.length > 0 && changes.length === 0) return "was never seen";
  const instants = [from, ...changes.filter((at) => at > from)].toSorted((a, b) => a - b);
  const hit = instants.find((at) => rack.feeds.every((feed) => isDead(record, tree, feed, at)));
  return hit === undefined ? null : `was dark ${(hit - record.starts) / 1000} s after the start`;
}

function isDead(record: Record, tree: PowerTree, feed: LoadFeed, at: Instant): boolean {
  const contact = contactOf(feed);
  if (contact !== null && shownAt(record, contact, at) === 0) return true;
  return metersOf(tree, feed).some((meter) => {
    const kw = shownAt(record, meter, at);
    return kw !== null && kw <= deadKw;
  });
}

/** What a point last said by an instant. */
function shownAt({ samples }: Record, point: PointId, at: Instant): number | null {
  const seen = samples.get(point);
  if (!seen) return null;
  let [low, high] = [0, seen.at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seen.at[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : seen.values[low - 1]!;
}
