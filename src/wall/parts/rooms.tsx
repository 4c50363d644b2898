import { factsOf } from "../facts.ts";
import { ageText, quantityText } from "../format.ts";
import { textWidth } from "../measure.ts";
import { priorityColor } from "../palette.ts";
import { slopePerMinute } from "../ring.ts";
import type { RoomTile, Shown } from "../rooms.ts";
import { roomsOf, tileGap } from "../rooms.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";
import { named } from "../text.ts";
import { Indicator } from "./indicator.tsx";
import { Sparkline } from "./sparkline.tsx";
import { PrioritySymbol } from "./symbol.tsx";

interface Props {
  readonly session: Session;
  readonly words: Words;
  /** rem */
  readonly width: number;
  readonly height: number;
}

const padding = 0.35;
/** A tile's own padding and border, rem. */
const tilePadding = 1.1;

/** Every room: what is wrong in it, how warm it is and which way that goes. */
export function Rooms({ session, words, width, height }: Props) {
  const snapshot = session.snapshot.value;
  if (!snapshot) return null;
  const grid = roomsOf(snapshot, {
    width: width - 2 * padding,
    height: height - 2 * padding,
    wantedW: ({ name }) => 1.08 * textWidth(words.of(name)) + tilePadding,
  });
  const style = {
    gridTemplateColumns: `repeat(${grid.columns}, 1fr)`,
    gridTemplateRows: `repeat(${grid.rows}, 1fr)`,
    gap: `${tileGap}rem`,
    padding: `${padding}rem`,
  };
  return (
    <section class="panel rooms" style={style} aria-label={words.t("aria.rooms")}>
      {grid.tiles.map((tile) => (
        <Tile
          key={tile.key}
          tile={tile}
          session={session}
          words={words}
          room={Math.max(1, Math.floor((grid.tileH - 0.35) / 1.2) - 1)}
        />
      ))}
    </section>
  );
}

interface TileProps {
  readonly tile: RoomTile;
  readonly session: Session;
  readonly words: Words;
  /** Lines of text under the name. */
  readonly room: number;
}

function Tile({ tile, session, words, room }: TileProps) {
  const { priority, temperature } = tile;
  const facts = factsOf(tile, words, session.now.value);
  const urgent = facts.filter(({ tone, stale }) => tone === "strong" || stale);
  const limit = temperature && limitText(temperature, session, words);
  const rest = limit ? [{ key: "limit", text: limit, tone: "plain" }] : facts.filter((fact) => !urgent.includes(fact));
  const left = Math.max(0, room - urgent.length);
  const style = priority === null ? {} : { borderColor: priorityColor[priority] };
  return (
    <div class={priority === null ? "tile" : "tile alarmed"} style={style}>
      <div class="says">
        <b>
          {priority !== null && <PrioritySymbol priority={priority} isNew={tile.isNew} words={words} />}
          <span class="name">{titleOf(tile, words)}</span>
        </b>
        {urgent.slice(0, room).map(({ key, text, tone, stale }) => (
          <span key={key} class={`${tone} ${stale ? "hatched" : ""}`}>
            {text}
          </span>
        ))}
        {temperature && left > 0 && (
          <Temperature
            point={temperature}
            silent={tile.silent}
            isGroup={tile.spaces.length > 1}
            session={session}
            words={words}
          />
        )}
        {rest.slice(0, temperature ? Math.max(0, left - 1) : left).map(({ key, text, tone }) => (
          <span key={key} class={tone}>
            {text}
          </span>
        ))}
      </div>
      {temperature?.high != null && <Warmth point={temperature} words={words} />}
    </div>
  );
}

function titleOf({ spaces }: RoomTile, words: Words): string {
  const [first] = spaces;
  if (spaces.length === 1 && first) return words.of(first.name);
  const alike = spaces.every(({ kind }) => kind === first?.kind);
  return words.t("room.group", {
    n: spaces.length,
    kind: named(words, "kind", alike ? (first?.kind ?? "other") : "other"),
  });
}

/** Below this a change is the sensor's. K a minute. */
const slopeMin = 0.3;

interface TemperatureProps {
  readonly point: Shown;
  /** Sensors like it that are silent. */
  readonly silent: number;
  /** It is the hottest of several rooms. */
  readonly isGroup: boolean;
  readonly session: Session;
  readonly words: Words;
}

function Temperature({ point, silent, isGroup, session, words }: TemperatureProps) {
  if (point.v === null) {
    const age = point.at === null ? words.t("value.none") : ageText(session.now.value - point.at, words);
    return <span class="hatched">– °C · {age}</span>;
  }
  const values = session.trends.values(point.id);
  const value = quantityText(point.v, point.unit, words);
  return (
    <span class="plain warm">
      <span class={point.q === 1 ? "doubted" : ""}>{isGroup ? words.t("room.hottest", { value }) : value}</span>
      {silent > 0 ? (
        <span class="hatched">{words.t("room.silent", { n: silent })}</span>
      ) : (
        <span class="dim">{rateText(values, words)}</span>
      )}
      {!isGroup && silent === 0 && <Sparkline values={values} limit={point.high} label={value} />}
    </span>
  );
}

/** How fast a temperature moves, "+0.8 / min"; nothing while it rests. */
function rateText(values: Float64Array, words: Words): string {
  const slope = slopePerMinute(values);
  if (slope === null || Math.abs(slope) < slopeMin) return "";
  return words.t("room.rate", { value: (slope > 0 ? "+" : "") + words.number(slope, 1) });
}

/** A limit further off than this is not yet a matter of minutes. */
const limitMinutesMax = 60;

/** When a temperature reaches its limit if it goes on as it does; null when that is far off. */
function limitText({ id, v, high }: Shown, session: Session, words: Words): string | null {
  const slope = slopePerMinute(session.trends.values(id));
  if (v === null || high === null || v >= high || slope === null || slope < slopeMin) return null;
  const minutes = Math.floor((high - v) / slope);
  return minutes <= limitMinutesMax ? words.t("room.limitIn", { n: minutes }) : null;
}

/** How far below the limit the scale begins, and above it ends. K */
const scale = { below: 20, above: 6 };

function Warmth({ point, words }: { point: Shown; words: Words }) {
  const high = point.high!;
  const label = point.v === null ? words.t("value.none") : quantityText(point.v, point.unit, words);
  const [low, top] = [high - scale.below, high + scale.above];
  return <Indicator low={low} high={top} value={point.v} band={[point.low ?? low, high]} limit={high} label={label} />;
}
