/**
 * Runs programs that the site file names: one whole list of words for each state, and one that says how it stands.
 * Nothing is put together and no shell reads it. A program gets no secret of the gate's: its surroundings
 * are made anew. To act on another machine, the words are those of ssh.
 */
import { spawn } from "node:child_process";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn } from "./actuator.ts";

export interface ExecSettings {
  /** By state: a program's absolute path and its words. */
  readonly run: Readonly<Record<string, readonly string[]>>;
  /** What prints the state, and nothing else. */
  readonly show: readonly string[];
  readonly timeoutMs: number;
}

/** What of a program's output is looked at; the rest is thrown away as it comes. */
const outputMaxBytes = 4096;
/** What of it is told as its reason. */
const reasonMax = 200;
/** "Try again later": EX_TEMPFAIL of sysexits.h. */
const tempFail = 75;
/** ssh's own fault, and not the program's: whether it got there before the line broke nobody knows. */
const sshFault = 255;
/** How long what a program has printed may take to arrive once it is gone. */
const lastWordsMs = 500;
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export const execDeclaration: Declaration = {
  writes: "a program of the site file, its words fixed for each state",
  twice:
    "as the program does it: it gets the order's id as HAECHI_COMMAND; one that ran out of time, or may have run before the gate was started anew, is not run again",
  timeoutMs: "site file",
  confirmed: "a second program prints the state",
};

/** The actuator of one list of programs. */
export function execActuator(link: StateLink<ExecSettings>): Actuator {
  return {
    ...turnByTurn({
      has: (point) => point === link.point,
      read: (stop) => stateOf(link, stop),
      write: (order, stop) => carryOut(link, order, stop),
    }),
    once: true,
  };
}

async function stateOf({ settings, states }: StateLink<ExecSettings>, stop: AbortSignal): Promise<number | null> {
  const ran = await run(settings.show, { settings, stop, own: {} });
  return ran.is === "ended" && ran.code === 0 ? placeIn(states, ran.output.trim()) : null;
}

async function carryOut(link: StateLink<ExecSettings>, order: Order, stop: AbortSignal): Promise<WriteOutcome> {
  const { settings, states } = link;
  const words = settings.run[states[order.value] ?? ""];
  if (order.point !== link.point || words === undefined) return { result: "refused", detail: "no such state" };
  const own = { HAECHI_COMMAND: order.id, HAECHI_EXPIRES: String(order.expires) };
  const ran = await run(words, { settings, stop, own });
  switch (ran.is) {
    case "ended": {
      if (ran.code === 0) return { result: "accepted" };
      const detail = `exit code ${ran.code}: ${reasonIn(ran.complaint)}`;
      if (ran.code === sshFault) return { result: "unsure", detail };
      return { result: ran.code === tempFail ? "again" : "refused", detail };
    }
    case "notStarted":
      return { result: "refused", detail: ran.why };
    case "cut":
      return { result: "unsure", detail: ran.why };
  }
}

const reasonIn = (complaint: string): string =>
  complaint
    .replaceAll(/[^ -~]+/g, " ")
    .trim()
    .slice(0, reasonMax);

type Ran =
  | { readonly is: "ended"; readonly code: number; readonly output: string; readonly complaint: string }
  | { readonly is: "notStarted"; readonly why: string }
  /** Killed, by us or by somebody: how far it came nobody knows. */
  | { readonly is: "cut"; readonly why: string };

interface Surroundings {
  readonly settings: ExecSettings;
  readonly stop: AbortSignal;
  readonly own: Readonly<Record<string, string>>;
}

function run([file = "", ...words]: readonly string[], { settings, stop, own }: Surroundings): Promise<Ran> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve({ is: "notStarted", why: "not asked any more" });
    const home = process.env["HOME"];
    const child = spawn(file, words, {
      cwd: "/",
      env: { PATH: path, LANG: "C", ...(home === undefined ? {} : { HOME: home }), ...own },
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own, so that what it has started ends with it.
      detached: true,
    });
    const [output, complaint] = [kept(child.stdout), kept(child.stderr)];
    const end = (ran: Ran): void => {
      clearTimeout(deadline);
      stop.removeEventListener("abort", cut);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(ran);
    };
    const cut = (): void => {
      kill(child.pid);
      end({ is: "cut", why: stop.aborted ? "not waited for any more" : `not done within ${settings.timeoutMs} ms` });
    };
    const deadline = setTimeout(cut, settings.timeoutMs);
    stop.addEventListener("abort", cut, { once: true });
    child.once("error", (error) => end({ is: "notStarted", why: `${file} cannot be run: ${codeOf(error)}` }));
    child.once("exit", (code, signal) => {
      const done = (): void =>
        end(
          code === null
            ? { is: "cut", why: `ended by ${signal}` }
            : { is: "ended", code, output: output(), complaint: complaint() },
        );
      // What it has started would hold its pipes; what has left the group is not waited for.
      kill(child.pid);
      const late = setTimeout(done, lastWordsMs);
      child.once("close", () => {
        clearTimeout(late);
        done();
      });
    });
  });
}

const codeOf = (error: NodeJS.ErrnoException): string => error.code ?? error.message;

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // Nobody of its group is left.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** What a stream has said, up to a bound. */
function kept(stream: NodeJS.ReadableStream): () => string {
  let text = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    if (text.length < outputMaxBytes) text = Buffer.concat([text, chunk.subarray(0, outputMaxBytes - text.length)]);
  });
  return () => text.toString();
}
