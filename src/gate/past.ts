/** The ledger's files that are full: put aside under a number, the newest the highest, and kept a while for people. */
import { link, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export const ledgerFile = "gate-ledger.ndjson";

/** Full files that are kept, of 8 MB each: years of a site whose alarms are in order. */
export const pastMax = 8;

const pastFile = /^gate-ledger\.(\d+)\.ndjson$/;

/** The name of the full file of a number. */
export const pastName = (number: number): string => `gate-ledger.${number}.ndjson`;

/** The numbers of the full files in a state directory, oldest first. */
export async function pastNumbers(stateDir: string): Promise<readonly number[]> {
  const names = await readdir(stateDir);
  return names
    .flatMap((name) => pastFile.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Gives the ledger's file the next number beside its name, which then is free to be given to another,
 * and drops what is too old. A link, so that at no moment there is no ledger.
 */
export async function putAside(stateDir: string): Promise<void> {
  const numbers = await pastNumbers(stateDir);
  const next = (numbers.at(-1) ?? 0) + 1;
  await link(join(stateDir, ledgerFile), join(stateDir, pastName(next)));
  for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - pastMax)))
    await rm(join(stateDir, pastName(number)), { force: true });
}

/** A gate that was killed between giving a file its number and taking its name left one file under both. */
export async function dropDoubled(stateDir: string): Promise<void> {
  const last = (await pastNumbers(stateDir)).at(-1);
  if (last === undefined) return;
  const [past, present] = await Promise.all([pastName(last), ledgerFile].map((name) => stat(join(stateDir, name))));
  if (past?.ino === present?.ino) await rm(join(stateDir, pastName(last)));
}
