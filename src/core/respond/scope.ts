/**
 * How far responses may go with nobody asked: they empty no site, nor more than one of its groups, they
 * send nothing on from another site, and they darken no more than half of the racks over more than one
 * feed. What a person has started, approved, or accepted in the site file beforehand may go further by
 * itself; but a yes to one is none to the sum: what is dark by others as well is half at most until
 * somebody says yes to that, in the moment or by one reason that names them. What is too much is held
 * until then.
 */
import type { ResponseId } from "../command.ts";
import type { Image } from "../image.ts";
import { valueInWords } from "../image.ts";
import type { Plant } from "../plant.ts";
import type { PointId } from "../reading.ts";
import { deviceOf } from "../reading.ts";
import type { NodeId, PowerTree } from "../topology/power.ts";
import { listed } from "../topology/subject.ts";
import type { Campaign, Deed, Sent } from "./campaign.ts";
import type { FailoverStep, Movable, Response, ShedAction } from "./response.ts";
import type { Turn } from "./turn.ts";
import { say } from "./turn.ts";

/** The value of a service's point while it is at this site. */
const here = 0;
/** A single service is not a site. */
export const servicesMin = 2;
/** What darkens more than this share of what all racks are rated is of the whole site. */
export const shareMax = 0.5;

type Doer = Pick<Turn, "plant" | "image" | "response" | "campaign">;
type Ordered = Pick<Deed, "point" | "value">;

/** Whether no person has a word in what a response does in this run. */
export const isAlone = (
  { mode, accept }: Pick<Response, "mode" | "accept">,
  { byHand, approved }: Pick<Campaign, "byHand" | "approved">,
): boolean => mode === "act" && accept === undefined && !byHand && approved !== true;

/** What a run has done without a person, and whatever it has darkened, so that neither the next run nor another response forgets it. */
export function deedsSoFar(doer: Doer): Deed[] {
  const { response, campaign } = doer;
  const isAsked = !isAlone(response, campaign);
  const counts = (sent: Sent): boolean => (!isAsked || sent.darkens !== undefined) && mayHold(sent, doer);
  const own = campaign.sent.filter(counts).map((sent) => deedOf(sent, isAsked));
  const all = [...(campaign.earlier ?? []), ...own].filter((deed) => own.includes(deed) || isKept(deed, doer));
  return [...new Map(all.map((deed) => [deed.point, deed])).values()];
}

const deedOf = ({ command: { point, value }, darkens }: Sent, isAsked: boolean): Deed => ({
  point,
  value,
  ...(darkens === undefined ? {} : { darkens }),
  ...(isAsked ? { isAsked } : {}),
});

/** Whether what was ordered is so, or may yet be: what is out, and what nobody sees, confirmed or not. */
const mayHold = ({ state, command }: Sent, doer: Doer): boolean => state === "waiting" || isKept(command, doer);

/** Silence undoes nothing; and a target on its way has left the state in which it touches nothing. */
function isKept({ point, value }: Ordered, { plant, image }: Doer): boolean {
  const seen = image.valueOf(point) ?? value;
  const home = touchedBy(plant, point)?.home;
  return home === undefined ? seen === value : seen !== home;
}

/** A response with what it has done. */
interface Done {
  readonly response: Response;
  readonly deeds: readonly Deed[];
}

const recordsOf = (plant: Plant, image: Image): readonly Done[] =>
  plant.site.responses.map((response, i) => ({
    response,
    deeds: deedsSoFar({ plant, response, campaign: plant.campaigns[i]!, image }),
  }));

const touchedBy = ({ site }: Plant, point: PointId) => site.touching?.find((target) => target.point === point);

/** The services that an order takes away from this site: the one that it moves, or those that its target touches. */
function takenBy(plant: Plant, { point, value }: Ordered): readonly PointId[] {
  const touched = touchedBy(plant, point);
  if (touched) return value === touched.home ? [] : touched.services;
  return value === here ? [] : [point];
}

