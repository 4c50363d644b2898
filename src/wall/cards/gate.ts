/**
 * What people have said at the gate, and what keeps it from writing. Its cards come before all others, because what
 * those announce will not be done while it holds. Why it was said is told by `haechi gate state`: a card has no room.
 */
import type { GateSaid, GateView, Snapshot } from "../../serve/api.ts";
import type { Words } from "../text.ts";
import type { Big, Card } from "./card.ts";

/** None while the site file alone says what is armed, and nothing is held; two at most. */
export function gateCards(gate: GateView | "away" | null, snapshot: Snapshot, words: Words): readonly Card[] {
  if (gate === null) return [];
  if (gate === "away") {
    const big = { kind: "unknown", text: words.t("gate.unknown") } as const;
    return [{ ...plain, title: words.t("gate.away"), big, line: words.t("gate.awayLine"), marked: true }];
  }
  if (gate.broken !== null) {
    const big = { kind: "text", text: words.t("gate.none") } as const;
    return [{ ...plain, title: words.t("gate.broken"), big, line: gate.broken, marked: true }];
  }
  return [...maintenanceCards(gate, words), ...armingCards(gate, snapshot, words)];
}

const plain = { key: "gate", bar: null } as const;

function maintenanceCards({ maintenance, open }: GateView, words: Words): readonly Card[] {
  if (!maintenance) return [];
  // Taken by the gate, which may not write them now.
  const held = open.filter(({ sentAt }) => sentAt === null).length;
  const line = [maintenance.by, held === 0 ? "" : words.t("gate.held", { n: held })];
  const big = untilOf(maintenance, words);
  return [{ ...plain, title: words.t("gate.maintenance"), big, line: joined(line), marked: true }];
}

/** What is disarmed before what is armed, and of each what ends first; the others are counted. */
function armingCards({ disarmed, armedFor }: GateView, { responses }: Snapshot, words: Words): readonly Card[] {
  const [first] = [...soonestFirst(disarmed), ...soonestFirst(armedFor)];
  if (!first) return [];
  const isDisarmed = disarmed.length > 0;
  const known = responses.find(({ id }) => id === first.response);
  const more = disarmed.length + armedFor.length - 1;
  const line = [
    known ? words.of(known.title) : first.response,
    first.by,
    more === 0 ? "" : words.t("gate.more", { n: more }),
  ];
  const title = words.t(isDisarmed ? "gate.disarmed" : "gate.armed");
  return [{ key: "armings", bar: null, title, big: untilOf(first, words), line: joined(line), marked: isDisarmed }];
}

const soonestFirst = (list: GateView["armedFor"]): GateView["armedFor"] =>
  list.toSorted((a, b) => (a.until ?? Number.MAX_SAFE_INTEGER) - (b.until ?? Number.MAX_SAFE_INTEGER));

const untilOf = ({ until }: GateSaid, words: Words): Big =>
  until === undefined ? { kind: "text", text: words.t("gate.openEnd") } : { kind: "countdown", until };

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(" · ");
