import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { demoPlant } from "../../../simulators/plant/index.ts";
import { accessTo, serveDevices } from "../../../simulators/wire/index.ts";
import { openModbusPort } from "../../../simulators/wire/modbus-port.ts";
import { readOnce } from "../../../src/collect/index.ts";
import { demoDevices } from "../demo-site.ts";

const patience = 20_000;

/** A port of two units that answer with their number. */
async function twoUnits(): Promise<number> {
  const unit = (number: number) => ({ answer: () => Buffer.from([3, 1, number]) });
  const server = await openModbusPort({ host: "127.0.0.1", port: 0 }, (number) =>
    number < 3 ? unit(number) : undefined,
  );
  onTestFinished(() => server.close());
  return server.port;
}

/** What comes for some bytes that are sent one after the other, up to so many bytes or the end of the connection. */
function heard(port: number, parts: readonly string[], enough: number): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  let bytes = "";
  void (async () => {
    for (const part of parts) await new Promise((sent) => socket.write(Buffer.from(part, "hex"), sent));
  })();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`${bytes} and no more`), patience);
    const end = (text: string): void => {
      clearTimeout(timer);
      resolve(text);
    };
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.toString("hex");
      if (bytes.length >= enough * 2) end(bytes);
    });
    socket.once("close", () => end(`${bytes} closed`));
    socket.once("error", () => end(`${bytes} closed`));
  });
}

describe("a port that speaks Modbus", () => {
  test("lets each unit answer for itself, and nobody for a unit that is not there", async () => {
    const port = await twoUnits();
    const ask = (transaction: string, unit: string): string => `${transaction}00000006${unit}0300000001`;
    const all = await heard(port, [ask("0001", "07"), ask("0002", "01"), ask("0003", "02")], 20);
    expect(all).toBe("00020000000401030101" + "00030000000402030102");
  });

  test("takes a request in pieces, and two at once", async () => {
    const port = await twoUnits();
    expect(await heard(port, ["0001000000", "060103", "00000001"], 10)).toBe("00010000000401030101");
    const two = "000100000006010300000001" + "000200000006020300000001";
    expect(await heard(port, [two], 20)).toBe("00010000000401030101" + "00020000000402030102");
  });

  test("closes a connection that speaks something else", async () => {
    const port = await twoUnits();
    const strange = Buffer.from("GET / HTTP/1.1\r\n\r\n").toString("hex");
    expect(await heard(port, [strange], 1)).toBe(" closed");
  });
});

describe("devices behind one gateway", () => {
  test("are served at one port, each by its own unit", async () => {
    const behind = demoDevices()
      .filter(({ id }) => id === "meter-a2" || id === "asd-ups")
      .map((device, n) => ({ ...device, address: { host: "10.0.0.9", port: 502, unit: n + 1 } }));
    const served = await serveDevices(behind, accessTo(demoPlant(1)), { ports: "free" });
    onTestFinished(() => served.close());
    const addresses = behind.map(({ id }) => served.addresses.get(id)!);
    expect(addresses.map(({ host, unit }) => [host, unit])).toEqual([
      ["127.0.0.1", 1],
      ["127.0.0.1", 2],
    ]);
    expect(addresses[0]!.port).toBe(addresses[1]!.port);
    for (const { id, model } of behind) {
      const { points } = await readOnce({ id, model, address: served.addresses.get(id)! });
      expect(points.filter(({ reading }) => reading.quality !== "good")).toEqual([]);
    }
  });
});
