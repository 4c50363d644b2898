import { expect, it } from "vitest";
import { probeDevice } from "../../src/cli/probe.ts";
import { valueOf } from "../../src/core/reading.ts";
import { loadLibrary } from "../../src/profiles/index.ts";
import { describeWith } from "../setup/available.ts";
import { startSnmpsim } from "../setup/snmpsim.ts";

const library = loadLibrary();

/** A row of the standard's sensor table: its number, then type, scale, precision, value and whether it is in operation. */
type Row = readonly [row: number, type: number, scale: number, precision: number, value: number, operation: number];

/** An agent's whole tree: rows of sensors, and what else it is given. */
function treeOf(rows: readonly Row[], others: readonly string[] = []): Buffer {
  const columns = [1, 2, 3, 4, 5].flatMap((column) =>
    rows.map((row) => `1.3.6.1.2.1.99.1.1.1.${column}.${row[0]}|2|${row[column]}`),
  );
  const identity = ["1.3.6.1.2.1.1.1.0|4|a switch", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1"];
  return Buffer.from(`${[...identity, ...columns, ...others].join("\n")}\n`);
}

/** What a probe of an agent tells, by point: value and unit. */
async function told(tree: Buffer): Promise<ReadonlyMap<string, string>> {
  const agent = await startSnmpsim(new Map([["public", tree]]));
  try {
    const { profile, result, further } = await probeDevice(
      `snmp://127.0.0.1:${agent.port}`,
      { community: "public", profile: "auto" },
      library,
    );
    const points = [...result.points, ...further.flatMap((one) => one.points)];
    const texts = points.map(({ name, reading, unit, states }) => {
      const value = valueOf(reading);
      const text = value === null ? "bad" : (states?.[value] ?? `${Number(value.toPrecision(9))} ${unit}`);
      return [name, text] as const;
    });
    return new Map([["profile", profile.id], ...texts]);
  } finally {
    await agent.stop();
  }
}

describeWith("snmpsimd", "an agent with the standard's sensor MIB", () => {
  it("is read by each row's type, scale and precision", async () => {
    const points = await told(
      treeOf([
        [1, 8, 9, 1, 234, 1],
        [2, 9, 9, 0, 41, 1],
        [3, 4, 8, 0, 12_050, 1],
        [4, 3, 9, 1, 2301, 1],
        [5, 5, 8, 0, 850, 1],
        [6, 6, 10, 1, 15, 1],
        [7, 7, 9, 2, 4998, 1],
        [8, 10, 9, 0, 4200, 1],
        [9, 11, 9, 1, 12, 1],
        [10, 12, 9, 0, 1, 1],
      ]),
    );
    expect(Object.fromEntries(points)).toMatchObject({
      profile: "environment/entity-sensor",
      "sensor[1].temperature": "23.4 Cel",
      "sensor[2].humidity": "41 %",
      "sensor[3].voltage": "12.05 V",
      "sensor[4].voltage": "230.1 V",
      "sensor[5].current": "0.85 A",
      "sensor[6].power": "1.5 kW",
      "sensor[7].frequency": "49.98 Hz",
      "fan[8].speed": "4200 r/min",
      "sensor[9].airflow": "20 l/s",
      "sensor[10].state": "on",
    });
  });

  it("gives no value of a sensor that is not in operation, or that is past its range", async () => {
    const points = await told(
      treeOf([
        [1, 8, 9, 1, 234, 1],
        [2, 8, 9, 0, 0, 2],
        [3, 8, 9, 0, 17, 3],
        [4, 8, 9, 0, 1_000_000_000, 1],
      ]),
    );
    expect(points.get("sensor[2].temperature")).toBeUndefined();
    expect(points.get("sensor[3].temperature")).toBeUndefined();
    expect(points.get("sensor[4].temperature")).toBe("bad");
    expect([2, 3].map((row) => points.get(`sensor[${row}].status`))).toEqual(["unknown", "fault"]);
  });
});

describeWith("snmpsimd", "a cooling unit that describes its own rows", () => {
  it("is read in the unit and the size that stand beside each value", async () => {
    const base = "1.3.6.1.4.1.318.1.1.27.1.4.1.2.1";
    const rows: readonly (readonly [string, number, string, number])[] = [
      ["Supply Temperature", 194, "C", 10],
      ["Supply Temperature", 671, "F", 10],
      ["Airflow", 2296, "CFM", 1],
    ];
    const objects = [2, 3, 4, 5].flatMap((column) =>
      rows.map((row, i) => `${base}.${column}.1.${i + 1}|${column === 3 || column === 5 ? 2 : 4}|${row[column - 2]}`),
    );
    const points = await told(treeOf([], objects));
    expect(points.get("sensor[1.1].temperature")).toBe("19.4 Cel");
    expect(points.get("sensor[1.2].temperature")).toBeUndefined();
    expect(points.get("sensor[1.3].airflow")).toBe("1083.59031 l/s");
  });
});
