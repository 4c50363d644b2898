/** Real servers for tests: each on free ports of the loopback, in a folder of its own, gone when the test is. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "./locate.ts";

/** A server that runs. */
export interface Running {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** Where it keeps its data; removed by stop. */
  readonly dir: string;
  /** Ends it and removes its folder. May be called twice. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL and keeps its folder and port, for {@link Running.again}. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, and waits until it answers. */
  again(): Promise<void>;
}

interface Recipe {
  readonly binary: string;
  readonly args: (port: number, dir: string) => Promise<readonly string[]> | readonly string[];
  readonly scheme: string;
}

/** Servers of a busy machine take their time to start. ms */
const startMs = 20_000;
const askAgainMs = 50;

/** A TCP port of the loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** A UDP port of the loopback that was free a moment ago. */
export function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4").once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** InfluxDB 1.x, without any database. */
export const startInfluxd = (): Promise<Running> =>
  start({
    binary: "influxd",
    scheme: "http",
    async args(port, dir) {
      const config = join(dir, "influxdb.conf");
      writeFileSync(config, influxConfig(port, await freePort(), dir));
      return ["-config", config];
    },
  });

/** VictoriaMetrics. Samples of one series and instant count once, as in InfluxDB. */
export const startVictoria = (): Promise<Running> =>
  start({
    binary: "victoria-metrics",
    scheme: "http",
    args: (port, dir) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(dir, "data")}`,
      "-dedup.minScrapeInterval=1ms",
      "-search.latencyOffset=0s",
      "-retentionPeriod=100y",
    ],
  });

/** Mosquitto, open to the loopback. `lines` are added to its configuration. */
export const startMosquitto = (options: { readonly lines?: readonly string[] } = {}): Promise<Running> =>
  start({
    binary: "mosquitto",
    scheme: "mqtt",
    args(port, dir) {
      const config = join(dir, "mosquitto.conf");
      const own = [`listener ${port} 127.0.0.1`, ...(options.lines ?? ["allow_anonymous true"])];
      writeFileSync(config, `${own.join("\n")}\n`);
      return ["-c", config];
    },
  });

/** The secret of the key "haechi" by which {@link startBind}'s zone may be changed, base64. */
export const bindSecret = Buffer.from("the key of the zone in the tests").toString("base64");

/** BIND, the primary of example.test with these records (lines of a zone file), which the key "haechi" may change. */
export const startBind = (records: readonly string[]): Promise<Running> =>
  start({
    binary: "named",
    scheme: "dns",
    args(port, dir) {
      const soa = [
        "$TTL 60",
        "@ SOA ns.example.test. admin.example.test. 1 3600 600 86400 60",
        "@ NS ns.example.test.",
      ];
      writeFileSync(join(dir, "zone"), `${[...soa, "ns A 127.0.0.1", ...records].join("\n")}\n`);
      writeFileSync(join(dir, "named.conf"), bindConfig(port, dir));
      return ["-f", "-4", "-n", "1", "-c", join(dir, "named.conf")];
    },
  });

/** Redis; one that follows another where `of` is its port. `priority` is what a Sentinel chooses by. */
export const startRedis = (options: { readonly of?: number; readonly priority?: number } = {}): Promise<Running> =>
  start({
    binary: "redis-server",
    scheme: "redis",
    args: (port, dir) => [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      dir,
      "--save",
      "",
      "--replica-priority",
      String(options.priority ?? 100),
      "--repl-diskless-sync-delay",
      "0",
      ...(options.of === undefined ? [] : ["--replicaof", "127.0.0.1", String(options.of)]),
    ],
  });

/** A Sentinel that watches the Redis at a port as "cache" and decides alone. */
export const startSentinel = (master: number): Promise<Running> =>
  start({
    binary: "redis-sentinel",
    scheme: "redis",
    args(port, dir) {
      const config = join(dir, "sentinel.conf");
      const watched = [`monitor cache 127.0.0.1 ${master} 1`, "failover-timeout cache 5000"];
      const lines = [`port ${port}`, "bind 127.0.0.1", `dir ${dir}`, ...watched.map((line) => `sentinel ${line}`)];
      writeFileSync(config, `${lines.join("\n")}\n`);
      return [config];
    },
  });

/** nginx with one server of these lines, as in its configuration. It keeps one process and one user, and asks no clients' names. */
export const startNginx = (lines: readonly string[]): Promise<Running> =>
  start({
    binary: "nginx",
    scheme: "http",
    args(port, dir) {
      const config = join(dir, "nginx.conf");
      writeFileSync(config, nginxConfig(port, dir, lines));
      return ["-e", join(dir, "error.log"), "-c", config];
    },
  });

async function start(recipe: Recipe): Promise<Running> {
  const path = locate(recipe.binary);
  if (path === null) throw new Error(`${recipe.binary} is not installed`);
  const dir = mkdtempSync(join(tmpdir(), `haechi-${recipe.binary}-`));
  const port = await freePort();
  const args = await recipe.args(port, dir);
  let child = await launch(path, args, { port, dir });
  return {
    port,
    url: `${recipe.scheme}://127.0.0.1:${port}`,
    dir,
    get pid() {
      return child.pid!;
    },
    async stop() {
      await end(child, "SIGTERM");
      rmSync(dir, { recursive: true, force: true });
    },
    kill: () => end(child, "SIGKILL"),
    async again() {
      await end(child, "SIGKILL");
      child = await launch(path, args, { port, dir });
    },
  };
}

async function launch(path: string, args: readonly string[], at: { port: number; dir: string }): Promise<ChildProcess> {
  const child = spawn(path, args, { cwd: at.dir, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  // A test run that is cut off must not leave a server behind.
  const reap = (): void => void child.kill("SIGKILL");
  process.once("exit", reap);
  child.once("exit", () => process.off("exit", reap));
  const deadline = performance.now() + startMs;
  while (!(await answers(at.port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await end(child, "SIGKILL");
      throw new Error(`${path} did not start: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("error", end(false));
  });
}

function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const force = setTimeout(() => child.kill("SIGKILL"), startMs);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    child.kill(signal);
  });
}

const bindConfig = (port: number, dir: string): string => `
options {
  directory "${dir}";
  pid-file none;
  session-keyfile "${dir}/session.key";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  notify no;
};
controls { };
key "haechi" { algorithm hmac-sha256; secret "${bindSecret}"; };
zone "example.test" { type primary; file "zone"; allow-update { key "haechi"; }; };
`;

const nginxConfig = (port: number, dir: string, lines: readonly string[]): string => `
daemon off;
master_process off;
pid ${dir}/nginx.pid;
events { }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${dir}/${of};`).join("\n  ")}
  limit_req_zone $binary_remote_addr zone=one:1m rate=1r/m;
  limit_req_status 429;
  server {
    listen 127.0.0.1:${port};
    ${lines.join("\n    ")}
  }
}
`;

const influxConfig = (port: number, rpcPort: number, dir: string): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"
[meta]
  dir = "${dir}/meta"
[data]
  dir = "${dir}/data"
  wal-dir = "${dir}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${port}"
  log-enabled = false
[monitor]
  store-enabled = false
`;
