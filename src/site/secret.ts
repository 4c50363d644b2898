/**
 * Secrets never stand in a site file: it says where to find them. They are fetched when they are
 * needed and not before, so that a file can be checked by anybody who has it.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** Where a secret is kept: `${env:NAME}` or `${file:/path}`. */
export type SecretRef = string & { readonly brand: "SecretRef" };

const reference = /^\$\{(env|file):([^}]+)\}$/;
const wellFormed = /^\$\{(env:[A-Za-z_][A-Za-z0-9_]*|file:\/[^}]+)\}$/;

// Told without what was written there: a secret that was pasted in must not reach a log.
const advice = "a secret does not stand in this file: write ${env:NAME} or ${file:/path}";

/** A secret's place, and only its place. */
export const secret = z
  .string()
  .regex(wellFormed, advice)
  .transform((value) => value as SecretRef);

export const isSecretRef = (value: string): value is SecretRef => wellFormed.test(value);

/** A secret, or in words why there is none. A file's last line break is no part of it; an empty secret is none. */
export type Resolved = { readonly secret: string } | { readonly missing: string };

/** Fetches a secret from where it is kept. */
export function resolveSecret(ref: SecretRef, env: Readonly<Record<string, string | undefined>>): Resolved {
  const [, kind, place = ""] = reference.exec(ref) ?? [];
  return kind === "file" ? fromFile(place) : fromEnvironment(place, env);
}

function fromEnvironment(name: string, env: Readonly<Record<string, string | undefined>>): Resolved {
  const found = env[name];
  return found ? { secret: found } : { missing: `the environment variable ${name} is not set` };
}

function fromFile(path: string): Resolved {
  try {
    const found = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return found === "" ? { missing: `${path} is empty` } : { secret: found };
  } catch (error) {
    return { missing: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}` };
  }
}
