/**
 * Advice on what starts a response. A hall whose cooling control hangs (AWS Tokyo 2019, Frankfurt 2021; Alibaba Hong Kong
 * 2022) shows what that control shows: temperatures that only it tells stand still with it, or are what it believes them to
 * be. A shed or a move that temperatures start needs one of them by another way: a sensor at the inlets, a rack PDU's probe.
 */
import { pointsOf } from "../core/alarm/definition.ts";
import { speaksOfInstrument } from "../core/detect/index.ts";
import type { SiteModel } from "../core/plant.ts";
import type { PointId } from "../core/reading.ts";
import type { Survey } from "./survey.ts";

/** Classes whose temperatures come through the control of the cooling itself. */
const ofCooling: readonly string[] = ["cooling", "cdu", "chiller"];
/** Classes whose temperatures are of their own warmth and not of the room's air. */
const ofThemselves: readonly string[] = ["battery", "battery-monitor", "ups", "generator", "dc-power", "power-shelf"];

/** Advises where a response is started by temperatures and by none but the cooling's own. */
export function adviseOnSensors(survey: Survey, model: SiteModel): void {
  for (const { id, when } of model.responses) {
    const heard = temperaturesIn(survey, model, when);
    const through = heard.filter((point) => ofCooling.includes(survey.points.get(point)?.info.class ?? ""));
    if (through.length === 0 || through.length < heard.length) continue;
    const which = through.join(", ");
    survey.findings.advise(
      ["responses", id, "when"],
      `every temperature that starts it comes through the cooling's own control (${which}); add a sensor at the inlets that is read without it`,
    );
  }
}

/** The temperatures of rooms and water that an alarm of these is judged by, each once. */
function temperaturesIn({ points: known }: Survey, model: SiteModel, when: readonly string[]): readonly PointId[] {
  const channels = model.alarms.filter(({ id }) => when.includes(id)).flatMap((alarm) => alarm.channels);
  const points = channels.filter(({ detect }) => !speaksOfInstrument(detect)).flatMap(pointsOf);
  return [...new Set(points)].filter((point) => {
    const info = known.get(point)?.info;
    return info?.unit === "Cel" && !ofThemselves.includes(info.class);
  });
}
