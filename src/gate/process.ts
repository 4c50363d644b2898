/**
 * The gate as a process of its own: the gate behind a Unix socket in the state directory, which
 * only its own user can open. There is one a state directory: the lock is an abstract socket, which
 * the kernel frees the moment its holder dies, and which a stopped holder still holds.
 */
import { chmod, mkdir, rm, stat } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import type { Outcome } from "../core/command.ts";
import type { Actuator } from "./actuator.ts";
import { wordsOf } from "./actuator.ts";
import type { GateClock } from "./clock.ts";
import type { Gate } from "./gate.ts";
import { openGate } from "./gate.ts";
import { openLedger } from "./ledger.ts";
import type { GateAnswer, GateRequest } from "./messages.ts";
import { lineCutter, lineMaxBytes, parseRequest } from "./messages.ts";
import type { GatePolicy } from "./policy.ts";

/** The exit code of a process that was refused because another holds its place (EX_TEMPFAIL). */
const exitTempFail = 75;
/** The service and a few people's tools. */
const clientsMax = 16;
/** A client that does not take its answers is let go when this much waits for it. */
const unreadMaxBytes = 4 * 1024 * 1024;

/** Another gate holds this state directory. A process that gets this exits with `exitCode`. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
  readonly exitCode = exitTempFail;
}

/** What a gate process is given. */
export interface GateOptions {
  readonly stateDir: string;
  readonly policy: GatePolicy;
  readonly actuators: ReadonlyMap<string, Actuator>;
  readonly clock: GateClock;
}

/** A gate that listens. */
export interface GateProcess {
  readonly socket: string;
  readonly gate: Gate;
  close(): Promise<void>;
}

/** Where the gate of a state directory listens. */
export const gateSocket = (stateDir: string): string => join(stateDir, "gate.sock");

/** Starts the gate of a state directory. Rejects with {@link AlreadyRunning} where one runs. */
export async function serveGate(options: GateOptions): Promise<GateProcess> {
  const { stateDir, policy, actuators, clock } = options;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const lock = await hold(stateDir);
  const socket = gateSocket(stateDir);
  try {
    await clear(socket);
    const ledger = await openLedger(stateDir);
    const clients = new Set<Socket>();
    const onResumed = (outcome: Outcome): void => {
      for (const client of clients) say(client, { kind: "outcome", outcome });
    };
    const gate = openGate({ policy, actuators, clock, ledger, onResumed });
    const server = createServer((client) => admitClient(client, clients, gate));
    server.maxConnections = clientsMax;
    await listen(server, socket);
    await chmod(socket, 0o600);
    return { socket, gate, close: () => closeAll(gate, clients, [server, lock]) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

async function hold(stateDir: string): Promise<Server> {
  const { dev, ino } = await stat(stateDir);
  const lock = createServer((client) => client.destroy());
  try {
    // The directory by its number, not its name: two names of one directory are one gate.
    await listen(lock, `\0haechi-gate-${dev}-${ino}`);
    return lock;
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw isTaken ? new AlreadyRunning(`another gate runs in ${stateDir}`) : error;
  }
}

/** A socket file may be left of a killed gate, or belong to one that runs in another network namespace. */
async function clear(socket: string): Promise<void> {
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(socket);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", ({ code }: NodeJS.ErrnoException) => resolve(!nobody.includes(code)));
  });
  if (isAlive) throw new AlreadyRunning(`another gate listens at ${socket}`);
  await rm(socket, { force: true });
}

/** What connecting to a socket gives that nobody listens at. */
const nobody: readonly (string | undefined)[] = ["ECONNREFUSED", "ENOENT"];

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function admitClient(client: Socket, clients: Set<Socket>, gate: Gate): void {
  clients.add(client);
  client.once("close", () => clients.delete(client));
  // A client that goes away is no fault; its commands go on, and it may ask for their outcomes again.
  client.on("error", () => client.destroy());
  const cut = lineCutter(lineMaxBytes, (line) => {
    void answer(gate, line).then((said) => say(client, said));
  });
  client.on("data", cut);
}

async function answer(gate: Gate, line: string | null): Promise<GateAnswer | null> {
  if (line === null) return { kind: "error", error: `a line is longer than ${lineMaxBytes} bytes` };
  const request = parseRequest(line);
  if (request.kind === "error") return request;
  try {
    return await carryOut(gate, request);
  } catch (error) {
    return { kind: "error", error: wordsOf(error) };
  }
}

async function carryOut(gate: Gate, request: GateRequest): Promise<GateAnswer | null> {
  switch (request.kind) {
    case "command": {
      const outcome = await gate.submit(request.command, request.token);
      return outcome && { kind: "outcome", outcome };
    }
    case "arm":
      await gate.arm(request.response, request.by, request.why, request.forMs);
      return { kind: "state", state: gate.state() };
    case "disarm":
      await gate.disarm(request.response, request.by, request.why, request.forMs);
      return { kind: "state", state: gate.state() };
    case "maintenance":
      await gate.maintain(request.by, request.why, request.forMs);
      return { kind: "state", state: gate.state() };
    case "yes":
      await gate.sayYes(request.what, request.by, request.why);
      return { kind: "state", state: gate.state() };
    case "state":
      return { kind: "state", state: gate.state() };
    case "look":
      return { kind: "seen", points: request.points, values: await gate.look(request.points) };
  }
}

function say(client: Socket, said: GateAnswer | null): void {
  if (said === null || client.destroyed) return;
  client.write(`${JSON.stringify(said)}\n`);
  if (client.writableLength > unreadMaxBytes) client.destroy();
}

async function closeAll(gate: Gate, clients: ReadonlySet<Socket>, servers: readonly Server[]): Promise<void> {
  await gate.close();
  for (const client of clients) client.destroy();
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))));
}
