import { describe, expect, test } from "vitest";
import type { Fragment } from "../../src/cli/fragment.ts";
import { fromNetbox } from "../../src/cli/import-netbox.ts";
import { formatProblem } from "../../src/profiles/index.ts";

// An export as NetBox's REST API gives its lists; tests change an object of it.

const site = { id: 1, name: "Seoul" };
const feed = (id: number, name: string, over: Readonly<Record<string, unknown>> = {}) => ({
  id,
  name,
  power_panel: { id: 7, name: "Panel A" },
  rack: null as { id: number; name: string } | null,
  status: { value: "active", label: "Active" },
  type: { value: "primary" },
  supply: { value: "ac" },
  phase: { value: "single-phase" },
  voltage: 230,
  amperage: 32,
  max_utilization: 80,
  ...over,
});
const end = (type: string, id: number, device?: number) => ({
  object_type: `dcim.${type}`,
  object_id: id,
  object: { id, name: "end", ...(device === undefined ? {} : { device: { id: device, name: "its device" } }) },
});
const cable = (id: number, a: object, b: object, status = "connected") => ({
  id,
  status: { value: status },
  a_terminations: [a],
  b_terminations: [b],
});
const pdu = (id: number, name: string, rack: { id: number; name: string } | null) => ({
  id,
  name,
  role: { id: 3, name: "Rack PDU" },
  rack,
  site,
  primary_ip: { address: `10.0.0.${id}/24` },
});

const racks = [
  { id: 1, name: "R101", site, location: { id: 4, name: "Hall 1" } },
  { id: 2, name: "R102", site, location: { id: 4, name: "Hall 1" } },
];
const [r101, r102] = [
  { id: 1, name: "R101" },
  { id: 2, name: "R102" },
];
const whole = {
  racks,
  power_panels: [
    { id: 7, name: "Panel A", site, location: { id: 5, name: "UPS room" } },
    { id: 8, name: "Panel B", site, location: { id: 5, name: "UPS room" } },
  ],
  power_feeds: [
    feed(1, "1"),
    feed(2, "1", {
      power_panel: { id: 8, name: "Panel B" },
      type: { value: "redundant" },
      phase: { value: "three-phase" },
      voltage: 400,
      amperage: 16,
      max_utilization: 100,
      rack: r101,
    }),
    feed(3, "2", { rack: r102, supply: { value: "dc" }, phase: { value: "three-phase" }, voltage: -48 }),
  ],
  devices: [pdu(11, "PDU 101 A", r101), pdu(12, "PDU 101 B", r101)],
  cables: [
    cable(1, end("powerfeed", 1), end("powerport", 31, 11)),
    cable(2, end("powerport", 32, 12), end("powerfeed", 2)),
  ],
};
type Whole = { [Key in keyof typeof whole]: readonly object[] | { readonly results: readonly object[] } };

function read(over: Partial<Whole> = {}): Fragment {
  const fragment = fromNetbox("netbox.json", JSON.stringify({ ...whole, ...over }));
  if ("problems" in fragment) throw new Error(fragment.problems.map(formatProblem).join("\n"));
  return fragment;
}

