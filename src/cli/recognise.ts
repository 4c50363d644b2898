/** Finding out what a device is: every place by which a profile is known is looked at, and the profiles that fit are put in order. */
import { type OnceResult, readOnce } from "../collect/index.ts";
import type { DeviceAddress, Identity, Profile } from "../profiles/index.ts";
import { identify, identityModel } from "../profiles/index.ts";
import { exit, Refusal } from "./exit.ts";

/** A device that nobody has named, and what people call it. */
export interface Where {
  readonly name: string;
  readonly protocol: "modbus" | "snmp";
  readonly address: DeviceAddress;
}

/** The profiles that a device fits, the most exact first. A refusal where it is silent, or fits none. */
export async function recognise(
  profiles: ReadonlyMap<string, Profile>,
  { name, protocol, address }: Where,
): Promise<readonly [Identity, ...Identity[]]> {
  const result = await readOnce({ id: "device", model: identityModel(profiles.values(), protocol), address });
  if (isSilent(result)) throw new Refusal(`${silence(name, result)}; if it is there, say --profile`, exit.unavailable);
  const raws = new Map(result.points.map((point) => [point.name, point.raw]));
  const [first, ...others] = identify(profiles.values(), protocol, (place) => raws.get(place) ?? null);
  if (!first) throw new Refusal(`${name} answers, and fits no profile: say --profile`, exit.failed);
  return [first, ...others];
}

/** Whether a device said nothing at all. */
export const isSilent = ({ points, fault }: OnceResult): boolean =>
  points.length === 0
    ? fault !== null
    : points.every(({ reading }) => reading.quality === "bad" && reading.reason === "noCommunication");

/** That a device is silent, in words. */
export const silence = (name: string, { fault }: OnceResult): string =>
  `${name} does not answer${fault === null ? "" : `: ${fault}`}`;
