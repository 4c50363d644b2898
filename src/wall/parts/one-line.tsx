import { fillMax } from "../cards/margins.ts";
import type { Box } from "../diagram/cells.ts";
import { diagramOf, linesIn } from "../diagram/diagram.ts";
import { sayingOf } from "../diagram/says.ts";
import { textWidth } from "../measure.ts";
import { priorityColor } from "../palette.ts";
import type { Session } from "../session.ts";
import type { Words } from "../text.ts";
import { Indicator } from "./indicator.tsx";

interface Props {
  readonly session: Session;
  readonly words: Words;
  /** rem */
  readonly width: number;
  readonly height: number;
}

const padding = 0.45;
/** Padding and the thickest border of a box, and what its indicator takes. rem */
const boxPadding = 0.95;
const indicatorW = 0.85;

/** The power chain from the utility to the racks. Thick and light has power; dotted has none. */
export function OneLine({ session, words, width, height }: Props) {
  const snapshot = session.snapshot.value;
  const now = session.now.value;
  if (!snapshot) return null;
  const wantedW = (cell: Box["cell"], room: number): number => {
    const { title, lines, ratio } = sayingOf(cell, snapshot, { words, now, room });
    const widest = Math.max(1.08 * textWidth(title), ...lines.slice(0, room).map(textWidth));
    return widest + boxPadding + (ratio === null || room === 0 ? 0 : indicatorW);
  };
  const leastW = (cell: Box["cell"], room: number): number => {
    const { lines, ratio } = sayingOf(cell, snapshot, { words, now, room });
    return ratio === null ? 0 : Math.max(0, ...lines.slice(0, room).map(textWidth)) + boxPadding + indicatorW;
  };
  const inner = { width: width - 2 * padding, height: height - 2 * padding, wantedW, leastW };
  const { boxes, lines } = diagramOf(snapshot, inner);
  return (
    <section class="panel diagram" aria-label={words.t("aria.diagram")}>
      <svg class="wires" viewBox={`${-padding} ${-padding} ${width} ${height}`} aria-hidden="true">
        {lines.map(({ key, d, flow }) => (
          <path key={key} class={flow} d={d} />
        ))}
      </svg>
      {boxes.map((box) => (
        <NodeBox key={box.cell.key} box={box} session={session} words={words} />
      ))}
    </section>
  );
}

interface BoxProps {
  readonly box: Box;
  readonly session: Session;
  readonly words: Words;
}

function NodeBox({ box, session, words }: BoxProps) {
  const { x, y, w, h, cell } = box;
  const room = linesIn(h);
  const says = sayingOf(cell, session.snapshot.value!, { words, now: session.now.value, room });
  const style = { left: `${x + padding}rem`, top: `${y + padding}rem`, width: `${w}rem`, height: `${h}rem` };
  const outline = cell.priority === null ? {} : { borderColor: priorityColor[cell.priority] };
  const names = [
    "box",
    says.power,
    says.stale ? "stale" : "",
    says.outOfOrder ? "odd" : "",
    cell.priority ? "alarmed" : "",
  ];
  return (
    <div class={names.filter((name) => name !== "").join(" ")} style={{ ...style, ...outline }}>
      <div class="says">
        <b>{says.title}</b>
        {says.lines.slice(0, room).map((line) => (
          <span key={line}>{line}</span>
        ))}
      </div>
      {says.ratio !== null && room > 0 && (
        <Indicator
          low={0}
          high={1.1}
          value={says.ratio}
          band={[0, fillMax]}
          limit={fillMax}
          label={says.lines.join(", ")}
        />
      )}
    </div>
  );
}
