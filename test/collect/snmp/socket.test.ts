import { createSocket } from "node:dgram";
import { afterEach, describe, expect, test } from "vitest";
import { CommunityWrapping } from "../../../src/collect/snmp/community.ts";
import { getQuestion } from "../../../src/collect/snmp/pdu.ts";
import { type Awaiting, acquireSocket, type SharedSocket } from "../../../src/collect/snmp/socket.ts";
import { HOST } from "../fixture.ts";
import { agentThat, answer, OID } from "./fixture.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function acquired(): Promise<{ socket: SharedSocket; release: () => void }> {
  const use = await acquireSocket("udp4");
  closers.push(() => use.release());
  return use;
}

/** Someone who waits, and keeps what came. */
function waiting(): Awaiting & { came: number[]; failed: string[] } {
  const [came, failed]: [number[], string[]] = [[], []];
  return {
    came,
    failed,
    take: (_datagram, _from, number) => void came.push(number),
    fail: (fault) => void failed.push(fault.message),
  };
}

const wrapping = new CommunityWrapping("2c", "public");
const request = (number: number): Buffer => Buffer.from(wrapping.wrap(getQuestion([OID]), number));
const sent = (): void => {};

describe("the socket that agents share", () => {
  test("is one for all of them, until the last has given it back", async () => {
    const [a, b] = [await acquireSocket("udp4"), await acquireSocket("udp4")];
    expect(a.socket).toBe(b.socket);
    a.release();
    a.release();
    expect(b.socket.usable).toBe(true);
    b.release();
    expect(b.socket.usable).toBe(false);
    const next = await acquired();
    expect(next.socket).not.toBe(a.socket);
  });

  test("is opened once by those who come at the same time", async () => {
    const uses = await Promise.all([1, 2, 3].map(() => acquired()));
    expect(new Set(uses.map(({ socket }) => socket)).size).toBe(1);
  });

  test("gives each answer to whoever waits for its number, in whatever order they come", async () => {
    const kept: Buffer[] = [];
    const agent = await agentThat((get) => {
      kept.push(answer(get, [1]));
      return kept.length === 2 ? kept[1]! : null;
    });
    closers.push(() => agent.close());
    const { socket } = await acquired();
    const [first, second] = [waiting(), waiting()];
    const numbers = [socket.await(first), socket.await(second)] as const;
    const to = { address: HOST, port: agent.port };
    socket.send(request(numbers[0]), to, sent);
    await expect.poll(() => agent.seen.length).toBe(1);
    socket.send(request(numbers[1]), to, sent);
    await expect.poll(() => second.came).toEqual([numbers[1]]);
    expect(first.came).toEqual([]);
    socket.forget(numbers[1]);
    // The same answer once more is nobody's by now.
    agent.socket.on("message", (_, from) => agent.socket.send(kept[1]!, from.port, HOST));
    socket.send(request(numbers[0]), to, sent);
    await expect.poll(() => socket.strays).toBe(1);
    expect(second.came).toHaveLength(1);
  });

  test("counts what is no answer at all", async () => {
    const { socket } = await acquired();
    const stranger = createSocket("udp4");
    closers.push(() => stranger.close());
    const agent = await agentThat((get) => {
      const { length } = get.datagram;
      return Buffer.alloc(length, 0xff);
    });
    closers.push(() => agent.close());
    socket.send(request(socket.await(waiting())), { address: HOST, port: agent.port }, sent);
    await expect.poll(() => socket.strays).toBe(1);
  });

  test("says to whom it concerns that the system does not take a datagram", async () => {
    const { socket } = await acquired();
    const error = await new Promise<Error | null>((resolve) => {
      socket.send(Buffer.alloc(70_000), { address: HOST, port: 9 }, resolve);
    });
    expect(error?.message).toContain("EMSGSIZE");
  });
});
