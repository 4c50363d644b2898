import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Clients, frame } from "../../src/serve/clients.ts";

const clients = new Clients();
const server = createServer((_, response) => clients.add(response));

afterEach(() => {
  clients.close();
  server.close();
});

test("a display that does not read is dropped, and one that reads loses nothing", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let read = 0;
  const open = (isDeaf: boolean): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.on("error", () => socket.destroy());
      if (isDeaf) socket.pause();
      else socket.on("data", (data) => (read += data.length));
      resolve();
    });
  await open(true);
  await open(false);
  await expect.poll(() => clients.count).toBe(2);
  const event = frame("delta", "x".repeat(256 * 1024));
  let sent = 0;
  while (clients.count === 2 && sent < 400) {
    clients.send(event);
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(clients.count).toBe(1);
  await expect.poll(() => read).toBeGreaterThanOrEqual((sent - 1) * event.length);
});

test("an event is one frame whatever its text holds", () => {
  expect(frame("delta", { text: "one\n\nevent: beat\ndata: {}" })).toBe(
    'event: delta\ndata: {"text":"one\\n\\nevent: beat\\ndata: {}"}\n\n',
  );
});
