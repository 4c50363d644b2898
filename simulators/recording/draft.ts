/** A scenario.yaml for a recording, with promises drafted from what happened: whoever keeps it strikes out and adds. */
import { stringify } from "yaml";
import type { Command } from "../../src/core/command.ts";
import type { Notice, Transition } from "../../src/core/plant.ts";
import { isRaising } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import { instant } from "../../src/core/time.ts";
import type { Recording } from "./recording.ts";
import { recordedFiles } from "./scenario.ts";

/** The text of the file. */
export function draftScenario(name: string, recording: Recording): string {
  const starts = localTime(recording.starts, recording.timezone);
  const lasted = Math.round((recording.ends - recording.starts) / 1000);
  const about = `Recorded at ${recording.site} from ${starts}, ${lasted} s.`;
  return stringify({
    scenario: name,
    about,
    recording: recordedFiles.readings,
    starts,
    promises: draftPromises(recording),
  });
}

/** Each alarm raised, blind and normal again, each service ordered and moved, each response done; or that nothing was. */
function draftPromises({ lines, timezone }: Recording): readonly string[] {
  const outputs = lines.flatMap(({ output }) => (output ? [output] : []));
  const by = (at: Instant): string => localTime(instant(Math.ceil(at / 1000) * 1000), timezone).slice(11, 19);
  const transitions = outputs.flatMap((output) => output.transitions);
  const commands = outputs.flatMap((output) => output.commands);
  const notices = outputs.flatMap((output) => output.notices);
  const happened = [...ofAlarms(transitions, by), ...ofCommands(commands, by), ...ofNotices(notices, by)];
  if (transitions.length === 0) happened.push("no alarms");
  if (commands.length === 0) happened.push("no commands");
  return [...new Set(happened)];
}

type By = (at: Instant) => string;

function ofAlarms(transitions: readonly Transition[], by: By): string[] {
  const first = (what: string, is: (t: Transition) => boolean): string[] =>
    firstOfEach(transitions.filter(is), ({ alarm }) => alarm).map((t) => `alarm ${t.alarm} ${what} by ${by(t.at)}`);
  return [
    ...first("raised", isRaising),
    ...first("blind", (t) => t.blind === true),
    ...first("normal", (t) => t.to === "normal" && t.from !== t.to),
  ];
}

const serviceSite = "/service.site";

const ofCommands = (commands: readonly Command[], by: By): string[] =>
  firstOfEach(
    commands.filter(({ point }) => point.endsWith(serviceSite)),
    ({ point }) => point,
  ).map(({ point, issued }) => `service ${point.slice(0, -serviceSite.length)} ordered by ${by(issued)}`);

const ofNotices = (notices: readonly Notice[], by: By): string[] =>
  notices.flatMap(({ at, about, event, id, text }) => {
    const [point = ""] = text.split(" := ");
    if (event === "confirmed" && point.endsWith(serviceSite))
      return [`service ${point.slice(0, -serviceSite.length)} moved by ${by(at)}`];
    return about === "response" && event === "done" ? [`response ${id} done by ${by(at)}`] : [];
  });

const firstOfEach = <T>(items: readonly T[], key: (item: T) => string): readonly T[] =>
  [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();

/** An instant as the site's clocks showed it: "2026-03-02T09:00:00+09:00". Milliseconds are cut off. */
function localTime(at: Instant, timezone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(at);
  const offset = new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")!
    .value.slice(3);
  return `${parts.replace(" ", "T")}${offset === "" ? "Z" : offset}`;
}
