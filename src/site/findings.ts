/**
 * What is found wrong while the sections of a site file are held against each other. A reference to
 * something that has itself been found wrong is not said to be wrong as well.
 */
import type { Document, Path, Place, Problem } from "../profiles/index.ts";
import { closest } from "../profiles/index.ts";
import type { SiteSource } from "./schema.ts";

/** Sections whose entries are referred to by id, and what one entry of each is called. */
export const sections = {
  spaces: "space",
  devices: "device",
  routes: "route",
  power: "node of the power tree",
  loads: "load",
  cooling: "cooling loop",
  services: "service",
  targets: "target",
  alarms: "alarm",
  responses: "response",
} as const;

export type Section = keyof typeof sections;

export const isSection = (name: unknown): name is Section => typeof name === "string" && Object.hasOwn(sections, name);

/** Nobody reads further than this, and looking for what was meant takes time. */
export const PROBLEMS_MAX = 1000;

export interface Findings {
  readonly problems: readonly Problem[];
  /** What holds, and does not do what was most likely meant by it. */
  readonly advice: readonly Problem[];
  /** Takes a piece of advice down, the first thousand of them. */
  advise(path: Path, message: string): void;
  /** Takes a problem down, the first thousand of them. */
  say(path: Path, message: string, suggestion?: string): void;
  /** As `say`, at the key: for what an entry is called, or is as a whole. */
  sayOfKey(path: Path, message: string): void;
  /** Whether a section has a sound entry of this id. Where the file has none at all, that is said at the path. */
  refer(path: Path, section: Section, id: string): boolean;
  /** Whether an id, or its whole section, stands in the file but has been found wrong already. */
  isBroken(section: Section, id: string): boolean;
  /** Whether a section as a whole is wrong: then nothing is known of what it would have said. */
  isBrokenSection(section: string): boolean;
  /** Whether any entry of a section has been found wrong. */
  hasBroken(section: Section): boolean;
  /** Where an entry stands, by the path of its key. */
  placeOf(path: Path): Place;
  /** What a mistyped word most likely meant. */
  meant(word: string, candidates: Iterable<string>): string | undefined;
}

/** An empty list of findings about a document of which `source` is the sound part. */
export function findingsOf(document: Document, source: SiteSource, broken: ReadonlySet<string>): Findings {
  const problems: Problem[] = [];
  const advice: Problem[] = [];
  const written = (document.value ?? {}) as Readonly<Record<string, unknown>>;
  const has = (entries: unknown, id: string): boolean =>
    typeof entries === "object" && entries !== null && Object.hasOwn(entries, id);
  const isFull = (): boolean => problems.length >= PROBLEMS_MAX;
  const say = (path: Path, message: string, suggestion?: string): void => {
    if (!isFull()) problems.push(document.problemAt(path, message, suggestion));
  };
  const meant = (word: string, candidates: Iterable<string>): string | undefined =>
    isFull() ? undefined : closest(word, candidates);
  const isBroken = (section: Section, id: string): boolean =>
    broken.has(section) || (has(written[section], id) && !has(source[section], id));
  return {
    problems,
    advice,
    advise(path, message) {
      if (advice.length < PROBLEMS_MAX) advice.push(document.problemAt(path, message));
    },
    say,
    meant,
    isBroken,
    isBrokenSection: (section) => broken.has(section),
    placeOf: (path) => document.placeOf(path),
    hasBroken: (section) => Object.keys(written[section] ?? {}).some((id) => isBroken(section, id)),
    sayOfKey(path, message) {
      if (!isFull()) problems.push(document.problemAtKey(path, message));
    },
    refer(path, section, id) {
      if (has(source[section], id)) return true;
      if (!isBroken(section, id))
        say(path, `there is no ${sections[section]} "${id}"`, meant(id, Object.keys(written[section] ?? {})));
      return false;
    },
  };
}
