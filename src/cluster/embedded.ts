/**
 * Leadership of a site that has one node: exclusive on its state directory. The lock is an abstract
 * Unix socket: the kernel frees it the moment its holder dies and not before, so a holder that is
 * merely stopped still holds it. The token counts the terms, and is on the disk before it is used.
 */
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Leadership } from "./leadership.ts";
import { LeadershipTaken } from "./leadership.ts";

const tokenFile = "leader-token";

/** Begins a term of leadership over a state directory. Rejects with {@link LeadershipTaken} where another instance holds it. */
export async function holdLeadership(stateDir: string): Promise<Leadership> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const lock = await hold(stateDir);
  try {
    const token = await nextToken(stateDir);
    return { current: () => ({ leads: lock.listening, token }), release: () => close(lock) };
  } catch (error) {
    await close(lock);
    throw error;
  }
}

async function hold(stateDir: string): Promise<Server> {
  // The directory by its number, not its name: two names of one directory are one place.
  const { dev, ino } = await stat(stateDir);
  const lock = createServer((asker) => asker.destroy());
  return new Promise((resolve, reject) => {
    lock.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(isTaken ? new LeadershipTaken(`another instance leads from ${stateDir}`) : error);
    });
    lock.listen(`\0haechi-leader-${dev}-${ino}`, () => resolve(lock));
  });
}

/** The count of terms, one higher and on the disk. Rejects where the file holds no count: guessing could bring an old token back. */
async function nextToken(stateDir: string): Promise<number> {
  const path = join(stateDir, tokenFile);
  const last = await lastToken(path);
  const token = last + 1;
  const fresh = await open(`${path}.new`, "w", 0o600);
  await fresh.writeFile(`${token}\n`);
  await fresh.sync();
  await fresh.close();
  await rename(`${path}.new`, path);
  const directory = await open(stateDir, "r");
  await directory.sync();
  await directory.close();
  return token;
}

async function lastToken(path: string): Promise<number> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
  if (!/^[1-9]\d{0,14}\n$/.test(text)) throw new Error(`${path} does not hold a count of terms`);
  return Number(text);
}

const close = (lock: Server): Promise<void> => new Promise((resolve) => void lock.close(() => resolve()));
