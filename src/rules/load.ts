/** A file of rule tests, read: every test with what its points say and when, or all that is wrong with the file at once. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Promised } from "../../simulators/promises/index.ts";
import { readPromise } from "../../simulators/promises/index.ts";
import { askedOf, strangerAsked } from "../../simulators/scenario/asks.ts";
import { promiseGround } from "../../simulators/scenario/promised.ts";
import type { Request, SiteModel } from "../core/plant.ts";
import type { PointId, Reading } from "../core/reading.ts";
import type { Duration, Instant } from "../core/time.ts";
import { after, elapsed, instant } from "../core/time.ts";
import { inOrder } from "../profiles/document.ts";
import type { Path, Problem } from "../profiles/index.ts";
import { closest, Document, validate } from "../profiles/index.ts";
import type { Ground } from "./ground.ts";
import { groundOf } from "./ground.ts";
import { readMove } from "./moves.ts";
import { readingsIn } from "./notation.ts";
import type { InputSource, RuleFileSource, TestSource } from "./schema.ts";
import { ruleFileSchema } from "./schema.ts";
import { parseTrace } from "./trace.ts";

/** When every test begins; only what lies between two instants means anything. */
const starts = instant(Date.UTC(2026, 0, 1));

/** What arrives at one instant. */
export interface Arrival {
  readonly at: Instant;
  readonly readings: readonly Reading[];
  readonly requests: readonly Request[];
}

/** A sentence that must hold, and where in the file it stands: "rules.yaml:12:9". */
export interface Expectation {
  readonly promised: Promised;
  readonly place: string;
}

/** One test, ready to be played. */
export interface RuleTest {
  readonly name: string;
  /** Where in the file it stands. */
  readonly place: string;
  readonly site: SiteModel;
  readonly starts: Instant;
  readonly ends: Instant;
  /** In the order of time. */
  readonly arrivals: readonly Arrival[];
  readonly expectations: readonly Expectation[];
  /** All that must happen, in the one way in which it is written; null where the test does not say all. */
  readonly moves: { readonly lines: readonly string[]; readonly place: string } | null;
  /** The points that anything is said of. */
  readonly fed: ReadonlySet<PointId>;
}

export interface RuleFile {
  readonly file: string;
  readonly ground: Ground;
  readonly tests: readonly RuleTest[];
}

/** Reads a file of tests and the site that it names. */
export function loadRules(file: string): RuleFile | { readonly problems: readonly Problem[] } {
  const document = Document.parse(file, readFileSync(file, "utf8"));
  const checked = validate(document, ruleFileSchema);
  if ("problems" in checked) return checked;
  const ground = groundOf(document, checked.value);
  if ("problems" in ground) return ground;
  const reading: Reader = { document, source: checked.value, model: ground.site.model, ground, problems: [] };
  checkNames(reading);
  const tests = checked.value.tests.map((test, i) => testOf(reading, test, ["tests", i]));
  return reading.problems.length > 0 ? { problems: inOrder(reading.problems) } : { file, ground, tests };
}

/** What a file's tests are read with. */
interface Reader {
  readonly document: Document;
  readonly source: RuleFileSource;
  readonly model: SiteModel;
  readonly ground: Ground;
  readonly problems: Problem[];
}

function say({ document, problems }: Reader, path: Path, message: string, meant?: string): void {
  problems.push(document.problemAt(path, message, meant));
}

/** A report names tests by their names. */
function checkNames(reader: Reader): void {
  const names = reader.source.tests.map(({ name }) => name);
  for (const [i, name] of names.entries())
    if (names.indexOf(name) !== i) say(reader, ["tests", i, "name"], `there is a test "${name}" already`);
}

function testOf(reader: Reader, test: TestSource, path: Path): RuleTest {
  const ends = test.lasts === undefined ? null : after(starts, test.lasts);
  const lines = [
    ...linesOf(reader, reader.source.given, ["given"]).filter(({ point }) => !Object.hasOwn(test.inputs, point)),
    ...linesOf(reader, test.inputs, [...path, "inputs"]),
  ];
  const every = test.every ?? reader.source.every;
  const readings = [
    ...lines.flatMap((line) => readingsOf(reader, line, { every, ends })),
    ...(test.trace === undefined ? [] : traced(reader, [...path, "trace"], test.trace)),
  ];
  const requests = test.timeline.flatMap((_, i) => requestOf(reader, test, [...path, "timeline", i]));
  const arrivals = arrivalsOf(readings, requests);
  const last = arrivals.at(-1)?.at ?? starts;
  if (test.expect.length === 0 && test.transitions === undefined)
    say(reader, path, "expects nothing: give it expect, transitions or both");
  if (lines.length + test.timeline.length === 0 && test.trace === undefined && ends === null)
    say(reader, path, "nothing happens in it, and it has no end");
  return {
    name: test.name,
    place: placeOf(reader, path),
    site: reader.model,
    starts,
    ends: ends ?? last,
    arrivals: arrivals.filter(({ at }) => ends === null || at <= ends),
    expectations: test.expect.flatMap((sentence, i) => expectationOf(reader, sentence, [...path, "expect", i])),
    moves: test.transitions === undefined ? null : movesOf(reader, test.transitions, [...path, "transitions"]),
    fed: new Set(readings.map(({ point }) => point)),
  };
}

