/**
 * The service's line to its gate. Commands wait here until the gate has said what became of them,
 * and are sent again over every new connection: the gate knows them by their ids and does none twice.
 */
import type { Socket } from "node:net";
import { connect } from "node:net";
import type { Command, CommandId, Outcome, ResponseId } from "../core/command.ts";
import type { PointId } from "../core/reading.ts";
import { oneAtATime } from "./actuator.ts";
import { pause } from "./clock.ts";
import type { GateState, Seen } from "./gate.ts";
import type { GateAnswer, GateRequest } from "./messages.ts";
import { lineCutter, lineMaxBytes } from "./messages.ts";

/** The wait before the second attempt to connect, and the longest. */
const firstWaitMs = 50;
const longestWaitMs = 2000;
/** The gate's state, with every open command in it, is its longest line. */
const answerMaxBytes = 1024 * 1024;
/** The gate takes no more at once; beyond that, the oldest is the most stale. */
const unansweredMax = 1000;
/** Ids whose outcomes were given and are not given twice. */
const givenMax = 10_000;

export interface GateClient {
  /** Has a command carried out. Its outcome comes from {@link outcomes}, once. */
  send(command: Command, token: number): void;
  /** Outcomes as they come, also of commands that an earlier run of the service had sent. One consumer. */
  outcomes(stop: AbortSignal): AsyncIterable<Outcome>;
  /** Takes a response's leave to write. Resolves with the state that this leaves; rejects where no gate answers. */
  disarm(response: ResponseId, by: string, why: string): Promise<GateState>;
  arm(response: ResponseId, by: string, why: string): Promise<GateState>;
  /** Says something else to the gate, as {@link disarm} does. */
  say(request: Saying): Promise<GateState>;
  state(): Promise<GateState>;
  /** How points stand that only the gate can ask for. Rejects where no gate answers. */
  look(points: readonly PointId[]): Promise<Seen>;
  /** Commands of which the gate has not said yet what became of them. */
  waiting(): number;
  /** Whether the gate is connected. */
  connected(): boolean;
  close(): void;
}

/** What people say to a gate, which is answered with the state that it leaves. */
export type Saying = Extract<GateRequest, { readonly by: string }>;

/** Connects to the gate that listens at `path`, and goes on trying until it is closed. */
export function connectGate(path: string): GateClient {
  return new Line(path);
}

interface Asked<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

class Line implements GateClient {
  readonly #path: string;
  readonly #closed = new AbortController();
  readonly #unanswered = new Map<CommandId, { readonly command: Command; readonly token: number }>();
  readonly #given = new Set<CommandId>();
  readonly #waiting: Outcome[] = [];
  /** Questions are put one at a time, so that the next answer is the answer. */
  readonly #inTurn = oneAtATime();
  #asked: Asked<GateState> | null = null;
  /** Looks that are not answered yet, by their points. They take as long as what is looked at, and hold up nothing else. */
  readonly #looks = new Map<string, Asked<Seen>>();
  #wake: () => void = () => undefined;
  #socket: Socket | null = null;

  constructor(path: string) {
    this.#path = path;
    void this.#keepConnected();
  }

