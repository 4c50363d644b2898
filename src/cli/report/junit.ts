/** Runs as JUnit's XML, a suite for each scenario and a case for each promise, so that any build server can show them. */
import { inXml } from "./in-xml.ts";
import type { Played } from "./played.ts";
import { verdictsOf } from "./played.ts";

export function junitOf(runs: readonly Played[]): string {
  const suites = runs.map(suiteOf);
  const tests = runs.reduce((sum, { scenario }) => sum + scenario.promises.length, 0);
  const failures = runs.reduce((sum, { run }) => sum + run.broken.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="haechi scenarios" tests="${tests}" failures="${failures}">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteOf(played: Played): string {
  const { scenario, run, tookS } = played;
  const name = inXml(scenario.name);
  const cases = verdictsOf(played).map(({ text, broken }) => {
    const head = `    <testcase classname="${name}" name="${inXml(text)}" time="0"`;
    return broken === null ? `${head}/>` : `${head}><failure message="${inXml(broken)}"/></testcase>`;
  });
  const counts = `tests="${scenario.promises.length}" failures="${run.broken.length}" time="${tookS.toFixed(3)}"`;
  return [`  <testsuite name="${name}" ${counts}>`, ...cases, "  </testsuite>"].join("\n");
}
