/**
 * How large text must be to be read from where people stand. All sizes of the wall are multiples of
 * the root font size, so this is the smallest text there is: content is cut to fit, never shrunk.
 */

/** Letters subtend at least this at the furthest viewer (NUREG-0700). Minutes of arc. */
const arcMinutesMin = 16;
/** Height of a capital over the font size in the slightest of the usual system fonts. */
const capHeight = 0.716;
/** Height of a 16:9 screen a diagonal inch, mm. */
const mmPerInch = (25.4 * 9) / Math.hypot(16, 9);
/** More than about fifty lines on a screen are a document, not a wall. vh */
const rootVhMin = 2;
/** Fewer than about sixteen lines hold no overview: whoever stands further off needs a larger screen. vh */
const rootVhMax = 6;

export interface Viewing {
  readonly distanceM: number;
  readonly inches: number;
}

/** The root font size, in hundredths of the screen's height. */
export function rootVh({ distanceM, inches }: Viewing): number {
  const capMm = distanceM * 1000 * Math.tan((arcMinutesMin / 60) * (Math.PI / 180));
  const vh = (100 * capMm) / capHeight / (inches * mmPerInch);
  return Math.min(rootVhMax, Math.max(rootVhMin, vh));
}

/** Distance and diagonal from the page's address; what is missing or not sensible is 4 m and 65 inches. */
export function viewingOf(query: URLSearchParams): Viewing {
  return { distanceM: within(query.get("distance"), 1, 30, 4), inches: within(query.get("inches"), 10, 200, 65) };
}

function within(text: string | null, low: number, high: number, otherwise: number): number {
  const value = text === null ? Number.NaN : Number(text);
  return value >= low && value <= high ? value : otherwise;
}
