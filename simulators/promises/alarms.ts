/** Promises about alarms. Primary alarms are those put before people: raised, and not suppressed by design as another's consequence. */
import type { Transition } from "../../src/core/plant.ts";
import { isRaising } from "../../src/core/plant.ts";
import type { Form } from "./form.ts";
import { falls } from "./when.ts";

const became: Readonly<Record<string, (t: Transition) => boolean>> = {
  raised: isRaising,
  normal: ({ from, to }) => to === "normal" && from !== to,
  acknowledged: ({ from, to }) => from !== to && (to === "acknowledged" || to === "latchedAcknowledged"),
  blind: ({ blind }) => blind === true,
  seeing: ({ blind }) => blind === false,
};

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
