/**
 * What a scenario promises, one plain sentence each, and whether a run kept it. The sentences are
 * the whole language; each form stands in the table below with what it looks at.
 */

import type { Command } from "../src/core/command.ts";
import type { AlarmState, Notice, SiteModel, Transition } from "../src/core/plant.ts";
import type { Instant } from "../src/core/time.ts";
import { instant } from "../src/core/time.ts";
import { under } from "../src/core/topology/power.ts";

/** All that a run put out, in order. */
export interface Record {
  readonly site: SiteModel;
  readonly transitions: readonly Transition[];
  readonly commands: readonly Command[];
  readonly notices: readonly Notice[];
  readonly alarms: readonly AlarmState[];
}

/** A promise that was read: the sentence, and the check. The check says what went wrong, or null. */
export interface Promised {
  readonly text: string;
  check(record: Record): string | null;
}

/** Turns a wall time of the scenario ("15:19:02") into the instant it means. */
export type WallTime = (text: string) => Instant | null;

type Form = readonly [RegExp, (words: readonly string[], times: readonly Instant[]) => Promised["check"]];

const time = "(\\d\\d:\\d\\d:\\d\\d)";

const forms: readonly Form[] = [
  [
    /^no alarms$/,
    () =>
      ({ transitions }) =>
        first(transitions, (t) => `${t.alarm} went ${t.from} → ${t.to}`),
  ],
  [
    /^no commands$/,
    () =>
      ({ commands }) =>
        first(commands, (c) => `${c.point} := ${c.value} was commanded`),
  ],
  [
    new RegExp(`^alarm (\\S+) raised by ${time}$`),
    ([id], [by]) => reached(id!, by!, "raised", (t) => t.to === "unacknowledged"),
  ],
  [
    new RegExp(`^alarm (\\S+) normal by ${time}$`),
    ([id], [by]) => reached(id!, by!, "normal", (t) => t.to === "normal"),
  ],
  [new RegExp(`^alarm (\\S+) blind by ${time}$`), ([id], [by]) => reached(id!, by!, "blind", (t) => t.blind === true)],
  [new RegExp(`^service (\\S+) ordered by ${time}$`), ([id], [by]) => ordered(id!, by!)],
  [new RegExp(`^service (\\S+) moved by ${time}$`), ([id], [by]) => moved(id!, by!)],
  [new RegExp(`^response (\\S+) done by ${time}$`), ([id], [by]) => done(id!, by!)],
  [/^no command on feed (\S+)$/, ([feed]) => noCommandOnFeed(feed!)],
  [/^no command on protected loads$/, () => noCommandOnProtected],
  [
    new RegExp(`^at most (\\d+) primary alarms from ${time} to ${time}$`),
    ([n], [from, to]) => atMost(Number(n), from!, to!),
  ],
];

/** Reads a promise; null when no form fits, or a time is none. */
export function readPromise(text: string, wallTime: WallTime): Promised | null {
  for (const [pattern, make] of forms) {
    const match = pattern.exec(text);
    if (!match) continue;
    const words = match.slice(1);
    const times = words.filter((word) => /^\d\d:\d\d:\d\d$/.test(word)).map(wallTime);
    if (times.includes(null)) return null;
    return {
      text,
      check: make(
        words,
        times.map((at) => instant(at!)),
      ),
    };
  }
  return null;
}

/** The forms, for an error message. */
export const promiseForms: readonly string[] = [
  "no alarms",
  "no commands",
  "alarm ID raised|normal|blind by HH:MM:SS",
  "service ID ordered|moved by HH:MM:SS",
  "response ID done by HH:MM:SS",
  "no command on feed X",
  "no command on protected loads",
  "at most N primary alarms from HH:MM:SS to HH:MM:SS",
];

const first = <T>(items: readonly T[], say: (item: T) => string): string | null => (items[0] ? say(items[0]) : null);

function reached(id: string, by: Instant, what: string, is: (t: Transition) => boolean): Promised["check"] {
  return ({ transitions }) => {
    const hits = transitions.filter((t) => t.alarm === id && is(t));
    if (hits.some((t) => t.at <= by)) return null;
    return hits[0] ? `it was ${what} ${(hits[0].at - by) / 1000} s too late` : `it was never ${what}`;
  };
}

function ordered(service: string, by: Instant): Promised["check"] {
  return ({ commands }) => {
    const order = commands.find((c) => c.point === `${service}/service.site`);
    if (!order) return "it was never ordered";
    return order.issued <= by ? null : `it was ordered ${(order.issued - by) / 1000} s too late`;
  };
}

function moved(service: string, by: Instant): Promised["check"] {
  return ({ notices }) => {
    const hit = notices.find((n) => n.event === "confirmed" && n.text.startsWith(`${service}/service.site :=`));
    if (!hit) return "its move was never confirmed";
    return hit.at <= by ? null : `it was confirmed ${(hit.at - by) / 1000} s too late`;
  };
}

function done(response: string, by: Instant): Promised["check"] {
  return ({ notices }) => {
    const hit = notices.find((n) => n.id === response && n.event === "done");
    if (!hit) return "it was never done";
    return hit.at <= by ? null : `it was done ${(hit.at - by) / 1000} s too late`;
  };
}

function noCommandOnFeed(feed: string): Promised["check"] {
  return ({ site, commands }) => {
    const nodes = [...site.power.nodes.values()].filter((node) => node.feed === feed);
    const below = new Set(nodes.flatMap((node) => [...under(site.power, node.id)]));
    const outlets = new Set(
      site.power.loads.flatMap((l) => l.feeds.filter((f) => below.has(f.node)).map((f) => f.outlet)),
    );
    return first(
      commands.filter((c) => outlets.has(c.point)),
      (c) => `${c.point} := ${c.value} was commanded`,
    );
  };
}

const noCommandOnProtected: Promised["check"] = ({ site, commands }) => {
  const kept = site.power.loads.filter((load) => load.importance === "protected");
  const outlets = new Set(kept.flatMap((load) => load.feeds.map((feed) => feed.outlet)));
  return first(
    commands.filter((c) => outlets.has(c.point)),
    (c) => `${c.point} := ${c.value} was commanded`,
  );
};

/** Primary alarms are those announced to people: raised, and not suppressed by design as another's consequence. */
function atMost(most: number, from: Instant, to: Instant): Promised["check"] {
  return ({ transitions }) => {
    const raised = transitions.filter((t) => t.to === "unacknowledged" && t.at >= from && t.at <= to);
    return raised.length <= most ? null : `there were ${raised.length}: ${raised.map((t) => t.alarm).join(", ")}`;
  };
}
