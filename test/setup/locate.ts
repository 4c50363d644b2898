import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers where a user's PATH does not lead. */
const searched = (): readonly string[] => [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** Where a command stands; null when it is not installed. An absolute path stands for itself. */
export function locate(binary: string): string | null {
  const places = binary.startsWith("/") ? [binary] : searched().map((dir) => join(dir, binary));
  return places.find((place) => existsSync(place)) ?? null;
}
