import type { Stage, Trouble } from "../freshness.ts";
import { stageOf } from "../freshness.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";

interface Props {
  readonly session: Session;
  readonly words: Words;
}

interface Silence {
  readonly stage: Stage;
  readonly trouble: Trouble;
  /** Plant time of the last news; null when there was none. */
  readonly since: number | null;
}

/** Says that what is shown is no longer the present: first a bar, then over everything. */
export function Overlay({ session, words }: Props) {
  const { stage, trouble, since } = silenceOf(session);
  if (stage === "live") return null;
  if (stage === "old") {
    return (
      <div class="overlay old" role="alert">
        {words.t("overlay.old", { n: Math.floor(session.silenceMs.value / 1000) })}
      </div>
    );
  }
  return (
    <div class="overlay lost" role="alert">
      <div>
        <strong>
          {since === null ? words.t("overlay.never") : words.t("overlay.lost", { clock: words.clock(since) })}
        </strong>
        <p>{words.t(`overlay.${trouble}`)}</p>
        <p>{words.t("overlay.advice")}</p>
      </div>
    </div>
  );
}

function silenceOf(session: Session): Silence {
  const snapshot = session.snapshot.value;
  const trouble = session.trouble.value;
  if (!snapshot) return { stage: stageOf(session.silenceMs.value), trouble, since: null };
  const { points, ageMs } = snapshot.health;
  const isBlind = points.good + points.uncertain === 0 && points.bad > 0;
  const stage = stageOf(session.silenceMs.value);
  const now = session.now.value;
  if (isBlind && stage === "live")
    return { stage: "lost", trouble: "allSilent", since: ageMs === null ? null : now - ageMs };
  return { stage, trouble: trouble === "none" ? "scanStopped" : trouble, since: now };
}
