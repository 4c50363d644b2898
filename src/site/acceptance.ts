/** Reasons in a site file: why a response may do what it does with nobody asked, and of which other sheds that is said as well. */
import type { ResponseId } from "../core/command.ts";
import type { PowerTree } from "../core/topology/power.ts";
import type { Path } from "../profiles/index.ts";
import type { ResponseSource } from "./responses.ts";
import { shareAtStake } from "./scope.ts";
import { wishOf } from "./shed.ts";
import type { Survey } from "./survey.ts";

/** A reason as the core is told of it. */
export function reasonOf(accept: ResponseSource["accept"]): { accept?: string; acceptWith?: readonly ResponseId[] } {
  if (accept === undefined) return {};
  if (typeof accept === "string") return { accept };
  return { accept: accept.why, acceptWith: accept.with as readonly string[] as readonly ResponseId[] };
}

interface Setting {
  readonly survey: Survey;
  readonly tree: PowerTree;
}

/** A reason that is given for several sheds names sheds, each once, that together darken what somebody has to say yes to. */
export function checkTogether({ survey, tree }: Setting, id: string, { accept, shed }: ResponseSource): void {
  if (typeof accept !== "object") return;
  const { findings } = survey;
  const path = ["responses", id, "accept", "with"];
  if (!shed) return findings.say(path, "names sheds, and this is none: what it moves is accepted by its reason alone");
  const others = accept.with.flatMap((name, i) => {
    if (name === id) findings.say([...path, i], `${name} is this response: name the others`);
    else if (accept.with.indexOf(name) !== i) findings.say([...path, i], `${name} is named already`);
    else return namedShed(survey, [...path, i], name) ?? [];
    return [];
  });
  const isSound = others.length === accept.with.length && !findings.hasBroken("loads") && !findings.hasBroken("power");
  if (isSound && shareAtStake([shed, ...others].map(wishOf), tree) === null)
    findings.say(
      path,
      "there is nothing to accept: together they darken no more than half of the racks, or relieve one feed alone",
    );
}

function namedShed({ findings, source }: Survey, path: Path, name: string): NonNullable<ResponseSource["shed"]> | null {
  if (!findings.refer(path, "responses", name)) return null;
  const { shed } = source.responses[name]!;
  if (!shed) findings.say(path, `${name} is no shed: it darkens nothing`);
  return shed ?? null;
}
