import { listed, roomMeantBy } from "../core/topology/subject.ts";
import type { OpeningProof, Water } from "../core/topology/water.ts";
import { waterOf } from "../core/topology/water.ts";
import type { AnswerWords, Asked } from "./answer.ts";
import { askedOf, askedSite, found, unsaidLines } from "./answer.ts";
import { exit, Refusal } from "./exit.ts";
import { reach } from "./reach.ts";

export interface WaterWords extends AnswerWords {
  /** Minutes until power is cut. */
  readonly cutIn?: number;
  readonly withdraw?: boolean;
  readonly by?: string;
  readonly why?: string;
}

/** The environment variable with the operator's token: a token on a command line is seen by everybody. */
const tokenName = "HAECHI_TOKEN";

/** `haechi water SITE SPACE`: whether water may be used in a zone; with `--cut-in` everything leaves before. Ends with 1 where it is not ready. */
export async function water(file: string, room: string, words: WaterWords): Promise<number> {
  const site = askedSite(file);
  const space = found(roomMeantBy(site.grounds, room));
  const path = `/api/v1/water/${encodeURIComponent(space)}`;
  if (words.cutIn !== undefined || words.withdraw) await announce(path, site, words);
  const answer =
    words.url === undefined ? waterOf(site.grounds, space, null) : await askedOf<Water>(words.url, path, site);
  if (words.json) console.log(JSON.stringify(answer, null, 2));
  else for (const line of linesOf(site, answer)) console.log(line);
  return answer.isReady ? exit.done : exit.failed;
}

async function announce(path: string, site: Asked, { url, cutIn, by, why }: WaterWords): Promise<void> {
  if (url === undefined) throw new Refusal("a cut is announced to a running service: give --url", exit.usage);
  const token = process.env[tokenName];
  if (token === undefined || token === "")
    throw new Refusal(`asking needs the operator's token in ${tokenName}`, exit.usage);
  if (by === undefined || why === undefined) throw new Refusal("a cut is announced with --by and --why", exit.usage);
  // A service of another site must hear of no cut of this one.
  await askedOf<Water>(url, path, site);
  const said = cutIn === undefined ? { by, why } : { by, why, minutes: cutIn };
  await reach(url, `${path}/${cutIn === undefined ? "withdraw" : "evacuate"}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(said),
  });
}

const uses = { spray: "spray", flood: "spray or flood", none: "NONE: no water in here" } as const;

function linesOf({ roomNames }: Asked, answer: Water): readonly string[] {
  const { at, space, spaces, use, note, isReady, openings, drawing, staysLive, services, notMoved, unsaid } = answer;
  const name = roomNames.get(space) ?? space;
  const movable = services.filter(({ state }) => state !== "fixed").length;
  return [
    `${isReady ? "READY FOR WATER" : "NOT READY FOR WATER"}: ${name} (${listed(spaces)})`,
    ...(staysLive.length > 0 ? [`STAYS LIVE: ${listed(staysLive)}. A battery cannot be switched off.`] : []),
    `water      ${use === null ? "the site file does not say" : uses[use]}${note === null ? "" : `. ${note}`}`,
    ...openings.map(openingLine),
    ...(openings.length === 0 ? ["nothing is to be opened"] : []),
    ...drawing.map((point) => `live       ${point} shows that something is drawn in here`),
    ...(movable > 0 ? [`services   ${notMoved} of ${movable} not yet moved`] : []),
    ...(at === null ? ["nobody has looked at the plant: --url asks a running service"] : []),
    ...unsaidLines(unsaid),
  ];
}

function openingLine({ is, text, witnesses, against }: OpeningProof): string {
  const said = [
    ...against.map((point) => `${point} says that it is not`),
    ...witnesses.map(({ point, says }) => `${point} ${says}`),
  ];
  return `${is.padEnd(10)} ${text}: ${said.length > 0 ? said.join(", ") : "nothing shows it"}`;
}
