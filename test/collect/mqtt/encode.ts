// Sparkplug B payloads written out byte by byte, after the specification and without the decoder's help.

const varint = (value: bigint): number[] => {
  const bytes: number[] = [];
  for (let left = BigInt.asUintN(64, value); ; left >>= 7n) {
    if (left < 128n) return [...bytes, Number(left)];
    bytes.push(Number(left & 127n) | 128);
  }
};

export const uint = (field: number, value: number | bigint): Buffer =>
  Buffer.from([...varint(BigInt(field * 8)), ...varint(BigInt(value))]);

export const bytes = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint(BigInt(field * 8 + 2)), ...varint(BigInt(content.length))]), content]);

export const text = (field: number, content: string): Buffer => bytes(field, Buffer.from(content, "utf8"));

export function float(field: number, value: number): Buffer {
  const content = Buffer.alloc(5);
  content[0] = field * 8 + 5;
  content.writeFloatLE(value, 1);
  return content;
}

export function double(field: number, value: number): Buffer {
  const content = Buffer.alloc(9);
  content[0] = field * 8 + 1;
  content.writeDoubleLE(value, 1);
  return content;
}

export const INT8 = 1;
export const INT16 = 2;
export const INT32 = 3;
export const INT64 = 4;
export const UINT8 = 5;
export const UINT32 = 7;
export const UINT64 = 8;
export const FLOAT = 9;
export const DOUBLE = 10;
export const BOOLEAN = 11;
export const STRING = 12;

/** What a test says of a metric; `value` is the field that holds it. */
export interface Written {
  readonly name?: string;
  readonly alias?: number;
  readonly at?: number;
  readonly type?: number;
  readonly historical?: boolean;
  readonly nothing?: boolean;
  readonly quality?: number;
  readonly value?: Buffer;
}

const quality = (value: number): Buffer =>
  bytes(9, Buffer.concat([text(1, "Quality"), bytes(2, Buffer.concat([uint(1, INT32), uint(3, value)]))]));

export const metric = ({ name, alias, at, type, historical, nothing, quality: q, value }: Written): Buffer =>
  bytes(
    2,
    Buffer.concat([
      ...(name === undefined ? [] : [text(1, name)]),
      ...(alias === undefined ? [] : [uint(2, alias)]),
      ...(at === undefined ? [] : [uint(3, at)]),
      ...(type === undefined ? [] : [uint(4, type)]),
      ...(historical ? [uint(5, 1)] : []),
      ...(nothing ? [uint(7, 1)] : []),
      ...(q === undefined ? [] : [quality(q)]),
      ...(value === undefined ? [] : [value]),
    ]),
  );

/** A payload. Deaths have no number. */
export const payload = (metrics: readonly Written[], seq: number | null = null, at = Date.now()): Buffer =>
  Buffer.concat([uint(1, at), ...metrics.map(metric), ...(seq === null ? [] : [uint(3, seq)])]);
