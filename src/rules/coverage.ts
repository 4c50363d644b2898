/** Which alarms of a site or profile its tests have shown to work: raised in a test that says something of them. */
import type { AlarmDefinition } from "../core/alarm/definition.ts";
import type { RuleFile } from "./load.ts";
import type { PlayedTest } from "./play.ts";

/** One site's or profile's alarms, by what its tests have shown of them. */
export interface Coverage {
  /** The site file or the profile. */
  readonly of: string;
  readonly alarms: number;
  /** Never raised in a test that names them. */
  readonly untested: readonly string[];
}

/** Coverage over all files that are of one site or profile. */
export function coverageOf(
  files: readonly { readonly file: RuleFile; readonly played: readonly PlayedTest[] }[],
): readonly Coverage[] {
  return [...new Set(files.map(({ file }) => file.ground.of))].map((of) => {
    const some = files.filter(({ file }) => file.ground.of === of);
    const { alarms } = some[0]!.file.ground.site.model;
    const shown = new Set(some.flatMap(({ played }) => played.flatMap(shownBy)));
    const untested = alarms.map(({ id }: AlarmDefinition) => id).filter((id) => !shown.has(id));
    return { of, alarms: alarms.length, untested };
  });
}

/** Alarms that a test raised and that one of its expectations names. */
function shownBy({ test, raised }: PlayedTest): readonly string[] {
  const said = [...test.expectations.map(({ promised }) => promised.text), ...(test.moves?.lines ?? [])];
  const named = new Set(said.flatMap((text) => text.split(/\s+/)));
  return [...raised].filter((id) => named.has(id));
}
