import { describe, expect, onTestFinished, test } from "vitest";
import { serveAgent } from "../../../simulators/wire/agent.ts";
import { inOrder } from "../../../simulators/wire/objects.ts";
import { quickAnswers } from "../../../simulators/wire/quick-answers.ts";
import type { SnmpValue } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { freeUdpPort } from "../../setup/services.ts";
import { program } from "./program.ts";

const base = "1.3.6.1.4.1.99999";
const values: readonly SnmpValue[] = [
  ...[0, 1, -1, 127, 128, -128, -129, 32_767, 32_768, 2 ** 31 - 1, -(2 ** 31)].map((value) => ({ type: 2, value })),
  ...[0, 127, 128, 255, 256, 2 ** 31, 2 ** 32 - 1].flatMap((value) => [65, 66, 67].map((type) => ({ type, value }))),
  ...["", "a", "x".repeat(127), "x".repeat(128), "y".repeat(300)].map((value) => ({ type: 4, value })),
  { type: 4, value: Buffer.from([0, 0xff, 0x80]) },
  ...["1.3.6.1.4.1.318.1.3.4.6", "2.39.3", "1.3.6.1.4.1.4294967295"].map((value) => ({ type: 6, value })),
  { type: 70, value: Buffer.from("00000000000000ff", "hex") },
];
const objects = inOrder(values.map((value, i) => ({ oid: `${base}.${i + 1}.0`, look: () => value })));

/** A GET of version 2c, community public, request 0x11223344. */
const question = (oids: string, version = "01", tag = "a0"): Buffer => {
  const list = `30${hex(oids.length / 2)}${oids}`;
  const pdu = `020411223344020100020100${list}`;
  const body = `0201${version}04067075626c6963${tag}${hex(pdu.length / 2)}${pdu}`;
  return Buffer.from(`30${hex(body.length / 2)}${body}`, "hex");
};
const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
const first = "300e060a2b0601040186" + "8d1f01000500";
const strange = "300e060a2b0601040186" + "8d1f63000500";

describe("quick answers", () => {
  const answer = quickAnswers(objects, "public");

  test("are whole messages that bear the request's number and its identifiers", () => {
    expect(answer(question(first))?.toString("hex")).toBe(
      "302c02010104067075626c6963a21f0204112233440201000201003011300f060a2b06010401868d1f0100020100",
    );
  });

  test("say what is not there in version 2c, and leave it to the library in version 1", () => {
    expect(answer(question(strange))?.toString("hex")).toContain("8d1f63008100");
    expect(answer(question(strange, "00"))).toBeNull();
    expect(answer(question(first, "00"))).not.toBeNull();
  });

  test("leave everything else to the library: walks, SETs, version 3, strangers and what is cut off", () => {
    const good = question(first);
    for (const other of [
      question(first, "01", "a1"),
      question(first, "01", "a3"),
      question(first, "03"),
      Buffer.from(good.toString("hex").replace("7075626c6963", "707562000000"), "hex"),
    ])
      expect(answer(other)).toBeNull();
    for (let end = 0; end < good.length; end++) expect(answer(good.subarray(0, end)), String(end)).toBeNull();
  });

  test("are of the value that stands there now, and the same bytes while it does", () => {
    let value: SnmpValue = { type: 2, value: 5 };
    const changing = quickAnswers(inOrder([{ oid: `${base}.1.0`, look: () => value }]), "public");
    const before = changing(question(first));
    expect(changing(question(first))).toEqual(before);
    value = { type: 2, value: 6 };
    expect(changing(question(first))?.at(-1)).toBe(6);
  });
});

describeWith("snmpget", "Net-SNMP's snmpget, answered quickly", () => {
  test("reads every type as a walk does, which the library answers", async () => {
    const port = await freeUdpPort();
    const rules = { objects, answers: () => true, set: () => 17, wrote: () => undefined };
    const agent = await serveAgent({ host: "127.0.0.1", port }, rules);
    onTestFinished(() => agent.close());
    const access = ["-v2c", "-c", "public", "-On", "-Ox", "-m", "", `127.0.0.1:${port}`];
    const got = (await program("snmpget", [...access, ...objects.map(({ oid }) => oid)])).text;
    const walked = (await program("snmpwalk", [...access, base])).text;
    expect(got.trim().split("\n").length).toBeGreaterThanOrEqual(values.length);
    expect(got.trim().split("\n")).toEqual(
      walked
        .trim()
        .split("\n")
        .filter((line) => !line.includes("No more")),
    );
  });
});
