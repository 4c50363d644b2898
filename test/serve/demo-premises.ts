import { demoSiteFile } from "../../simulators/plant/index.ts";
import type { NodeId } from "../../src/core/topology/power.ts";
import type { Premises } from "../../src/core/topology/premises.ts";
import type { SiteInfo } from "../../src/serve/info.ts";
import { loadSiteFile } from "../../src/sitefile.ts";
import { info, site } from "./plants.ts";

const spaceIn = ({ power }: Premises, id: NodeId): string | null => power.nodes.get(id)?.space ?? null;

/** The demo's rooms, routes and services, with the power tree of the plant that tests make by hand. */
function demoPremises(): Premises {
  const loaded = loadSiteFile(demoSiteFile());
  if (!("site" in loaded)) throw new Error("the demo's site file is not good");
  const { premises } = loaded.site;
  const nodes = [...site.power.nodes].map(([id, node]) => [id, { ...node, space: spaceIn(premises, id) }] as const);
  return { ...premises, power: { ...site.power, nodes: new Map(nodes) } };
}

/** What a server is told of that plant, its premises among it. */
export const toldOfPremises: SiteInfo = { ...info, premises: demoPremises() };
