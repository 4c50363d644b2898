import { expect, test } from "vitest";
import { serveRecording } from "../../../simulators/device/recorded.ts";
import { parseRecording, recordingText } from "../../../simulators/device/recording.ts";
import { describeWith } from "../../setup/available.ts";
import { freeUdpPort } from "../../setup/services.ts";
import { startSnmpsim } from "../../setup/snmpsim.ts";
import { program } from "../wire/program.ts";

const system = "1.3.6.1.2.1.1";
const own = "1.3.6.1.4.1.99999";

/** All types, holes, a table, long texts, and many objects. */
const recording = [
  `.${own}.2.1.10|2|-2147483648`,
  `${system}.1.0|4|A device of nobody's`,
  `${system}.2.0|6|${own}.1`,
  `${system}.3.0|67|123456`,
  `${own}.1.1.0|4x|00ff80`,
  `${own}.1.2.0|4|`,
  `${own}.1.3.0|64|10.1.2.3`,
  `${own}.1.4.0|70|18446744073709551615`,
  `${own}.1.5.0|66|4294967295`,
  `${own}.1.6.0|65|0`,
  `${own}.1.7.0|4e|a\\tb\\x00c`,
  `${own}.1.8.0|4|${"long ".repeat(60)}`,
  "not a line",
  ...Array.from({ length: 300 }, (_, i) => `${own}.3.1.${i % 4}.${i}|2|${i * 3}`),
].join("\n");

describeWith("snmpsimd", "a recording that is served", () => {
  test("is what snmpsimd makes of the same file: by walks of every kind and by single objects", async () => {
    const { lines, problems } = parseRecording(Buffer.from(recording));
    expect(problems.map(({ line }) => line)).toEqual([13]);
    const port = await freeUdpPort();
    const address = { host: "127.0.0.1", port, snmp: { version: "2c", community: "it" } } as const;
    const [agent, sim] = [
      await serveRecording(lines, address),
      await startSnmpsim(new Map([["it", recordingText(lines)]])),
    ];
    const both = async (tool: string, ...args: readonly string[]): Promise<readonly [string, string]> => {
      const ask = async (at: number): Promise<string> => {
        const options = ["-c", "it", "-On", "-Ot", "-Ox", "-m", "", "-t", "5", `127.0.0.1:${at}`];
        const { text } = await program(tool, [...args.slice(0, 1), ...options, ...args.slice(1)]);
        // Behind the end snmpsimd says once more that it is the end, for each row that was asked for.
        return text
          .split("\n")
          .filter((line) => line !== "" && !line.includes("past the end"))
          .join("\n");
      };
      return [await ask(port), await ask(sim.port)];
    };
    try {
      for (const args of [
        ["-v2c", ".1"],
        ["-v1", ".1"],
        ["-v2c", `${own}.1`],
        ["-v2c", `${own}.3.1.2`],
      ]) {
        const [ours, theirs] = await both("snmpwalk", ...args);
        expect(ours).toBe(theirs);
        expect(ours.split("\n").length).toBeGreaterThan(5);
      }
      const [ours, theirs] = await both("snmpbulkwalk", "-v2c", ".1");
      expect(ours).toBe(theirs);
      const objects = [`${own}.1.4.0`, `${own}.3.1.1.1`, `${own}.1.99.0`, `${own}.3.1.1`];
      const [got, gotThere] = await both("snmpget", "-v2c", ...objects);
      expect(got).toBe(gotThere);
      expect(got).toContain("18446744073709551615");
      const set = await program("snmpset", ["-v2c", "-c", "it", `127.0.0.1:${port}`, `${own}.1.5.0`, "u", "1"]);
      expect(set.text).toContain("notWritable");
    } finally {
      await Promise.all([agent.close(), sim.stop()]);
    }
  });
});
