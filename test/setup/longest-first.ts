import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Files that play whole plants for minutes. Begun last they would be waited for alone; larger files are not longer ones. */
const long = [
  "test/chaos/planted.test.ts",
  "test/chaos/swarm.test.ts",
  "test/scenarios/transcripts.test.ts",
  "test/cli/drill.test.ts",
];

/** Begins with what takes longest, where no earlier run has told. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((file) => moduleId.endsWith(file));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
