/**
 * The form of a device profile, one shape for Modbus, SNMP and MQTT. The schema says what may be written
 * where; what must agree with what (names, states, units, instances) is checked after it.
 */
import { z } from "zod";
import { priorities } from "../core/alarm/definition.ts";
import { toleranceSchema } from "../core/detect/tolerance.ts";
import { durationSchema } from "../core/duration.ts";
import { deviceClasses } from "./classes.ts";

/** What may be written as one thing or as a list of them; a list in any case. */
function oneOrMore<T extends z.ZodType>(one: T) {
  return z.union([one, z.array(one).min(1)]).transform((written) => [written].flat() as z.output<T>[]);
}

function isPattern(written: string): boolean {
  try {
    return new RegExp(written) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Words that a Modbus response can carry (the protocol's own limit on functions 3 and 4). */
const MAX_WORDS = 125;
/** Object identifiers in one GET beyond which agents answer tooBig or not at all. */
const MAX_OIDS = 50;
/** Polls after which a jump that is still there is no glitch: more of them would hide what happened. */
const MAX_CONFIRMING_POLLS = 10;
/** Instances that one point may be repeated over: a 48-outlet strip with room to spare. */
const MAX_INSTANCES = 128;

/** The word types that a profile may write. Bits with a `highest` are bound as flags. */
export const wordTypes = [
  "u16",
  "i16",
  "u32",
  "i32",
  "u64",
  "i64",
  "f32",
  "f64",
  "bit",
  "bits",
  "nibbles",
  "string",
] as const;

const word = z.int().min(0).max(0xffff);
const text = z.string().trim().min(1);
const oid = z.string().regex(/^\d+(\.(\d+|\{[a-z]\}))+$/, "not an object identifier like 1.3.6.1.2.1.33.1.2.1.0");
const wholeKey = z.string().regex(/^-?\d+$/, "a raw value must be a whole number");
const states = z.record(wholeKey, z.string());
const invalid = z.array(z.union([z.number(), z.tuple([z.number(), z.number()])]));
const scanClass = z.enum(["safety", "fast", "normal", "slow"]);
const scans = z.strictObject({
  safety: durationSchema,
  fast: durationSchema,
  normal: durationSchema,
  slow: durationSchema,
});

const meaning = {
  scale: z
    .number()
    .refine((scale) => scale !== 0, "a scale of 0 leaves no value")
    .optional(),
  plus: z.number().optional(),
  invalid: invalid.optional(),
  map: states.optional(),
};

const modbusSource = z.strictObject({
  table: z.enum(["holding", "input", "coil", "discrete"]),
  addr: word.optional(),
  model: z.int().min(1).max(0xffff).optional(),
  offset: word.optional(),
  stride: z.int().min(1).max(0xffff).optional(),
  type: z.enum(wordTypes),
  words: z.enum(["msw", "lsw"]).optional(),
  count: z.int().min(1).max(MAX_WORDS).optional(),
  bit: z.int().min(0).max(15).optional(),
  mask: z.int().min(1).max(0xffff).optional(),
  highest: z
    .record(z.string().regex(/^(none|\d{1,3}(-\d{1,3})?)$/, "a bit is 3, a run of them 0-9"), z.string())
    .optional(),
  scaleAt: word.optional(),
  ...meaning,
});

const topic = text.regex(/^[^+#\s]+$/, "a topic has no spaces and no wildcards");
const bodyPath = text.regex(
  /^[^.[\]\s]+(\[(\d+|\{[a-z]\})\])*(\.[^.[\]\s]+(\[(\d+|\{[a-z]\})\])*)*$/,
  "a place in a body is written em.phases[0].power",
);

/** A value in the JSON under a topic, or a metric of Sparkplug B. */
const mqttSource = z.strictObject({
  topic: topic.optional(),
  path: bodyPath.optional(),
  at: bodyPath.optional(),
  metric: text.optional(),
  texts: z.record(z.string(), z.string()).optional(),
  ...meaning,
});

const snmpTypes = z.enum(["integer", "gauge", "counter", "counter64", "timeticks", "string"]);
const pattern = text.refine(isPattern, "not a regular expression");

/** What a row must be for a point to stand in it: by its index, or by what another object says of it. */
const rowTest = z
  .strictObject({
    oid: oid.optional(),
    index: pattern.optional(),
    in: z
      .array(z.union([z.number(), z.string()]))
      .min(1)
      .optional(),
    not: z
      .array(z.union([z.number(), z.string()]))
      .min(1)
      .optional(),
    matches: pattern.optional(),
  })
  .refine(
    ({ oid: other, index, in: among, not, matches }) =>
      other === undefined
        ? index !== undefined && !among && !not && matches === undefined
        : index === undefined && [among, not, matches].filter((test) => test !== undefined).length === 1,
    "is { index: pattern }, or an oid with one of in, not and matches",
  );

/** Another object that says by what a row's raw values are multiplied. */
const rowScale = z
  .strictObject({
    oid,
    as: z.enum(["digits", "exponent", "ratio"]).optional(),
    map: z.record(wholeKey, z.number()).optional(),
  })
  .refine(({ as, map }) => (as === undefined) !== (map === undefined), "says either as or map");

const snmpForm = z.strictObject({
  oid,
  type: snmpTypes.optional(),
  bit: z.int().min(0).max(255).optional(),
  char: z.int().min(1).max(255).optional(),
  texts: z.record(z.string(), z.string()).optional(),
  where: oneOrMore(rowTest).optional(),
  scaleBy: oneOrMore(rowScale).optional(),
  ...meaning,
});

/** One form, or several of which the first that a device has is taken. The others stand behind it in `or`. */
const snmpSource = z.union([snmpForm, z.array(snmpForm).min(1)]).transform((forms): SnmpForms => {
  const [first, ...or] = [forms].flat();
  return { ...first!, or };
});
type SnmpForms = z.output<typeof snmpForm> & { readonly or: readonly z.output<typeof snmpForm>[] };

/** Instances counted out, or those that a walk of an SNMP table finds, named by their whole index, its last part or its n-th. */
const repeatSource = z
  .union([
    z.literal("walk"),
    z.strictObject({ from: z.int().min(0), to: z.int().min(0) }),
    z.strictObject({
      by: z.literal("walk"),
      index: z.union([z.enum(["whole", "last"]), z.int().min(1).max(128)]).optional(),
    }),
  ])
  .refine(
    (repeat) =>
      repeat === "walk" || "by" in repeat || (repeat.from <= repeat.to && repeat.to - repeat.from < MAX_INSTANCES),
    `1 to ${MAX_INSTANCES} instances`,
  )
  .transform((repeat) => {
    if (repeat === "walk") return { index: "whole" } as const;
    return "by" in repeat ? { index: repeat.index ?? "whole" } : repeat;
  });

const bounds = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, "the lower end comes first");

const pointSource = z.strictObject({
  unit: z.string().optional(),
  scan: scanClass,
  repeat: z.record(z.string().regex(/^[a-z]$/, "an instance is one small letter"), repeatSource).optional(),
  range: bounds.optional(),
  otherwise: z.string().optional(),
  map: states.optional(),
  invalid: invalid.optional(),
  nominal: bounds.optional(),
  validWhen: text.optional(),
  frozenAfter: durationSchema.optional(),
  heartbeat: durationSchema.optional(),
  confirm: z.strictObject({ jump: z.number().positive(), polls: z.int().min(2).max(MAX_CONFIRMING_POLLS) }).optional(),
  agrees: z
    .strictObject({ within: z.number().min(0), snmp: snmpForm.optional(), modbus: modbusSource.optional() })
    .optional(),
  snmp: snmpSource.optional(),
  modbus: modbusSource.optional(),
  mqtt: mqttSource.optional(),
});

const commandSource = z.strictObject({
  hazard: z.enum(["load", "setting", "harmless"]),
  write: z.strictObject({
    snmp: z.strictObject({ oid, type: snmpTypes.optional(), raw: z.int() }).optional(),
    modbus: z
      .strictObject({
        table: z.enum(["coil", "holding"]),
        addr: word.optional(),
        model: z.int().min(1).max(0xffff).optional(),
        offset: word.optional(),
        stride: z.int().min(0).optional(),
        type: z.enum(["u16", "u32"]).optional(),
        raw: z.union([z.int(), z.array(z.int()).min(1)]),
      })
      .optional(),
  }),
  expect: z.strictObject({ point: text, equals: z.union([z.string(), z.number()]), within: durationSchema }),
  inverse: text.optional(),
});

const alarmSource = z.strictObject({
  title: z.record(z.string(), text).refine((title) => "en" in title, "a title needs an English text (en)"),
  point: text,
  on: text,
  off: text.optional(),
  onDelay: durationSchema,
  offDelay: durationSchema,
  latch: z.boolean().optional(),
  priority: z.enum(priorities as readonly ["critical", "high", "medium", "low"]),
  cause: text,
  consequence: text,
  response: text,
});

const linkSource = z.strictObject({
  modbus: z
    .strictObject({
      maxWords: z.int().min(1).max(MAX_WORDS).optional(),
      maxGap: z.int().min(0).max(MAX_WORDS).optional(),
      zeroFilled: z.boolean().optional(),
      gap: durationSchema.optional(),
      turnaround: durationSchema.optional(),
      timeout: durationSchema.optional(),
      afterConnect: durationSchema.optional(),
      retries: z.int().min(0).max(5).optional(),
    })
    .optional(),
  snmp: z
    .strictObject({
      oids: z.int().min(1).max(MAX_OIDS).optional(),
      gap: durationSchema.optional(),
      turnaround: durationSchema.optional(),
      timeout: durationSchema.optional(),
      retries: z.int().min(0).max(5).optional(),
    })
    .optional(),
});

/** An object that answers, that names an identifier, or whose text matches; or a subtree in which anything stands. */
const snmpIdentity = z
  .strictObject({ oid: oid.optional(), prefix: oid.optional(), matches: pattern.optional(), under: oid.optional() })
  .refine(
    ({ oid: object, prefix, matches, under }) =>
      (object !== undefined || under !== undefined) && (object !== undefined || (prefix ?? matches) === undefined),
    "needs an oid, or what it is known to have under",
  );

const identifySource = z.strictObject({
  snmp: oneOrMore(snmpIdentity).optional(),
  modbus: z
    .union([
      z.strictObject({ model: z.int().min(1).max(0xffff) }),
      z.strictObject({ table: z.enum(["holding", "input"]), addr: word, equals: word }),
    ])
    .optional(),
});

/** Where a device says its firmware. */
const firmwareSource = z.strictObject({
  snmp: z.strictObject({ oid }).optional(),
  modbus: z
    .strictObject({
      table: z.enum(["holding", "input"]),
      addr: word,
      type: z.enum(["u16", "u32", "string"]),
      count: z.int().min(1).max(MAX_WORDS).optional(),
    })
    .refine(({ type, count }) => (type === "string") === (count !== undefined), "a string, and no number, has a count")
    .optional(),
});

/** What may differ of a point from firmware to firmware: where it stands and how that is read. */
const variantPoint = pointSource
  .pick({ snmp: true, modbus: true, map: true, invalid: true, otherwise: true, range: true })
  .partial();

/** A profile as its file writes it. */
export const profileSchema = z.strictObject({
  profile: text,
  class: z.enum(deviceClasses),
  name: text,
  source: text,
  evidence: z.enum(["A", "B", "unproven"]),
  identify: identifySource.optional(),
  link: linkSource.optional(),
  scan: scans,
  boost: z.strictObject({ when: text, classes: scans.partial() }).optional(),
  points: z.record(z.string(), pointSource),
  firmware: firmwareSource.optional(),
  variants: z
    .array(z.strictObject({ when: z.strictObject({ firmware: text }), points: z.record(z.string(), variantPoint) }))
    .optional(),
  traps: z.record(oid, z.strictObject({ poll: z.array(text).min(1) })).optional(),
  commands: z.record(z.string(), commandSource).optional(),
  alarms: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, "small letters, digits and _"), alarmSource).optional(),
  /** How long the devices of this profile bear overload, and where that is written. */
  overload: z.strictObject({ source: text, tolerates: toleranceSchema }).optional(),
});

export type ProfileSource = z.output<typeof profileSchema>;
export type PointSource = z.output<typeof pointSource>;
export type FirmwareSource = z.output<typeof firmwareSource>;
export type ModbusSource = z.output<typeof modbusSource>;
export type MqttSource = z.output<typeof mqttSource>;
export type SnmpSource = z.output<typeof snmpForm>;
export type RowTest = z.output<typeof rowTest>;
export type RowScale = z.output<typeof rowScale>;
/** `{ from, to }`, or of a walked table how its rows are named. */
export type RepeatSource = z.output<typeof repeatSource>;
export type CommandSource = z.output<typeof commandSource>;
export type AlarmSource = z.output<typeof alarmSource>;
