/** How a site's notifications come in, out of the file. */
import type { SnmpUser } from "../profiles/index.ts";
import { placeOf } from "./addresses.ts";
import { snmpUserOf } from "./devices.ts";
import type { Survey } from "./survey.ts";

/** Where and from whom traps are taken. Community and keys may still be references to secrets. */
export interface TrapReception {
  readonly port: number;
  readonly bind: string;
  readonly community?: string;
  readonly users: readonly SnmpUser[];
}

/** Null for a site that does not listen. */
export function trapReception({ source: { traps }, devices, findings }: Survey): TrapReception | null {
  if (!traps) return null;
  const { bind, port: on, community, users } = traps;
  const names = users.map(({ user }) => user);
  for (const [i, name] of names.entries())
    if (names.indexOf(name) !== i) findings.say(["traps", "users", i, "user"], `there is a user ${name} already`);
  const place = placeOf({ host: bind, port: on });
  const taken = [...devices.values()].find(({ address }) => address.snmp && placeOf(address) === place);
  if (taken) findings.say(["traps", "port"], `${place} is taken by device ${taken.id}`);
  return { port: on, bind, users: users.map(snmpUserOf), ...(community === undefined ? {} : { community }) };
}
