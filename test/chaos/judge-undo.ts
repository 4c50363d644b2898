/**
 * What has been done and is undone, followed by what was commanded and confirmed alone: an inverse is for
 * a step that was ordered, because a person asked for it, with the value that the site file says, after
 * all that needed the step has gone back, and never past a point of no return.
 */
import type { Command } from "../../src/core/command.ts";
import type { Notice, SiteModel } from "../../src/core/plant.ts";
import type { FailoverStep } from "../../src/core/respond/response.ts";
import type { Breach, Scanned } from "./run.ts";

/** What a step is known to be in: an order for it is out, it is confirmed, its inverse is out, or it has gone back. */
type Place = "out" | "there" | "going" | "back" | "lost";

interface Followed {
  run: string;
  readonly places: Map<string, Place>;
  /** A person has asked for it in this run, and nothing has ended it since. */
  isAsked: boolean;
}

export class UndoJudge {
  readonly #site: SiteModel;
  readonly #tell: (law: Breach["law"], at: number, what: string) => void;
  readonly #followed = new Map<string, Followed>();

  constructor(site: SiteModel, tell: (law: Breach["law"], at: number, what: string) => void) {
    this.#site = site;
    this.#tell = tell;
  }

  take({ input, output }: Scanned): void {
    for (const request of input.requests)
      if (request.to === "response" && (request.event === "abort" || request.event === "restore"))
        this.#of(request.response).isAsked = true;
    for (const notice of output.notices) this.#hear(notice);
    for (const command of output.commands) this.#look(command, input.at);
  }

  #of(response: string): Followed {
    const known = this.#followed.get(response);
    if (known) return known;
    const made = { run: "", places: new Map<string, Place>(), isAsked: false };
    this.#followed.set(response, made);
    return made;
  }

  #stepsOf(response: string): readonly FailoverStep[] {
    const { action } = this.#site.responses.find(({ id }) => id === response) ?? {};
    return action?.kind === "failover" ? action.steps : [];
  }

  /** Steps of one site have points of their own, so that a point and a value name a step and its direction. */
  #hear({ id, event, text }: Notice): void {
    const { places } = this.#of(id);
    for (const step of this.#stepsOf(id)) {
      const place = places.get(step.id);
      if (event === "confirmed" && text.startsWith(`${step.point} := ${step.value}:`) && place === "out")
        places.set(step.id, "there");
      if (event === "confirmed" && text.startsWith(`${step.point} := ${step.inverse}:`) && place === "going")
        places.set(step.id, "back");
      if (event === "failed" && text.startsWith(`${step.point} := ${step.value}:`) && place === "out")
        places.set(step.id, "lost");
    }
  }

  #look({ id, response, value }: Command, now: number): void {
    const followed = this.#of(response);
    const [run = "", name = "", kind = ""] = id.split("/");
    const step = this.#stepsOf(response).find((one) => one.id === name.split(".")[0]);
    if (!step) return;
    if (run !== followed.run) Object.assign(followed, { run, places: new Map(), isAsked: false });
    const { places } = followed;
    if (!kind.startsWith("undo")) return void places.set(step.id, "out");
    const say = (what: string): void => this.#tell(3, now, `${id} ${what}`);
    if (!followed.isAsked) say("undoes what nobody asked to have undone");
    if (!places.has(step.id)) say("undoes what was not done");
    if (places.get(step.id) === "back") say("undoes what has gone back already");
    if (step.isFinal) say("undoes what there is no way back from");
    if (value !== step.inverse) say("is not what the site file says undoes it");
    for (const other of this.#stepsOf(response))
      if (other.needs.includes(step.id) && ["out", "there", "going"].includes(places.get(other.id) ?? ""))
        say(`undoes what ${other.id} needs, which has not gone back`);
    places.set(step.id, "going");
  }
}
