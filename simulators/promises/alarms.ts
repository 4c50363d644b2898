/** Promises about alarms. Primary alarms are those put before people: raised, and not suppressed by design as another's consequence. */
import type { Transition } from "../../src/core/plant.ts";
import { isRaising } from "../../src/core/plant.ts";
import type { Instant } from "../../src/core/time.ts";
import type { Form } from "./form.ts";
import type { Record } from "./record.ts";
import { falls } from "./when.ts";

const became: { readonly [word: string]: (t: Transition) => boolean } = {
  raised: isRaising,
  normal: ({ from, to }) => to === "normal" && from !== to,
  acknowledged: ({ from, to }) => from !== to && (to === "acknowledged" || to === "latchedAcknowledged"),
  blind: ({ blind }) => blind === true,
  seeing: ({ blind }) => blind === false,
};

/** Words for how an alarm stands, and the states in which it does. */
const stands: { readonly [word: string]: readonly Transition["to"][] } = {
  active: ["unacknowledged", "acknowledged"],
  normal: ["normal"],
  unacknowledged: ["unacknowledged"],
  acknowledged: ["acknowledged"],
  returned: ["returnedUnacknowledged"],
  latched: ["latchedUnacknowledged", "latchedAcknowledged"],
  shelved: ["shelved"],
  suppressed: ["suppressedByDesign"],
  outOfService: ["outOfService"],
};

/** How an alarm stands after all that is known of it until then; before that it is normal, and seen. */
function standingAt({ transitions }: Record, id: string, at: Instant): { status: Transition["to"]; isBlind: boolean } {
  const until = transitions.filter((t) => t.alarm === id && t.at <= at);
  const status = until.at(-1)?.to ?? "normal";
  return { status, isBlind: until.findLast(({ blind }) => blind !== undefined)?.blind ?? false };
}

const saidOf = (raised: readonly Transition[]): string =>
  `there were ${raised.length}: ${raised.map((t) => t.alarm).join(", ")}`;

/** The most alarms in any span of this length: those from the first of them on. */
function mostWithin(raised: readonly Transition[], spanMs: number): readonly Transition[] {
  return raised
    .map((first, i) => raised.slice(i).filter(({ at }) => at - first.at <= spanMs))
    .reduce((most, some) => (some.length > most.length ? some : most), []);
}

export const alarmForms: readonly Form[] = [
  {
    text: "no alarms",
    about: "No alarm changes its state, and none goes blind.",
    example: "no alarms",
    check:
      () =>
      ({ transitions: [t] }) =>
        t ? `${t.alarm} went ${t.from} → ${t.to}` : null,
  },
  {
    text: "no alarm ALARM",
    about: "This alarm is never put before people.",
    example: "no alarm hall-2-hot.H",
    check: ({ names: [id] }) => neverRaised(id!),
  },
  {
    text: "alarm ALARM never raised",
    about: "The same, said the other way.",
    example: "alarm hall-2-hot.H never raised",
    check: ({ names: [id] }) => neverRaised(id!),
  },
  {
    text: "alarm ALARM raised|normal|acknowledged|blind|seeing WHEN",
    about: "It is raised, returns to normal, is acknowledged, cannot be judged, or can be again.",
    example: 'alarm utility-lost raised within 30 s of "utility fails"',
    check:
      ({ names: [id], words: [word], when }) =>
      (record) => {
        const hits = record.transitions.filter((t) => t.alarm === id && became[word!]!(t)).map(({ at }) => at);
        return falls(record, when, hits, { late: `it was ${word}`, never: `it was never ${word}` });
      },
  },
  {
    text: "alarm ALARM raised at most COUNT times",
    about: "It does not chatter.",
    example: "alarm utility-lost raised at most 1 times",
    check:
      ({ names: [id], numbers: [most] }) =>
      ({ transitions }) => {
        const times = transitions.filter((t) => t.alarm === id && isRaising(t)).length;
        return times <= most! ? null : `it was raised ${times} times`;
      },
  },
  {
    text: "alarm ALARM raised|normal|acknowledged|blind|seeing between TIME and TIME",
    about: "That happens in this span, its two ends included.",
    example: "alarm utility-lost raised between 09:01:00 and 09:01:05",
    check:
      ({ names: [id], words: [word], times: [from, to] }) =>
      (record) => {
        const hits = record.transitions.filter((t) => t.alarm === id && became[word!]!(t)).map(({ at }) => at);
        const span = { from: from!, to: to! };
        return falls(record, () => span, hits, { late: `it was ${word}`, never: `it was never ${word}` });
      },
  },
  {
    text: "alarm ALARM is active|normal|unacknowledged|acknowledged|returned|latched|shelved|suppressed|outOfService|blind|seeing at TIME",
    about: "So it stands at this time.",
    example: "alarm utility-lost is acknowledged at 09:02:00",
    check:
      ({ names: [id], words: [word], times: [at] }) =>
      (record) => {
        const { status, isBlind } = standingAt(record, id!, at!);
        if (word === "blind" || word === "seeing")
          return (word === "blind") === isBlind ? null : `it was ${isBlind ? "blind" : "seeing"}`;
        return stands[word!]!.includes(status) ? null : `it was ${status}`;
      },
  },
  {
    text: "at most COUNT primary alarms from TIME to TIME",
    about: "No more alarms than these are put before people in this span.",
    example: "at most 10 primary alarms from 15:19:00 to 15:29:00",
    check:
      ({ numbers: [most], times: [from, to] }) =>
      ({ transitions }) => {
        const raised = transitions.filter((t) => isRaising(t) && t.at >= from! && t.at <= to!);
        return raised.length <= most! ? null : saidOf(raised);
      },
  },
  {
    text: "at most COUNT primary alarms in any DURATION",
    about: "The same of every span of this length; `≤ 10` is read as `at most 10`.",
    example: "≤ 10 primary alarms in any 10 min",
    check:
      ({ numbers: [most], durations: [span] }) =>
      ({ transitions }) => {
        const worst = mostWithin(transitions.filter(isRaising), span!);
        return worst.length <= most! ? null : saidOf(worst);
      },
  },
];

const neverRaised =
  (id: string): ReturnType<Form["check"]> =>
  ({ transitions, starts }) => {
    const hit = transitions.find((t) => t.alarm === id && isRaising(t));
    return hit ? `it was raised ${(hit.at - starts) / 1000} s after the start` : null;
  };
