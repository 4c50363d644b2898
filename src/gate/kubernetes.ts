/**
 * Empties a node of Kubernetes: cordon it, mark it with a taint of our own, and ask for every pod's eviction, so
 * that disruption budgets hold. Five calls of the API; nothing is ever deleted. The taint says what the
 * node was last told, so that a cordoned node that happens to be empty is not called drained.
 */
import { z } from "zod";
import type { Actuator, Declaration, Order, StateLink, WriteOutcome } from "./actuator.ts";
import { turnByTurn } from "./actuator.ts";
import type { WebAccess, WebAnswer } from "./web.ts";
import { askWeb, outcomeOfWeb, saidBy } from "./web.ts";

export interface KubernetesSettings {
  readonly url: string;
  /** A PEM text of the cluster's authority. */
  readonly ca?: string | undefined;
  readonly token: string;
  readonly node: string;
}

/** The API server answers from memory. Real time. */
const timeoutMs = 5000;
/** One round of evictions ends after this, finished or not; the gate begins the next as long as the order holds. */
const roundMs = 30_000;
/** More than any node may hold, managed fields and all. */
const answerMaxBytes = 16 * 1024 * 1024;
const pageSize = 500;
const pagesMax = 4;
const taintKey = "haechi/facility";
/** The pods' points; the node's state is the link's own. */
const podsPoint = "node.pods";
/** A pod of this annotation is the node's own, and the API cannot evict it. */
const mirror = "kubernetes.io/config.mirror";
/** Names as Kubernetes has them: they are parts of paths. */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

const nodeSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z.object({
    unschedulable: z.boolean().optional(),
    taints: z.array(z.looseObject({ key: z.string(), value: z.string().optional() })).optional(),
  }),
});
type Node = z.output<typeof nodeSchema>;

const podSchema = z.object({
  metadata: z.object({
    name,
    namespace: name,
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    ownerReferences: z.array(z.object({ kind: z.string(), controller: z.boolean().optional() })).optional(),
  }),
});
type Pod = z.output<typeof podSchema>["metadata"];

const listSchema = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(podSchema),
});

export const kubernetesDeclaration: Declaration = {
  writes: "Kubernetes API: cordon and taint by PATCH, then policy/v1 Eviction of every pod",
  twice: "once: the node's state is absolute, and a pod is evicted by its uid",
  timeoutMs,
  confirmed: "the node's spec and taint; drained when no pod is left but those of DaemonSets and the node's own",
};

/** The actuator of one node. Its states are schedulable, cordoned and drained. */
export function kubernetesActuator(link: StateLink<KubernetesSettings>): Actuator {
  return turnByTurn({
    has: (point) => point === podsPoint || point === link.point,
    read: (stop, point) => readOf({ link, stop }, point),
    write: (order, stop) => writeTo({ link, stop }, order),
  });
}

interface Cluster {
  readonly link: StateLink<KubernetesSettings>;
  readonly stop: AbortSignal;
}

const [schedulable, cordoned, drained] = [0, 1, 2];

async function readOf(cluster: Cluster, point: string): Promise<number | null> {
  const pods = await podsOf(cluster);
  if (point === podsPoint) return "pods" in pods ? pods.pods.length : null;
  const node = saidBy(await ask(cluster, { method: "GET", path: nodePath(cluster) }), nodeSchema);
  if (node === null) return null;
  if (node.spec.unschedulable !== true) return schedulable;
  const told = node.spec.taints?.find(({ key }) => key === taintKey)?.value;
  if (told !== cluster.link.states[drained]) return cordoned;
  if (!("pods" in pods)) return null;
  return pods.pods.length === 0 ? drained : cordoned;
}

async function writeTo(cluster: Cluster, order: Order): Promise<WriteOutcome> {
  const state = cluster.link.states[order.value];
  if (order.point !== cluster.link.point || state === undefined) return { result: "refused", detail: "no such state" };
  const answer = await ask(cluster, { method: "GET", path: nodePath(cluster) });
  const node = saidBy(answer, nodeSchema);
  if (node === null) return notSaid(answer);
  const marked = outcomeOfWeb(await mark(cluster, node, order.value === schedulable ? null : state));
  return marked.result === "accepted" && order.value === drained ? evictAll(cluster) : marked;
}

const notSaid = (answer: WebAnswer): WriteOutcome => {
  const outcome = outcomeOfWeb(answer);
  return outcome.result === "accepted" ? { result: "again", detail: "an answer that is none" } : outcome;
};

