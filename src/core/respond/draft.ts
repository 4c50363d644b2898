/**
 * The shed plan as numbers. Every load may be left alone or given one of its choices; a choice takes
 * kilowatts off nodes that have too much, uses up what is scarce (room on the other feed, writes of a
 * device, the racks of a group that may go dark) and does harm. A draft is one pick for every load.
 */

/** So much of one need or of one scarcity, by its number. */
export interface Amount {
  readonly of: number;
  readonly kw: number;
}

export interface Choice {
  /** The number of its load. */
  readonly load: number;
  readonly harm: number;
  /** Choices of a lower rank are tried first; those of one rank differ by their size only. */
  readonly rank: number;
  /** The load stays lit. */
  readonly isMove: boolean;
  /** All that it gives. */
  readonly kw: number;
  readonly gives: readonly Amount[];
  readonly takes: readonly Amount[];
}

export interface Problem {
  /** What has to be taken off each node, kW, above 0. */
  readonly needs: readonly number[];
  /** How much there is of what is scarce. */
  readonly rooms: readonly number[];
  /** By load. */
  readonly choices: readonly (readonly Choice[])[];
  /** The loads are taken one after the other as they stand, and not by the harm that it does. */
  readonly isListed: boolean;
}

export interface Draft {
  readonly problem: Problem;
  readonly picked: (Choice | null)[];
  /** What is still needed; less than 0 where more is given than was. */
  readonly left: Float64Array;
  readonly room: Float64Array;
}

/** Sums of readings are equal within this, kW. */
export const slackKw = 1e-9;

/**
 * The harm of every kilowatt that is still too much, kW⁻¹. A watt of it weighs more than the dearest
 * rack that may be darkened, so that a target is missed only where nothing reaches it.
 */
export const shortHarm = 1e14;

export const emptyDraft = (problem: Problem): Draft => ({
  problem,
  picked: problem.choices.map(() => null),
  left: Float64Array.from(problem.needs),
  room: Float64Array.from(problem.rooms),
});

/** Gives a load another pick, or none. */
export function put(draft: Draft, load: number, choice: Choice | null): void {
  const before = draft.picked[load] ?? null;
  if (before) weigh(draft, before, -1);
  if (choice) weigh(draft, choice, 1);
  draft.picked[load] = choice;
}

function weigh({ left, room }: Draft, { gives, takes }: Choice, sign: 1 | -1): void {
  for (const { of, kw } of gives) left[of] = left[of]! - sign * kw;
  for (const { of, kw } of takes) room[of] = room[of]! - sign * kw;
}

/** Whether there is room for a choice of a load that has none yet. */
export const fits = ({ room }: Draft, { takes }: Choice): boolean =>
  takes.every(({ of, kw }) => kw <= room[of]! + slackKw);

/** Whether a choice takes something off a node that still has too much. */
export const helps = ({ left }: Draft, { gives }: Choice): boolean =>
  gives.some(({ of, kw }) => kw > 0 && left[of]! > slackKw);

export const isCovered = ({ left }: Draft): boolean => left.every((kw) => kw <= slackKw);

/** What is still too much on each node, kW. */
export const shortOf = ({ left }: Draft): readonly number[] => Array.from(left, (kw) => (kw > slackKw ? kw : 0));

export const harmOf = ({ picked }: Draft): number => picked.reduce((sum, choice) => sum + (choice?.harm ?? 0), 0);

/** Harm, and what every kilowatt that is still too much would do. */
export const costOf = (draft: Draft): number =>
  harmOf(draft) + shortHarm * shortOf(draft).reduce((sum, kw) => sum + kw, 0);

/** Another pick for some load. */
export interface Change {
  readonly load: number;
  readonly to: Choice | null;
}

/** Makes changes that do less harm, if there is room for them and no node is left with more than it was or than it may be. */
export function tryChanges(draft: Draft, changes: readonly Change[]): boolean {
  let gain = 0;
  for (const { load, to } of changes) gain += (draft.picked[load]?.harm ?? 0) - (to?.harm ?? 0);
  if (gain <= 0 || !isSound(draft, changes)) return false;
  for (const { load, to } of changes) put(draft, load, to);
  return true;
}

/** Whether changes leave no node with more than it was or than it may be, and take no more than there is. */
export function isSound(draft: Draft, changes: readonly Change[]): boolean {
  const { picked, left, room } = draft;
  for (const { load, to } of changes) {
    for (const { of } of picked[load]?.gives ?? []) {
      const kw = left[of]!;
      if (kw - grown(draft, changes, "gives", of) > Math.max(kw, 0) + slackKw) return false;
    }
    for (const { of } of to?.takes ?? []) if (room[of]! - grown(draft, changes, "takes", of) < -slackKw) return false;
  }
  return true;
}

/** How much more is given to a need, or taken of a scarcity, by changes. */
function grown({ picked }: Draft, changes: readonly Change[], what: "gives" | "takes", of: number): number {
  let more = 0;
  for (const { load, to } of changes) more += amountOf(to, what, of) - amountOf(picked[load] ?? null, what, of);
  return more;
}

/** What a choice gives to a need, or takes of a scarcity. */
export function amountOf(choice: Choice | null, what: "gives" | "takes", at: number): number {
  if (choice) for (const { of, kw } of choice[what]) if (of === at) return kw;
  return 0;
}
