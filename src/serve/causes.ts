/** What has been lost in the power tree, one line an event, with all that follows from it listed under it. */
import { claimOf } from "../core/assert.ts";
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import { followersOf, lostIn } from "../core/topology/cause.ts";
import { lossFacts, lossInWords } from "../core/topology/cause-text.ts";
import type { Sight } from "../core/topology/live.ts";
import { sightOf } from "../core/topology/live.ts";
import type { CauseEvent } from "../core/topology/loss.ts";
import type { CauseView } from "./api.ts";

/** Every event that has been told and has not ended. */
export const causesOf = (plant: Plant): readonly CauseView[] =>
  causeViews(
    plant,
    sightOf(
      plant.site.power,
      imageAt(plant.newest, plant.site.points, plant.now),
      plant.site.points,
      plant.index.power.below,
    ),
  );

/** The same, where what is seen of the tree is known already. */
export const causeViews = (plant: Plant, sight: Sight): readonly CauseView[] =>
  plant.causes.events.filter(({ told }) => told !== null).flatMap((event) => viewOf(plant, sight, event));

/** An event that cannot be worked out is left out: its alarms are shown, and folded under nothing. */
function viewOf(plant: Plant, sight: Sight, event: CauseEvent): readonly CauseView[] {
  const lost = lostIn(plant, event);
  const { node, since } = event;
  try {
    const alarms = followersOf(plant, event).map((at) => plant.site.alarms[at]!.id);
    return [{ node, since, ...lossFacts(sight, lost), alarms, text: lossInWords(sight, lost) }];
  } catch (error) {
    claimOf(error);
    return [];
  }
}
