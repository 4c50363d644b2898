import type { Isolation, IsolationStep } from "../core/topology/isolation.ts";
import { isolationOf } from "../core/topology/isolation.ts";
import type { RacksLost } from "../core/topology/opening.ts";
import { listed, roomMeantBy } from "../core/topology/subject.ts";
import type { AnswerWords, Asked } from "./answer.ts";
import { askedSite, counted, found, tell, unsaidLines } from "./answer.ts";

/** `haechi isolate SITE SPACE`: how a zone is made dead, step by step, to be printed and hung beside its door. */
export function isolate(file: string, room: string, words: AnswerWords): number {
  const site = askedSite(file);
  const plan = isolationOf(site.grounds, found(roomMeantBy(site.grounds, room)));
  return tell(plan, linesOf(site, plan), words);
}

function linesOf(site: Asked, plan: Isolation): readonly string[] {
  const { space, spaces, routes, sources, steps, staysLive, lost, unsaid } = plan;
  const others = spaces.filter((id) => id !== space);
  return [
    `ISOLATION PLAN: ${roomName(site, space)} - ${site.name}`,
    "",
    ...(others.length > 0 ? [`With it, in one compartment: ${others.map((id) => roomName(site, id)).join(", ")}`] : []),
    ...(routes.length > 0 ? [`Cables of other rooms pass through: ${listed(routes)}`] : []),
    `Live from: ${sources.length === 0 ? "nothing that the site file says" : sources.map(({ id, is }) => `${is} ${id}`).join(", ")}`,
    "",
    ...steps.flatMap((step, i) => stepLines(site, step, i + 1)),
    ...(steps.length === 0 ? ["Nothing to open.", ""] : []),
    `Lost in all: ${lossWords(lost)}`,
    ...(staysLive.length > 0
      ? [`STAYS LIVE: ${listed(staysLive)}. A battery cannot be switched off: water on it is water on live parts.`]
      : []),
    "Prove that it is dead before anybody enters or uses water. Lock what was opened.",
    ...unsaidLines(unsaid),
  ];
}

const roomName = ({ roomNames }: Asked, id: string): string => `${roomNames.get(id) ?? id} (${id})`;

function stepLines(
  site: Asked,
  { text, at, isInside, points, loses }: IsolationStep,
  number: number,
): readonly string[] {
  const place = at === null ? "place not said" : `in ${roomName(site, at)}`;
  const inside = isInside ? " - IN THE ZONE: from afar, or not at all" : "";
  const indent = " ".repeat(8);
  return [
    `[ ] ${String(number).padStart(2)}. ${text}`,
    `${indent}${place}${inside}`,
    ...(points.length > 0 ? [`${indent}can be written: ${listed(points)}`] : []),
    `${indent}then lost: ${lossWords(loses)}`,
    "",
  ];
}

function lossWords({ dark, battery, single }: RacksLost): string {
  const parts = [
    ["dark", dark],
    ["on battery only", battery],
    ["on one feed", single],
  ] as const;
  const said = parts.filter(([, ids]) => ids.length > 0).map(([what, ids]) => `${what} ${counted(ids)}`);
  return said.length === 0 ? "nothing" : said.join("; ");
}