/** Why a step is too much with nobody asked; null where it is not. */
export function beyondScope({ plant, image, response, campaign }: Doer, step: FailoverStep): string | null {
  const { movable = [], points } = plant.site;
  const taken = new Set(takenBy(plant, step));
  if (!movable.some(({ point }) => taken.has(point)) || !isAlone(response, campaign)) return null;
  const isTarget = !taken.has(step.point);
  const at = isTarget ? null : image.valueOf(step.point);
  if (at !== null && at !== here && at !== step.value)
    return `${deviceOf(step.point)} is at ${valueInWords(at, points.get(step.point))}, and would be sent on from there`;
  const done = recordsOf(plant, image).flatMap(({ deeds }) => deeds.filter(({ isAsked }) => isAsked !== true));
  const gone = new Set(done.flatMap((deed) => takenBy(plant, deed)));
  // What stands elsewhere by somebody's word is not taken away by a target that it once stood on.
  const isHere = ({ point }: Movable): boolean => !isTarget || (image.valueOf(point) ?? here) === here;
  const fresh = movable.filter((one) => taken.has(one.point) && !gone.has(one.point) && isHere(one));
  const why = tooFar(movable, fresh, gone);
  return why === null || !isTarget ? why : `${deviceOf(step.point)} touches ${namesOf(fresh)}: ${why}`;
}

const namesOf = (services: readonly Movable[]): string => listed(services.map(({ point }) => deviceOf(point)));

/** Why what is fresh may not leave as well, with what is gone. */
function tooFar(movable: readonly Movable[], fresh: readonly Movable[], gone: ReadonlySet<PointId>): string | null {
  const others = movable.filter(({ point }) => gone.has(point));
  for (const one of fresh) {
    const isOther = ({ group }: Movable): boolean => group !== null && one.group !== null && group !== one.group;
    const [left, leaving] = [others.find(isOther), fresh.find(isOther)];
    const name = `${deviceOf(one.point)} is of ${one.group}`;
    if (left) return `${name}, and ${deviceOf(left.point)} of ${left.group} has been moved already`;
    if (leaving) return `${name}, and ${deviceOf(leaving.point)} of ${leaving.group}`;
  }
  const isAll = movable.length >= servicesMin && others.length + fresh.length === movable.length;
  if (fresh.length === 0 || !isAll) return null;
  return `${namesOf(fresh)} ${fresh.length === 1 ? "is" : "are"} the last of ${movable.length} services here`;
}

/** Other responses that have darkened something which is not seen to be lit again, whoever was asked about them. */
export const darkByOthers = ({ plant, image, response }: Doer): readonly ResponseId[] =>
  darkening(plant, image).flatMap(({ response: { id } }) => (id === response.id ? [] : [id]));

/** How much of what racks are rated a shed may still darken with nobody asked about that, kW; null where it has no bound. */
export function darkLeftKw(doer: Doer, action: ShedAction): number | null {
  const { plant, image } = doer;
  if (isAgreed(doer)) return null;
  const tree = plant.site.power;
  const all = darkening(plant, image);
  const dark = new Set(all.flatMap(({ deeds }) => deeds.flatMap(({ darkens }) => darkens ?? [])));
  const sheds = all.flatMap(({ response: { action: one } }) => (one.kind === "shed" ? [one] : []));
  if (feedsOf(tree, [action, ...sheds]).size < 2) return null;
  return ratedKw(tree, () => true) * shareMax - ratedKw(tree, ({ id }) => dark.has(id));
}

/** Whether somebody has said yes to all that is dark together with this. */
function isAgreed(doer: Doer): boolean {
  const { plant, response, campaign } = doer;
  const sum = [response.id, ...darkByOthers(doer)];
  const said = isAlone(response, campaign) ? [] : [[response.id, ...(campaign.yesTo ?? [])]];
  return [...said, ...acceptedSums(plant.site.responses)].some((yes) => sum.every((id) => yes.includes(id)));
}

/** Responses that one reason in the site file speaks of together, for each that there is. */
export const acceptedSums = (
  responses: readonly Pick<Response, "id" | "accept" | "acceptWith">[],
): readonly (readonly ResponseId[])[] =>
  responses.flatMap(({ id, accept, acceptWith = [] }) => (accept === undefined ? [] : [[id, ...acceptWith]]));

const ratedKw = ({ loads }: PowerTree, which: (load: PowerTree["loads"][number]) => boolean): number =>
  loads.filter(which).reduce((sum, load) => sum + load.ratedKw, 0);

/** Responses that have darkened something. */
const darkening = (plant: Plant, image: Image): readonly Done[] =>
  recordsOf(plant, image).filter(({ deeds }) => deeds.some(({ darkens }) => darkens !== undefined));

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
