import type { Blast } from "../core/topology/blast.ts";
import { blastOf } from "../core/topology/blast.ts";
import { listed, meantBy } from "../core/topology/subject.ts";
import type { AnswerWords } from "./answer.ts";
import { askedOf, askedSite, found, line, tell, unsaidLines } from "./answer.ts";

/** `haechi blast SITE WHAT`: what a site loses with a room, a node, a loop, a route, or all of it. */
export async function blast(file: string, what: string, words: AnswerWords): Promise<number> {
  const site = askedSite(file);
  const subject = found(meantBy(site.grounds, what));
  const answer =
    words.url === undefined
      ? blastOf(site.grounds, subject)
      : await askedOf<Blast>(words.url, `/api/v1/blast/${encodeURIComponent(what)}`, site);
  return tell(answer, linesOf(answer), words);
}

function linesOf(answer: Blast): readonly string[] {
  const { subject, spaces, routes, groups, feeds, nodes, racks, coolers, hotSpaces, services, unsaid } = answer;
  const reached = spaces.filter(({ because }) => because !== "itself");
  const ups = (of: Blast["ups"][number]["is"]): readonly string[] =>
    answer.ups.filter(({ is }) => is === of).map(({ id }) => id);
  const lines = [
    ...reachedLines(reached),
    ...(routes.length > 0 && subject.kind !== "route" ? [`cut with it: ${listed(routes)}`] : []),
    ...line("UPS", [
      ["lost", ups("lost")],
      ["on battery", ups("onBattery")],
      ["without battery", ups("withoutBattery")],
      ["unknown", ups("unknown")],
    ]),
    ...groups.map(({ ups: { length }, lost }) => `${" ".repeat(10)}${lost} of ${length} that stand in for each other`),
    ...(feeds.length > 0 ? [`feeds     ${feeds.map(({ feed, is }) => `${feed} ${feedWords[is]}`).join(", ")}`] : []),
    ...line("nodes", [
      ["dead", nodes.dead],
      ["unknown", nodes.unknown],
    ]),
    ...line("racks", [
      ["dark", racks.dark],
      ["dark when batteries are empty", racks.battery],
      ["without cooling", racks.hot],
      ["on one feed", racks.single],
      ["unknown", racks.unknown],
    ]),
    ...line("coolers", [
      ["lost", coolers.lost],
      ["unknown", coolers.unknown],
    ]),
    ...line("rooms", [["without cooling", hotSpaces]]),
    ...line("services", [
      ["lost", services.lost],
      ["lost when batteries are empty or it is too hot", services.endangered],
      ["degraded", services.degraded],
      ["unknown", services.unknown],
    ]),
  ];
  return [
    `${subject.kind === "site" ? "the whole site" : `${subject.kind} ${subject.id}`} is lost`,
    ...(lines.length === 0 ? ["and nothing else is"] : lines),
    ...unsaidLines(unsaid),
  ];
}

const feedWords = { lost: "lost", partly: "lost in part", onBattery: "on battery", unknown: "unknown" } as const;

/** The rooms that it takes along, by what they share. */
function reachedLines(reached: Blast["spaces"]): readonly string[] {
  const reasons = new Set(reached.map(({ because }) => because).filter((because) => because !== "site"));
  return [...reasons].map((reason) => {
    const spaces = reached.filter(({ because }) => because === reason).map(({ space }) => space);
    return `reaches ${listed(spaces)} by ${reason}`;
  });
}
