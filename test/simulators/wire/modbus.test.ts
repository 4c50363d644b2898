import modbusSerial from "modbus-serial";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plant } from "../../../simulators/plant/index.ts";
import { advance, apply, demoPlant, measure } from "../../../simulators/plant/index.ts";
import type { Served } from "../../../simulators/wire/index.ts";
import { accessTo, serveDevices } from "../../../simulators/wire/index.ts";
import { seconds } from "../../../src/core/time.ts";
import { decodeModbus, findSunSpecModels, modbusReadPlan, registerImage } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { demoDevices } from "../demo-site.ts";
import { program } from "./program.ts";

// The package is CommonJS: its class stands on the default import.
const ModbusClient = modbusSerial.default;
const devices = demoDevices().filter(({ model }) => model.protocol === "modbus");
let plant: Plant;
let served: Served;

beforeAll(async () => {
  plant = demoPlant(11);
  served = await serveDevices(devices, accessTo(plant), { ports: "free" });
});
afterAll(() => served.close());

const portOf = (device: string): number => served.addresses.get(device)!.port;

async function withClient<T>(
  device: string,
  use: (client: InstanceType<typeof ModbusClient>) => Promise<T>,
): Promise<T> {
  const client = new ModbusClient();
  await client.connectTCP("127.0.0.1", { port: portOf(device) });
  client.setID(1);
  client.setTimeout(2000);
  try {
    return await use(client);
  } finally {
    await new Promise<void>((closed) => client.close(() => closed()));
  }
}

const codeOf = (refusal: Promise<unknown>): Promise<unknown> =>
  refusal.then(
    () => 0,
    (error: unknown) => (error as { modbusCode?: number }).modbusCode,
  );

async function readAll(id: string): Promise<Map<string, number | string>> {
  const { model } = devices.find((device) => device.id === id)!;
  return withClient(id, async (client) => {
    const bases = await findSunSpecModels(
      async (addr, count) => (await client.readHoldingRegisters(addr, count)).data,
    ).catch(() => new Map<number, number>());
    const registers = registerImage();
    for (const { table, addr, count } of modbusReadPlan(model.points, model.link, bases)) {
      const { data } =
        table === "holding"
          ? await client.readHoldingRegisters(addr, count)
          : table === "input"
            ? await client.readInputRegisters(addr, count)
            : table === "coil"
              ? await client.readCoils(addr, count)
              : await client.readDiscreteInputs(addr, count);
      data.slice(0, count).forEach((word, i) => registers.set(table, addr + i, Number(word)));
    }
    return new Map(
      model.points.map((point) => {
        const sample = decodeModbus(point, registers, bases);
        return [point.name, "value" in sample ? sample.value : sample.fault];
      }),
    );
  });
}

/** A value through a register is as coarse as the register: one part in a hundred, or one unit. */
const agrees = (read: number, truth: number): boolean => Math.abs(read - truth) <= Math.max(1, Math.abs(truth) * 0.01);

