import { describe, expect, it } from "vitest";
import { passes } from "../../src/core/command.ts";
import { makeDetector } from "../../src/core/detect/index.ts";
import { pointId } from "../../src/core/reading.ts";
import { instant } from "../../src/core/time.ts";
import type { DeviceModel, PointModel, Profile } from "../../src/profiles/index.ts";
import {
  bindDevice,
  decodeModbus,
  decodeSnmp,
  loadLibrary,
  modbusReadPlan,
  registerImage,
} from "../../src/profiles/index.ts";

const { profiles } = loadLibrary();

function profile(id: string): Profile {
  const found = profiles.get(id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
}

function pointOf(model: DeviceModel, name: string): PointModel {
  const found = model.points.find((point) => point.name === name);
  if (!found) throw new Error(`${model.profile} has no ${name}`);
  return found;
}

/** What a point makes of a raw answer, states by name. */
function reads(model: DeviceModel, name: string, raw: number): number | string | undefined {
  const point = pointOf(model, name);
  const sample = decodeSnmp(point, { type: 2, value: raw });
  if ("fault" in sample) return sample.fault;
  return point.states?.[sample.value] ?? sample.value;
}

/** What a point makes of words at their addresses. */
function readsWords(
  model: DeviceModel,
  name: string,
  words: Readonly<Record<number, number>>,
): number | string | undefined {
  const point = pointOf(model, name);
  const registers = registerImage();
  for (const [addr, word] of Object.entries(words)) registers.set("holding", Number(addr), word);
  const sample = decodeModbus(
    point,
    registers,
    new Map([
      [802, 40_070],
      [803, 40_134],
    ]),
  );
  if ("fault" in sample) return sample.fault;
  return point.states?.[sample.value] ?? sample.value;
}

describe("the standard UPS-MIB", () => {
  const ups = bindDevice(profile("ups/ietf-ups-mib"));

  it.each([
    ["ups.mode", "1.3.6.1.2.1.33.1.4.1.0"],
    ["battery.runtime", "1.3.6.1.2.1.33.1.2.3.0"],
    ["battery.charge", "1.3.6.1.2.1.33.1.2.4.0"],
    ["battery.voltage", "1.3.6.1.2.1.33.1.2.5.0"],
    ["output.load[3]", "1.3.6.1.2.1.33.1.4.4.1.5.3"],
  ])("has %s at %s", (name, oid) => expect(pointOf(ups, name).at).toMatchObject({ oid }));

  it("counts its runtime in minutes, its volts in tenths and its power in watts", () => {
    expect(reads(ups, "battery.runtime", 7)).toBe(420);
    expect(reads(ups, "battery.voltage", 4096)).toBe(409.6);
    expect(reads(ups, "output.power[1]", 12_345)).toBe(12.345);
  });

  it("says where its output comes from", () => {
    const said = [1, 2, 3, 4, 5, 6, 7, 9].map((raw) => reads(ups, "ups.mode", raw));
    expect(said).toEqual(["other", "off", "online", "bypass", "battery", "boost", "buck", "other"]);
  });
});

describe("an Eaton UPS", () => {
  const ups = bindDevice(profile("ups/eaton-xups"));

  it("has its own objects, and its runtime in seconds", () => {
    expect(pointOf(ups, "battery.runtime").at).toMatchObject({ oid: "1.3.6.1.4.1.534.1.2.1.0" });
    expect(pointOf(ups, "output.power").at).toMatchObject({ oid: "1.3.6.1.4.1.534.1.4.9.3.0" });
    expect(reads(ups, "battery.runtime", 420)).toBe(420);
  });

  it("carries its load itself in every one of its saving modes", () =>
    expect([3, 8, 9, 10, 12].map((raw) => reads(ups, "ups.mode", raw))).toEqual(Array(5).fill("online")));

  it("is on bypass in maintenance too", () => expect(reads(ups, "ups.mode", 11)).toBe("bypass"));
});

describe("an APC rack PDU", () => {
  const pdu = bindDevice(profile("pdu/apc-rpdu2"), { fitted: { n: 8 } });

  it("is read by other numbers than those by which it is commanded", () => {
    expect([1, 2].map((raw) => reads(pdu, "outlet[3].state", raw))).toEqual(["off", "on"]);
    const [off, on] = ["outlet[3].off", "outlet[3].on"].map((name) => pdu.commands.find((c) => c.name === name));
    expect(off).toMatchObject({ write: { at: { oid: "1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.3" }, raw: 2 }, value: 0 });
    expect(on).toMatchObject({ write: { at: { oid: "1.3.6.1.4.1.318.1.1.26.9.2.4.1.5.3" }, raw: 1 }, value: 1 });
  });

  it("reads the state object, never the command object", () => {
    const oids = pdu.points.flatMap(({ at }) => (at.protocol === "snmp" ? [at.oid] : []));
    expect(oids).toContain("1.3.6.1.4.1.318.1.1.26.9.2.3.1.5.3");
    expect(oids.filter((oid) => oid.startsWith("1.3.6.1.4.1.318.1.1.26.9.2.4."))).toEqual([]);
  });

  it("counts its power in hundredths of a kilowatt and an outlet's in watts", () => {
    expect(reads(pdu, "power.active", 117)).toBe(1.17);
    expect(reads(pdu, "outlet[1].power", 250)).toBe(0.25);
  });

  it("says -1 for what it does not measure", () => expect(reads(pdu, "outlet[1].power", -1)).toBe("sensorFailure"));
});

describe("an APC in-row cooler", () => {
  const cooler = bindDevice(profile("cooling/apc-inrow"));

  it("counts tenths of degrees and says when it stands by", () => {
    expect(pointOf(cooler, "temperature.supply").at).toMatchObject({ oid: "1.3.6.1.4.1.318.1.1.13.3.2.2.2.9.0" });
    expect(reads(cooler, "temperature.supply", 219)).toBe(21.9);
    expect([1, 2, 3].map((raw) => reads(cooler, "cooling.mode", raw))).toEqual(["standby", "on", "idle"]);
  });
});

describe("a SunSpec battery", () => {
  const battery = bindDevice(profile("battery/sunspec-802-803"), { fitted: { n: 2 } });

  it("has its values and scale factors where its models have them", () => {
    expect(readsWords(battery, "battery.charge", { 40081: 875, 40126: 0xffff })).toBe(87.5);
    expect(readsWords(battery, "cell.voltage.min", { 40110: 3312, 40130: 0xfffd })).toBe(3.312);
    expect(readsWords(battery, "module.temperature.max", { 40138: 0xff9c, 40157: 0xffff })).toBe(-10);
  });

  it("has its second string 32 registers after its first", () => {
    expect(readsWords(battery, "string[1].charge", { 40166: 55, 40160: 0 })).toBe(55);
    expect(readsWords(battery, "string[2].charge", { 40198: 54, 40160: 0 })).toBe(54);
    expect(readsWords(battery, "string[2].connection", { 40196: 2 })).toBe("connected");
  });

  it("says 0xFFFF or 0x8000 for what it has not", () => {
    expect(readsWords(battery, "battery.charge", { 40081: 0xffff, 40126: 0 })).toBe("sensorFailure");
    expect(readsWords(battery, "battery.current", { 40114: 0x8000, 40131: 0 })).toBe("sensorFailure");
  });

  it("is read in few requests", () => {
    const bases = new Map([
      [802, 40_070],
      [803, 40_134],
    ]);
    expect(modbusReadPlan(battery.points, battery.link, bases).length).toBeLessThanOrEqual(2);
  });
});

describe("a FAAST smoke detector", () => {
  const detector = bindDevice(profile("fire/honeywell-faast-8100"));
  const level = (word: number): unknown => readsWords(detector, "smoke.level", { 12: word });

  it.each([
    [0, "normal"],
    [0b1, "alert"],
    [0b11, "action"],
    [0b111, "action"],
    [0b100, "action"],
    [0b1111, "fire1"],
    [0b01000, "fire1"],
    [0b11111, "fire2"],
    [0b10000, "fire2"],
    [0b10001, "fire2"],
  ])("that shows the bits %i is at %s", (word, expected) => expect(level(word)).toBe(expected));

  it("takes no bit beyond the five for a level", () => expect(level(0xffe0)).toBe("normal"));

  it("raises an alarm of its own at each level, and for the two of fire a critical one", () => {
    const raised = (state: number): unknown =>
      profile("fire/honeywell-faast-8100")
        .alarms.filter(({ point }) => point === "smoke.level")
        .filter(({ detect }) => {
          const reading = {
            point: pointId("d", "smoke.level"),
            at: instant(0),
            quality: "good",
            value: state,
          } as const;
          return makeDetector(detect).judge(reading, reading.at, false) === "abnormal";
        })
        .map(({ priority, latch }) => [priority, latch]);
    expect([0, 1, 2, 3, 4].map(raised)).toEqual([
      [],
      [["low", false]],
      [["high", false]],
      [["critical", true]],
      [["critical", true]],
    ]);
  });

  it("takes a fault of its airflow for a fault and not for fire", () => {
    expect(readsWords(detector, "smoke.fault", { 3: 0b10 })).toBe("alarm");
    expect(readsWords(detector, "smoke.airflow_fault", { 3: 0b10 })).toBe("alarm");
    expect(readsWords(detector, "smoke.airflow_fault", { 3: 0b1000 })).toBe("normal");
    expect(readsWords(detector, "smoke.fault", { 3: 1 << 9 })).toBe("normal");
  });

  it("is out of service in every mode but normal", () => {
    const said = [3, 0, 4, 8, 42].map((mode) => readsWords(detector, "smoke.isolated", { 6: mode }));
    expect(said).toEqual(["normal", "alarm", "alarm", "alarm", "alarm"]);
  });

  it("has the register that could disable it nowhere in its plan", () => {
    const blocks = modbusReadPlan(detector.points, detector.link, new Map());
    expect(blocks.filter(({ addr, count }) => addr <= 34 && 34 < addr + count)).toEqual([]);
  });
});

describe("Moxa remote I/O", () => {
  it("has its inputs as discrete inputs from 0", () => {
    const io = bindDevice(profile("remote-io/moxa-iologik-e1210"));
    expect(io.points).toHaveLength(16);
    expect(pointOf(io, "contact[15].state").at).toMatchObject({ table: "discrete", addr: 15 });
  });

  it("has its relays as coils from 0, written as they are read", () => {
    const io = bindDevice(profile("remote-io/moxa-iologik-e1214"));
    expect(pointOf(io, "relay[5].state").at).toMatchObject({ table: "coil", addr: 5 });
    const off = io.commands.find(({ name }) => name === "relay[5].off");
    expect(off?.write).toMatchObject({ at: { table: "coil", addr: 5 }, raw: 0 });
    expect(passes({ is: "=", value: off?.value ?? -1 }, 0)).toBe(true);
  });
});

describe("a Schneider meter", () => {
  const meter = bindDevice(profile("meter/schneider-iem3000"));

  it("has kilowatts as floats at 3059 and watt-hours in 64 bits at 3203", () => {
    expect(readsWords(meter, "power.active", { 3059: 0x4366, 3060: 0x199a })).toBe(230.1);
    expect(readsWords(meter, "energy.active", { 3203: 0, 3204: 0, 3205: 1, 3206: 0 })).toBe(65.536);
    expect(pointOf(meter, "voltage[3]").at).toMatchObject({ addr: 3031 });
  });
});

describe("a Deep Sea generator controller", () => {
  const generator = bindDevice(profile("generator/dse-gencomm"));

  it("has page and offset as one address", () => {
    expect(pointOf(generator, "fuel.level").at).toMatchObject({ addr: 4 * 256 + 3 });
    expect(pointOf(generator, "generator.state").at).toMatchObject({ addr: 5 * 256 + 128 });
    expect(pointOf(generator, "generator.alarm").at).toMatchObject({ addr: 154 * 256 + 1 });
  });

  it("is as bad as the worst of its alarms", () => {
    const alarm = (words: readonly number[]): unknown =>
      readsWords(generator, "generator.alarm", Object.fromEntries(words.map((word, i) => [39_425 + i, word])));
    expect(alarm([0x1111, 0x1111, 0x1111, 0x1111, 0x1111])).toBe("normal");
    expect(alarm([0x1111, 0x1211, 0x1111, 0x1111, 0xffff])).toBe("warning");
    expect(alarm([0x1111, 0x1231, 0x1111, 0x1111, 0xffff])).toBe("shutdown");
    expect(alarm([0x1111, 0x1231, 0x1111, 0x1114, 0xffff])).toBe("trip");
  });

  it("has eight ways to say that it has no reading", () => {
    for (let word = 0xfff8; word <= 0xffff; word += 1)
      expect(readsWords(generator, "fuel.level", { 1027: word })).toBe("sensorFailure");
    expect(readsWords(generator, "engine.coolant_temperature", { 1025: 0x7ff8 })).toBe("sensorFailure");
    expect(readsWords(generator, "engine.coolant_temperature", { 1025: 0xfffb })).toBe(-5);
    expect(readsWords(generator, "generator.power", { 1536: 0x7fff, 1537: 0xffff })).toBe("sensorFailure");
  });

  it("is never read across a gap", () => {
    for (const block of modbusReadPlan(generator.points, generator.link, new Map())) {
      const covered = block.points.reduce((sum, { at }) => sum + (at.protocol === "modbus" ? at.count : 0), 0);
      expect(block.count).toBe(covered);
    }
  });
});

describe("a Basler generator controller", () => {
  const generator = bindDevice(profile("generator/basler-dgc2020"));

  it("is known by its series number, one register lower on the wire", () =>
    expect(profile("generator/basler-dgc2020").identify?.modbus).toEqual({
      table: "holding",
      addr: 499,
      equals: 2020,
    }));

  it("counts in degrees Fahrenheit and in psi", () => {
    expect(readsWords(generator, "engine.coolant_temperature", { 84: 212 })).toBeCloseTo(100, 6);
    expect(readsWords(generator, "engine.oil_pressure", { 85: 50 })).toBeCloseTo(344.7, 1);
  });

  it("is in automatic, off or run by its lamps, and in none by no lamp", () => {
    const mode = (lamps: number) => readsWords(generator, "generator.mode", { 503: lamps });
    expect([0b100, 0b10, 0b1, 0b1000].map(mode)).toEqual(["auto", "stop", "manual", "other"]);
  });
});

describe("gas detectors", () => {
  it("of two series have their alarms in the same bits and their faults in others", () => {
    const xcl = bindDevice(profile("environment/honeywell-sensepoint-xcl"));
    const xcd = bindDevice(profile("environment/honeywell-sensepoint-xcd"));
    for (const word of [1, 2, 3]) {
      expect(readsWords(xcl, "gas.alarm", { 105: word })).toBe("alarm");
      expect(readsWords(xcd, "gas.alarm", { 5: word })).toBe("alarm");
    }
    expect(readsWords(xcl, "detector.fault.alarm", { 105: 1 << 6 })).toBe("alarm");
    expect(readsWords(xcl, "gas.alarm", { 105: 1 << 6 })).toBe("normal");
    expect(readsWords(xcd, "detector.fault.alarm", { 5: 1 << 5 })).toBe("alarm");
    expect(readsWords(xcd, "detector.fault.alarm", { 5: 1 << 6 })).toBe("normal");
  });

  it("behind a controller count from ten percent below nothing, one register a sensor", () => {
    const controller = bindDevice(profile("environment/igd-toc-635"));
    expect(pointOf(controller, "gas[3].level").at).toMatchObject({ table: "input", addr: 2 });
    expect(pointOf(controller, "gas[3].level")).toMatchObject({ scale: 0.1, offset: -10 });
    expect(pointOf(controller, "gas[64].alarm").at).toMatchObject({ table: "input", addr: 3063 });
  });
});

describe("DC power over SNMP", () => {
  it("counts a NetSure's millivolts and takes all ones for no number", () => {
    const plant = bindDevice(profile("dc-power/vertiv-netsure-ees"));
    expect(reads(plant, "bus.voltage", 54_696)).toBe(54.696);
    expect(reads(plant, "bus.voltage", 2_147_483_647)).toBe("sensorFailure");
    expect(reads(plant, "battery.charging", 8)).toBe("discharging");
  });

  it("counts an SC200's kilowatts in hundredths", () => {
    const plant = bindDevice(profile("dc-power/eaton-sc200"));
    expect(reads(plant, "load.power", 93)).toBe(0.93);
    expect(reads(plant, "battery.state", 101)).toBe("discharging");
  });

  it("takes an Eltek's currents by the unit that it says itself", () => {
    const { tables = [] } = bindDevice(profile("dc-power/eltek-enexus"));
    const table = tables.find(({ points }) => points.some(({ name }) => name === "load.current"));
    expect(table?.scales).toEqual([{ oid: "1.3.6.1.4.1.12148.10.2.15.0", as: { 0: 1, 1: 0.1 } }]);
  });
});

describe("a Liebert transfer switch", () => {
  it("tells by an identifier of its MIB what the load is on", () => {
    const feed = pointOf(bindDevice(profile("transfer-switch/liebert-sts")), "output.feed");
    const on = (source: number) => decodeSnmp(feed, { type: 6, value: `1.3.6.1.4.1.476.1.42.3.5.2.1.${source}` });
    expect([1, 2].map(on)).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(feed.states?.slice(1, 3)).toEqual(["a", "b"]);
    expect(on(4)).toMatchObject({ fault: "deviceFailure" });
  });
});

describe("a Himoinsa genset", () => {
  it("says in one word of bits whether it runs, who carries the load, and whether it would start", () => {
    const genset = bindDevice(profile("generator/himoinsa-c2lan"));
    const said = (word: number) =>
      ["generator.state", "generator.control", "device.alarm", "ats.on_utility"].map((name) =>
        reads(genset, name, word),
      );
    expect(said(0b01_0000_0110)).toEqual(["stopped", "auto", "normal", "yes"]);
    expect(said(0b10_1000_1001)).toEqual(["running", "other", "alarm", "no"]);
  });
});
