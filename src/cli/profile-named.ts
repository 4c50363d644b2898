import { closest, formatProblem, hintAt, type Library, type Profile } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

/** A profile by its id; a refusal that says all that is wrong with its file, or which name may have been meant. */
export function profileNamed({ profiles, problems }: Library, name: string): Profile {
  const profile = profiles.get(name);
  if (profile) return profile;
  const wrong = problems.filter(({ file }) => file.replaceAll("\\", "/") === `devices/${name}.yaml`);
  if (wrong.length > 0) throw new Refusal(wrong.map(formatProblem).join("\n"), exit.config);
  const hint = hintAt(closest(name, profiles.keys()));
  throw new Refusal(
    `there is no profile "${name}"${hint}; haechi simulate-device --list says which there are`,
    exit.usage,
  );
}
