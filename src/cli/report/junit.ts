/** Results as JUnit's XML, so that any build server can show them. */
import { inXml } from "./in-xml.ts";
import type { Played } from "./played.ts";
import { verdictsOf } from "./played.ts";

/** One case of a suite; null where it held. */
export interface Case {
  readonly text: string;
  readonly broken: string | null;
}

/** Cases that ran together. */
export interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  readonly tookS: number;
}

/** Suites as one document. `title` is what all of them are. */
export function junitOf(title: string, suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const failures = cases.filter(({ broken }) => broken !== null).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${inXml(title)}" tests="${cases.length}" failures="${failures}">`,
    ...suites.map(inSuite),
    "</testsuites>",
    "",
  ].join("\n");
}

/** A scenario that was played as a suite: a case for each promise. */
export const suiteOf = (played: Played): Suite => ({
  name: played.scenario.name,
  cases: verdictsOf(played),
  tookS: played.tookS,
});

function inSuite({ name, cases, tookS }: Suite): string {
  const written = cases.map(({ text, broken }) => {
    const head = `    <testcase classname="${inXml(name)}" name="${inXml(text)}" time="0"`;
    return broken === null ? `${head}/>` : `${head}><failure message="${inXml(broken)}"/></testcase>`;
  });
  const failures = cases.filter(({ broken }) => broken !== null).length;
  const counts = `tests="${cases.length}" failures="${failures}" time="${tookS.toFixed(3)}"`;
  return [`  <testsuite name="${inXml(name)}" ${counts}>`, ...written, "  </testsuite>"].join("\n");
}
