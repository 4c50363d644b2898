import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { describeWith } from "./available.ts";
import { locate } from "./locate.ts";
import type { Running } from "./services.ts";
import {
  freePort,
  startBind,
  startInfluxd,
  startMosquitto,
  startNginx,
  startRedis,
  startVictoria,
} from "./services.ts";

const refused = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
    socket.once("connect", () => {
      socket.destroy();
      resolve("connected");
    });
  });

async function comesAndGoes(start: () => Promise<Running>): Promise<void> {
  const server = await start();
  expect(await refused(server.port)).toBe("connected");
  await server.kill();
  expect(await refused(server.port)).toBe("ECONNREFUSED");
  await server.again();
  expect(await refused(server.port)).toBe("connected");
  await server.stop();
  expect(await refused(server.port)).toBe("ECONNREFUSED");
  expect(existsSync(server.dir)).toBe(false);
}

describeWith("influxd", "an InfluxDB for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(startInfluxd));
});

describeWith("victoria-metrics", "a VictoriaMetrics for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(startVictoria));
});

describeWith("mosquitto", "a Mosquitto for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(startMosquitto));

  test("takes messages", async () => {
    const broker = await startMosquitto();
    const args = ["-p", String(broker.port), "-t", "a/b", "-m", "hello", "-r"];
    expect(spawnSync(locate("mosquitto_pub")!, args).status).toBe(0);
    const heard = spawnSync(locate("mosquitto_sub")!, ["-p", String(broker.port), "-t", "a/#", "-C", "1", "-W", "5"]);
    expect(heard.stdout.toString().trim()).toBe("hello");
    await broker.stop();
  });
});

describeWith("named", "a BIND for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(() => startBind([])));
});

describeWith("redis-server", "a Redis for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(startRedis));
});

test("a free port is free", async () => {
  expect(await refused(await freePort())).toBe("ECONNREFUSED");
});

describeWith("nginx", "an nginx for tests", () => {
  test("starts, dies, comes back and leaves nothing behind", () => comesAndGoes(() => startNginx([])));
});
