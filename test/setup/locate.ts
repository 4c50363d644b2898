import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers where a user's PATH does not lead. */
const searched = (): readonly string[] => [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** Where a command stands; null when it is not installed. An absolute path stands for itself. */
export function locate(binary: string): string | null {
  const places = binary.startsWith("/") ? [binary] : searched().map((dir) => join(dir, binary));
  return places.find((place) => existsSync(place)) ?? null;
}

/** Whom PostgreSQL is run as where the tests are root, as whom it does not run; undefined where they are not. */
export function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((user) => user.startsWith("postgres:"));
  const [uid, gid] = (line ?? "").split(":").slice(2, 4).map(Number);
  return uid !== undefined && gid !== undefined ? { uid, gid } : undefined;
}
