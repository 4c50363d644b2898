/** Promises about responses, their stages, and the services that they move. */
import type { Command } from "../../src/core/command.ts";
import type { Notice } from "../../src/core/plant.ts";
import { instant } from "../../src/core/time.ts";
import type { Form } from "./form.ts";
import type { Record } from "./record.ts";
import { falls } from "./when.ts";

/** A response has begun once its first step or stage is said, whatever comes of it. */
const beginnings: readonly string[] = ["step", "stage"];

const was: { readonly [word: string]: (n: Notice) => boolean } = {
  begun: ({ event }) => beginnings.includes(event),
  advised: ({ event }) => event === "advised",
  done: ({ event }) => event === "done",
  stopped: ({ event }) => event === "stopped",
};

/** The phase that a response is in once this is said of it. */
const phaseAfter: { readonly [event: string]: string } = {
  counting: "counting",
  advised: "advised",
  approved: "running",
  step: "running",
  stage: "running",
  observed: "done",
  done: "done",
  stopped: "stopped",
};

const noticesOf = ({ notices }: Record, response: string, is: (n: Notice) => boolean): readonly Notice[] =>
  notices.filter((n) => n.about === "response" && n.id === response && is(n));

/** "login" or "2": commands bear their response's run and stage in their ids, an attempt behind a point. */
const stageOf = ({ id }: Command): string => (id.split("/")[1] ?? "").split(".")[0]!;

/** When a command was seen to work: its response says so of the point and the value. */
const confirmedAt = ({ notices }: Record, { response, point, value, issued }: Command): Notice | undefined =>
  notices.find(
    (n) => n.event === "confirmed" && n.id === response && n.at >= issued && n.text.startsWith(`${point} := ${value}:`),
  );

export const responseForms: readonly Form[] = [
  {
    text: "response RESPONSE begun|advised|done|stopped WHEN",
    about: "It takes its first step, asks for a yes, is done with all of them, or is stopped.",
    example: "response stretch-batteries done by 09:04:00",
    check:
      ({ names: [id], words: [word], when }) =>
      (record) => {
        const hits = noticesOf(record, id!, was[word!]!).map(({ at }) => at);
        return falls(record, when, hits, { late: `it was ${word}`, never: `it was never ${word}` });
      },
  },
  {
    text: "response RESPONSE not begun|advised|done|stopped",
    about: "None of that, in the whole run.",
    example: "response drain-site not begun",
    check:
      ({ names: [id], words: [word] }) =>
      (record) => {
        const [hit] = noticesOf(record, id!, was[word!]!);
        return hit ? `it was ${word} ${(hit.at - record.starts) / 1000} s after the start` : null;
      },
  },
  {
    text: "response RESPONSE is counting|advised|running|done|stopped at TIME",
    about: "In this phase it is at this time.",
    example: "response stretch-batteries is running at 09:02:00",
    check:
      ({ names: [id], words: [word], times: [at] }) =>
      (record) => {
        const phase = noticesOf(record, id!, (n) => n.at <= at!).reduce(
          (before, n) => phaseAfter[n.event] ?? before,
          "",
        );
        return phase === word ? null : phase === "" ? "nothing had been said of it" : `it was ${phase}`;
      },
  },
  {
    text: "stage STAGE of RESPONSE ordered|confirmed WHEN",
    about: "Every command of a shed's stage (1, 2, …) or of a failover's step (its id) is given, or seen to work.",
    example: "stage 1 of stretch-batteries confirmed within 45 s of generator-not-carrying",
    objection: ({ site, names: [stage, id] }) => {
      const action = site.responses.find((response) => response.id === id)?.action;
      if (action?.kind !== "failover") return /^\d+$/.test(stage!) ? null : "a shed's stages are 1, 2 and so on";
      const steps = action.steps.map((step) => step.id);
      return steps.includes(stage!) ? null : `${id} has no step "${stage}"; it has ${steps.join(", ")}`;
    },
    check:
      ({ names: [stage, id], words: [word], when }) =>
      (record) => {
        const commands = record.commands.filter((c) => c.response === id && stageOf(c) === stage);
        if (word === "ordered")
          return falls(record, when, commands.map(({ issued }) => issued).slice(0, 1), {
            late: "it was ordered",
            never: "it was never ordered",
          });
        return confirmed(record, commands, when);
      },
  },
  {
    text: "service SERVICE ordered|moved WHEN",
    about: "The order to move it is given, or its move is seen.",
    example: "service mail moved before 15:27",
    check:
      ({ names: [service], words: [word], when }) =>
      (record) => {
        const orders = record.commands.filter((c) => c.point === `${service}/service.site`);
        if (word === "ordered")
          return falls(record, when, orders.map(({ issued }) => issued).slice(0, 1), {
            late: "it was ordered",
            never: "it was never ordered",
          });
        const moves = record.notices.filter(
          (n) => n.event === "confirmed" && n.text.startsWith(`${service}/service.site :=`),
        );
        return falls(record, when, moves.map(({ at }) => at).slice(0, 1), {
          late: "it was confirmed",
          never: "its move was never confirmed",
        });
      },
  },
  {
    text: "service SERVICE never ordered",
    about: "Nobody is told to move it.",
    example: "service all never ordered",
    check:
      ({ names: [service] }) =>
      ({ commands, starts }) => {
        const order = commands.find((c) => c.point === `${service}/service.site`);
        return order ? `it was ordered ${(order.issued - starts) / 1000} s after the start` : null;
      },
  },
];

/** A stage is confirmed when the last of its commands is; one that never is leaves it unconfirmed. */
function confirmed(record: Record, commands: readonly Command[], when: Parameters<typeof falls>[1]): string | null {
  if (commands.length === 0) return falls(record, when, [], { late: "", never: "it was never ordered" });
  const open = commands.find((command) => !confirmedAt(record, command));
  if (open) return `${open.point} := ${open.value} was never confirmed`;
  const last = instant(Math.max(...commands.map((command) => confirmedAt(record, command)!.at)));
  return falls(record, when, [last], { late: "it was confirmed", never: "it was never confirmed" });
}
