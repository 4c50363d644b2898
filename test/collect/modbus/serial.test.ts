import { afterEach, expect, test } from "vitest";
import { modbusOpener } from "../../../src/collect/modbus/line.ts";
import { Trunks } from "../../../src/collect/modbus/trunk.ts";
import type { DeviceLink, SerialSettings } from "../../../src/profiles/link.ts";
import { describeWith } from "../../setup/available.ts";
import { device, modbusPoint, running } from "../fixture.ts";
import { PYMODBUS, pymodbusOn, serialLine } from "./servers/programs.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const settings: SerialSettings = { baud: 19_200, parity: "none", dataBits: 8, stopBits: 1 };
const points = [modbusPoint("a", 1), modbusPoint("far", 500)];
const alone = async (): Promise<void> => {};

function onLine(path: string, unit: number, over: { timeout?: number } = {}): DeviceLink {
  const link = device(`unit-${unit}`, 0, points, { timeout: 5000, ...over });
  return { ...link, address: { host: path, port: 0, unit, transport: { kind: "serial", ...settings } } };
}

test("a serial port that is not there cannot be opened, and that is said", async () => {
  const opening = modbusOpener(onLine("/dev/haechi-has-no-such-port", 1))(running());
  await expect(opening).rejects.toMatchObject({ kind: "broken", asked: false });
  await expect(opening).rejects.toThrow("haechi-has-no-such-port");
});

describeWith(PYMODBUS, "a serial line", () => {
  describeWith("socat", "with pymodbus at its other end", () => {
    test("has its units read over one port, while one that is not there is silent", async () => {
      const wire = await serialLine();
      closers.push(() => wire.stop());
      const server = await pymodbusOn(wire.theirs);
      closers.push(() => server.stop());
      const trunks = new Trunks();
      const lines = await Promise.all(
        [onLine(wire.ours, 1), onLine(wire.ours, 17), onLine(wire.ours, 99, { timeout: 100 })].map(async (link) => {
          const line = await modbusOpener(link, trunks)(running());
          closers.push(() => line.close());
          return line;
        }),
      );
      const [first, second, dead] = lines;
      const valuesOf = async (line: (typeof lines)[number]) =>
        (await line.poll(points, alone)).samples.map((sample) => ("value" in sample ? sample.value : sample.fault));
      // The server is still starting when it is first asked.
      await expect.poll(() => valuesOf(first!), { timeout: 20_000 }).toEqual([11, 5001]);
      const [one, other, none] = await Promise.all([
        valuesOf(first!),
        valuesOf(second!),
        dead!.poll(points, alone).then(({ fault }) => fault?.kind),
      ]);
      expect([one, other, none]).toEqual([[11, 5001], [27, 5017], "silent"]);
    });

    test("is given back when its last user is done, and can be opened again", async () => {
      const wire = await serialLine();
      closers.push(() => wire.stop());
      const open = modbusOpener(onLine(wire.ours, 1, { timeout: 50 }));
      for (let turn = 0; turn < 3; turn += 1) {
        const line = await open(running());
        expect(await line.poll(points, alone)).toMatchObject({ heard: false, fault: { kind: "silent" } });
        line.close();
        expect(line.usable).toBe(false);
      }
    });

    test("that is unplugged ends the connection, at the latest when three requests brought nothing", async () => {
      const wire = await serialLine();
      closers.push(() => wire.stop());
      const line = await modbusOpener(onLine(wire.ours, 1, { timeout: 50 }))(running());
      closers.push(() => line.close());
      expect(line.usable).toBe(true);
      await wire.stop();
      for (let poll = 0; poll < 3 && line.usable; poll += 1) await line.poll(points, alone);
      expect(line.usable).toBe(false);
    });
  });
});
