import { expect, onTestFinished, test } from "vitest";
import { shownBy } from "../../../simulators/device/values.ts";
import { faultBoard } from "../../../simulators/wire/fault-board.ts";
import { publishDevices } from "../../../simulators/wire/publish.ts";
import { bindDevice, loadLibrary } from "../../../src/profiles/index.ts";
import { broker, collecting } from "../../collect/mqtt/fixture.ts";
import { describeWith } from "../../setup/available.ts";

const model = bindDevice(loadLibrary().profiles.get("meter/shelly-pro-3em")!, { protocol: "mqtt" });

describeWith("mosquitto", "a simulated device that publishes", () => {
  test("is heard by our collector, point for point, and so are its faults", async () => {
    const { port } = await broker();
    const access = { tls: false, version: 5, device: "pro-1" } as const;
    const shown = shownBy(model, { seed: 1, now: () => 0 });
    const board = faultBoard([{ id: "pm", model, link: "broker" }], { seed: 1, now: () => Date.now() });
    const heard = await collecting([{ id: "pm", model, address: { host: "127.0.0.1", port, mqtt: access } }]);
    const publishing = await publishDevices([{ id: "pm", model, access }], shown, {
      broker: `mqtt://127.0.0.1:${port}`,
      faults: (device) => board.of(device),
      now: () => Date.now(),
    });
    onTestFinished(() => publishing.close());
    for (const { name } of model.points) {
      const value = shown.look("pm", name)()!;
      const nearly = (): boolean => Math.abs(Number(heard.last(`pm/${name}`)) - value) <= Math.abs(value) * 1e-3;
      await expect.poll(nearly, { timeout: 15_000, message: name }).toBe(true);
    }
    board.begin({ fault: "wrong-scale", by: 10, on: "pm" });
    const [{ name }] = model.points as [(typeof model.points)[number]];
    const value = shown.look("pm", name)()!;
    await expect.poll(() => Number(heard.last(`pm/${name}`)) / value, { timeout: 15_000 }).toBeCloseTo(10, 1);
  });
});
