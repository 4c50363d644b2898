import { expect, test } from "vitest";
import { makeActuators } from "../../src/gate/index.ts";
import { device, HOST, modbusServer, snmpPoint } from "../collect/fixture.ts";
import { jsonPoint, published } from "../collect/mqtt/fixture.ts";
import { relayLink } from "./device-fixture.ts";
import { command, start } from "./fixture.ts";

test("a device that publishes has no actuator: there is no way to write to it", () => {
  const asked = device("pdu-a", 161, [snmpPoint("power", "1.3.6.1.4.1.1.0")]);
  const heard = published("meter", 1883, [jsonPoint("power", "meter/power")]);
  const mover = { id: "login", url: `http://${HOST}:9/login`, sites: ["here", "there"], secret: "s3cret" };
  const actuators = makeActuators([asked, heard], [mover]);
  expect([...actuators.keys()]).toEqual(["pdu-a", "login"]);
});

test("a device that is only looked at can be read, and no order reaches it", async () => {
  let writes = 0;
  const server = await modbusServer({
    getCoil: () => true,
    setCoil: () => {
      writes += 1;
    },
  });
  const actuator = makeActuators([], [], [], [relayLink(server.port)]).get("relay")!;
  const stop = new AbortController().signal;
  expect(await actuator.read("outlet[1].state", stop)).toBe(1);
  const order = { id: command().id, point: "outlet[1].state", value: 0, expires: start };
  expect(await actuator.write(order, stop)).toEqual({ result: "refused", detail: "it is only read" });
  actuator.close();
  await server.close();
  expect(writes).toBe(0);
});
