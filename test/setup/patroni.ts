/** A real Patroni cluster for tests: PostgreSQL members that agree by Raft among themselves, on free ports of the loopback. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresUser } from "./locate.ts";
import { freePort } from "./services.ts";

/** Where Debian keeps the server; its own names stand in no path. */
const postgresBin = "/usr/lib/postgresql/15/bin";

export interface PatroniCluster {
  /** By member: the address of its REST API. */
  readonly members: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Two members initialise, vote and copy. A busy machine takes its time. ms */
const startMs = 120_000;

/** What the REST API takes orders with. */
export const patroniAccess = { user: "haechi", password: "known" };

interface Member {
  readonly name: string;
  readonly rest: number;
  readonly raft: number;
  readonly sql: number;
}

/** Starts a cluster of two members and waits until one leads and the other follows. */
export async function startPatroni(): Promise<PatroniCluster> {
  const dir = mkdtempSync(join(tmpdir(), "haechi-patroni-"));
  const members: Member[] = [];
  for (const name of ["pg-1", "pg-2"])
    members.push({ name, rest: await freePort(), raft: await freePort(), sql: await freePort() });
  const owner = postgresUser();
  if (owner) chownSync(dir, owner.uid, owner.gid);
  const children = members.map((member) => launch(dir, member, members));
  const urls = Object.fromEntries(members.map(({ name, rest }) => [name, `http://127.0.0.1:${rest}`]));
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    // One that was told to end while it changed its role leaves its server behind.
    for (const { name } of members) killServer(join(dir, name));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await settled(Object.values(urls));
  } catch (error) {
    await stop();
    throw error;
  }
  return { members: urls, stop };
}

function launch(dir: string, member: Member, members: readonly Member[]): ChildProcess {
  const home = join(dir, member.name);
  const owner = postgresUser();
  mkdirSync(join(home, "raft"), { recursive: true });
  writeFileSync(join(home, "patroni.json"), JSON.stringify(configOf(home, member, members)));
  if (owner) for (const path of [home, join(home, "raft")]) chownSync(path, owner.uid, owner.gid);
  const options = { cwd: home, stdio: "ignore", ...owner } as const;
  const child = spawn("/usr/bin/patroni", [join(home, "patroni.json")], options);
  const reap = (): void => {
    child.kill("SIGKILL");
    killServer(home);
  };
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  return child;
}

/** A PostgreSQL outlives the Patroni that was killed: its own file says which process it is. */
function killServer(home: string): void {
  const file = join(home, "data", "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (pid > 1 && existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
}

const configOf = (home: string, { name, rest, raft, sql }: Member, members: readonly Member[]) => ({
  scope: "orders",
  name,
  restapi: {
    listen: `127.0.0.1:${rest}`,
    connect_address: `127.0.0.1:${rest}`,
    authentication: { username: patroniAccess.user, password: patroniAccess.password },
  },
  raft: {
    data_dir: join(home, "raft"),
    self_addr: `127.0.0.1:${raft}`,
    partner_addrs: members.filter((other) => other.raft !== raft).map((other) => `127.0.0.1:${other.raft}`),
  },
  bootstrap: {
    dcs: { ttl: 20, loop_wait: 1, retry_timeout: 3, postgresql: { use_pg_rewind: true } },
    initdb: [{ encoding: "UTF8" }, { locale: "C" }],
    pg_hba: ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
  },
  postgresql: {
    listen: `127.0.0.1:${sql}`,
    connect_address: `127.0.0.1:${sql}`,
    data_dir: join(home, "data"),
    bin_dir: postgresBin,
    pgpass: join(home, "pgpass"),
    authentication: { superuser: { username: "postgres" }, replication: { username: "replicator" } },
    parameters: { unix_socket_directories: home, fsync: "off" },
  },
});

async function settled(urls: readonly string[]): Promise<void> {
  const deadline = performance.now() + startMs;
  while (performance.now() < deadline) {
    const said = await Promise.all(urls.map(clusterAt));
    if (said.every((roles) => roles === "leader running, replica running")) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("no leader and follower came up");
}

async function clusterAt(url: string): Promise<string> {
  try {
    const { members } = (await (await fetch(`${url}/cluster`)).json()) as {
      members: { role: string; state: string }[];
    };
    return members
      .map(({ role, state }) => `${role} ${state}`)
      .toSorted()
      .join(", ");
  } catch {
    // It does not answer yet.
    return "";
  }
}

/** Patroni stops its PostgreSQL when it is told to end. */
function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const force = setTimeout(() => child.kill("SIGKILL"), startMs);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
