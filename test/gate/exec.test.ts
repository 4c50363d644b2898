import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Order } from "../../src/gate/actuator.ts";
import { type ExecSettings, execActuator } from "../../src/gate/exec.ts";
import { order as anOrder, stop } from "./device-fixture.ts";
import { bench, command, point, policy } from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const states = ["here", "there"];
const order = (value: number): Order => ({ ...anOrder(value), point: "program.state" });

/** A folder with a program in it, made of lines of sh. */
function program(...lines: readonly string[]): { readonly file: string; readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), "haechi-exec-"));
  closers.push(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, "program");
  writeFileSync(file, `${["#!/bin/sh", ...lines].join("\n")}\n`);
  chmodSync(file, 0o755);
  return { file, dir };
}

function actuator(settings: Partial<ExecSettings>) {
  const all = { run: {}, show: ["/bin/false"], timeoutMs: 5000, ...settings };
  const made = execActuator({ id: "vms", point: "program.state", states, settings: all });
  closers.push(() => made.close());
  return made;
}

/** A program that puts a word into a file, and one that prints it. */
function mover() {
  const { file, dir } = program('echo "$1" > "$2"', 'echo "$HAECHI_COMMAND" >> "$2.orders"');
  const state = join(dir, "state");
  writeFileSync(state, "here\n");
  return {
    state,
    orders: () => readFileSync(`${state}.orders`, "utf8").trim().split("\n"),
    settings: { run: { here: [file, "here", state], there: [file, "there", state] }, show: ["/bin/cat", state] },
  };
}

describe("a program of the site file", () => {
  it("is run with its words, is told the order's id, and another says how it stands", async () => {
    const { settings, orders } = mover();
    const vms = actuator(settings);
    expect(await vms.read("program.state", stop)).toBe(0);
    expect(await vms.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(await vms.read("program.state", stop)).toBe(1);
    expect(await vms.write(order(1), stop)).toEqual({ result: "accepted" });
    expect(orders()).toEqual([order(1).id, order(1).id]);
  });

  it("goes through the gate as an outlet does: run, read back, done", async () => {
    const { settings } = mover();
    const targets = new Map([["vms", { class: "target", writes: new Map([["program.state", [0, 1]]]) }]]);
    const { gate } = bench({
      rules: { ...policy(), allow: new Set(["vms"]), targets },
      actuators: new Map([["vms", actuator(settings)]]),
    });
    const at = "vms/program.state";
    const move = command({
      point: at,
      value: 1,
      expect: { point: point(at), is: "=", value: 1, within: 9000 as never },
    });
    expect(await gate.submit(move, 1)).toMatchObject({ result: "done", readBack: 1 });
  });

  it("is read by no shell, whatever stands in its words", async () => {
    const { file, dir } = program('printf "%s" "$1" > "$2"');
    const out = join(dir, "out");
    const words = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(words, async (word) => {
        expect(await actuator({ run: { here: [file, word, out] } }).write(order(0), stop)).toEqual({
          result: "accepted",
        });
        expect(readFileSync(out, "utf8")).toBe(Buffer.from(word).toString());
      }),
      { numRuns: 25 },
    );
    const sly = "$(touch " + join(dir, "sly") + "); touch " + join(dir, "sly");
    await actuator({ run: { here: [file, sly, out] } }).write(order(0), stop);
    expect(existsSync(join(dir, "sly"))).toBe(false);
  });

  it("gets nothing of what the gate knows", async () => {
    process.env["HAECHI_TEST_SECRET"] = "known";
    closers.push(() => delete process.env["HAECHI_TEST_SECRET"]);
    const { file, dir } = program('env > "$1"');
    const out = join(dir, "out");
    await actuator({ run: { here: [file, out] } }).write(order(0), stop);
    expect(readFileSync(out, "utf8")).toContain(`HAECHI_COMMAND=${order(0).id}`);
    expect(readFileSync(out, "utf8")).not.toContain("known");
  });

  it.each([
    [["/bin/sh", "-c", "echo no such host >&2; exit 1"], "refused", "exit code 1: no such host"],
    [["/bin/sh", "-c", "exit 75"], "again", "exit code 75: "],
    [["/bin/sh", "-c", "exit 255"], "unsure", "exit code 255: "],
    [["/no/such/program"], "refused", "/no/such/program cannot be run: ENOENT"],
    [["/etc/passwd"], "refused", "/etc/passwd cannot be run: EACCES"],
    [["/bin/sh", "-c", "kill -9 $$"], "unsure", "ended by SIGKILL"],
  ])("%j is %s", async (words, result, detail) => {
    expect(await actuator({ run: { here: words } }).write(order(0), stop)).toEqual({ result, detail });
  });

  it("that takes too long is ended with all that it has started, and may have done its work or not", async () => {
    const { file, dir } = program("sleep 600 & echo $! > $1", "wait");
    const out = join(dir, "out");
    const vms = actuator({ run: { here: [file, out] }, timeoutMs: 500 });
    expect(await vms.write(order(0), stop)).toEqual({ result: "unsure", detail: "not done within 500 ms" });
    const pid = readFileSync(out, "utf8").trim();
    for (let i = 0; i < 100 && isAlive(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(pid)).toBe(false);
  });

  it("that leaves something behind which holds its output is not waited for", async () => {
    const { file } = program("sleep 600 &", "echo there");
    expect(await actuator({ show: [file] }).read("program.state", stop)).toBe(1);
  });

  it.each([
    ["nothing", ["/bin/true"]],
    ["another word", ["/bin/echo", "elsewhere"]],
    ["without an end", ["/bin/sh", "-c", "yes here"]],
    ["the right word, and fails", ["/bin/sh", "-c", "echo here; exit 1"]],
    ["nothing, for it is not there", ["/no/such/program"]],
  ])("has no state where it prints %s", async (_, show) => {
    expect(await actuator({ show, timeoutMs: 500 }).read("program.state", stop)).toBeNull();
  });

  it("has no state where it prints whatever else", async () => {
    const { dir } = program();
    const out = join(dir, "out");
    const vms = actuator({ show: ["/bin/cat", out] });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000 }), async (bytes) => {
        writeFileSync(out, bytes);
        expect(await vms.read("program.state", stop)).toBeNull();
      }),
      { numRuns: 25 },
    );
  });

  it("is run for no other state or point, and not any more once the gate closes", async () => {
    const { settings, state } = mover();
    const vms = actuator(settings);
    expect(await vms.write(order(2), stop)).toMatchObject({ result: "refused" });
    expect(await vms.write({ ...order(1), point: "program.other" }, stop)).toMatchObject({ result: "refused" });
    expect(await vms.read("program.other", stop)).toBeNull();
    vms.close();
    expect((await vms.write(order(1), stop)).result).toBe("refused");
    expect(readFileSync(state, "utf8")).toBe("here\n");
    const slow = actuator({ show: ["/bin/sleep", "600"] });
    const reading = slow.read("program.state", stop);
    slow.close();
    expect(await reading).toBeNull();
  });
});

/** Whether a process runs, a dead one that nobody has fetched aside. */
const isAlive = (pid: string): boolean =>
  existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
