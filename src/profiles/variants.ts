/** Profiles as some firmware has them: the same points, of which some stand elsewhere. */
import { firmwareAt, firmwareTest } from "./firmware.ts";
import type { DeviceModel, FirmwareRules, Protocol } from "./model.ts";
import type { Profile } from "./profile.ts";
import type { PointSource } from "./schema.ts";

type Variant = Profile["variants"][number];

/** A point as a variant has it: each key that the variant writes goes before the profile's own, whole. */
export const varied = (point: PointSource, variant: Variant["points"][string]): PointSource => ({
  ...point,
  ...variant,
});

/** The profile as a device of a firmware has it; its own points where no variant fits. */
export function ofFirmware(profile: Profile, said: string): Profile {
  const variant = profile.variants.find(({ when }) => fits(when.firmware, said));
  return variant ? ofVariant(profile, variant) : { ...profile, variants: [] };
}

/** Which of a device's variants a firmware is; null for none. */
export const variantOf = ({ variants }: FirmwareRules, said: string): FirmwareRules["variants"][number] | null =>
  variants.find(({ when }) => fits(when, said)) ?? null;

/** A device's variants, each bound as the device itself is. */
export function variantModels(
  profile: Profile,
  protocol: Protocol,
  bind: (profile: Profile) => DeviceModel,
): Pick<DeviceModel, "firmware"> {
  const at = profile.firmware && firmwareAt(profile.firmware, protocol);
  if (!at) return {};
  const variants = profile.variants.map((variant) => {
    const { points, tables = [] } = bind(ofVariant(profile, variant));
    return { when: variant.when.firmware, points, tables };
  });
  return { firmware: { at, variants } };
}

const fits = (when: string, said: string): boolean => firmwareTest(when)?.(said) ?? false;

function ofVariant(profile: Profile, variant: Variant): Profile {
  const points = Object.entries(profile.points).map(([name, point]) => {
    const other = variant.points[name];
    return [name, other ? varied(point, other) : point] as const;
  });
  return { ...profile, points: Object.fromEntries(points), variants: [] };
}
