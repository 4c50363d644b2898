/** The gate as the service's child: started beside it, watched, and started again when it dies. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Clock } from "./clock.ts";

export interface GateChild {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface GateChildOptions {
  readonly siteFile: string;
  readonly stateDir: string;
  /** The gate's clock goes on from this one, whatever has been done to the wall clock in between. */
  readonly clock: Clock;
  /** Said when the gate dies and when it is back. */
  readonly say: (text: string) => void;
}

/** A gate that dies at once, again and again, is started at this pace. */
const restartMs = 500;

/** Starts the gate and resolves when it is ready to be spoken to. Rejects where it cannot start. */
export async function startGate(options: GateChildOptions): Promise<GateChild> {
  let isStopping = false;
  let child = launch(options);
  await ready(child);
  const watch = (): void => {
    child.once("exit", (code, signal) => {
      if (isStopping) return;
      options.say(`the gate ended (${signal ?? code}); it is started again`);
      setTimeout(() => {
        if (isStopping) return;
        child = launch(options);
        watch();
        ready(child).then(
          () => options.say("the gate is back"),
          (error: unknown) => options.say(String(error)),
        );
      }, restartMs);
    });
  };
  watch();
  return {
    get pid() {
      return child.pid;
    },
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
      child.stdin?.end();
      await gone;
    },
  };
}

function launch({ siteFile, stateDir, clock }: GateChildOptions): ChildProcess {
  const words = ["gate", siteFile, "--state", stateDir, ...timeOf(clock)];
  // The gate lives as long as this pipe: killed or not, the service cannot leave it behind.
  return spawn(process.execPath, [mainFile(), ...words], { stdio: ["pipe", "pipe", "inherit"] });
}

/** The command line beside this file; seen from the sources it is the built one. */
function mainFile(): string {
  const files = ["./cli/main.js", "../dist/src/cli/main.js"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  return files.find((file) => existsSync(file)) ?? files[0]!;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.once("line", () => resolve());
    child.once("exit", (code) => reject(new Error(`the gate ended with ${code} before it was ready`)));
    child.once("error", reject);
  });
}

const timeOf = (clock: Clock): readonly string[] => {
  const words = { speed: clock.speed, since: Date.now(), at: clock.now() };
  return Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
};