describe("simulated devices behind Modbus TCP", () => {
  test.each(devices.map(({ id }) => id))("%s answers every point of its profile with the plant's truth", async (id) => {
    const truth = measure(plant);
    const read = await readAll(id);
    expect(read.size).toBeGreaterThan(0);
    for (const [point, value] of read) {
      expect(typeof value, `${id}/${point} is ${value}`).toBe("number");
      expect(agrees(Number(value), truth(id, point)!), `${id}/${point}: ${value}, truly ${truth(id, point)}`).toBe(
        true,
      );
    }
  });

  test("a bank's chain of SunSpec models has the lengths of the standard", async () => {
    const found = await withClient("bat-a", async (client) => {
      const words = async (addr: number, count: number) => (await client.readHoldingRegisters(addr, count)).data;
      const models: [number, number][] = [];
      let addr = 40_002;
      for (let [model, length] = await words(addr, 2); model !== 0xffff; [model, length] = await words(addr, 2)) {
        models.push([model!, length!]);
        addr += 2 + length!;
      }
      return {
        marker: await words(40_000, 2),
        models,
        manufacturer: (await words(40_004, 3)).map((w) => w.toString(16)),
      };
    });
    expect(found.marker).toEqual([0x5375, 0x6e53]);
    expect(found.models).toEqual([
      [1, 66],
      [802, 62],
      [803, 26 + 2 * 32],
    ]);
    expect(found.manufacturer).toEqual(["4861", "6563", "6869"]);
  });

  test("words far from every point are no addresses of the device", async () => {
    expect(await withClient("asd-battery", (client) => codeOf(client.readHoldingRegisters(900, 2)))).toBe(2);
    expect(await withClient("asd-battery", (client) => codeOf(client.readInputRegisters(12, 1)))).toBe(2);
    expect(await withClient("relay-a2", (client) => codeOf(client.readCoils(0, 7)))).toBe(2);
  });

  test("a coil switches a rack's contactor", async () => {
    await withClient("relay-b2", (client) => client.writeCoil(3, false));
    expect(measure(plant)("relay-b2", "contact[3].state")).toBe(1);
    advance(plant, seconds(1));
    expect(measure(plant)("relay-b2", "contact[3].state")).toBe(0);
    expect(await withClient("relay-b2", async (client) => (await client.readDiscreteInputs(3, 1)).data[0])).toBe(false);
    expect(served.writesSeen("relay-b2")).toBe(1);
  });

  test("a fire panel refuses every kind of write, and counts it", async () => {
    const before = served.writesSeen("asd-hall-1");
    expect(await withClient("asd-hall-1", (client) => codeOf(client.writeRegister(6, 1)))).toBe(1);
    expect(await withClient("asd-hall-1", (client) => codeOf(client.writeRegisters(6, [1])))).toBe(1);
    expect(await withClient("asd-hall-1", (client) => codeOf(client.writeCoil(0, true)))).toBe(1);
    expect(served.writesSeen("asd-hall-1")).toBe(before + 3);
    expect(served.writesSeen("asd-battery")).toBe(0);
  });

  test("a silent device keeps its connection and says nothing; a frozen one says what it said", async () => {
    apply(plant, { sensor: "meter-a2", silent: true });
    const silence = await withClient("meter-a2", async (client) => {
      client.setTimeout(200);
      return client.readHoldingRegisters(3059, 2).then(
        () => "answered",
        (error: Error) => error.name,
      );
    });
    expect(silence).toContain("Timed");
    apply(plant, { sensor: "meter-a2", silent: false });
    apply(plant, { freeze: "bat-b", on: true });
    const before = await readAll("bat-b");
    advance(plant, seconds(30));
    expect(await readAll("bat-b")).toEqual(before);
    apply(plant, { freeze: "bat-b", on: false });
    expect(await readAll("bat-b")).not.toEqual(before);
  });

  test("a sensor without a reading gives its device's sentinel", async () => {
    apply(plant, { reading: "bat-b/battery.voltage", shows: null });
    expect((await readAll("bat-b")).get("battery.voltage")).toBe("sensorFailure");
    apply(plant, { reading: "bat-b/battery.voltage", shows: "truth" });
  });

  test("a port that is taken is said at once, and nothing is left open", async () => {
    const taken = { ...devices[0]!, address: { host: "127.0.0.1", port: portOf("meter-main") } };
    await expect(serveDevices([taken], accessTo(plant), { ports: "site" })).rejects.toThrow(
      `${devices[0]!.id} cannot be served`,
    );
  });
});

describeWith("mbpoll", "mbpoll reads simulated Modbus devices", () => {
  const poll = async (device: string, ...args: readonly string[]): Promise<string> =>
    (await program("mbpoll", ["-m", "tcp", "-0", "-1", "-p", String(portOf(device)), ...args, "127.0.0.1"])).text;

  test("the main meter's power as a float", async () => {
    const text = await poll("meter-main", "-a", "1", "-t", "4:float", "-B", "-r", "3059", "-c", "1");
    const read = Number(/\[3059\]:\s+([\d.]+)/.exec(text)?.[1]);
    expect(agrees(read, measure(plant)("meter-main", "power.active")!)).toBe(true);
  });

  test("whatever the unit it asks for", async () => {
    expect(await poll("bat-a", "-a", "77", "-t", "4:hex", "-r", "40000", "-c", "2")).toMatch(/0x5375[\s\S]*0x6E53/i);
  });

  test("and is refused by a fire panel", async () => {
    const register = ["-m", "tcp", "-0", "-1", "-a", "1", "-t", "4", "-r", "6"];
    const { code, text } = await program("mbpoll", [...register, "-p", String(portOf("asd-ups")), "127.0.0.1", "1"]);
    expect(code).not.toBe(0);
    expect(text).toContain("Illegal function");
  });
});
