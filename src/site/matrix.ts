/** The cause-and-effect matrix of a site as data: the alarms that start something are its rows, the responses its columns. */
import type { AlarmId, Priority } from "../core/alarm/definition.ts";
import { deviceOf } from "../core/reading.ts";
import type { Mode, Response } from "../core/respond/response.ts";
import type { Hazard } from "../core/target.ts";
import { darkened } from "./darkened.ts";
import { hazardOf, isDiverse } from "./effects.ts";
import type { Site } from "./site.ts";

export interface Matrix {
  readonly causes: readonly Cause[];
  readonly effects: readonly Effect[];
}

export interface Cause {
  readonly alarm: AlarmId;
  readonly title: string;
  readonly priority: Priority;
  /** M of N. */
  readonly need: number;
  readonly of: number;
  /** No single quantity can raise it. */
  readonly diverse: boolean;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly latch: boolean;
  /** The responses that it starts. */
  readonly starts: readonly string[];
}

export interface Effect {
  readonly response: string;
  readonly title: string;
  readonly kind: "shed" | "failover";
  readonly mode: Mode;
  readonly armed: boolean;
  readonly ifBlind: "act" | "hold";
  readonly afterMs: number;
  readonly hazard: Hazard;
  /** What it may do that to: loads, or services. */
  readonly to: readonly string[];
  /** Why one sensor may be enough for it, where somebody has written that. */
  readonly accept: string | null;
}

export function matrixOf(site: Site): Matrix {
  const { alarms, responses } = site.model;
  const causes = alarms.flatMap((definition): Cause[] => {
    const { id: alarm, title, priority, need, channels, onDelay, offDelay, latch } = definition;
    const starts = responses.filter(({ when }) => when.includes(alarm)).map(({ id }) => id);
    if (starts.length === 0) return [];
    const diverse = isDiverse(definition, (point) => site.pointInfo.get(point));
    const vote = { need, of: channels.length, diverse };
    return [
      {
        alarm,
        title: title["en"] ?? alarm,
        priority,
        ...vote,
        onDelayMs: onDelay,
        offDelayMs: offDelay,
        latch,
        starts,
      },
    ];
  });
  return { causes, effects: responses.map((response) => effectOf(site, response)) };
}

function effectOf({ model, gate, targets }: Site, response: Response): Effect {
  const { id, title, mode, ifBlind, after, action, accept = null } = response;
  const to =
    action.kind === "shed"
      ? darkened(model.power, action)
      : [...new Set(action.steps.map(({ point }) => deviceOf(point)))];
  return {
    response: id,
    title: title["en"] ?? id,
    kind: action.kind,
    mode,
    armed: gate.armed.includes(id),
    ifBlind,
    afterMs: after,
    hazard: hazardOf(action, (target) => targets.find((t) => t.id === target)?.kind),
    to,
    accept,
  };
}
