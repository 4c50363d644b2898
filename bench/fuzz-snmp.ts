/**
 * Answers of SNMP agents that were damaged on their way, or are not the answers that they pass for. None
 * may end in anything but a refusal. What no digest protects is held against a reader of its own, which
 * knows nothing of the product's: a flipped bit within a value cannot be told there, all else can.
 */
import { LineFault } from "../src/collect/line.ts";
import { Malformed, Writer } from "../src/collect/snmp/ber.ts";
import { CommunityWrapping, numberIn } from "../src/collect/snmp/community.ts";
import { behindQuestion, EMPTY_QUESTION, getQuestion, NotAsked, type Question } from "../src/collect/snmp/pdu.ts";
import { UsmWrapping } from "../src/collect/snmp/usm.ts";
import { judge, type Wrapping } from "../src/collect/snmp/wrapping.ts";
import type { SnmpUser } from "../src/profiles/link.ts";
import { SecuredAgent, unitOf } from "../test/collect/snmp/secured.ts";
import { damaged, type Random, randomOf } from "./damage-snmp.ts";
import type { Fuzzed } from "./fuzzed.ts";

const RESPONSE = 0xa2;
const COMMUNITY = "public";
const NOTHING = Buffer.alloc(0);
/** Cases for which one agent is kept; a fault that damage left behind would show in those that follow. */
const CASES_EACH = 500;
const FIRST_NUMBER = 0x0100_0000;
/** Beyond the window of 150 seconds. */
const STALE_S = 400;

const userWith = (over: Partial<SnmpUser>): SnmpUser => ({
  name: "fuzz",
  level: "authPriv",
  authProtocol: "sha",
  authKey: "authentication",
  privProtocol: "aes",
  privKey: "confidential",
  ...over,
});
const users: readonly SnmpUser[] = [
  userWith({}),
  userWith({ authProtocol: "sha256", privProtocol: "aes256b" }),
  userWith({ authProtocol: "sha384", privProtocol: "aes192b" }),
  userWith({ authProtocol: "md5", privProtocol: "des" }),
  userWith({ level: "authNoPriv", authProtocol: "sha512" }),
];

/** Answers of version 1 and 2c. */
export const snmpCommunityCases = (cases: number, seed: number): Promise<Fuzzed> => fuzzed(cases, seed, communityAgent);

/** Answers of version 3, of users with all kinds of protection. */
export const snmpUserCases = (cases: number, seed: number): Promise<Fuzzed> =>
  fuzzed(cases, seed, (random) => userAgent(users[random(users.length)]!));

/** In each case a good answer is judged, and a damaged one after it. */
async function fuzzed(cases: number, seed: number, make: (random: Random) => Agent): Promise<Fuzzed> {
  const random = randomOf(seed);
  const beganMs = performance.now();
  let [count, goodFromBad, badFromGood] = [0, 0, 0];
  while (count < cases) {
    const agent = make(random);
    for (let i = 0; i < CASES_EACH && count < cases; i += 1) {
      const taken = tried(agent, random);
      badFromGood += Number(!taken.good);
      goodFromBad += Number(taken.bad);
      count += 1;
    }
    // The event loop is let in between, so that a run that hangs is one that can be seen to.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - beganMs) / 1000;
  return { count, goodFromBad, badFromGood, answers: count - badFromGood, seconds };
}

/** An agent as the client sees it, and what it would answer. */
interface Agent {
  readonly wrapping: Wrapping;
  answer(question: Question, number: number, values: readonly Buffer[]): Buffer;
  /** A proper message that is not the answer: to another number, or of another time. */
  impostor(question: Question, number: number, values: readonly Buffer[]): Buffer;
  /** Whether a damaged datagram that was taken is damaged only where nobody can tell. */
  excuses(datagram: Buffer, question: Question, number: number): boolean;
}

/** One case: whether its good answer was taken, and whether its bad one was. */
function tried(agent: Agent, random: Random): { readonly good: boolean; readonly bad: boolean } {
  const question = random(4) === 0 ? behindQuestion(oidOf(random), 1 + random(8)) : askedFor(random);
  const number = FIRST_NUMBER + random(0x7000_0000);
  const values = question.rows === null ? question.wires : [...question.wires].slice(0, random(2));
  const contents = values.map(() => valueOf(random));
  const whole = agent.answer(question, number, contents);
  // The client takes what it is given for its own; damage is done to what the network has.
  const good = accepted(agent, question, number, Buffer.from(whole));
  const broken = random(8) === 0 ? agent.impostor(question, number, contents) : damaged(whole, random);
  const kept = Buffer.from(broken);
  const taken = !broken.equals(whole) && accepted(agent, question, number, broken);
  return { good, bad: taken && !agent.excuses(kept, question, number) };
}

function accepted({ wrapping }: Agent, question: Question, number: number, datagram: Buffer): boolean {
  if (numberIn(datagram) !== number) return false;
  try {
    const answer = judge(datagram, { wrapping, question, number });
    return answer !== "again" && !(answer instanceof LineFault) && answer.status === 0;
  } catch (error) {
    if (error instanceof Malformed || error instanceof NotAsked) return false;
    throw error;
  }
}

const oidOf = (random: Random): string => `1.3.6.1.4.1.${1 + random(70_000)}.${random(300)}.${random(4_000_000_000)}.0`;

const askedFor = (random: Random): Question =>
  getQuestion(Array.from({ length: 1 + random(random(8) === 0 ? 40 : 5) }, () => oidOf(random)));

/** A value of any type, as it is on the wire. */
function valueOf(random: Random): Buffer {
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random(256)));
  const element = (tag: number, content: Buffer): Buffer => Buffer.concat([Buffer.of(tag, content.length), content]);
  const unsigned = (tag: number, most: number): Buffer => element(tag, bytes(1 + random(most)));
  const kinds = [
    () => element(0x02, bytes(1 + random(4))),
    () => element(0x04, bytes(random(60))),
    () => element(0x05, NOTHING),
    () => element(0x06, Buffer.of(0x2b, 6, random(128))),
    () => element(0x40, bytes(4)),
    () => unsigned(0x41 + random(3), 4),
    () => element(0x44, Buffer.concat([Buffer.of(0x9f, 0x78, 4), bytes(4)])),
    () => unsigned(0x46, 8),
    () => element(0x80 + random(3), NOTHING),
  ];
  return kinds[random(kinds.length)]!();
}