/** Cordons and taints in one write, or takes both back. It fails where the node was changed since it was read. */
function mark(cluster: Cluster, { metadata, spec }: Node, state: string | null): Promise<WebAnswer> {
  const others = (spec.taints ?? []).filter(({ key }) => key !== taintKey);
  const own = state === null ? [] : [{ key: taintKey, value: state, effect: "NoSchedule" }];
  const { resourceVersion } = metadata;
  return ask(cluster, {
    method: "PATCH",
    path: nodePath(cluster),
    headers: { "content-type": "application/merge-patch+json" },
    body: { metadata: { resourceVersion }, spec: { unschedulable: state !== null, taints: [...others, ...own] } },
  });
}

/** One round: every pod that is not going yet is asked for once. */
async function evictAll(cluster: Cluster): Promise<WriteOutcome> {
  const found = await podsOf(cluster);
  if (!("pods" in found)) return found;
  const ends = performance.now() + roundMs;
  let held = 0;
  let why = "";
  for (const pod of found.pods.filter(({ deletionTimestamp }) => deletionTimestamp === undefined)) {
    const isOver = cluster.stop.aborted || performance.now() > ends;
    const outcome: WriteOutcome = isOver ? { result: "again", detail: "not asked yet" } : await evict(cluster, pod);
    if (outcome.result === "refused") return outcome;
    if (outcome.result === "accepted") continue;
    held += 1;
    why = `${pod.namespace}/${pod.name}: ${outcome.detail}`;
  }
  return held === 0 ? { result: "accepted" } : { result: "again", detail: `${held} pods are held, ${why}` };
}

async function evict(cluster: Cluster, pod: Pod): Promise<WriteOutcome> {
  const { namespace, name: called, uid } = pod;
  const answer = await ask(cluster, {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods/${called}/eviction`,
    body: {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: called, namespace },
      // A pod of the same name that stands elsewhere by now is another one.
      deleteOptions: { preconditions: { uid } },
    },
  });
  if ("status" in answer && gone.includes(answer.status)) return { result: "accepted" };
  const outcome = outcomeOfWeb(answer);
  const isHeld = "status" in answer && answer.status === tooMany;
  return isHeld ? { result: "again", detail: "its disruption budget holds it" } : outcome;
}

/** Not found, or another pod under its name. */
const gone: readonly number[] = [404, 409];
const tooMany = 429;

/** The pods that a drain is about, those that are going already included. */
async function podsOf(cluster: Cluster): Promise<{ readonly pods: readonly Pod[] } | WriteOutcome> {
  const pods: Pod[] = [];
  let next = "";
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await ask(cluster, { method: "GET", path: podsPath(cluster, next), headers: onlyMetadata });
    const said = saidBy(answer, listSchema);
    if (said === null) return notSaid(answer);
    pods.push(...said.items.map(({ metadata }) => metadata));
    next = said.metadata.continue ?? "";
    if (next === "") return { pods: pods.filter(isMovable) };
  }
  return { result: "again", detail: `more than ${pagesMax * pageSize} pods on one node` };
}

const isMovable = ({ annotations, ownerReferences }: Pod): boolean =>
  annotations?.[mirror] === undefined &&
  !(ownerReferences ?? []).some(({ kind, controller }) => kind === "DaemonSet" && controller === true);

/** What a drain needs of a pod is in its metadata; an API server that is asked so leaves the rest out. */
const onlyMetadata = { accept: "application/json;as=PartialObjectMetadataList;v=1;g=meta.k8s.io,application/json" };

const nodePath = ({ link }: Cluster): string => `/api/v1/nodes/${encodeURIComponent(link.settings.node)}`;

function podsPath({ link }: Cluster, next: string): string {
  const fields = [`spec.nodeName=${link.settings.node}`, "status.phase!=Succeeded", "status.phase!=Failed"];
  const query = new URLSearchParams({ fieldSelector: fields.join(","), limit: String(pageSize) });
  if (next !== "") query.set("continue", next);
  return `/api/v1/pods?${query.toString()}`;
}

function ask({ link: { settings }, stop }: Cluster, request: Parameters<typeof askWeb>[1]): Promise<WebAnswer> {
  const { url, ca, token } = settings;
  const access: WebAccess = { url, ca, headers: { authorization: `Bearer ${token}` }, timeoutMs, answerMaxBytes };
  return askWeb(access, request, stop);
}
