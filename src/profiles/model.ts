import type { Tolerance } from "../core/detect/tolerance.ts";
import type { Doubt, Fault } from "../core/reading.ts";
import type { Duration } from "../core/time.ts";
import type { ProfileSource } from "./schema.ts";

/** How often a point is asked for. Each class has a period in the profile; a site may tighten it. */
export type ScanClass = "safety" | "fast" | "normal" | "slow";

export type Protocol = "modbus" | "snmp" | "mqtt";

/** Those in which a device is asked; in the others it speaks when it wants to. */
export type AskedProtocol = Exclude<Protocol, "mqtt">;

/** A profile bound to one device: repeats expanded, renames applied, one protocol chosen. */
export interface DeviceModel {
  /** The profile's id, which is its path under devices/: "ups/ietf-ups-mib". */
  readonly profile: string;
  /** "ups", "battery", "pdu", "cooling", "fire", "remote-io", "meter", "generator", … */
  readonly class: string;
  readonly protocol: Protocol;
  readonly link: LinkRules;
  /** Every point that is known by name before the device is asked. */
  readonly points: readonly PointModel[];
  /** Points of which only the device can say which there are, or where they stand; absent where there are none. */
  readonly tables?: readonly TableModel[];
  readonly commands: readonly CommandModel[];
  /** Notification, named as src/profiles/traps.ts does → the points that it hurries a poll of; absent where there are none. */
  readonly traps?: Readonly<Record<string, readonly string[]>>;
  readonly boost?: Boost;
  /** By what the device is known again each time that it is connected; absent where it is taken for what it is said to be. */
  readonly identity?: IdentityRules;
  /** Absent where nobody knows where it says its firmware. */
  readonly firmware?: FirmwareRules;
  /** How long it bears overload; absent where the profile does not say. */
  readonly overload?: Tolerance;
}

/** Where a device says its firmware, and where its points stand in which. */
export interface FirmwareRules {
  readonly at: ModbusAddress | SnmpAddress;
  /** Of several that fit the first counts; where none does, the device's own points and tables. */
  readonly variants: readonly VariantModel[];
}

/** A device's points and tables in some firmware: the same names, in the same order. */
export interface VariantModel {
  /** As the profile writes it: "<6.74". */
  readonly when: string;
  readonly points: readonly PointModel[];
  readonly tables: readonly TableModel[];
}

/** By what a device is known to be one of a profile, whose id this is. */
export interface IdentityRules {
  readonly id: string;
  readonly identify: NonNullable<ProfileSource["identify"]>;
}

/**
 * Points of which the device says itself which there are: the rows of an SNMP table, or one object
 * that is there or is not. They are found when the device is connected.
 */
export interface TableModel {
  /** The instance's letter in the names and objects of `points`: "outlet[n].state", "1.3.6.1.4.1.2.{n}"; "" for one object. */
  readonly letter: string;
  /** The object whose instances are the rows, without an instance. */
  readonly column: string;
  /** The only row that is meant; absent where all are. */
  readonly row?: string;
  /** Rows that are enough; absent where all are wanted. */
  readonly most?: number;
  readonly index: RowIndex;
  /** What a row must be, every one of it. */
  readonly tests: readonly RowTest[];
  /** What multiplies the scale of a row's points. */
  readonly scales: readonly RowScale[];
  /** Of two points of one name the one of the lower rank counts. */
  readonly rank: number;
  readonly points: readonly PointModel[];
}

/** Whether a row is named by its whole index, by the last part of it or by its n-th, counted from 1. */
export type RowIndex = "whole" | "last" | number;

/** A test of a row: of its index, or of what an object says; `{n}` in `oid` stands for the row. */
export interface RowTest {
  readonly oid?: string;
  /** What is said is one of these, or is none of these. */
  readonly among?: readonly string[];
  readonly except?: readonly string[];
  /** A regular expression that it matches. */
  readonly pattern?: string;
}

/** An object that says a factor of a row: how it is to be read, or the factor of each code. `{n}` in `oid` stands for the row. */
export interface RowScale {
  readonly oid: string;
  readonly as: "digits" | "exponent" | "ratio" | Readonly<Record<string, number>>;
}

/** What a profile knows of a point beyond its range, by which its values are doubted. */
export interface Doubts {
  /** Where it lies on a healthy plant. One point outside is news; all of a device's outside is another register map. */
  readonly nominal?: readonly [number, number];
  /** It means something only while this holds. */
  readonly validWhen?: PointTest;
  /** It cannot stay the same to the last bit for so long. */
  readonly frozenAfter?: Duration;
  /** The device changes it at least so often; else nothing that it says is new. */
  readonly heartbeat?: Duration;
  /** A change by more than `jump` is believed when it was seen at so many polls in a row. */
  readonly confirm?: { readonly jump: number; readonly polls: number };
  /** A second binding of the same point, which may differ by so much. */
  readonly agrees?: { readonly point: PointModel; readonly within: number };
}

/** A test of another point of the same device. */
export interface PointTest {
  readonly point: string;
  readonly test:
    | { readonly is: ">" | "<"; readonly limit: number }
    | { readonly is: "in" /** Places in the point's states. */; readonly states: readonly number[] };
}

/** Scan classes that are asked more often while a test holds. */
export interface Boost extends PointTest {
  readonly periods: Readonly<Partial<Record<ScanClass, Duration>>>;
}