function communityAgent(random: Random): Agent {
  const version = random(2);
  const wrapping = new CommunityWrapping(version === 0 ? "1" : "2c", COMMUNITY);
  const answer = (question: Question, number: number, values: readonly Buffer[], community = COMMUNITY): Buffer => {
    const unit = unitOf(question.wires, values, { number });
    const writer = new Writer();
    writer.begin(unit.length + 64);
    writer.raw(unit);
    writer.octets(Buffer.from(community));
    writer.integer(version);
    writer.close(0x30, writer.end);
    return writer.written;
  };
  return {
    wrapping,
    answer,
    impostor: (question, number, values) =>
      random(2) === 0 ? answer(question, number + 1, values) : answer(question, number, values, "Public"),
    excuses: (datagram, question, number) => isAnswer(datagram, question, { version, number }),
  };
}

/** An agent whom the user has met, and whose clock he will know by its first answer. */
function userAgent(user: SnmpUser): Agent {
  const wrapping = new UsmWrapping(user);
  const agent = new SecuredAgent(user);
  wrapping.wrap(EMPTY_QUESTION, FIRST_NUMBER);
  if (wrapping.unwrap(agent.report(4, { number: FIRST_NUMBER, level: "noAuthNoPriv" })) !== "again") {
    throw new Error("the engine was not met");
  }
  let seconds = STALE_S;
  return {
    wrapping,
    answer(question, number, values) {
      seconds += 1;
      return agent.answer(question, values, { number, seconds });
    },
    impostor: (question, number, values) =>
      seconds % 2 === 0
        ? agent.answer(question, values, { number: number + 1, seconds })
        : agent.answer(question, values, { number, seconds: seconds - STALE_S }),
    // A digest leaves nothing to excuse.
    excuses: () => false,
  };
}

/** An element, taken apart by the shortest reader that does: it copies, recurses, and knows nothing of SNMP. */
interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The elements that bytes consist of, or null where they do not consist of elements. */
function elementsOf(bytes: Buffer): readonly Element[] | null {
  if (bytes.length === 0) return [];
  const first = bytes[1] ?? 0xff;
  const more = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || more > 4 || bytes.length < 2 + more) return null;
  const length = more === 0 ? first : bytes.readUIntBE(2, more);
  const end = 2 + more + length;
  const rest = end <= bytes.length ? elementsOf(bytes.subarray(end)) : null;
  return rest && [{ tag: bytes[0]!, content: bytes.subarray(2 + more, end) }, ...rest];
}

const numberOf = ({ tag, content }: Element): number | null =>
  tag === 2 && content.length > 0 && content.length <= 6 ? content.readIntBE(0, content.length) : null;

/** Whether a datagram is an answer to a question in all but its values. */
function isAnswer(
  datagram: Buffer,
  { wires, rows }: Question,
  { version, number }: { version: number; number: number },
) {
  const inside = (element: Element | undefined): readonly Element[] => (element && elementsOf(element.content)) ?? [];
  const whole = elementsOf(datagram);
  const [said, community, unit, ...more] = inside(whole?.[0]);
  if (
    whole?.length !== 1 ||
    whole[0]!.tag !== 0x30 ||
    !said ||
    !community ||
    unit?.tag !== RESPONSE ||
    more.length > 0
  ) {
    return false;
  }
  const [id, status, index, list, ...further] = inside(unit);
  if (!id || !status || !index || list?.tag !== 0x30 || further.length > 0) return false;
  if (numberOf(said) !== version || numberOf(id) !== number || numberOf(status) !== 0) return false;
  if (community.tag !== 4 || community.content.toString() !== COMMUNITY || numberOf(index) === null) return false;
  const pairs = elementsOf(list.content)?.map((pair) => (pair.tag === 0x30 ? inside(pair) : []));
  if (!pairs?.every((pair) => pair.length === 2 && pair[0]!.tag === 6)) return false;
  if (rows !== null) return pairs.length <= rows;
  return pairs.length === wires.length && pairs.every(([name], i) => name!.content.equals(wires[i]!));
}