  send(command: Command, token: number): void {
    this.#given.delete(command.id);
    this.#unanswered.delete(command.id);
    this.#unanswered.set(command.id, { command, token });
    const [oldest] = this.#unanswered.values();
    if (oldest && this.#unanswered.size > unansweredMax)
      this.#fail(oldest.command, "too many commands wait for the gate");
    const line = lineOf({ kind: "command", command, token });
    if (line.length > lineMaxBytes) this.#fail(command, "the command is longer than a line may be");
    else this.#socket?.write(line);
  }

  async *outcomes(stop: AbortSignal): AsyncIterable<Outcome> {
    const wake = (): void => this.#wake();
    stop.addEventListener("abort", wake);
    while (!stop.aborted && !this.#closed.signal.aborted) {
      const outcome = this.#waiting.shift();
      if (outcome) yield outcome;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    stop.removeEventListener("abort", wake);
  }

  disarm(response: ResponseId, by: string, why: string): Promise<GateState> {
    return this.#ask({ kind: "disarm", response, by, why });
  }

  arm(response: ResponseId, by: string, why: string): Promise<GateState> {
    return this.#ask({ kind: "arm", response, by, why });
  }

  say(request: Saying): Promise<GateState> {
    return this.#ask(request);
  }

  state(): Promise<GateState> {
    return this.#ask({ kind: "state" });
  }

  look(points: readonly PointId[]): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const earlier = this.#looks.get(keyOf(points));
      if (!this.#socket) return reject(new Error("the gate is not connected"));
      this.#looks.set(keyOf(points), { resolve, reject });
      // Who asked the same before is not left without an answer.
      if (earlier) earlier.reject(new Error("asked again"));
      this.#say({ kind: "look", points });
    });
  }

  waiting(): number {
    return this.#unanswered.size;
  }

  connected(): boolean {
    return this.#socket !== null;
  }

  close(): void {
    this.#closed.abort();
    this.#socket?.destroy();
    this.#wake();
  }

  async #keepConnected(): Promise<void> {
    const { signal } = this.#closed;
    for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      if (await this.#connection()) waitMs = firstWaitMs;
      await pause(waitMs, signal);
    }
  }

  /** Resolves when a connection is over: true where there was one. */
  #connection(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#path);
      const cut = lineCutter(answerMaxBytes, (line) => line !== null && this.#hear(line));
      socket.once("connect", () => {
        this.#socket = socket;
        this.#unanswered.forEach((sent) => {
          this.#say({ kind: "command", ...sent });
        });
      });
      socket.on("data", cut);
      // Every fault ends in "close", and there the next attempt begins.
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        const wasConnected = this.#socket === socket;
        if (wasConnected) this.#socket = null;
        const gone = new Error("the gate is gone");
        this.#asked?.reject(gone);
        for (const look of this.#looks.values()) look.reject(gone);
        this.#looks.clear();
        resolve(wasConnected);
      });
    });
  }

  #say(request: GateRequest): void {
    this.#socket?.write(lineOf(request));
  }

  #ask(request: GateRequest): Promise<GateState> {
    return this.#inTurn(async () => {
      if (!this.#socket) throw new Error("the gate is not connected");
      try {
        return await new Promise((resolve, reject) => {
          this.#asked = { resolve, reject };
          this.#say(request);
        });
      } finally {
        this.#asked = null;
      }
    });
  }

  #hear(line: string): void {
    const answer = JSON.parse(line) as GateAnswer;
    switch (answer.kind) {
      case "outcome":
        return this.#give(answer.outcome);
      case "state":
        return this.#asked?.resolve(answer.state);
      case "seen": {
        const key = keyOf(answer.points);
        this.#looks.get(key)?.resolve(answer.values);
        this.#looks.delete(key);
        return;
      }
      case "error":
        return this.#misunderstood(answer);
    }
  }

  #misunderstood({ error, command }: GateAnswer & { readonly kind: "error" }): void {
    const sent = command === undefined ? undefined : this.#unanswered.get(command);
    if (sent) this.#fail(sent.command, error);
    else this.#asked?.reject(new Error(error));
  }

  #give(outcome: Outcome): void {
    this.#unanswered.delete(outcome.command);
    if (this.#given.has(outcome.command)) return;
    this.#given.add(outcome.command);
    if (this.#given.size > givenMax) this.#given.delete(this.#given.values().next().value!);
    this.#waiting.push(outcome);
    this.#wake();
  }

  #fail({ id, issued }: Command, detail: string): void {
    this.#give({ command: id, at: issued, result: "failed", detail });
  }
}

const keyOf = (points: readonly PointId[]): string => points.join(" ");

const lineOf = (request: GateRequest): string => `${JSON.stringify(request)}\n`;
