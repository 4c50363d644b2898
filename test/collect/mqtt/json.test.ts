import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { connect } from "mqtt";
import { describe, expect, onTestFinished, test } from "vitest";
import { JsonTopics } from "../../../src/collect/mqtt/json.ts";
import { instant, ms } from "../../../src/core/time.ts";
import type { Sample } from "../../../src/profiles/index.ts";
import { describeWith } from "../../setup/available.ts";
import { freePort, HOST } from "../fixture.ts";
import { broker, collecting, jsonPoint, published, publisher, until } from "./fixture.ts";

const temperature = jsonPoint("temperature", "{device}/status/temperature:0", "tC");
const TOPIC = "rack/7/status/temperature:0";

/** A file that a broker without rights can read. */
function readable(name: string, content: string): string {
  const dir = mkdtempSync(join(tmpdir(), "haechi-broker-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  chmodSync(dir, 0o755);
  const file = join(dir, name);
  writeFileSync(file, content, { mode: 0o644 });
  return file;
}

describeWith("mosquitto", "a device that publishes JSON", () => {
  test("is read as soon as it speaks, whatever else is in the document", async () => {
    const { port } = await broker();
    const publish = await publisher(port);
    const { of, last } = await collecting([published("s", port, [temperature], { device: "rack/7" })]);
    await until(
      () => publish(TOPIC, '{"id":0,"tC":22.5,"tF":72.5}'),
      () => last("s/temperature") === 22.5,
    );
    // Its period is a minute; that it is there is told at once.
    expect(last("s/link.state")).toBe(1);
    expect(of("s/temperature").at(-1)!.at).toBeGreaterThan(Date.now() - 60_000);
    await publish(TOPIC, '{"id":0,"tC":-3}');
    await expect.poll(() => last("s/temperature")).toBe(-3);
  });

  test("is not believed in what was retained until it speaks, and then no older value follows", async () => {
    const { port } = await broker();
    const publish = await publisher(port);
    await publish(TOPIC, '{"tC":19}', true);
    const points = [temperature, jsonPoint("other", "{device}/other", "v")];
    const { said, last } = await collecting([published("s", port, points, { device: "rack/7" })]);
    await expect.poll(() => last("s/temperature")).toBe("19 lastUsable");
    await publish(TOPIC, '{"tC":20}');
    await expect.poll(() => last("s/temperature")).toBe(20);
    // Somebody else subscribes to the same through the same connection: the broker hands out what is retained again.
    const second = await collecting([published("t", port, [temperature], { device: "rack/7" })]);
    await expect.poll(() => second.last("t/temperature")).toBe("19 lastUsable");
    expect(said("s/temperature")).toEqual(["19 lastUsable", 20]);
  });

  test("is believed in what was retained where the document says that it is of now, and doubted where not", async () => {
    const { port } = await broker();
    const publish = await publisher(port);
    const at = (name: string) => jsonPoint(name, `d/${name}`, "v", { at: "sys.time" });
    await publish("d/seconds", `{"v":1,"sys":{"time":${Date.now() / 1000}}}`, true);
    await publish("d/iso", `{"v":2,"sys":{"time":"${new Date().toISOString()}"}}`, true);
    await publish("d/old", `{"v":3,"sys":{"time":${Date.now() - 3_600_000}}}`, true);
    await publish("d/none", '{"v":4}', true);
    const { last } = await collecting([published("s", port, ["seconds", "iso", "old", "none"].map(at))]);
    await expect.poll(() => last("s/none")).toBe("4 lastUsable");
    expect([last("s/seconds"), last("s/iso"), last("s/old")]).toEqual([1, 2, "3 lastUsable"]);
    await until(
      () => publish("d/old", `{"v":5,"sys":{"time":${Date.now() - 3_600_000}}}`),
      () => last("s/old") === "5 lastUsable",
    );
  });

  test("is bad when its broker is killed, and read again when it is back", async () => {
    const running = await broker();
    const link = published("s", running.port, [temperature], { device: "rack/7" });
    const first = await publisher(running.port, { reconnectPeriod: 100 });
    const { last } = await collecting([link]);
    await until(
      () => first(TOPIC, '{"tC":20}'),
      () => last("s/temperature") === 20,
    );
    await running.kill();
    await expect.poll(() => last("s/temperature")).toBe("bad noCommunication");
    await expect.poll(() => last("s/link.state")).toBe(0);
    await running.again();
    const again = await publisher(running.port);
    await until(
      () => again(TOPIC, '{"tC":21}'),
      () => last("s/temperature") === 21,
    );
  });

  test("is bad after three periods of silence, and its link is down: never zero", async () => {
    const { port } = await broker();
    const publish = await publisher(port);
    const quick = { ...temperature, period: ms(100) };
    const { said, last } = await collecting([published("s", port, [quick], { device: "rack/7" })]);
    await until(
      () => publish(TOPIC, '{"tC":20}'),
      () => last("s/temperature") === 20,
    );
    await expect.poll(() => last("s/link.state")).toBe(1);
    await expect.poll(() => last("s/temperature")).toBe("bad noCommunication");
    await expect.poll(() => last("s/link.state")).toBe(0);
    await expect.poll(() => Number(last("s/link.misses"))).toBeGreaterThan(2);
    expect(last("s/link.latency")).toBe("bad noCommunication");
    expect(said("s/temperature")).not.toContain(0);
  });

  test("that has never spoken is bad, and so is one whose broker is not there", async () => {
    const { port } = await broker();
    const quick = { ...temperature, period: ms(50) };
    const { last } = await collecting([
      published("mute", port, [quick], { device: "a" }),
      published("away", await freePort(), [quick], { device: "a" }),
    ]);
    await expect.poll(() => last("mute/temperature")).toBe("bad noCommunication");
    await expect.poll(() => last("away/temperature")).toBe("bad noCommunication");
    await expect.poll(() => [last("mute/link.state"), last("away/link.state")]).toEqual([0, 0]);
  });

  test("at a broker that wants a password is read with the right one, and set up wrongly with another", async () => {
    const file = readable("passwords", "");
    execFileSync("mosquitto_passwd", ["-b", file, "haechi", "right"]);
    const { port } = await broker(["allow_anonymous false", `password_file ${file}`]);
    const publish = await publisher(port, { username: "haechi", password: "right" });
    const access = { device: "rack/7", user: "haechi" };
    const { last } = await collecting([
      published("right", port, [temperature], { ...access, password: "right" }),
      published("wrong", port, [temperature], { ...access, password: "wrong" }),
      published("wrong4", port, [temperature], { ...access, password: "wrong", version: 4 }),
    ]);
    await expect.poll(() => last("wrong/temperature")).toBe("bad configuration");
    await expect.poll(() => last("wrong4/temperature")).toBe("bad configuration");
    await until(
      () => publish(TOPIC, '{"tC":20}'),
      () => last("right/temperature") === 20,
    );
  });

  test("over TLS is read where the broker's certificate is trusted, and set up wrongly where it is not", async () => {
    const [key, cert] = [readable("key.pem", ""), readable("cert.pem", "")];
    const subject = ["-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ];
    execFileSync("openssl", made, { stdio: "ignore" });
    chmodSync(key, 0o644);
    const { port } = await broker(["allow_anonymous true", `certfile ${cert}`, `keyfile ${key}`]);
    const publish = await publisher(port, { protocol: "mqtts", rejectUnauthorized: false });
    const { last } = await collecting([
      published("trusting", port, [temperature], { device: "rack/7", tls: true, ca: cert }),
      published("doubting", port, [temperature], { device: "rack/7", tls: true }),
    ]);
    await expect.poll(() => last("doubting/temperature")).toBe("bad configuration");
    await until(
      () => publish(TOPIC, '{"tC":20}'),
      () => last("trusting/temperature") === 20,
    );
  });

  test("at a broker whose certificates cannot be read is set up wrongly: it is not trusted without them", async () => {
    const { port } = await broker();
    const { last } = await collecting([
      published("s", port, [temperature], { device: "a", tls: true, ca: "/nowhere/ca.pem" }),
    ]);
    await expect.poll(() => last("s/temperature")).toBe("bad configuration");
  });

  test("in more than we look into is a failure of the device; in more than we let a broker send it is silent", async () => {
    const { port } = await broker();
    const publish = await publisher(port);
    const { said, last } = await collecting([published("s", port, [temperature], { device: "rack/7" })]);
    await until(
      () => publish(TOPIC, '{"tC":20}'),
      () => last("s/temperature") === 20,
    );
    await publish(TOPIC, `{"tC":21,"x":"${"x".repeat(300_000)}"}`);
    await expect.poll(() => last("s/temperature")).toBe("bad deviceFailure");
    await publish(TOPIC, `{"tC":22,"x":"${"x".repeat(2_000_000)}"}`);
    await publish(TOPIC, '{"tC":23}');
    await expect.poll(() => last("s/temperature")).toBe(23);
    expect(said("s/temperature")).not.toContain(22);
  });

  test("hears nothing from us, whatever happens: nobody is ever published to", async () => {
    const running = await broker();
    const spy = connect({ host: HOST, port: running.port, protocol: "mqtt" });
    onTestFinished(() => spy.endAsync(true));
    const heard: string[] = [];
    spy.on("message", (topic) => heard.push(topic));
    await spy.subscribeAsync("#", { qos: 1 });
    const publish = await publisher(running.port);
    const { last, close } = await collecting([
      published("s", running.port, [temperature], { device: "rack/7" }),
      published("edge", running.port, [], { group: "g", node: "n", device: "d" }),
    ]);
    await until(
      () => publish(TOPIC, '{"tC":20}'),
      () => last("s/temperature") === 20,
    );
    await publish("spBv1.0/g/DDATA/n/d", Buffer.from([0x18, 9]));
    await publish("spBv1.0/g/DDATA/n/d", Buffer.from([0x18, 200, 1]));
    await close();
    await publish("the/end", "");
    await expect.poll(() => heard.at(-1)).toBe("the/end");
    expect(heard.filter((topic) => topic !== TOPIC)).toEqual(["spBv1.0/g/DDATA/n/d", "spBv1.0/g/DDATA/n/d", "the/end"]);
  });
});

describe("a JSON document", () => {
  const PERIOD = ms(1000);
  /** What is heard of a document by these points, all of one topic. */
  const heard = (body: string | Buffer, ...points: readonly ReturnType<typeof jsonPoint>[]): readonly unknown[] => {
    const samples: Sample[] = [];
    const ear = {
      heard: (some: readonly Sample[]) => samples.push(...some),
      lost: () => {},
      up: () => {},
      down: () => {},
    };
    const link = published("s", 0, points);
    new JsonTopics(link, ear, () => instant(1e12)).message("t", Buffer.from(body), false);
    return samples.map((sample) =>
      "fault" in sample ? sample.fault : `${sample.value}${sample.doubt ? ` ${sample.doubt}` : ""}`,
    );
  };
  const at = (path: string, over = {}) => jsonPoint("p", "t", path, { period: PERIOD, ...over });
  const state = {
    unit: null,
    states: ["closed", "open"],
    map: new Map([
      [0, 0],
      [1, 1],
    ]),
  };

  test.each([
    ['{"a":{"b":[{"c":1},{"c":2}]}}', "a.b[1].c", "2"],
    ['{"em:0":{"act power":5}}', "em:0", "deviceFailure"],
    ["[[1,2],[3,4]]", "[1]", undefined],
    ["17.5", "", "17.5"],
    ['"17.5"', "", "17.5"],
    ['{"v":"warm"}', "v", "sensorFailure"],
    ['{"v":""}', "v", "sensorFailure"],
    ['{"v":null}', "v", "sensorFailure"],
    ['{"v":true}', "v", "1"],
    ['{"v":{}}', "v", "deviceFailure"],
    ['{"v":1e999}', "v", "sensorFailure"],
    ['{"w":1}', "v", undefined],
    ['{"v":1}', "__proto__", undefined],
    ['{"v":1}', "constructor.name", undefined],
    ['"text"', "length", undefined],
    ["{", "v", "deviceFailure"],
    ["", "", "deviceFailure"],
    ["[".repeat(200_000), "v", "deviceFailure"],
  ])("%s has at %s what is there", (body, path, expected) => {
    expect(heard(body, at(path))).toEqual(expected === undefined ? [] : [expected]);
  });

  test("is scaled, has its sentinels and its range", () => {
    expect(heard('{"v":2150}', at("v", { scale: 0.01, offset: 1 }))).toEqual(["22.5"]);
    expect(heard('{"v":-999}', at("v", { invalid: [-999] }))).toEqual(["sensorFailure"]);
    expect(heard('{"v":500}', at("v", { range: [0, 100] }))).toEqual(["500 outOfRange"]);
  });

  test("says a state in numbers, in truth values or in words", () => {
    expect(heard('{"v":1}', at("v", state))).toEqual(["1"]);
    expect(heard('{"v":false}', at("v", state))).toEqual(["0"]);
    const texts = new Map([
      ["open", 1],
      ["true", 1],
      ["closed", 0],
    ]);
    expect(heard('{"v":" OPEN "}', at("v", { ...state, texts }))).toEqual(["1"]);
    expect(heard('{"v":true}', at("v", { ...state, texts }))).toEqual(["1"]);
    expect(heard('{"v":"ajar"}', at("v", { ...state, texts }))).toEqual(["deviceFailure"]);
    expect(heard('{"v":7}', at("v", state))).toEqual(["deviceFailure"]);
  });

  test("may be anything at all: it gives a sample or none", () => {
    const seed = Number(process.env["HAECHI_SEED"] ?? 20_261_123);
    const points = ["", "a", "a.b[0]", "[0].a"].map((path) => at(path, { at: "a" }));
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
        expect(heard(body, ...points).length).toBeLessThanOrEqual(points.length);
      }),
      { seed, numRuns: 3000 },
    );
  });
});
