/** Device profiles: from a file's text to a checked profile, or to everything that is wrong with it. */
import { alarmOf } from "./alarms.ts";
import { checkProfile } from "./check.ts";
import { parsePointCondition } from "./condition.ts";
import type { Problem } from "./document.ts";
import { Document } from "./document.ts";
import type { Profile, ProfileBoost } from "./profile.ts";
import type { ProfileSource } from "./schema.ts";
import { profileSchema } from "./schema.ts";
import { validate } from "./validate.ts";

/** A profile out of the text of its file; the file's path must end in the profile's id. */
export function parseProfile(file: string, text: string): { profile: Profile } | { problems: readonly Problem[] } {
  const document = Document.parse(file, text);
  const checked = validate(document, profileSchema);
  if ("problems" in checked) return checked;
  const problems = checkProfile(checked.value, document);
  return problems.length > 0 ? { problems } : { profile: profileOf(checked.value) };
}

function profileOf(source: ProfileSource): Profile {
  const { profile, boost, alarms = {}, ...rest } = source;
  return {
    ...rest,
    id: profile,
    identify: source.identify ?? {},
    link: source.link ?? {},
    commands: source.commands ?? {},
    variants: source.variants ?? [],
    traps: source.traps ?? {},
    boost: boost ? boostOf(boost) : null,
    alarms: Object.entries(alarms).map(([id, alarm]) => alarmOf(id, alarm)),
  };
}

function boostOf(source: NonNullable<ProfileSource["boost"]>): ProfileBoost | null {
  const condition = parsePointCondition(source.when);
  return condition && { ...condition, classes: source.classes };
}
