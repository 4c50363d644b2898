/** One column's boxes, each as near as can be to where it would like to be, none over another. */

export interface Wish {
  readonly center: number;
  readonly height: number;
}

/** Tops of the boxes, in their given order, within 0…room. The boxes and gaps must fit. */
export function spread(wishes: readonly Wish[], room: number, gap: number): readonly number[] {
  const tops: number[] = [];
  let below = 0;
  for (const { center, height } of wishes) {
    const top = Math.max(below, center - height / 2);
    tops.push(top);
    below = top + height + gap;
  }
  // What was pushed out at the bottom pushes back.
  let floor = room;
  for (let i = wishes.length - 1; i >= 0; i -= 1) {
    const top = Math.min(tops[i]!, floor - wishes[i]!.height);
    tops[i] = Math.max(0, top);
    floor = top - gap;
  }
  return tops;
}
