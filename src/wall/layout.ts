/** Who gets how much of the screen. In rem: how many of them there are says how far off people stand. */

export interface Layout {
  readonly headerH: number;
  readonly mainH: number;
  readonly diagramW: number;
  readonly roomsW: number;
  readonly cardsH: number;
  readonly cards: number;
  readonly alarmLines: number;
  /** Too narrow for all that a header says: the counts stand in the alarms' strip as well. */
  readonly isNarrow: boolean;
}

const narrowW = 46;

export const gap = 0.35;
export const margin = 0.5;
export const alarmLineH = 1.62;
const headerH = 2.5;
const cardsH = 5.9;
/** A card with less cannot hold its countdown beside a title that says something. */
const cardMin = 11;
/** The alarms' part of what header and cards leave over. */
const alarmsShare = 0.29;
const alarmLinesMin = 2;
const alarmLinesMax = 8;
/** The one-line diagram needs five columns; on a small screen it takes them from the rooms. */
const diagramShare = 0.57;
const diagramMin = 24;

/** Divides a screen of this many rem. */
export function layoutOf(width: number, height: number): Layout {
  const free = height - 2 * margin - 3 * gap - headerH - cardsH;
  const alarmLines = Math.min(alarmLinesMax, Math.max(alarmLinesMin, Math.round((free * alarmsShare) / alarmLineH)));
  const inner = width - 2 * margin;
  const diagramW = Math.min(Math.max((inner - gap) * diagramShare, diagramMin), inner * 0.66);
  const cards = Math.min(4, Math.max(2, Math.floor((inner + gap) / (cardMin + gap))));
  const mainH = Math.max(0, free - alarmLines * alarmLineH);
  return {
    headerH,
    mainH,
    diagramW,
    roomsW: inner - gap - diagramW,
    cardsH,
    cards,
    alarmLines,
    isNarrow: width < narrowW,
  };
}
