/** Where a hindcast's readings come from: a journal, the embedded history, or a copy in InfluxDB. */
import { existsSync, statSync } from "node:fs";
import type { SiteModel } from "../core/plant.ts";
import type { Instant } from "../core/time.ts";
import { instant } from "../core/time.ts";
import type { Moment } from "../hindcast/hindcast.ts";
import { historyMoments, journalMoments } from "../hindcast/moments.ts";
import { isOfSelf, self } from "../self/alarms.ts";
import { withSelf } from "../self/points.ts";
import type { SecretRef, Site } from "../site/index.ts";
import { resolveSecret } from "../site/index.ts";
import type { Past } from "../store/index.ts";
import { openPastHistory, openPastInflux1, openPastInflux2, readJournal } from "../store/index.ts";
import { exit, Refusal } from "./exit.ts";
import { instantOf } from "./instant.ts";
import { journalIn } from "./report.ts";

export interface SourceWords {
  readonly from?: string;
  readonly to?: string;
  readonly influx1?: string;
  readonly database?: string;
  readonly influx2?: string;
  readonly bucket?: string;
  readonly org?: string;
}

/** What is read, from when to when, and by which rules it was judged before. */
export interface Source {
  readonly old: SiteModel;
  readonly timezone: string;
  readonly from: Instant;
  /** Null where nobody knows before it is read. */
  readonly to: Instant | null;
  readonly moments: AsyncIterable<Moment> | Iterable<Moment>;
  /** What the source cannot tell, in words. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Opens what the command line names; refuses with why it cannot be read. `site` is the old rules' site, if it is said. */
export async function openSource(path: string | undefined, words: SourceWords, site: Site | null): Promise<Source> {
  const named = [path, words.influx1, words.influx2].filter((one) => one !== undefined);
  if (named.length !== 1)
    throw new Refusal("say one source: a journal, a history.duckdb, --influx1 or --influx2", exit.usage);
  if (path !== undefined && !(existsSync(path) && statSync(path).isFile() && path.endsWith(".duckdb")))
    return openJournalSource(journalIn(path), words, site);
  if (site === null) throw new Refusal("a history does not say by which rules it was judged: say --site", exit.usage);
  try {
    return await openPast(await pastOf(path, words, site), words, site);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${named[0]}: ${(error as Error).message}`, exit.unavailable);
  }
}

const always = [
  "Of responses it is said when they would have begun: what they would have done to the plant, no history tells.",
  "Both sets of rules are judged by the core of this program, whatever judged then.",
];

function openJournalSource(journal: string, words: SourceWords, site: Site | null): Source {
  const stretch = { from: instantOf(words.from, "--from"), to: instantOf(words.to, "--to") };
  const moments = journalMoments(readJournal(journal), stretch);
  const { value: first } = moments.next();
  if (!first || !("state" in first))
    throw new Refusal(`${journal}: there are no scans in it of that time`, exit.failed);
  return {
    old: site ? modelOf(site) : withoutSelf(first.site),
    timezone: first.timezone,
    from: first.state.now,
    to: stretch.to,
    moments: (function* () {
      yield first;
      yield* moments;
    })(),
    notes: always,
    close: async () => undefined,
  };
}

/** A site's rules: the alarms on the service itself tell of the machine of then, and not of the rules. */
export const modelOf = (site: Site): SiteModel => withoutSelf(withSelf(site));

const withoutSelf = (model: SiteModel): SiteModel => ({
  ...model,
  alarms: model.alarms.filter(({ id }) => !isOfSelf(id)),
});

async function openPast(past: Past, words: SourceWords, site: Site): Promise<Source> {
  const span = await past.span();
  if (!span) throw new Refusal("there are no readings of this site in it", exit.failed);
  const from = instantOf(words.from, "--from") ?? instant(span.oldest);
  const to = instantOf(words.to, "--to") ?? instant(span.newest);
  if (to < from) throw new Refusal("there are no readings of that time in it", exit.failed);
  return {
    old: modelOf(site),
    timezone: site.timezone,
    from,
    to,
    moments: historyMoments(past, from, to),
    notes: [
      ...always,
      "A history keeps no requests: nobody acknowledges, resets or shelves in either set.",
      "A history keeps no reasons: a reading without a value is taken as a poll without an answer.",
    ],
    close: () => past.close(),
  };
}

async function pastOf(path: string | undefined, words: SourceWords, site: Site): Promise<Past> {
  if (path !== undefined) return openPastHistory(path);
  const { influx1, influx2 } = site.store;
  if (words.influx1 !== undefined) {
    const database = words.database ?? influx1?.database;
    if (database === undefined) throw new Refusal("--influx1 needs a --database", exit.usage);
    const username = influx1?.username;
    const target = { url: words.influx1, database, username, password: secretOf(influx1?.password) };
    return openPastInflux1(target, site.id, quantitiesOf(site));
  }
  const [bucket, org] = [words.bucket ?? influx2?.bucket, words.org ?? influx2?.org];
  if (bucket === undefined || org === undefined)
    throw new Refusal("--influx2 needs a --bucket and an --org", exit.usage);
  const token = secretOf(influx2?.token);
  if (token === undefined)
    throw new Refusal("the token of InfluxDB 2.x is the one that the old site file's store.influx2 names", exit.config);
  return openPastInflux2({ url: words.influx2!, bucket, org, token }, site.id);
}

function secretOf(ref: SecretRef | undefined): string | undefined {
  if (ref === undefined) return undefined;
  const found = resolveSecret(ref, process.env);
  if ("missing" in found) throw new Refusal(found.missing, exit.config);
  return found.secret;
}

/** The names by which a point's readings are filed. */
const quantitiesOf = (site: Site): readonly string[] => [
  ...[...site.pointInfo.values()].map(({ quantity }) => quantity),
  ...[...modelOf(site).points.keys()].flatMap((point) =>
    point.startsWith(`${self}/`) ? [point.slice(self.length + 1)] : [],
  ),
];
