import { progressOf } from "../cards/cards.ts";
import { worst } from "../diagram/cells.ts";
import { dataAgeText } from "../format.ts";
import { priorityColor, priorityOrder } from "../palette.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";
import { PrioritySymbol } from "./symbol.tsx";

interface Props {
  readonly session: Session;
  readonly words: Words;
}

/** Where this is, what it is in, how old what it shows is, and what time it is there. */
export function Header({ session, words, isNarrow }: Props & { readonly isNarrow: boolean }) {
  const snapshot = session.snapshot.value;
  if (!snapshot) return <header />;
  return (
    <header>
      <h1>{words.of(snapshot.site.name)}</h1>
      <ModeBadge session={session} words={words} />
      {isNarrow ? <span class="counts" /> : <Counts session={session} words={words} />}
      <DataAge session={session} words={words} isNarrow={isNarrow} />
      <time class="clock">{words.clock(session.now.value)}</time>
    </header>
  );
}

function ModeBadge({ session, words }: Props) {
  const snapshot = session.snapshot.value!;
  const { mode, alarms } = snapshot;
  const progress = mode === "failover" ? progressOf(snapshot) : null;
  const name = words.t(`mode.${mode}`);
  const text = progress ? words.t("mode.progress", { mode: name, ...progress }) : name;
  const priority = mode === "normal" ? null : worst(alarms.filter(({ active }) => active));
  const style = priority === null ? {} : { borderColor: priorityColor[priority] };
  return (
    <span class={mode === "normal" ? "mode" : "mode eventful"} style={style} role="status">
      {text}
    </span>
  );
}

/** How many active alarms of each priority there are; none of one is not shown. */
function Counts({ session, words }: Props) {
  const { counts } = session.snapshot.value!;
  return (
    <span class="counts">
      {priorityOrder
        .filter((priority) => counts.active[priority] > 0)
        .map((priority) => (
          <span key={priority}>
            <PrioritySymbol priority={priority} isNew={false} words={words} />
            {counts.active[priority]}
          </span>
        ))}
    </span>
  );
}

function DataAge({ session, words, isNarrow }: Props & { readonly isNarrow: boolean }) {
  const { health } = session.snapshot.value!;
  const { good, uncertain, bad } = health.points;
  const all = good + uncertain + bad;
  const age =
    Math.min(session.silenceMs.value, health.ageMs === null ? Number.POSITIVE_INFINITY : session.silenceMs.value) +
    (health.ageMs ?? 0);
  return (
    <span class="age">
      <span>
        {words.t("data.age")} <b>{health.ageMs === null ? words.t("value.none") : dataAgeText(age, words)}</b>
      </span>
      <span>
        {bad === 0
          ? words.t("data.points", { good, all })
          : words.t(isNarrow ? "data.blindShort" : "data.blind", { n: bad, all })}
      </span>
    </span>
  );
}
