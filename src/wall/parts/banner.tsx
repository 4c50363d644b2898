import type { AlarmView } from "../../serve/api.ts";
import { bannerOf, remarksOf } from "../banner.ts";
import { alarmLineH } from "../layout.ts";
import type { LossLine } from "../losses.ts";
import { lossesOf } from "../losses.ts";
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
  // What is lost never takes the alarms' last line.
  const losses = lossesOf(snapshot, Math.floor(lines / 2), words);
  const banner = bannerOf(snapshot, lines - losses.lines.length, words);
  const taken = losses.lines.length + Math.max(1, banner.lines.length);
  const free = lines - taken;
  const hasTrend = free >= trendLinesMin && snapshot.site.nodes.some(({ feed }) => feed !== null);
  return (
    <section class="panel alarms" style={{ height: `${lines * alarmLineH}rem` }} aria-label={words.t("aria.alarms")}>
      {losses.lines.map((loss, i) => (
        <LossRow key={loss.key} loss={loss} words={words} rest={i === losses.lines.length - 1 ? losses.rest : ""} />
      ))}
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

function LossRow({ loss, words, rest }: { loss: LossLine; words: Words; rest: string }) {
  return (
    <div class="line loss" data-cause={loss.key}>
      <time>{words.clock(loss.since)}</time>
      <span class="title fresh">{loss.title}</span>
      <span class="reach">{loss.text}</span>
      {rest !== "" && <span class="rest">{rest}</span>}
    </div>
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
