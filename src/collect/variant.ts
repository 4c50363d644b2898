/**
 * Points that stand elsewhere in some firmware. Each time that a line is opened the device is asked
 * for its firmware; where that is a variant of its profile, the line reads the variant's registers or
 * objects. To all who ask, the points stay what they are: only the line knows where they stand. What a
 * device has taught about how it can be asked is remembered by its firmware too: another may bear more.
 */
import { firmwareSaid } from "../profiles/firmware.ts";
import type { DeviceLink } from "../profiles/link.ts";
import type { FirmwareRules, PointModel, VariantModel } from "../profiles/model.ts";
import { placesModel } from "../profiles/place.ts";
import { variantOf } from "../profiles/variants.ts";
import { type Line, noWait, type OpenLine } from "./line.ts";

/** Firmwares of one device of which is remembered what they taught: the one before an update, and that after a way back. */
const REMEMBERED_MOST = 4;

/**
 * Opens lines that read a device's points where its firmware has them; its own where it says no firmware. `opener` makes
 * what opens the plain lines and remembers what they teach.
 */
export function openVariant(opener: () => OpenLine, { model: { firmware, protocol, points } }: DeviceLink): OpenLine {
  if (!firmware) return opener();
  const remembered = new Remembered(opener);
  const [place] = placesModel(protocol, [firmware.at]).points as [PointModel];
  const placings = new Map(firmware.variants.map((variant) => [variant, new Placing(points, variant)]));
  return async (stop) => {
    let line = await remembered.open(stop);
    const said = await saidBy(line, place, firmware);
    if (remembered.isOther(said)) {
      line.close();
      line = await remembered.open(stop);
    }
    const variant = said === null ? null : variantOf(firmware, said);
    const placing = variant ? placings.get(variant)! : null;
    return placedLine(line, { said, when: variant?.when ?? null, known: firmware.variants.length, placing });
  };
}

/** Null where nothing stands in the place. Which registers mean what is not guessed where nobody answers: that is the line's fault. */
async function saidBy(line: Line, place: PointModel, { at }: FirmwareRules): Promise<string | null> {
  const poll = await line.poll([place], noWait);
  if (!poll.fault) return firmwareSaid(at, poll.rawOf(place));
  line.close();
  throw poll.fault;
}

/** What opens a device's lines, by the firmware that it has taught its lessons with. */
class Remembered {
  readonly #opener: () => OpenLine;
  readonly #openers = new Map<string, OpenLine>();
  #said: string | null = null;
  #open: OpenLine;

  constructor(opener: () => OpenLine) {
    this.#opener = opener;
    this.#open = opener();
  }

  open(stop: AbortSignal): Promise<Line> {
    return this.#open(stop);
  }

  /** Whether the device had another firmware before; from now on its lines are opened by what this one has taught. */
  isOther(said: string | null): boolean {
    if (said === null || said === this.#said) return false;
    const before = this.#said;
    this.#said = said;
    // The first that is heard of is that of all that was taught so far.
    if (before !== null) this.#open = this.#openers.get(said) ?? this.#opener();
    if (this.#openers.size >= REMEMBERED_MOST) this.#openers.clear();
    this.#openers.set(said, this.#open);
    return before !== null;
  }
}

/** Where a variant has the points of a device, and back again. */
class Placing {
  readonly tables: VariantModel["tables"];
  readonly #there = new Map<PointModel, PointModel>();
  readonly #back = new Map<PointModel, PointModel>();
  /** Requests are planned for arrays: of one array there is one other. */
  readonly #arrays = new WeakMap<readonly PointModel[], readonly PointModel[]>();

  constructor(own: readonly PointModel[], { points, tables }: VariantModel) {
    this.tables = tables;
    const named = new Map(points.map((point) => [point.name, point]));
    for (const point of own) {
      const there = named.get(point.name);
      if (!there || point.lookedUp) continue;
      this.#there.set(point, there);
      this.#back.set(there, point);
    }
  }

  there = (point: PointModel): PointModel => this.#there.get(point) ?? point;
  back = (point: PointModel): PointModel => this.#back.get(point) ?? point;

  all(points: readonly PointModel[]): readonly PointModel[] {
    const known = this.#arrays.get(points);
    if (known) return known;
    const all = points.map(this.there);
    this.#arrays.set(points, all);
    return all;
  }
}

interface Placed {
  readonly said: string | null;
  readonly when: string | null;
  /** How many variants its profile knows. */
  readonly known: number;
  readonly placing: Placing | null;
}

function placedLine(line: Line, placed: Placed): Line {
  const { placing } = placed;
  const learned = (): readonly string[] => [inWords(placed), ...(line.learned?.() ?? [])];
  const walk = line.walk && {
    walk: (tables: VariantModel["tables"], between: () => Promise<void>) =>
      line.walk!(placing?.tables ?? tables, between),
  };
  return {
    get usable() {
      return line.usable;
    },
    async poll(points, between) {
      if (!placing) return line.poll(points, between);
      const poll = await line.poll(placing.all(points), between);
      const samples = poll.samples.map((sample) => ({ ...sample, point: placing.back(sample.point) }));
      const { heard, latencyMs, fault } = poll;
      return { samples, heard, latencyMs, fault, rawOf: (point) => poll.rawOf(placing.there(point)) };
    },
    placed: (point) => placing?.there(point) ?? point,
    learned,
    close: () => line.close(),
    ...walk,
  };
}

function inWords({ said, when, known }: Placed): string {
  if (known === 0) return said === null ? "does not say its firmware" : `has firmware ${said}`;
  if (said === null) return "does not say its firmware: its points are read where its profile has them";
  if (when === null) return `has firmware ${said}: its points are read where its profile has them`;
  return `has firmware ${said}: its points are read where its profile has them for ${when}`;
}
