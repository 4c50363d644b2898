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
