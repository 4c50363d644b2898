/** What has been lost in the power tree, one line an event, with all that follows from it listed under it. */
import { imageAt } from "../core/image.ts";
import type { Plant } from "../core/plant.ts";
import { followersOf, lostIn } from "../core/topology/cause.ts";
import { lossFacts, lossInWords } from "../core/topology/cause-text.ts";
import type { Sight } from "../core/topology/live.ts";
import { sightOf } from "../core/topology/live.ts";
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
export function causeViews(plant: Plant, sight: Sight): readonly CauseView[] {
  return plant.causes.events
    .filter(({ told }) => told !== null)
    .map((event) => {
      const lost = lostIn(plant, event);
      const alarms = followersOf(plant, event).map((at) => plant.site.alarms[at]!.id);
      const { node, since } = event;
      return { node, since, ...lossFacts(sight, lost), alarms, text: lossInWords(sight, lost) };
    });
}
