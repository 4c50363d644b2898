interface Props {
  /** Oldest first; NaN is a gap, and is drawn as one. */
  readonly values: Float64Array;
  readonly limit: number | null;
  readonly label: string;
}

/** A curve that moves by less than this has not moved: noise is not blown up to the height of the box. */
const spanMin = 4;

/** The last quarter of an hour, with the limit where it is near enough to be seen. */
export function Sparkline({ values, limit, label }: Props) {
  const known = values.filter((v) => !Number.isNaN(v));
  if (known.length < 2) return <span class="sparkline" />;
  let [low, high] = [Math.min(...known), Math.max(...known)];
  const spare = Math.max(0, spanMin - (high - low)) / 2;
  [low, high] = [low - spare, high + spare];
  const y = (v: number): number => 38 - (36 * (v - low)) / (high - low);
  return (
    <svg class="sparkline" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
      {limit !== null && limit <= high && <path class="limit" d={`M0 ${y(limit)}H100`} />}
      <path class="curve" d={pathOf(values, y)} />
    </svg>
  );
}

function pathOf(values: Float64Array, y: (v: number) => number): string {
  let d = "";
  let isDown = false;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) isDown = false;
    else {
      d += `${isDown ? "L" : "M"}${((100 * i) / (values.length - 1)).toFixed(1)} ${y(value).toFixed(1)}`;
      isDown = true;
    }
  });
  return d;
}
