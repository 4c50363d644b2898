/**
 * The ciphers of SNMPv3 by their names, as the net-snmp library takes them. Two things it lacks are
 * put into it: a DES that works, and AES with 192 bits, which is its AES with 256 bits and a shorter key.
 */
import { desBy, type PasswordToKey } from "./des.ts";

/** How SNMPv3 encrypts; `b` and `r` stand for a key made longer after Blumenthal, and after Reeder, as Cisco does. */
export const privProtocols = ["des", "aes", "aes192b", "aes192r", "aes256b", "aes256r"] as const;

export type PrivProtocol = (typeof privProtocols)[number];

/** The part of the library in which ciphers stand by their numbers; a name gives its number, and a number its name. */
interface Ciphers {
  readonly PrivProtocols: object;
  readonly Authentication: object;
  readonly Encryption: { readonly algorithms: object };
}

const AES192 = { CRYPTO_ALGORITHM: "aes-192-cfb", KEY_LENGTH: 24 };
/** Numbers that the library has left free. */
const AES192B = 5;
const AES192R = 7;

/** The library's number of a cipher. */
export function cipherOf(library: Ciphers, protocol: PrivProtocol): number {
  const numbers = library.PrivProtocols as Record<string | number, string | number>;
  if (!("aes192b" in numbers)) complete(library, numbers);
  return numbers[protocol] as number;
}

function complete({ Authentication, Encryption }: Ciphers, numbers: Record<string | number, string | number>): void {
  const algorithms = Encryption.algorithms as Record<string | number, object>;
  const { passwordToKey } = Authentication as { readonly passwordToKey: PasswordToKey };
  Object.assign(algorithms[numbers["des"]!]!, desBy(passwordToKey));
  algorithms[AES192B] = { ...algorithms[numbers["aes256b"]!], ...AES192 };
  algorithms[AES192R] = { ...algorithms[numbers["aes256r"]!], ...AES192 };
  Object.assign(numbers, { aes192b: AES192B, [AES192B]: "aes192b", aes192r: AES192R, [AES192R]: "aes192r" });
}
