/** Damage that datagrams take on their way, or that somebody does to them; the same for the same seed. */

/** A whole number from 0 to below the limit. */
export type Random = (below: number) => number;

/** Mulberry32: small, and good enough to damage by. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

/** Lengths and tags that parsers have died of. */
const nasty = ["84ffffffff", "847fffffff", "80", "8100", "82ffff", "ff", "30", "3080", "0600", "0200", "a2", "a8"];
/** Deep enough to end a reader that calls itself for each level. */
const nesting = 2000;

const damages: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  flipped,
  flipped,
  flipped,
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => spliced(bytes, random(bytes.length), 0, noise(1 + random(8), random)),
  (bytes, random) => spliced(bytes, random(bytes.length), 1 + random(8), Buffer.alloc(0)),
  (bytes, random) => spliced(bytes, random(bytes.length), 1, Buffer.from(nasty[random(nasty.length)]!, "hex")),
  (bytes, random) => Buffer.concat([bytes, noise(1 + random(8), random)]),
  (bytes) => Buffer.concat([bytes, bytes]),
  swapped,
  (_, random) => noise(random(300), random),
  (bytes, random) => spliced(bytes, random(bytes.length), 0, Buffer.alloc(random(nesting), 0x30)),
];

/** A copy of the bytes, damaged in one way or another; now and then damage comes out as no damage. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  return damages[random(damages.length)]!(Buffer.from(bytes), random);
}

function flipped(bytes: Buffer, random: Random): Buffer {
  for (let flips = 1 + random(3); flips > 0; flips -= 1) bytes[random(bytes.length)]! ^= 1 << random(8);
  return bytes;
}

/** Two pieces of the datagram in each other's place. */
function swapped(bytes: Buffer, random: Random): Buffer {
  const [a, b] = [random(bytes.length), random(bytes.length)].toSorted((x, y) => x - y) as [number, number];
  return Buffer.concat([bytes.subarray(0, a), bytes.subarray(b), bytes.subarray(a, b)]);
}

const noise = (count: number, random: Random): Buffer => Buffer.from(Array.from({ length: count }, () => random(256)));

const spliced = (bytes: Buffer, at: number, gone: number, put: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + gone)]);