interface Line {
  readonly point: PointId;
  readonly source: InputSource;
  readonly path: Path;
}

/** The points that something is written of; one that the site has not is said. */
function linesOf(reader: Reader, inputs: Readonly<Record<string, InputSource>>, path: Path): readonly Line[] {
  const { points } = reader.model;
  return Object.entries(inputs).flatMap(([name, source]): readonly Line[] => {
    if (points.has(name as PointId)) return [{ point: name as PointId, source, path: [...path, name] }];
    reader.problems.push(
      reader.document.problemAtKey([...path, name], `the site has no point "${name}"`, closest(name, points.keys())),
    );
    return [];
  });
}

function readingsOf(
  reader: Reader,
  { point, source, path }: Line,
  usual: { readonly every: Duration; readonly ends: Instant | null },
): readonly Reading[] {
  const every = ("every" in source ? source.every : undefined) ?? usual.every;
  const from = "from" in source && source.from !== undefined ? after(starts, source.from) : starts;
  const states = reader.model.points.get(point)?.states ?? null;
  const readings = readingsIn(source.values, { point, states, starts: from, every, ends: usual.ends });
  if (!("wrong" in readings)) return readings;
  say(reader, path, readings.wrong);
  return [];
}

function traced(reader: Reader, path: Path, named: string): readonly Reading[] {
  const file = resolve(dirname(reader.document.file), named);
  if (!existsSync(file)) {
    say(reader, path, `there is no file ${file}`);
    return [];
  }
  const trace = parseTrace(readFileSync(file, "utf8"), { starts, points: reader.model.points });
  if ("readings" in trace) return trace.readings;
  reader.problems.push({ file, line: trace.line, column: 1, path: "", message: trace.wrong });
  return [];
}

function requestOf(reader: Reader, { timeline }: TestSource, path: Path): readonly { at: Instant; request: Request }[] {
  const entry = timeline[Number(path.at(-1))]!;
  const at = after(starts, entry.at);
  const asked = askedOf(entry.asks, at);
  const stranger = strangerAsked(asked, reader.model);
  if (stranger) {
    const { kind, name, known } = stranger;
    say(reader, [...path, "asks"], `the site has no ${kind} "${name}"`, closest(name, known));
  } else if ("arming" in asked) say(reader, [...path, "asks"], "there is no gate in a test of rules");
  else return [{ at, request: asked.request }];
  return [];
}

function expectationOf(reader: Reader, sentence: string, path: Path): readonly Expectation[] {
  const day = { starts, wallTime: () => null, labels: new Map() };
  const promised = readPromise(sentence, promiseGround(reader.ground.site, day));
  if (!("wrong" in promised)) return [{ promised, place: placeOf(reader, path) }];
  say(reader, path, promised.wrong, promised.meant);
  return [];
}

function movesOf(reader: Reader, written: readonly string[], path: Path): NonNullable<RuleTest["moves"]> {
  const lines = written.flatMap((text, i) => {
    const move = readMove(text, reader.model);
    if (typeof move === "string") return [move];
    say(reader, [...path, i], move.wrong, move.meant);
    return [];
  });
  return { lines, place: placeOf(reader, path) };
}

function placeOf({ document }: Reader, path: Path): string {
  const { file, line, column } = document.problemAt(path, "");
  return `${file}:${line}:${column}`;
}

/** All that arrives, instant by instant. */
function arrivalsOf(
  readings: readonly Reading[],
  requests: readonly { readonly at: Instant; readonly request: Request }[],
): readonly Arrival[] {
  const turns = new Map<Instant, { readings: Reading[]; requests: Request[] }>();
  const turnAt = (at: Instant): { readings: Reading[]; requests: Request[] } => {
    const turn = turns.get(at) ?? { readings: [], requests: [] };
    turns.set(at, turn);
    return turn;
  };
  for (const reading of readings) turnAt(reading.at).readings.push(reading);
  for (const { at, request } of requests) turnAt(at).requests.push(request);
  return [...turns].map(([at, turn]) => ({ at, ...turn })).toSorted((a, b) => elapsed(b.at, a.at));
}
