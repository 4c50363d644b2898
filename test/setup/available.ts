import { describe } from "vitest";
import { locate } from "./locate.ts";

/** Whether a program is installed. */
export const available = (binary: string): boolean => locate(binary) !== null;

/** A suite that needs a program. Without it one line says that it did not run; under CI=true that is an error. */
export function describeWith(binary: string, name: string, suite: () => void): void {
  if (available(binary)) {
    describe(name, suite);
    return;
  }
  if (process.env["CI"] === "true") throw new Error(`${binary} is not installed: "${name}" cannot run`);
  console.log(`not run, for want of ${binary}: ${name}`);
  describe.skip(`${name} (for want of ${binary})`, suite);
}
