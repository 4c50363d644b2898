/** What must hold of a profile's variants: whatever the firmware, its points have the same names and stay where they are looked for. */
import { closest } from "../core/closest.ts";
import type { Path } from "./document.ts";
import { firmwareTest } from "./firmware.ts";
import type { PointSource, ProfileSource } from "./schema.ts";
import { isLookedUp } from "./tables.ts";
import { varied } from "./variants.ts";

type Variant = NonNullable<ProfileSource["variants"]>[number];
type Complain = (path: Path, message: string, suggestion?: string) => void;
type CheckPoint = (name: string, point: PointSource, complain: Complain) => void;

/** Every disagreement in the variants; `checkPoint` says what is wrong with a point of the profile. */
export function checkVariants(source: ProfileSource, checkPoint: CheckPoint, complain: Complain): void {
  const { variants = [], firmware } = source;
  if (variants.length > 0 && !firmware)
    complain(["variants"], "nothing says where the device tells its firmware: add firmware: { snmp: { oid: … } }");
  for (const [i, variant] of variants.entries())
    checkVariant(["variants", i], variant, { source, checkPoint, complain });
}

interface Checking {
  readonly source: ProfileSource;
  readonly checkPoint: CheckPoint;
  readonly complain: Complain;
}

function checkVariant(path: Path, { when, points }: Variant, { source, checkPoint, complain }: Checking): void {
  if (!firmwareTest(when.firmware))
    complain(
      [...path, "when", "firmware"],
      `"${when.firmware}" is no test of a version: write <6.74, >=5 <6.74 or 6.74`,
    );
  const commanded = new Set(Object.values(source.commands ?? {}).map(({ expect }) => expect.point));
  for (const [name, variant] of Object.entries(points)) {
    const at = [...path, "points", name];
    const own = source.points[name];
    if (!own) {
      complain(at, `there is no point "${name}"`, closest(name, Object.keys(source.points)));
      continue;
    }
    const here = varied(own, variant);
    for (const protocol of ["snmp", "modbus"] as const)
      if (variant[protocol] && !source.firmware?.[protocol])
        complain([...at, protocol], `the firmware is not told over ${protocol}`);
    if (isLookedUp(own) !== isLookedUp(here))
      complain([...at, "snmp"], "in one firmware it is looked up, and in the other it is not");
    if (commanded.has(name)) complain(at, "a command reads it back, and does not ask for the firmware before");
    // What is wrong with the profile's own point has been said there.
    const said = new Set<string>();
    checkPoint(name, own, (where, message) => said.add(`${where.join()} ${message}`));
    checkPoint(name, here, (where, message, suggestion) => {
      const [, , ...inside] = where;
      if (said.has(`${where.join()} ${message}`)) return;
      complain(String(inside[0]) in variant ? [...at, ...inside] : at, message, suggestion);
    });
  }
}
