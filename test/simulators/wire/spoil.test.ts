import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveAlone } from "../../../simulators/device/served.ts";
import { type Fault, parseFault } from "../../../simulators/wire/fault.ts";
import { loadLibrary } from "../../../src/profiles/index.ts";
import { freePort } from "../../setup/services.ts";

const profile = loadLibrary().profiles.get("meter/schneider-iem3000")!;
/** Transaction 0x1234, unit 1, function 3, two words from 2999. */
const question = Buffer.from("12340000000601030bb70002", "hex");
const answerBytes = 13;
/** How long it is watched that nothing comes, or nothing more; and how long an answer may take on a busy machine. ms */
const soon = 300;
const patience = 20_000;
/** Of two times of one process the shorter one is over first. ms */
const before = 100;

/** What a meter with these faults sends for one question, up to so many bytes, and whether the connection outlived it. */
async function answers(
  enough: number,
  ...faults: readonly string[]
): Promise<{ bytes: Buffer; ended: string | null; isLate: boolean }> {
  const address = { host: "127.0.0.1", port: await freePort() };
  const read = faults.map((text) => parseFault(text, "modbus") as Fault);
  const alone = await serveAlone(profile, { protocol: "modbus", address, rows: 1, seed: 1, faults: read });
  onTestFinished(() => alone.close());
  const socket: Socket = connect(address);
  onTestFinished(() => void socket.destroy());
  const heard: Buffer[] = [];
  let isLate = false;
  const early = setTimeout(() => (isLate = true), before);
  socket.write(question);
  return new Promise((resolve) => {
    const end = (ended: string | null): void => {
      clearTimeout(timer);
      clearTimeout(early);
      resolve({ bytes: Buffer.concat(heard), ended, isLate });
    };
    let timer = setTimeout(() => end(null), enough === 0 ? soon : patience);
    socket.on("data", (chunk: Buffer) => {
      heard.push(chunk);
      if (Buffer.concat(heard).length < enough) return;
      clearTimeout(timer);
      timer = setTimeout(() => end(null), soon);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
    socket.once("close", () => end("closed"));
  });
}

describe("a Modbus device's faults, as they are seen on the wire", () => {
  test("without any, the answer is whole and bears the question's number", async () => {
    const { bytes } = await answers(answerBytes);
    expect(bytes.subarray(0, 9).toString("hex")).toBe("123400000007010304");
    expect(bytes.length).toBe(answerBytes);
  });

  test("wrong-id: the answer bears another transaction's number and is otherwise the same", async () => {
    const { bytes } = await answers(answerBytes, "wrong-id");
    expect(bytes.subarray(0, 9).toString("hex")).toBe("123500000007010304");
  });

  test("half-frame: the answer breaks off in the middle", async () => {
    const { bytes, ended } = await answers(6, "half-frame");
    expect(bytes.toString("hex")).toBe("123400000007");
    expect(ended).toBeNull();
  });

  test("exception: the answer is an exception with that code", async () => {
    expect((await answers(9, "exception=6")).bytes.toString("hex")).toBe("123400000003018306");
  });

  test("drop: nothing comes, and the connection stays", async () => {
    expect(await answers(0, "drop")).toMatchObject({ bytes: Buffer.alloc(0), ended: null });
  });

  test("delay: the whole answer comes, and not before its time", async () => {
    const { bytes, isLate } = await answers(answerBytes, "delay=150ms");
    expect([bytes.length, isLate]).toEqual([answerBytes, true]);
  });

  test("reset: the connection is broken off", async () => {
    expect(await answers(1, "reset")).toMatchObject({ bytes: Buffer.alloc(0), ended: "ECONNRESET" });
  });

  test("two at once: the exception bears another's number", async () => {
    expect((await answers(9, "exception=2", "wrong-id")).bytes.toString("hex")).toBe("123500000003018302");
  });
});

describe("slow-loris", () => {
  test("sends an answer byte by byte, whole in the end", async () => {
    const address = { host: "127.0.0.1", port: await freePort() };
    const faults = [parseFault("slow-loris=5ms", "modbus") as Fault];
    const alone = await serveAlone(profile, { protocol: "modbus", address, rows: 1, seed: 1, faults });
    onTestFinished(() => alone.close());
    const socket = connect({ ...address, noDelay: true });
    onTestFinished(() => void socket.destroy());
    const chunks: Buffer[] = [];
    const whole = new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).length === answerBytes) resolve();
      });
    });
    socket.write(question);
    await whole;
    expect(Buffer.concat(chunks).subarray(0, 9).toString("hex")).toBe("123400000007010304");
    expect(chunks.length).toBeGreaterThan(1);
  });
});
