interface Props {
  /** Ends of the scale and the value, in one unit. */
  readonly low: number;
  readonly high: number;
  /** Nothing points where nobody knows. */
  readonly value: number | null;
  /** The band in which the value is at home. */
  readonly band: readonly [number, number];
  /** Where alarms begin; null where none does. */
  readonly limit: number | null;
  readonly label: string;
}

/** A moving analog indicator: where a value stands in its range is seen before it is read. */
export function Indicator({ low, high, value, band, limit, label }: Props) {
  const y = (v: number): number => 100 - (100 * (Math.min(high, Math.max(low, v)) - low)) / (high - low);
  return (
    <svg class="indicator" viewBox="0 0 22 100" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" x="8" y="0" width="14" height="100" />
      <rect class="band" x="8" y={y(band[1])} width="14" height={Math.max(0, y(band[0]) - y(band[1]))} />
      {limit !== null && <rect class="limit" x="5" y={y(limit) - 1.2} width="17" height="2.4" />}
      {value !== null && <path class="pointer" d={`M0 ${y(value) - 7}L12 ${y(value)}L0 ${y(value) + 7}Z`} />}
    </svg>
  );
}
