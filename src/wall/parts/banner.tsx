import type { AlarmView } from "../../serve/api.ts";
import { bannerOf, remarksOf } from "../banner.ts";
import { alarmLineH } from "../layout.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";
import { PrioritySymbol } from "./symbol.tsx";
import { Trend } from "./trend.tsx";

interface Props {
  readonly session: Session;
  readonly words: Words;
  readonly lines: number;
}

/** A curve lower than this many lines says nothing. */
const trendLinesMin = 3;

/** The worst alarms, always in the same place; the room that they leave goes to the load of the feeds. */
export function Alarms({ session, words, lines }: Props) {
  const snapshot = session.snapshot.value;
  if (!snapshot) return null;
  const banner = bannerOf(snapshot, lines, words);
  const taken = Math.max(1, banner.lines.length);
  const free = lines - taken;
  const hasTrend = free >= trendLinesMin && snapshot.site.nodes.some(({ feed }) => feed !== null);
  return (
    <section class="panel alarms" style={{ height: `${lines * alarmLineH}rem` }} aria-label={words.t("aria.alarms")}>
      {banner.lines.length === 0 && (
        <div class="line calm">
          <span>{words.t("alarms.none")}</span>
          <span class="response">{banner.rest}</span>
        </div>
      )}
      {banner.lines.map((alarm, i) => (
        <Line key={alarm.id} alarm={alarm} words={words} rest={i === banner.lines.length - 1 ? banner.rest : ""} />
      ))}
      {hasTrend && <Trend session={session} words={words} lines={free} />}
    </section>
  );
}

function Line({ alarm, words, rest }: { alarm: AlarmView; words: Words; rest: string }) {
  const { id, title, priority, acknowledged, raisedAt, active, response } = alarm;
  const remarks = remarksOf(alarm, words);
  return (
    <div class="line" data-alarm={id}>
      <PrioritySymbol priority={priority} isNew={!acknowledged} words={words} />
      <time>{raisedAt === null ? "" : words.clock(raisedAt)}</time>
      <span class={acknowledged ? "title" : "title fresh"}>{words.of(title)}</span>
      {remarks !== "" && <span class="remarks">{remarks}</span>}
      <span class="response">{active ? words.of(response) : ""}</span>
      {rest !== "" && <span class="rest">{rest}</span>}
    </div>
  );
}
