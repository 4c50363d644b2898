import { expect, test } from "vitest";
import { makeActuators } from "../../src/gate/index.ts";
import { device, HOST, snmpPoint } from "../collect/fixture.ts";
import { jsonPoint, published } from "../collect/mqtt/fixture.ts";

test("a device that publishes has no actuator: there is no way to write to it", () => {
  const asked = device("pdu-a", 161, [snmpPoint("power", "1.3.6.1.4.1.1.0")]);
  const heard = published("meter", 1883, [jsonPoint("power", "meter/power")]);
  const mover = { id: "login", url: `http://${HOST}:9/login`, sites: ["here", "there"], secret: "s3cret" };
  const actuators = makeActuators([asked, heard], [mover]);
  expect([...actuators.keys()]).toEqual(["pdu-a", "login"]);
});