function problems(over: Partial<Whole>): readonly string[] {
  const fragment = fromNetbox("netbox.json", JSON.stringify({ ...whole, ...over }, null, 1));
  return "problems" in fragment ? fragment.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe("what NetBox knows of power", () => {
  test("becomes boards, and a way with its own limit for each feed", () => {
    expect(read().nodes).toEqual([
      { id: "utility", kind: "utility", space: null, from: [], feed: null, ratedKw: 18.2 },
      { id: "panel-a", kind: "pdu", space: "ups-room", from: ["utility"], feed: "A", ratedKw: 7.1 },
      { id: "panel-a-1", kind: "pdu", space: "ups-room", from: ["panel-a"], feed: "A", ratedKw: 5.9 },
      { id: "panel-a-2", kind: "pdu", space: "ups-room", from: ["panel-a"], feed: "A", ratedKw: 1.2 },
      { id: "panel-b", kind: "pdu", space: "ups-room", from: ["utility"], feed: "B", ratedKw: 11.1 },
      { id: "panel-b-1", kind: "pdu", space: "ups-room", from: ["panel-b"], feed: "B", ratedKw: 11.1 },
    ]);
  });

  test("tells by a cable which rack hangs on a feed that names none, from whichever end it was drawn", () => {
    expect(read().loads).toEqual([
      { id: "r101", space: "hall-1", ratedKw: 5.9, importance: "normal", from: ["panel-a-1", "panel-b-1"] },
      { id: "r102", space: "hall-1", ratedKw: 1.2, importance: "normal", from: ["panel-a-2"] },
    ]);
    const turned = cable(1, end("powerport", 31, 11), end("powerfeed", 1));
    expect(read({ cables: { results: [turned] } }).loads[0]?.from).toEqual(["panel-a-1", "panel-b-1"]);
    expect(read().devices.map(({ what }) => what)).toEqual(["Rack PDU, on panel-a-1", "Rack PDU, on panel-b-1"]);
  });

  test("leaves out what is not there yet or not in use, and counts it", () => {
    const planned = read({ cables: [cable(1, end("powerfeed", 1), end("powerport", 31, 11), "planned")] });
    expect(planned.loads.map(({ id, from }) => [id, from])).toEqual([
      ["r101", ["panel-b-1"]],
      ["r102", ["panel-a-2"]],
    ]);
    expect(planned.notes).toContain("1 power feed of which neither NetBox nor a cable says the rack was left out.");
    const [one, two, three] = whole.power_feeds;
    const failed = read({
      power_feeds: [one!, { ...two!, status: { value: "failed" } }, { ...three!, status: { value: "planned" } }],
    });
    expect(failed.nodes.map(({ id, ratedKw }) => [id, ratedKw])).toEqual([
      ["utility", 6.9],
      ["panel-a", 5.9],
      ["panel-a-1", 5.9],
      ["panel-b", 1],
    ]);
    expect(failed.notes).toContain("1 rack without a power feed was left out.");
    expect(failed.notes).toContain("2 power feeds not active (planned, offline or failed) were left out.");
  });

  test("says every thing that does not fit together at once", () => {
    const [one, two, three] = whole.power_feeds;
    expect(
      problems({
        power_feeds: {
          results: [
            { ...one!, power_panel: { id: 70, name: "x" } },
            { ...two!, rack: { id: 9, name: "x" } },
            { ...three!, id: 2 },
          ],
        },
        devices: [...whole.devices, pdu(13, "PDU 102", r102), pdu(14, "lost", { id: 99, name: "x" })],
        cables: [
          cable(1, end("powerfeed", 5), end("powerport", 31, 11)),
          cable(2, end("powerport", 32, 77), end("powerfeed", 1)),
          cable(3, end("powerfeed", 1), end("powerport", 33)),
          cable(4, end("interface", 1), end("interface", 2)),
        ],
      }),
    ).toEqual([
      "power_feeds.results.0.power_panel: there is no power panel 70",
      "power_feeds.results.1.rack: there is no rack 9",
      "power_feeds.results.2.id: 2 is there already",
      "devices.3.rack: there is no rack 99",
      "cables.0.a_terminations.0: there is no power feed 5",
      "cables.1.a_terminations.0: there is no device 77",
      "cables.2.b_terminations.0: does not say of which device this port is",
    ]);
  });

  test("is refused where a feed of one rack ends in another, and where no power comes", () => {
    const crossed = [cable(1, end("powerfeed", 3), end("powerport", 31, 11))];
    expect(problems({ cables: crossed })).toEqual([
      "cables.0.b_terminations.0: feed 2 is of rack R102, and PDU 101 A stands in R101",
    ]);
    expect(problems({ power_feeds: [feed(1, "1", { voltage: 0 })] })).toEqual([
      "power_feeds.0.voltage: a voltage of 0 carries nothing",
    ]);
  });
});
