import { describe, expect, test } from "vitest";
import { hostsOf } from "../../src/cli/range.ts";

describe("a range of addresses", () => {
  test.each([
    ["10.0.0.7", ["10.0.0.7"]],
    ["10.0.0.9-12", ["10.0.0.9", "10.0.0.10", "10.0.0.11", "10.0.0.12"]],
    ["10.0.0.254-10.0.1.1", ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]],
    ["10.0.0.4/30", ["10.0.0.5", "10.0.0.6"]],
    ["10.0.0.4/31", ["10.0.0.4", "10.0.0.5"]],
    ["10.0.0.4/32", ["10.0.0.4"]],
    ["ups-a.example, 10.0.0.1,10.0.0.1", ["ups-a.example", "10.0.0.1"]],
  ])("%s is each of its hosts once", (range, hosts) => {
    expect(hostsOf(range)).toEqual(hosts);
  });

  test("of a network has neither its own address nor that for all", () => {
    const hosts = hostsOf("192.168.7.200/24");
    expect([hosts.length, hosts[0], hosts.at(-1)]).toEqual([254, "192.168.7.1", "192.168.7.254"]);
  });

  test.each([
    ["10.0.0.0/8", "more than 65536 addresses"],
    ["10.0.0.0/33", "at most 32 bits"],
    ["10.0.0.9-5", "goes backwards"],
    ["10.0.0.256", "10.0.0.256 is no IPv4 address"],
    ["10.0.0", "is no IPv4 address"],
    ["10.0..1", "is no IPv4 address"],
    ["0.0.0.0-255.255.255.255", "more than 65536 addresses"],
    ["10.0.0.0/16,10.1.0.0/16", "more than 65536 addresses"],
    ["", "is no range"],
    ["host name", "is no range"],
  ])("%j is refused in words", (range, words) => {
    expect(() => hostsOf(range)).toThrow(words);
  });
});
