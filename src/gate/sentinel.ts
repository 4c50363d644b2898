/**
 * Which Redis of a group leads, by its Sentinels: SENTINEL GET-MASTER-ADDR-BY-NAME tells, SENTINEL FAILOVER
 * orders. A Sentinel cannot be told who is to lead, and chooses by priority: an order that would
 * leave it a choice is refused here, before anything is lost by it.
 */
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { placeIn, turnByTurn, wordsOf } from "./actuator.ts";
import type { RespReply } from "./resp.ts";
import { askResp } from "./resp.ts";

interface Place {
  readonly host: string;
  readonly port: number;
}

export interface SentinelSettings {
  /** Asked in this order until one answers. */
  readonly sentinels: readonly Place[];
  /** What the Sentinels call the group. */
  readonly group: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** By state: where the Redis is, as the Sentinels say it. */
  readonly members: Readonly<Record<string, Place>>;
}

/** A Sentinel answers from memory. Real time. */
const timeoutMs = 2000;

export const sentinelDeclaration: Declaration = {
  writes: "Redis Sentinel, RESP: SENTINEL FAILOVER, where the wanted member is the one it must choose",
  twice:
    "twice: that would be two failovers; it is not sent where the member leads already, and never sent again unseen",
  timeoutMs,
  confirmed: "SENTINEL GET-MASTER-ADDR-BY-NAME gives the member",
};

/** The actuator of one group. Its states are its members. */
export function sentinelActuator(link: StateLink<SentinelSettings>): Actuator {
  return {
    ...turnByTurn({
      has: (point) => point === link.point,
      read: async (stop) => placeIn(link.states, (await firstToAnswer(link, stop))?.leader),
      write: (order, stop) => failOver(link, order, stop),
    }),
    once: true,
  };
}

interface Told {
  readonly sentinel: Place;
  /** The member that leads; null where it is none of the site file's. */
  readonly leader: string | null;
}

async function firstToAnswer(link: StateLink<SentinelSettings>, stop: AbortSignal): Promise<Told | null> {
  for (const sentinel of link.settings.sentinels) {
    const reply = await ask(link.settings, sentinel, ["GET-MASTER-ADDR-BY-NAME"], stop).catch(() => null);
    if (!Array.isArray(reply)) continue;
    const [host, port] = reply as readonly RespReply[];
    return { sentinel, leader: memberAt(link.settings, textOf(host), Number(textOf(port))) };
  }
  return null;
}

const memberAt = ({ members }: SentinelSettings, host: string, port: number): string | null =>
  Object.entries(members).find(([, place]) => place.host === host && place.port === port)?.[0] ?? null;

async function failOver(link: StateLink<SentinelSettings>, order: Order, stop: AbortSignal): Promise<WriteOutcome> {
  const { settings, states } = link;
  const wanted = states[order.value];
  if (order.point !== link.point || wanted === undefined) return { result: "refused", detail: "no such member" };
  const told = await firstToAnswer(link, stop);
  if (told === null) return { result: "again", detail: "no Sentinel says who leads" };
  if (told.leader === wanted) return { result: "accepted" };
  const { sentinel } = told;
  try {
    const why = whyNot(settings, wanted, await ask(settings, sentinel, ["REPLICAS"], stop));
    if (why !== null) return { result: "again", detail: why };
  } catch (error) {
    return { result: "again", detail: wordsOf(error) };
  }
  try {
    return outcomeOf(await ask(settings, sentinel, ["FAILOVER"], stop));
  } catch (error) {
    return { result: "unsure", detail: wordsOf(error) };
  }
}

function outcomeOf(reply: RespReply): WriteOutcome {
  if (reply === "OK") return { result: "accepted" };
  const said = typeof reply === "object" && reply !== null && "error" in reply ? reply.error : "a reply that is none";
  // One is under way already; whose it was is seen by reading back.
  if (said.startsWith("INPROG")) return { result: "unsure", detail: said };
  return { result: said.startsWith("NOGOODSLAVE") ? "again" : "refused", detail: said };
}

/** Why a failover now would not, or not surely, make this member lead; null where it would. */
function whyNot(settings: SentinelSettings, wanted: string, reply: RespReply): string | null {
  const candidates = (Array.isArray(reply) ? reply : []).map(fieldsOf).filter(isCandidate);
  const own = candidates.find((fields) => memberOf(settings, fields) === wanted);
  if (!own) return `${wanted} is no replica that could lead`;
  const rank = (fields: Fields): number => Number(fields.get("slave-priority"));
  const rival = candidates.find((fields) => fields !== own && !(rank(fields) > rank(own)));
  return rival
    ? `the Sentinel could choose ${memberOf(settings, rival) ?? rival.get("name")}: give it a higher priority`
    : null;
}

type Fields = ReadonlyMap<string, string>;

/** Sentinels lay a replica out as a flat list of names and values. */
function fieldsOf(item: RespReply): Fields {
  const flat = Array.isArray(item) ? (item as readonly RespReply[]) : [];
  const pairs = flat.flatMap((key, i) => (i % 2 === 0 ? [[textOf(key), textOf(flat[i + 1])] as const] : []));
  return new Map(pairs);
}

const textOf = (reply: RespReply | undefined): string => (typeof reply === "string" ? reply : "");

/** Whom a Sentinel may promote: one that it reaches and that has a priority. */
const isCandidate = (fields: Fields): boolean =>
  fields.get("flags") === "slave" && Number(fields.get("slave-priority")) > 0;

const memberOf = (settings: SentinelSettings, fields: Fields): string | null =>
  memberAt(settings, fields.get("ip") ?? "", Number(fields.get("port")));

async function ask(
  { group, user, password }: SentinelSettings,
  { host, port }: Place,
  words: readonly string[],
  stop: AbortSignal,
): Promise<RespReply> {
  const auth = password === undefined ? [] : [["AUTH", ...(user === undefined ? [] : [user]), password]];
  const replies = await askResp({ host, port, timeoutMs }, [...auth, ["SENTINEL", ...words, group]], stop);
  return replies.at(-1) ?? null;
}