/** How a device wants to be spoken to. */
export interface LinkRules {
  readonly timeout: Duration;
  readonly retries: number;
  /** What the device usually takes to answer: what a bus can carry is reckoned by it. */
  readonly turnaround: Duration;
  /** Silence kept between two requests. */
  readonly gap: Duration;
  /** Silence kept after a connection is made. */
  readonly afterConnect: Duration;
  /** Modbus: words a request may ask for, and words of unasked-for gap a block may bridge. */
  readonly maxWords: number;
  readonly maxGap: number;
  /** Modbus: a register that the device lacks is refused alone, and is a zero among others. */
  readonly zeroFilled?: boolean;
  /** SNMP: object identifiers in one GET. */
  readonly oids: number;
}

export interface PointModel {
  /** The standard name, instance filled in: "outlet[3].state". Unique in its device. */
  readonly name: string;
  readonly unit: string | null;
  readonly states: readonly string[] | null;
  readonly range: readonly [number, number];
  readonly scan: ScanClass;
  readonly period: Duration;
  readonly at: ModbusAddress | SnmpAddress | MqttAddress;
  /** Value = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Raw values by which the device says that it has no reading. */
  readonly invalid: readonly number[];
  /** State points: raw value → place in `states`. */
  readonly map: ReadonlyMap<number, number> | null;
  /** State points that are said in words: the words, in small letters → place in `states`. */
  readonly texts?: ReadonlyMap<string, number>;
  /** Present where the device is asked first where the point stands, or by what it is scaled: it is polled as its table finds it. */
  readonly lookedUp?: true;
  readonly doubts?: Doubts;
  /** State points: the state, in doubt, for a raw value that `map` lacks. Absent: such a value is a device failure. */
  readonly otherwise?: number;
}

/**
 * How words make a raw value. `bits` is a masked part of one word; `nibbles` are four-bit fields of which the raw
 * value is the one whose state stands last in its quantity's list; `flags` are single bits of which the same holds:
 * the raw value is one more than that bit's number, 0 where none is set; `string` is a number written out in characters.
 */
export type WordType =
  | "u16"
  | "i16"
  | "u32"
  | "i32"
  | "u64"
  | "i64"
  | "f32"
  | "f64"
  | "bit"
  | "bits"
  | "flags"
  | "nibbles"
  | "string";

/** Where a value stands in a device's registers. Addresses are the 0-based ones of the wire. */
export interface ModbusAddress {
  readonly protocol: "modbus";
  readonly table: "holding" | "input" | "coil" | "discrete";
  readonly addr: number;
  /** Words (or bits, in the coil and discrete tables) it takes. */
  readonly count: number;
  readonly type: WordType;
  readonly words: "msw" | "lsw";
  /** type bit: which bit of the word, 0 the least. */
  readonly bit: number;
  /** type bits: the mask; the raw value is (word & mask) shifted down to the mask's lowest bit. */
  readonly mask: number;
  /** type flags: the bits that mean something, counted from the least of all words; in a bit table from `addr`. */
  readonly flags?: readonly number[];
  /** A signed power of ten in another register multiplies the scale (SunSpec). Same table; absolute address. */
  readonly scaleAt: number | null;
  /** SunSpec: `addr` and `scaleAt` are relative to the start of this model, found when the device is connected. */
  readonly model: number | null;
}

export interface SnmpAddress {
  readonly protocol: "snmp";
  /** The whole OID, instance included, without a leading dot. */
  readonly oid: string;
  /** The type an agent answers with and a SET must carry. */
  readonly type: "integer" | "gauge" | "counter" | "counter64" | "timeticks" | "string";
  /** The bit that counts: of a whole number from its least, of octets (BITS) from the first one's highest. */
  readonly bit?: number;
  /** The character of a text that counts, from 1. */
  readonly char?: number;
}

/** What a device publishes of a point: in a JSON document under a topic, or as a metric of Sparkplug B. */
export type MqttAddress =
  | {
      readonly protocol: "mqtt";
      readonly form: "json";
      /** Whole but for "{device}", which the device's address says. */
      readonly topic: string;
      /** Where the value stands in the body, "em.phases[0].power"; "" where the body is the value. */
      readonly path: string;
      /** Where the body says of what time it is; null where it does not. */
      readonly at: string | null;
    }
  | { readonly protocol: "mqtt"; readonly form: "sparkplug"; readonly metric: string };

/** A write that the profile knows, bound to one device. */
export interface CommandModel {
  /** "outlet[3].off". */
  readonly name: string;
  /** The point whose state the command makes so, and the value it makes it. A command to the gate names these two. */
  readonly point: string;
  readonly value: number;
  readonly hazard: "load" | "setting" | "harmless";
  /** What goes on the wire: raw, before any scale. */
  readonly write: { readonly at: ModbusAddress | SnmpAddress; readonly raw: number };
  readonly within: Duration;
  /** The name of the command that undoes it. */
  readonly inverse: string | null;
}

/** What decoding made of one point. */
export type Sample =
  | { readonly point: PointModel; readonly value: number; readonly doubt?: Doubt }
  | { readonly point: PointModel; readonly fault: Fault };

/** One Modbus request of a read plan and the points that it answers. */
export interface ModbusBlock {
  readonly table: ModbusAddress["table"];
  /** First address, and how many words (or bits) are asked for. */
  readonly addr: number;
  readonly count: number;
  readonly points: readonly PointModel[];
}

/** One SNMP GET of a read plan; `points[i]` stands behind `oids[i]`. */
export interface SnmpBatch {
  readonly oids: readonly string[];
  readonly points: readonly PointModel[];
}

/**
 * Words as they lie in a device, by table and absolute address; undefined where nothing was read.
 * Coils and discrete inputs hold 0 or 1.
 */
export interface Registers {
  get(table: ModbusAddress["table"], addr: number): number | undefined;
  set(table: ModbusAddress["table"], addr: number, word: number): void;
}

/** Where each SunSpec model of a connected device starts: model number → absolute address of its id register. */
export type ModelBases = ReadonlyMap<number, number>;
