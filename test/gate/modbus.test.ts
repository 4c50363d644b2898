import { afterEach, describe, expect, it } from "vitest";
import { modbusActuator } from "../../src/gate/modbus.ts";
import { exception, freePort, modbusServer, peer } from "../collect/fixture.ts";
import { order, relayLink, stop } from "./device-fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Box {
  readonly coils: Map<number, boolean>;
  readonly words: Map<number, number>;
  readonly units: number[];
  readonly port: number;
}

async function box(): Promise<Box> {
  const coils = new Map([[0, true]]);
  const words = new Map<number, number>([[6, 0x0101]]);
  const units: number[] = [];
  const server = await modbusServer({
    getCoil: (addr: number) => coils.get(addr) ?? false,
    getHoldingRegister: (addr: number) => words.get(addr) ?? 0,
    setCoil: (addr: number, value: boolean, unit: number) => {
      units.push(unit);
      coils.set(addr, value);
    },
    setRegister: (addr: number, value: number) => {
      if (addr >= 900) throw Object.assign(new Error("no such register"), { modbusErrorCode: 2 });
      words.set(addr, value);
    },
  });
  closers.push(() => server.close());
  return { coils, words, units, port: server.port };
}

function actuatorAt(port: number, over: Parameters<typeof relayLink>[1] = {}) {
  const actuator = modbusActuator(relayLink(port, over));
  closers.push(() => actuator.close());
  return actuator;
}

describe("a Modbus device that is written to", () => {
  it("has its coil set in the unit that the link names, and read back", async () => {
    const { coils, units, port } = await box();
    const actuator = actuatorAt(port);
    expect(await actuator.read("outlet[1].state", stop)).toBe(1);
    expect(await actuator.write(order(0), stop)).toEqual({ result: "accepted" });
    expect(coils.get(0)).toBe(false);
    expect(units).toEqual([7]);
    expect(await actuator.read("outlet[1].state", stop)).toBe(0);
  });

  it("has words written as the profile lays them out", async () => {
    const { words, port } = await box();
    const actuator = actuatorAt(port);
    await actuator.write(order(21, "setpoint"), stop);
    await actuator.write(order(10_000, "limit"), stop);
    expect([words.get(3), words.get(4), words.get(5)]).toEqual([210, 1, 0x86a0]);
    expect(await actuator.read("limit", stop)).toBe(10_000);
  });

  it("keeps the other bits of a word of which it sets one", async () => {
    const { words, port } = await box();
    const actuator = actuatorAt(port);
    expect(await actuator.write(order(1, "flag"), stop)).toEqual({ result: "accepted" });
    expect(words.get(6)).toBe(0x0109);
  });

  it("is not written to where its profile has no command, and not read where it has no point", async () => {
    const { port } = await box();
    const actuator = actuatorAt(port);
    expect(await actuator.write(order(2), stop)).toMatchObject({ result: "refused" });
    expect(await actuator.read("outlet[9].state", stop)).toBeNull();
  });

  it("may be asked again where it cannot be reached: nothing was sent", async () => {
    const actuator = actuatorAt(await freePort());
    expect(await actuator.write(order(0), stop)).toMatchObject({ result: "again" });
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
  });

  it.each([
    [1, "refused"],
    [2, "refused"],
    [3, "refused"],
    [4, "refused"],
    [5, "again"],
    [6, "again"],
    [10, "again"],
    [11, "again"],
  ] as const)("that answers a write with exception %i has it %s", async (code, result) => {
    const device = await peer((request, socket) => socket.write(exception(request, code)));
    closers.push(() => device.close());
    expect(await actuatorAt(device.port).write(order(0), stop)).toEqual({ result, detail: `Modbus exception ${code}` });
  });

  it("leaves it unsure where a write has no answer, and never takes the late one for another", async () => {
    let late: (() => void) | null = null;
    const device = await peer((request, socket) => {
      if (request.readUInt8(7) === 5) late = () => socket.write(request);
      else socket.write(exception(request, 2));
    });
    closers.push(() => device.close());
    const actuator = actuatorAt(device.port, { timeout: 80 });
    expect(await actuator.write(order(0), stop)).toMatchObject({ result: "unsure" });
    late!();
    expect(await actuator.read("outlet[1].state", stop)).toBeNull();
    expect(device.connections).toBe(2);
  });

  it("gives no value where it sends rubbish, is cut off or sends too little", async () => {
    const answers: ((request: Buffer) => Buffer)[] = [
      () => Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      (request) => Buffer.concat([request.subarray(0, 4), Buffer.from([0, 3, 7, 1, 0])]),
      (request) => request.subarray(0, 5),
    ];
    for (const answer of answers) {
      const device = await peer((request, socket) => socket.end(answer(request)));
      closers.push(() => device.close());
      expect(await actuatorAt(device.port, { timeout: 80 }).read("outlet[1].state", stop)).toBeNull();
    }
  });

  it("is asked one thing at a time", async () => {
    let open = 0;
    let most = 0;
    const device = await peer((request, socket) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        socket.write(exception(request, 2));
      });
    });
    closers.push(() => device.close());
    const actuator = actuatorAt(device.port);
    const read = () => actuator.read("power.active", stop);
    await Promise.all([read(), actuator.write(order(0), stop), read(), read()]);
    expect(most).toBe(1);
  });
});
