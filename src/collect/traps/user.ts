import snmp from "net-snmp";
import { cipherOf } from "../../profiles/cipher.ts";
import type { SnmpUser } from "../../profiles/link.ts";

/** A user as the library takes it; throws where a level lacks what it needs. */
export function userOf(user: SnmpUser): snmp.User {
  const level = snmp.SecurityLevel[user.level];
  if (user.level !== "noAuthNoPriv" && !(user.authProtocol && user.authKey)) {
    throw new Error(`${user.level} needs an authentication protocol and key`);
  }
  if (user.level === "authPriv" && !(user.privProtocol && user.privKey)) {
    throw new Error("authPriv needs a privacy protocol and key");
  }
  return {
    name: user.name,
    level,
    ...(user.authProtocol && { authProtocol: snmp.AuthProtocols[user.authProtocol] }),
    ...(user.authKey && { authKey: user.authKey }),
    ...(user.privProtocol && { privProtocol: cipherOf(snmp, user.privProtocol) }),
    ...(user.privKey && { privKey: user.privKey }),
  };
}
