/**
 * What can be commanded beside the switches of devices: name records, machines, databases, workers. Each
 * kind of target has one point that is written, whose value is a place in a list of states.
 */

/** What a write can cost: loads or machines go dark, work moves, or it goes on with less. */
export type Hazard = "dark" | "move" | "less";

interface TargetKind {
  /** The point that is commanded and read back. */
  readonly point: string;
  readonly hazard: Hazard;
  /** The states of the point, where they are the same at every site. */
  readonly states?: readonly string[];
  /** Points that are only read: name → UCUM unit. */
  readonly readings?: Readonly<Record<string, string>>;
}

export const targetKinds = {
  dns: { point: "records.set", hazard: "move" },
  mqtt: { point: "worker.state", hazard: "move" },
  http: { point: "worker.state", hazard: "move" },
  kubernetes: {
    point: "node.state",
    hazard: "move",
    states: ["schedulable", "cordoned", "drained"],
    readings: { "node.pods": "1" },
  },
  redfishPower: { point: "machine.power", hazard: "dark", states: ["off", "on"] },
  redfishLimit: { point: "machine.limit", hazard: "less" },
  patroni: { point: "cluster.leader", hazard: "move" },
  sentinel: { point: "cluster.leader", hazard: "move" },
  exec: { point: "program.state", hazard: "dark" },
} as const satisfies Readonly<Record<string, TargetKind>>;

export type TargetKindName = keyof typeof targetKinds;

/** The kind in full: what is left out is none. */
export const targetKind = (name: TargetKindName): TargetKind => targetKinds[name];
