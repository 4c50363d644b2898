import { stat } from "node:fs/promises";
import { join } from "node:path";
import { verifyLedger } from "../gate/index.ts";
import { exit, Refusal } from "./exit.ts";

export interface LedgerWords {
  readonly holds?: string;
  readonly json?: boolean;
}

/** `haechi ledger verify DIR`: whether a gate's ledger is as it was written. Ends with 1 where it is not. */
export async function ledgerVerify(stateDir: string, { holds, json }: LedgerWords): Promise<number> {
  if (holds !== undefined && !/^[0-9a-f]{64}$/.test(holds))
    throw new Refusal(`--holds ${holds} is no seal: 64 of 0-9 and a-f`, exit.usage);
  const ledger = join(stateDir, "gate-ledger.ndjson");
  if (!(await stat(ledger).catch(() => null))?.isFile()) throw new Refusal(`there is no ${ledger}`, exit.usage);
  const report = await verifyLedger(stateDir, holds);
  const { files, breaches, notes, head, held } = report;
  const isWhole = breaches.length === 0 && held !== false;
  if (json) console.log(JSON.stringify({ whole: isWhole, ...report }));
  else {
    for (const { file, lines } of files) console.log(`${file}: ${lines} lines`);
    for (const note of notes) console.log(note);
    for (const { file, line, what } of breaches)
      console.error(line === null ? `${file} ${what}` : `${file}: line ${line} ${what}`);
    if (held === false) console.error("the seal that was asked for is not in it: what was written then was cut off");
    if (isWhole) console.log(`the chain is whole; its last seal is ${head}`);
  }
  return isWhole ? exit.done : exit.failed;
}
