import { spawn } from "node:child_process";
import { mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdLeadership, LeadershipTaken } from "../../src/cluster/index.ts";

const script = fileURLToPath(new URL("../../dist/test/cluster/child.js", import.meta.url));
const closers: (() => unknown)[] = [];
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "haechi-leader-"));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Child {
  kill(signal: NodeJS.Signals): void;
  readonly said: Promise<string>;
  readonly gone: Promise<number | NodeJS.Signals | null>;
}

function instance(stateDir = dir): Child {
  const child = spawn(process.execPath, [script, stateDir], { stdio: ["ignore", "pipe", "inherit"] });
  closers.push(() => child.kill("SIGKILL"));
  return {
    kill: (signal) => void child.kill(signal),
    said: new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve)),
    gone: new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code))),
  };
}

describe("leadership of a site with one node", () => {
  it("gives every term a higher token, and has it on the disk first", async () => {
    for (const token of [1, 2, 3]) {
      const leadership = await holdLeadership(dir);
      expect(leadership.current()).toEqual({ leads: true, token });
      expect(await readFile(join(dir, "leader-token"), "utf8")).toBe(`${token}\n`);
      await leadership.release();
      expect(leadership.current().leads).toBe(false);
    }
  });

  it("is one a directory, whatever the directory is called", async () => {
    const leadership = await holdLeadership(dir);
    closers.push(() => leadership.release());
    const alias = `${dir}-alias`;
    await symlink(dir, alias);
    await expect(holdLeadership(dir)).rejects.toThrow(LeadershipTaken);
    await expect(holdLeadership(alias)).rejects.toThrow(/another instance leads/);
    const elsewhere = await holdLeadership(await mkdtemp(join(tmpdir(), "haechi-leader-")));
    await elsewhere.release();
  });

  it("makes the state directory where there is none", async () => {
    const leadership = await holdLeadership(join(dir, "a", "b"));
    expect(leadership.current()).toEqual({ leads: true, token: 1 });
    await leadership.release();
  });

  it("does not begin where the count of terms cannot be read, and leaves the place free", async () => {
    await writeFile(join(dir, "leader-token"), "garbage");
    await expect(holdLeadership(dir)).rejects.toThrow(/does not hold a count of terms/);
    await writeFile(join(dir, "leader-token"), "41\n");
    const leadership = await holdLeadership(dir);
    expect(leadership.current().token).toBe(42);
    await leadership.release();
  });

  it("outlives a process that was killed while it wrote the count", async () => {
    await writeFile(join(dir, "leader-token"), "7\n");
    await writeFile(join(dir, "leader-token.new"), "");
    const leadership = await holdLeadership(dir);
    expect(leadership.current().token).toBe(8);
    await leadership.release();
  });
});

describe("two instances of the service", () => {
  it("never both lead: the second is refused, also while the first is stopped, and a kill frees the place at once", async () => {
    const first = instance();
    expect(JSON.parse(await first.said)).toEqual({ leads: true, token: 1 });
    const second = instance();
    expect(await second.said).toMatch(/another instance leads/);
    expect(await second.gone).toBe(75);
    first.kill("SIGSTOP");
    expect(await instance().gone).toBe(75);
    first.kill("SIGKILL");
    await first.gone;
    expect(JSON.parse(await instance().said)).toEqual({ leads: true, token: 2 });
  });

  it("started at the same moment make one leader", async () => {
    const instances = [1, 2, 3].map(() => instance());
    const said = await Promise.all(instances.map((each) => each.said));
    expect(said.filter((line) => line.startsWith("{")).length).toBe(1);
    expect(said.filter((line) => line.includes("another instance")).length).toBe(2);
  });
});
