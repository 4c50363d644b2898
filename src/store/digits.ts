/** Numbers as text in bytes, exactly as String() writes them. */

const zero = 48;
const minus = 45;
const dot = 46;
/** Sensors give a few decimals; with so many a number is written without asking the platform, which takes many times as long. */
const decimals = 3;
const powers = [1, 10, 100, 1000] as const;
/** Digits beyond this have no exact place in a number times a thousand. */
const plainMax = 1e12;
/** The longest that String() gives of any number. */
export const numberBytesMax = 25;

/** Writes a finite number at a place that has room for it. Returns where it ends. */
export function writeNumber(bytes: Uint8Array, at: number, value: number): number {
  const magnitude = Math.abs(value);
  const thousandths = Math.round(magnitude * powers[decimals]);
  if (magnitude >= plainMax || thousandths / powers[decimals] !== magnitude)
    return writeAscii(bytes, at, String(value));
  if (value >= 0) return writeDecimal(bytes, at, thousandths);
  bytes[at] = minus;
  return writeDecimal(bytes, at + 1, thousandths);
}

function writeDecimal(bytes: Uint8Array, at: number, thousandths: number): number {
  let places = decimals;
  let digits = thousandths;
  while (places > 0 && digits % 10 === 0) {
    digits /= 10;
    places -= 1;
  }
  const whole = Math.floor(digits / powers[places]!);
  const end = writeWhole(bytes, at, whole);
  if (places === 0) return end;
  bytes[end] = dot;
  writeDigits(bytes, end + 1 + places, digits - whole * powers[places]!, places);
  return end + 1 + places;
}

function writeWhole(bytes: Uint8Array, at: number, value: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) count += 1;
  writeDigits(bytes, at + count, value, count);
  return at + count;
}

/** So many digits, the last of them before `end`. */
function writeDigits(bytes: Uint8Array, end: number, value: number, count: number): void {
  let rest = value;
  for (let i = 1; i <= count; i += 1) {
    bytes[end - i] = zero + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** Writes a text of ASCII characters. Returns where it ends. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i += 1) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
