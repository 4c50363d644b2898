/**
 * Whether the device that answers is the one that is meant. An address is given to another unit, a
 * card is replaced, a gateway is wired anew: the registers then still answer, and mean something
 * else. So each time that a line is opened the device is asked for what its profile is known by.
 */
import { identify, identityModel } from "../profiles/identify.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { DeviceModel } from "../profiles/model.ts";
import { type Line, LineFault, noWait, type OpenLine, type Raw } from "./line.ts";

/** Opens lines to the device that is meant: one to another device is closed again, as a fault of the line. */
export function openChecked(open: OpenLine, { model: { identity, protocol, profile } }: DeviceLink): OpenLine {
  if (!identity) return open;
  // Made once: what a device refuses is remembered by the point.
  const places = identityModel([identity], protocol);
  return async (stop) => {
    const line = await open(stop);
    const said = await whatIsSaid(line, places);
    if (said === null || identify([identity], protocol, said).length > 0) return line;
    line.close();
    throw new LineFault("broken", `another device answers: it is no ${profile}`, { reason: "wrongDevice" });
  };
}

/** What stands where the profile looks; null where it could not be read, or nothing stands there: that proves nothing. */
async function whatIsSaid(line: Line, { points, tables = [] }: DeviceModel): Promise<((place: string) => Raw) | null> {
  const walked = tables.length > 0 ? ((await line.walk?.(tables, noWait))?.points ?? []) : [];
  const asked = [...points, ...walked];
  const poll = asked.length > 0 ? await line.poll(asked, noWait) : null;
  if (poll?.fault) return null;
  const raws = new Map(asked.map((point) => [point.name, poll?.rawOf(point) ?? null]));
  if ([...raws.values()].every((raw) => raw === null)) return null;
  return (place) => raws.get(place) ?? null;
}
