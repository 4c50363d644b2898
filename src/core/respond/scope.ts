/**
 * How far responses may go with nobody asked: they empty no site, nor more than one of its groups, they
 * send nothing on from another site, and they darken no more than half of the racks over more than one
 * feed. What a person has started, approved, or accepted in the site file beforehand counts for nothing
 * here; what is left is held until somebody says yes.
 */
import type { Image } from "../image.ts";
import { valueInWords } from "../image.ts";
import type { Plant } from "../plant.ts";
import { deviceOf } from "../reading.ts";
import type { NodeId, PowerTree } from "../topology/power.ts";
import type { Campaign, Deed, Sent } from "./campaign.ts";
import type { FailoverStep, Response, ShedAction } from "./response.ts";
import type { Turn } from "./turn.ts";
import { say } from "./turn.ts";

/** The value of a service's point while it is at this site. */
const here = 0;
/** A single service is not a site. */
export const servicesMin = 2;
/** What darkens more than this share of what all racks are rated is of the whole site. */
export const shareMax = 0.5;

type Doer = Pick<Turn, "plant" | "image" | "response" | "campaign">;

/** Whether no person has a word in what a response does in this run. */
export const isAlone = (
  { mode, accept }: Pick<Response, "mode" | "accept">,
  { byHand, approved }: Pick<Campaign, "byHand" | "approved">,
): boolean => mode === "act" && accept === undefined && !byHand && approved !== true;

/** What a run without a person has done, so that the next run does not forget it. */
export function deedsSoFar({ response, campaign, image }: Pick<Turn, "response" | "campaign" | "image">): Deed[] {
  const own = isAlone(response, campaign) ? campaign.sent.filter((sent) => mayHold(sent, image)).map(deedOf) : [];
  const all = [...(campaign.earlier ?? []), ...own].filter((deed) => isKept(deed, image) || own.includes(deed));
  return [...new Map(all.map((deed) => [deed.point, deed])).values()];
}

const deedOf = ({ command: { point, value }, darkens }: Sent): Deed => ({
  point,
  value,
  ...(darkens === undefined ? {} : { darkens }),
});

/** Whether what was ordered is so, or may yet be: what is out, and what nobody sees, confirmed or not. */
const mayHold = ({ state, command }: Sent, image: Image): boolean => state === "waiting" || isKept(command, image);

/** Silence undoes nothing. */
const isKept = ({ point, value }: Pick<Deed, "point" | "value">, image: Image): boolean =>
  (image.valueOf(point) ?? value) === value;

const doneAlone = (plant: Plant, image: Image): readonly Deed[] =>
  plant.site.responses.flatMap((response, i) => deedsSoFar({ response, campaign: plant.campaigns[i]!, image }));

/** Why a step is too much with nobody asked; null where it is not. */
export function beyondScope({ plant, image, response, campaign }: Doer, step: FailoverStep): string | null {
  const { movable = [], points } = plant.site;
  const one = movable.find(({ point }) => point === step.point);
  if (!one || step.value === here || !isAlone(response, campaign)) return null;
  const name = deviceOf(one.point);
  const at = image.valueOf(one.point);
  if (at !== null && at !== here && at !== step.value)
    return `${name} is at ${valueInWords(at, points.get(one.point))}, and would be sent on from there`;
  const gone = new Set(doneAlone(plant, image).flatMap(({ point, value }) => (value === here ? [] : [point])));
  if (gone.has(one.point)) return null;
  const others = movable.filter(({ point }) => gone.has(point));
  const other = others.find(({ group }) => group !== null && one.group !== null && group !== one.group);
  if (other) return `${name} is of ${one.group}, and ${deviceOf(other.point)} of ${other.group} has been moved already`;
  const isLast = movable.length >= servicesMin && others.length === movable.length - 1;
  return isLast ? `${name} is the last of ${movable.length} services here` : null;
}

/** How much of what racks are rated a shed may still darken with nobody asked, kW; null where that has no bound. */
export function darkLeftKw({ plant, image, response, campaign }: Doer, action: ShedAction): number | null {
  if (!isAlone(response, campaign)) return null;
  const tree = plant.site.power;
  const dark = new Set(doneAlone(plant, image).flatMap(({ darkens }) => darkens ?? []));
  if (feedsOf(tree, [action, ...darkening(plant, image)]).size < 2) return null;
  return ratedKw(tree, () => true) * shareMax - ratedKw(tree, ({ id }) => dark.has(id));
}

const ratedKw = ({ loads }: PowerTree, which: (load: PowerTree["loads"][number]) => boolean): number =>
  loads.filter(which).reduce((sum, load) => sum + load.ratedKw, 0);

/** Sheds that have darkened something with nobody asked. */
const darkening = ({ site, campaigns }: Plant, image: Image): readonly ShedAction[] =>
  site.responses.flatMap((response, i) => {
    const { action } = response;
    const deeds = deedsSoFar({ response, campaign: campaigns[i]!, image });
    return action.kind === "shed" && deeds.some(({ darkens }) => darkens !== undefined) ? [action] : [];
  });

interface Wish {
  readonly relieve: readonly { readonly node: NodeId }[];
}

/** The feeds of the nodes that sheds relieve; a node of no feed counts as one. */
export const feedsOf = ({ nodes }: PowerTree, wishes: readonly Wish[]): ReadonlySet<string> =>
  new Set(wishes.flatMap(({ relieve }) => relieve.map(({ node }) => nodes.get(node)?.feed ?? node)));

/** Has a person asked for what is held, once; null where nothing is. */
export function askFor(turn: Turn, what: string | null): void {
  const { campaign } = turn;
  const asked = campaign.asks ?? null;
  campaign.asks = what;
  if (what !== null && asked === null) say(turn, "asks", `waits for a yes, for nobody has been asked: ${what}`);
}
