/**
 * Promises about what is written. A command is what the service wants done; a write is a command that the gate did not
 * refuse.
 */
import type { Command } from "../../src/core/command.ts";
import type { SiteModel } from "../../src/core/plant.ts";
import type { PointId } from "../../src/core/reading.ts";
import { deviceOf } from "../../src/core/reading.ts";
import { under } from "../../src/core/topology/power.ts";
import type { Form, Said } from "./form.ts";
import type { Promised, Record } from "./record.ts";

/** Commands, or those that the gate has let through. */
function commandsOf({ commands, outcomes }: Record, word: string): readonly Command[] {
  if (word.startsWith("command")) return commands;
  const let_ = new Set(outcomes.filter(({ result }) => result !== "refused").map(({ command }) => command));
  return commands.filter(({ id }) => let_.has(id));
}

const none =
  (word: string, meant: (command: Command) => boolean): Promised["check"] =>
  (record) => {
    const hit = commandsOf(record, word).find(meant);
    return hit ? `${hit.point} := ${hit.value} was ${word.startsWith("command") ? "commanded" : "written"}` : null;
  };

function outletsOnFeed(site: SiteModel, feed: string): ReadonlySet<PointId | null> {
  const nodes = [...site.power.nodes.values()].filter((node) => node.feed === feed);
  const below = new Set(nodes.flatMap((node) => [...under(site.power, node.id)]));
  return new Set(site.power.loads.flatMap((l) => l.feeds.filter((f) => below.has(f.node)).map((f) => f.outlet)));
}

function protectedOutlets({ power }: SiteModel): ReadonlySet<PointId | null> {
  const kept = power.loads.filter((load) => load.importance === "protected");
  return new Set(kept.flatMap((load) => load.feeds.map((feed) => feed.outlet)));
}

const noneOn =
  (outlets: (said: Said) => ReadonlySet<PointId | null>): Form["check"] =>
  (said) => {
    const meant = outlets(said);
    return none(said.words[0]!, ({ point }) => meant.has(point));
  };

export const commandForms: readonly Form[] = [
  {
    text: "no commands|writes",
    about: "Nothing is commanded at all, or nothing that the gate lets through.",
    example: "no commands",
    check: ({ words: [word] }) => none(word!, () => true),
  },
  {
    text: "no command|write on feed FEED",
    about: "No outlet below this feed is switched.",
    example: "no write on feed B",
    check: noneOn(({ site, names: [feed] }) => outletsOnFeed(site, feed!)),
  },
  {
    text: "no command|write on protected loads",
    about: "No outlet of a load that the site file calls protected is switched.",
    example: "no command on protected loads",
    check: noneOn(({ site }) => protectedOutlets(site)),
  },
  {
    text: "no command|write on device DEVICE",
    about: "Nothing is written to this device or service.",
    example: "no command on device pdu-b1",
    check: ({ names: [device], words: [word] }) => none(word!, ({ point }) => deviceOf(point) === device),
  },
  {
    text: "at most COUNT commands|writes",
    about: "No more than so many in the whole run.",
    example: "at most 40 commands",
    check:
      ({ numbers: [most], words: [word] }) =>
      (record) => {
        const { length } = commandsOf(record, word!);
        return length <= most! ? null : `there were ${length}`;
      },
  },
  {
    text: "no two commands|writes to one outlet within DURATION",
    about: "Nothing is switched twice in so short a time.",
    example: "no two commands to one outlet within 1 min",
    check:
      ({ words: [word], durations: [apart] }) =>
      (record) => {
        const last = new Map<PointId, Command>();
        for (const command of commandsOf(record, word!)) {
          const before = last.get(command.point);
          if (before && command.issued - before.issued < apart!)
            return `${command.point} was commanded twice within ${(command.issued - before.issued) / 1000} s`;
          last.set(command.point, command);
        }
        return null;
      },
  },
];
