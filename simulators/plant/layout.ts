/**
 * What a plant is built from: the rooms, devices, power tree and services that a site file names. It is
 * read straight from the file's own text, and only as far as physics needs it, so that a site file that
 * is good for the product is good for its simulator.
 */
import { parse } from "yaml";
import { z } from "zod";
import type { TargetKindName } from "../../src/core/target.ts";
import { targetKind, targetKinds } from "../../src/core/target.ts";
import type { PowerTree } from "../../src/core/topology/power.ts";
import { nodeKinds } from "../../src/core/topology/power.ts";

export interface Layout {
  readonly spaces: Readonly<Record<string, { readonly kind: string; readonly plenum: string | null }>>;
  readonly devices: readonly LayoutDevice[];
  readonly power: PowerTree;
  readonly services: readonly { readonly id: string; readonly tier: number; readonly loads: readonly string[] }[];
  readonly targets: readonly LayoutTarget[];
  /** The other sites, in the order in which `service.site` numbers them from 1. */
  readonly elsewhere: readonly string[];
}

export interface LayoutDevice {
  readonly id: string;
  /** "ups", "battery", "pdu", …: the first part of its profile's path. */
  readonly class: string;
  /** Its profile's path. */
  readonly profile: string;
  readonly space: string;
  /** Instances fitted of its repeated points. */
  readonly fitted: number;
}

/** What is commanded beside devices. */
export interface LayoutTarget {
  readonly id: string;
  readonly kind: TargetKindName;
  readonly stateCount: number;
}

const kinds = z.enum(nodeKinds);
const importance = z.enum(["batch", "redundant", "normal", "protected"]);
const text = z.string();
const fileSchema = z.looseObject({
  site: z.looseObject({ elsewhere: z.array(text).default([]) }),
  spaces: z.record(text, z.looseObject({ kind: text, plenum: text.optional() })),
  devices: z.record(
    text,
    z.looseObject({
      profile: text,
      space: text,
      fitted: z.record(text, z.union([z.number(), z.array(z.union([z.number(), text]))])).optional(),
    }),
  ),
  power: z
    .record(
      text,
      z.looseObject({
        kind: kinds,
        feed: text.optional(),
        space: text.optional(),
        from: z.array(text).default([]),
        ratedKw: z.number(),
        power: text.optional(),
        battery: text.optional(),
        device: text.optional(),
      }),
    )
    .default({}),
  loads: z
    .record(
      text,
      z.looseObject({
        space: text,
        ratedKw: z.number(),
        importance,
        feeds: z.array(
          z.looseObject({ node: text, outlet: text.optional(), closed: text.optional(), power: text.optional() }),
        ),
      }),
    )
    .default({}),
  services: z
    .record(text, z.looseObject({ tier: z.number(), loads: z.array(text).default([]), move: z.unknown() }))
    .default({}),
  targets: z.record(text, z.record(text, z.unknown())).default({}),
});
type SiteFile = z.infer<typeof fileSchema>;

/** The layout that a site file describes. Throws where the text is no site file; the product's own check says why. */
export function layoutOf(siteText: string): Layout {
  const file = fileSchema.parse(parse(siteText));
  return {
    spaces: Object.fromEntries(
      Object.entries(file.spaces).map(([id, { kind, plenum }]) => [id, { kind, plenum: plenum ?? null }]),
    ),
    devices: Object.entries(file.devices).map(([id, device]) => ({
      id,
      class: device.profile.split("/")[0] ?? "",
      profile: device.profile,
      space: device.space,
      fitted: countOf(device.fitted?.["n"] ?? 0),
    })),
    power: treeOf(file),
    // What has no mover stays where it is, and says nothing of that.
    services: Object.entries(file.services).flatMap(([id, { tier, loads, move }]) =>
      move === undefined ? [] : [{ id, tier, loads }],
    ),
    targets: Object.entries(file.targets).flatMap(([id, target]) => targetOf(id, target)),
    elsewhere: file.site.elsewhere,
  };
}

const targetKindNames = Object.keys(targetKinds) as readonly TargetKindName[];
/** Where the states of a target stand whose kind has none of its own: they are listed there, or are its keys. */
const stateKeys = ["states", "sets", "limits", "run", "members"] as const;

function targetOf(id: string, target: Readonly<Record<string, unknown>>): LayoutTarget[] {
  const kind = targetKindNames.find((name) => target[name] !== undefined);
  if (!kind) return [];
  const settings = target[kind] as Readonly<Record<string, unknown>>;
  const listed = stateKeys.map((key) => settings[key]).find((states) => typeof states === "object" && states !== null);
  const states = targetKind(kind).states ?? (Array.isArray(listed) ? listed : Object.keys(listed ?? {}));
  return [{ id, kind, stateCount: states.length }];
}

/** As many instances as it takes for those that are listed to be among them. */
function countOf(fitted: number | readonly (number | string)[]): number {
  if (typeof fitted === "number") return fitted;
  const numbers = fitted.filter((number) => typeof number === "number");
  return Math.max(0, ...numbers.map((number) => number + (numbers.includes(0) ? 1 : 0)));
}

function treeOf({ power, loads }: SiteFile): PowerTree {
  const named = Object.entries(power).map(([id, node]) => ({
    id,
    kind: node.kind,
    feed: node.feed ?? null,
    space: node.space ?? null,
    from: node.from,
    ratedKw: node.ratedKw,
    power: node.power ?? null,
    battery: node.battery ?? null,
    device: node.device ?? null,
  }));
  const racks = Object.entries(loads).map(([id, load]) => ({
    id,
    space: load.space,
    ratedKw: load.ratedKw,
    importance: load.importance,
    feeds: load.feeds.map(({ node, outlet, closed, power: drawn }) => ({
      node,
      outlet: outlet ?? null,
      closed: closed ?? null,
      power: drawn ?? null,
    })),
  }));
  // Ids come in as plain text and are ids from here on.
  const nodes = supplied(named);
  return { nodes: new Map(nodes.map((node) => [node.id, node])), loads: racks } as unknown as PowerTree;
}

interface NamedNode {
  readonly id: string;
  readonly kind: z.infer<typeof kinds>;
  readonly feed: string | null;
  readonly space: string | null;
  readonly from: readonly string[];
  readonly ratedKw: number;
  readonly power: string | null;
  readonly battery: string | null;
  readonly device: string | null;
}

/**
 * A site file need not say where its power comes from: what has no supply hangs on the public one, which is there
 * anyway.
 */
function supplied(nodes: readonly NamedNode[]): readonly NamedNode[] {
  const isSource = ({ kind }: NamedNode): boolean => kind === "utility" || kind === "generator";
  const orphans = nodes.filter((node) => !isSource(node) && node.from.length === 0);
  if (orphans.length === 0 && nodes.some(isSource)) return nodes;
  const known = nodes.find(({ kind }) => kind === "utility");
  const ids = new Set(nodes.map(({ id }) => id));
  const ratedKw = orphans.reduce((sum, node) => sum + node.ratedKw, 0);
  const utility = known ?? {
    id: ["utility", "utility-0", "utility-of-the-site"].find((id) => !ids.has(id))!,
    kind: "utility" as const,
    feed: null,
    space: null,
    from: [],
    ratedKw: Math.max(impliedKw, ratedKw * impliedMargin),
    power: null,
    battery: null,
    device: null,
  };
  const fed = nodes.map((node) => (orphans.includes(node) ? { ...node, from: [utility.id] } : node));
  return known ? fed : [utility, ...fed];
}

/** A public supply that nobody has written down carries what hangs on it, its losses and the house, kW. */
const impliedKw = 1000;
const impliedMargin = 2;
