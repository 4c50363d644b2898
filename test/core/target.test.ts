import { describe, expect, test } from "vitest";
import type { TargetKindName } from "../../src/core/target.ts";
import { targetKind, targetKinds } from "../../src/core/target.ts";

const kinds = Object.keys(targetKinds) as TargetKindName[];

/** The kinds whose write costs this. */
const costing = (hazard: string): readonly string[] => kinds.filter((kind) => targetKind(kind).hazard === hazard);

describe("a target beside the switches of devices", () => {
  test("goes dark where a machine or a program is stopped, and otherwise only moves work or does with less", () => {
    expect(costing("dark")).toEqual(["redfishPower", "exec"]);
    expect(costing("move")).toEqual(["dns", "mqtt", "http", "kubernetes", "patroni", "sentinel"]);
    expect(costing("less")).toEqual(["redfishLimit"]);
  });

  test("has one point that is commanded, by the name under which sites and journals know it", () => {
    expect(Object.fromEntries(kinds.map((kind) => [kind, targetKind(kind).point]))).toEqual({
      dns: "records.set",
      mqtt: "worker.state",
      http: "worker.state",
      kubernetes: "node.state",
      redfishPower: "machine.power",
      redfishLimit: "machine.limit",
      patroni: "cluster.leader",
      sentinel: "cluster.leader",
      exec: "program.state",
    });
  });

  test("has its states in an order that is written and journalled as numbers", () => {
    expect(targetKind("kubernetes").states).toEqual(["schedulable", "cordoned", "drained"]);
    expect(targetKind("redfishPower").states).toEqual(["off", "on"]);
    expect(kinds.filter((kind) => targetKind(kind).states)).toEqual(["kubernetes", "redfishPower"]);
  });

  test("tells what is still on a machine that is to be emptied", () => {
    expect(targetKind("kubernetes").readings).toEqual({ "node.pods": "1" });
    expect(kinds.filter((kind) => targetKind(kind).readings)).toEqual(["kubernetes"]);
  });
});
