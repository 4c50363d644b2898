import type { DetectorSpec } from "../core/detect/index.ts";
import type { Duration } from "../core/time.ts";
import type { Condition } from "./condition.ts";
import type { ScanClass } from "./model.ts";
import type { AlarmSource, CommandSource, PointSource, ProfileSource } from "./schema.ts";

/** A profile that holds together. Names of repeated points keep their letter: "outlet[n].state". */
export interface Profile {
  /** Its path under devices/, without the extension. */
  readonly id: string;
  readonly class: ProfileSource["class"];
  readonly name: string;
  readonly source: string;
  readonly evidence: ProfileSource["evidence"];
  readonly identify: NonNullable<ProfileSource["identify"]>;
  readonly link: NonNullable<ProfileSource["link"]>;
  readonly scan: Readonly<Record<ScanClass, Duration>>;
  readonly boost: ProfileBoost | null;
  readonly points: Readonly<Record<string, PointSource>>;
  readonly commands: Readonly<Record<string, CommandSource>>;
  readonly alarms: readonly ProfileAlarm[];
  /** Where a device says its firmware; there wherever there are variants. */
  readonly firmware?: ProfileSource["firmware"];
  /** Points that stand elsewhere in some firmware. Of several that fit the first counts. */
  readonly variants: NonNullable<ProfileSource["variants"]>;
  /** Notification OID → the points that it hurries a poll of. A trap never sets a value. */
  readonly traps: NonNullable<ProfileSource["traps"]>;
  readonly overload?: ProfileSource["overload"];
}

/** While the test holds, scan classes run at these periods. */
export interface ProfileBoost {
  readonly point: string;
  readonly test: Condition;
  readonly classes: Readonly<Partial<Record<ScanClass, Duration | undefined>>>;
}

/** An alarm that every device of a profile starts out with; a site may change its numbers. */
export interface ProfileAlarm
  extends Pick<AlarmSource, "title" | "priority" | "onDelay" | "offDelay" | "cause" | "consequence" | "response"> {
  /** Unique in its profile; on a bound device of repeated points, "string_hot[2]". */
  readonly id: string;
  readonly point: string;
  readonly detect: DetectorSpec;
  readonly latch: boolean;
}
