/** What a room's tile says under its name, the worst first. A silent detector is said before anything that is well. */

import { ageText, quantityText } from "./format.ts";
import type { RoomTile, Shown } from "./rooms.ts";
import { isAbnormal } from "./rooms.ts";
import type { Key, Words } from "./text.ts";
import { isKey, named } from "./text.ts";

export interface Fact {
  readonly key: string;
  readonly text: string;
  /** strong: something is wrong; plain: a value; dim: all is well. */
  readonly tone: "strong" | "plain" | "dim";
  /** It is about a value that nobody has. */
  readonly stale: boolean;
}

/** The lines of a tile below its temperature; the caller shows as many as fit. */
export function factsOf(tile: RoomTile, words: Words, now: number): readonly Fact[] {
  const { points } = tile;
  const facts = [...detected(points, words), ...silent(points, words, now), ...machines(points, words)];
  const smoke = points.filter(({ quantity }) => quantity === "smoke.level");
  if (smoke.length > 0 && smoke.every(({ v }) => v === 0)) facts.push(dim("smoke", words.t("room.clear")));
  const power = points.filter(({ quantity, v }) => quantity === "power.active" && v !== null);
  if (power.length === 1) facts.push(dim("power", quantityText(power[0]!.v!, "kW", words)));
  if (facts.length === 0 && tile.temperature === null) facts.push(dim("none", words.t("room.unwatched")));
  return facts;
}

const dim = (key: string, text: string): Fact => ({ key, text, tone: "dim", stale: false });

const detectionKey: Readonly<Record<string, Key>> = {
  "offgas.state": "room.offgas",
  "flame.state": "room.flame",
  "leak.state": "room.leak",
  "suppression.released": "room.released",
  "smoke.fault": "room.smokeFault",
};

/** Everything that has been detected goes into one line: "FIRE 2 · off-gas · gas released". */
function detected(points: readonly Shown[], words: Words): Fact[] {
  const texts = points.filter(isAbnormal).map((point) => detectionText(point, words));
  if (texts.length === 0) return [];
  return [{ key: "detected", text: [...new Set(texts)].join(" · "), tone: "strong", stale: false }];
}

function detectionText({ quantity, v, states }: Shown, words: Words): string {
  const key = quantity === "smoke.level" ? `room.smoke.${states?.[v ?? 0] ?? ""}` : detectionKey[quantity];
  return key !== undefined && isKey(key) ? words.t(key) : quantity;
}

function silent(points: readonly Shown[], words: Words, now: number): Fact[] {
  const lost = points.filter(({ quantity, q }) => quantity === "smoke.level" && q === 2);
  if (lost.length === 0) return [];
  const since = Math.max(...lost.map(({ at }) => at ?? 0));
  const age = since > 0 ? ageText(now - since, words) : "";
  return [{ key: "silent", text: words.t("room.detectorSilent", { age }).trim(), tone: "plain", stale: true }];
}

function machines(points: readonly Shown[], words: Words): Fact[] {
  const facts: Fact[] = [];
  const generators = points.filter(({ quantity, v }) => quantity === "generator.state" && v !== null);
  const [fuel] = points.filter(({ quantity, v }) => quantity === "fuel.level" && v !== null);
  const coolers = points.filter(({ quantity, v }) => quantity === "cooling.mode" && v !== null);
  const parts = generators.map(({ states, v }) => named(words, "generator", states?.[v ?? 0] ?? "other"));
  if (fuel) parts.push(words.t("room.fuel", { value: quantityText(fuel.v!, fuel.unit, words) }));
  if (parts.length > 0)
    facts.push({ key: "generator", text: [...new Set(parts)].join(" · "), tone: "plain", stale: false });
  if (coolers.length > 0) {
    const on = coolers.filter(({ states, v }) => states?.[v ?? 0] === "on").length;
    facts.push(dim("coolers", words.t("room.coolers", { on, all: coolers.length })));
  }
  return facts;
}
