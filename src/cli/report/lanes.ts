/** The timeline of a run: what befell the plant, how each alarm stood, and what each response had done. */
import type { AlarmDefinition } from "../../core/alarm/definition.ts";
import type { AlarmStatus } from "../../core/alarm/lifecycle.ts";
import type { Command } from "../../core/command.ts";
import type { Transition } from "../../core/plant.ts";
import type { Axis } from "./axis.ts";
import { inXml } from "./in-xml.ts";
import type { Played } from "./played.ts";

const rowPx = 26;
const barPx = 14;
const topPx = 34;
const markPx = 19;

/** What happened to the plant, numbered as the list under the drawing has it. */
export const eventsOf = ({ run }: Played): readonly { readonly at: number; readonly text: string }[] =>
  run.told.filter(({ kind }) => kind === "plant").map(({ at, text }) => ({ at, text }));

interface Lane {
  readonly label: string;
  readonly draw: (y: number) => string;
}

export function lanesOf(played: Played, axis: Axis): string {
  const lanes = [...alarmLanes(played, axis), ...responseLanes(played, axis)];
  const events = eventsOf(played);
  const height = topPx + 34 + lanes.length * rowPx + 8;
  const rows = lanes.map(({ label, draw }, i) => {
    const y = topPx + 34 + i * rowPx;
    return `<text x="0" y="${y + 11}">${inXml(shortened(label))}<title>${inXml(label)}</title></text>${draw(y)}`;
  });
  return svg(axis, height, [frame(axis, topPx - 8, height), eventRow(axis, events, height), ...rows]);
}

const shortened = (label: string): string => (label.length > 34 ? `${label.slice(0, 33)}…` : label);

/** A drawing as wide as the page, with the pattern of what cannot be judged. */
export const svg = (axis: Axis, height: number, parts: readonly string[]): string =>
  `<svg viewBox="0 0 ${axis.right + 8} ${Math.ceil(height)}" role="img">${parts.join("")}</svg>`;

/** Lines and times of the axis, and what is folded. */
export function frame(axis: Axis, top: number, bottom: number): string {
  const ticks = axis.ticks.map(
    ({ x, text }) =>
      `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${top}" y2="${bottom}"/><text class="dim" x="${px(x)}" y="${top - 8}" text-anchor="middle">${text}</text>`,
  );
  const folds = axis.folds.map(
    ({ from, to }) =>
      `<rect class="fold" x="${px(from)}" y="${top}" width="${px(to - from)}" height="${bottom - top}"><title>nothing happens here; the time is folded</title></rect>`,
  );
  return [...folds, ...ticks].join("");
}

export const px = (n: number): string => n.toFixed(1);

function eventRow(axis: Axis, events: ReturnType<typeof eventsOf>, bottom: number): string {
  let free = axis.left - markPx;
  const marks = events.map(({ at, text }, i) => {
    const x = px(axis.x(at));
    // Two that fall together stand side by side; their lines stand where they belong.
    free = Math.max(axis.x(at), free + markPx);
    const beside = px(free);
    return (
      `<line class="event-line" x1="${x}" x2="${x}" y1="${topPx + 20}" y2="${bottom}"/>` +
      `<circle class="event" cx="${beside}" cy="${topPx + 10}" r="9"><title>${inXml(text)}</title></circle>` +
      `<text class="number" x="${beside}" y="${topPx + 14}">${i + 1}</text>`
    );
  });
  return `<text x="0" y="${topPx + 14}">What happened</text>${marks.join("")}`;
}

function alarmLanes({ run: { record } }: Played, axis: Axis): readonly Lane[] {
  const isShown = (t: Transition): boolean =>
    t.blind === true || (t.to !== "suppressedByDesign" && t.to !== "normal" && t.from !== t.to);
  const named = new Map(record.site.alarms.map((alarm) => [alarm.id, alarm]));
  const order = [...new Set(record.transitions.filter(isShown).map(({ alarm }) => alarm))];
  return order.map((id) => {
    const own = record.transitions.filter(({ alarm }) => alarm === id);
    const alarm = named.get(id);
    return { label: alarm?.title["en"] ?? id, draw: (y) => bars(own, alarm, { axis, y, ends: record.ends }) };
  });
}

/** How a state is drawn: in full, faded once somebody knows, faint once it is over. */
const fades: { readonly [status in AlarmStatus]?: string } = {
  unacknowledged: "",
  acknowledged: "acknowledged",
  returnedUnacknowledged: "past",
  latchedUnacknowledged: "past",
  latchedAcknowledged: "past",
  shelved: "past",
};

function bars(
  own: readonly Transition[],
  alarm: AlarmDefinition | undefined,
  { axis, y, ends }: { readonly axis: Axis; readonly y: number; readonly ends: number },
): string {
  let isBlind = false;
  return own
    .map((t, i) => {
      isBlind = t.blind ?? isBlind;
      const [from, to] = [axis.x(t.at), axis.x(own[i + 1]?.at ?? ends)];
      const box = `x="${px(from)}" y="${y}" width="${px(Math.max(2, to - from))}" height="${barPx}" rx="3"`;
      const fade = fades[t.to];
      const said = `<title>${inXml(`${t.to}${isBlind ? ", cannot be judged" : ""}${t.because === "" ? "" : `: ${t.because}`}`)}</title>`;
      const bar = fade === undefined ? "" : `<rect class="${alarm?.priority ?? "low"} ${fade}" ${box}>${said}</rect>`;
      return bar + (isBlind ? `<rect class="blind" ${box}>${said}</rect>` : "");
    })
    .join("");
}

function responseLanes({ run: { record } }: Played, axis: Axis): readonly Lane[] {
  const ids = [...new Set(record.commands.map(({ response }) => response))];
  return ids.map((id) => {
    const own = record.commands.filter(({ response }) => response === id);
    const title = record.site.responses.find((response) => response.id === id)?.title["en"] ?? id;
    return {
      label: `${title} (${own.length})`,
      draw: (y) => own.map((c) => mark(c, record.notices, { axis, y })).join(""),
    };
  });
}

/** A command from when it was given to when the plant showed it: green where it did, red where it failed. */
function mark(
  { response, point, value, issued }: Command,
  notices: Played["run"]["record"]["notices"],
  { axis, y }: { readonly axis: Axis; readonly y: number },
): string {
  const end = notices.find(
    (n) =>
      n.id === response &&
      n.at >= issued &&
      (n.event === "confirmed" || n.event === "failed") &&
      n.text.startsWith(`${point} := ${value}:`),
  );
  const [from, to] = [axis.x(issued), axis.x(end?.at ?? issued)];
  const middle = y + barPx / 2;
  const line = `<line class="ordered" x1="${px(from)}" x2="${px(to)}" y1="${middle}" y2="${middle}"/>`;
  return `${line}<circle class="${end?.event ?? "open"}" cx="${px(to)}" cy="${middle}" r="4.5"><title>${inXml(
    `${point} := ${value}: ${end?.event ?? "open"}`,
  )}</title></circle>`;
}
